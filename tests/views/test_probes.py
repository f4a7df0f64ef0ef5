"""The buttons of the IPFS card: gateways are asked by this server when support presses one, and never otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Probe, Task, Team
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons
from tests.views.conftest import hold
from tests.views.html import Page
from tests.views.test_ipfs import EXPORT, META, OLD, VIDEO, card_of, page_of

SignIn = Callable[[str], Client]


@pytest.fixture
def watched(account: Account, sandbox: Sandbox) -> Account:
    """An account whose team uses the sandbox's gateway, as path and as subdomain."""
    Team.objects.filter(pk=account.team_id).update(gateways=sandbox.gateways)
    return account


@pytest.fixture
def task(watched: Account, sandbox: Sandbox) -> Task:
    document = EXPORT | {"id": "exported", "name": "Genesis drop", "inputAssetId": "asset-9"}
    sandbox.put(document)
    return hold(watched, **document)


def post(client: Client, task: Task, what: str, cid: str = VIDEO) -> Page:
    response = client.post(f"/tasks/{task.upstream_id}/{what}/", {"cid": cid})
    assert (response.status_code, response["Location"]) == (302, f"/tasks/{task.upstream_id}/#ipfs")
    return page_of(client, task)


def test_all_gateways_are_tested_from_this_server_on_request(task: Task, sign_in: SignIn, sandbox: Sandbox) -> None:
    sam, before = sign_in("sam"), task.version
    page_of(sam, task)
    assert not sandbox.calls
    card = card_of(post(sam, task, "probe")).replace("\u00a0", " ")
    assert card.count("plays, seeks, 48.0 kB") == 2
    assert Probe.objects.filter(account=task.account, cid=VIDEO, status=206, ranges=True).count() == 2
    task.refresh_from_db()
    assert task.version == before + 1
    sandbox.switches.gateway = "504"
    card = card_of(post(sam, task, "probe"))
    assert card.count("504, gave up") == 2
    assert Probe.objects.count() == 2


def test_metadata_is_read_on_request_and_shown_as_text(task: Task, sign_in: SignIn) -> None:
    card = card_of(post(sign_in("sam"), task, "metadata", META))
    assert "&quot;name&quot;: &quot;Genesis drop&quot;" in card
    assert f"ipfs://{VIDEO}" in card
    assert "Metadata from 127.0.0.1" in card
    assert "answers, application/json" in card


def test_metadata_that_is_none_is_said_to_be_so(task: Task, sign_in: SignIn) -> None:
    page = post(sign_in("sam"), task, "metadata", VIDEO)
    assert "The text behind this CID could not be read." in page.text
    assert "It is not JSON or plain text, but video/mp4." in page.text
    assert "Metadata from" not in page.text


@pytest.mark.parametrize("what", ["probe", "metadata"])
@pytest.mark.parametrize("cid", ["", OLD, "javascript:alert(1)", "http://127.0.0.1/", "<b>"])
def test_only_a_cid_of_the_task_itself_is_asked_for(
    what: str, cid: str, task: Task, sign_in: SignIn, sandbox: Sandbox
) -> None:
    page = post(sign_in("sam"), task, what, cid)
    assert "This task names no such CID." in page.text
    assert not sandbox.calls
    assert not Probe.objects.exists()


@pytest.mark.parametrize("what", ["probe", "metadata"])
def test_viewers_and_strangers_can_ask_for_nothing(what: str, task: Task, sign_in: SignIn, sandbox: Sandbox) -> None:
    for person, status in (("bob", 403), ("charlie", 404)):
        assert sign_in(person).post(f"/tasks/{task.upstream_id}/{what}/", {"cid": VIDEO}).status_code == status
    assert not sandbox.calls


@pytest.mark.parametrize("what", ["probe", "metadata"])
def test_whoever_comes_third_is_told_to_try_again(what: str, task: Task, sign_in: SignIn, sandbox: Sandbox) -> None:
    with buttons.a_place(), buttons.a_place():
        response = sign_in("sam").post(f"/tasks/{task.upstream_id}/{what}/", {"cid": VIDEO})
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert not sandbox.calls


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("what", ["probe", "metadata"])
def test_a_hanging_gateway_is_given_up_on(what: str, task: Task, sign_in: SignIn, sandbox: Sandbox) -> None:
    sandbox.switches.hanging = True
    started = now_ms()
    page = post(sign_in("sam"), task, what)
    assert now_ms() - started < 5_000
    assert "It did not answer in time." in page.text


def test_private_gateways_are_not_asked_where_they_are_not_allowed(
    task: Task, sign_in: SignIn, sandbox: Sandbox, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_UPSTREAMS = False
    sam = sign_in("sam")
    assert "No gateway is set that has a link for this CID." in post(sam, task, "probe").text
    Team.objects.filter(pk=task.account.team_id).update(gateways="https://127.0.0.1\nhttps://{cid}.ipfs.localhost")
    page = post(sam, task, "probe")
    assert page.text.count("The address is private or local") == 2
    assert "private or local" in post(sam, task, "metadata").text
    assert not sandbox.calls
