"""The task page: the whole document with a path for each leaf, kept current until the task is final."""

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import MINUTE, now_ms
from dashboard.models import Account, Asset, Task
from tests.views.conftest import Connect, hold, move
from tests.views.html import Page
from tests.views.test_tree import deep, leaves_of, raw

SignIn = Callable[[str], Client]
TOKEN = re.compile(r'value="\w{64}"')


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def task_page(client: Client, task: Task, query: str = "") -> Page:
    response = client.get(f"/tasks/{task.upstream_id}/{query}")
    assert response.status_code == 200
    return Page(response)


VIDEO = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"
META = "bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
EXPORT = {
    "type": "export",
    "inputAssetId": "asset-9",
    "params": {"export": {"ipfs": {"pinata": {"jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"}}}},
    "output": {"export": {"ipfs": {"videoFileCid": VIDEO, "nftMetadataCid": META, "empty": {}, "no": []}}},
    "odd": {"": None, "a.b": [1, [2.5, False]], "items": "x", "__class__": "<b>", "ключ": "‮"},
    "nothing": None,
}


def test_every_leaf_of_the_document_has_its_path_and_raw_value(quiet: Account, bob: Client) -> None:
    task = hold(quiet, **EXPORT)
    expected = {path: raw(value) for path, value in leaves_of(task.opened()).items()}
    page = task_page(bob, task)
    assert page.leaves == expected
    assert page.leaves["output.export.ipfs.videoFileCid"] == VIDEO
    assert page.leaves["output.export.ipfs.empty"] == "{}"
    assert page.leaves['odd[""]'] == "null"
    assert page.leaves['odd["a.b"][1][0]'] == "2.5"
    assert {"id", "type", "status.phase", "status.progress", "status.updatedAt"} <= set(page.leaves)
    assert page.one("data-path", "params.export.ipfs.pinata.jwt")["data-redacted"] == "jwt"
    assert "c2lnbmF0dXJl" not in page.source


@pytest.mark.parametrize("part", [None, {}, [], "text", 0, False, [1], {"a": None}])
@pytest.mark.parametrize("name", ["params", "output"])
def test_params_and_output_may_be_anything(name: str, part: Any, quiet: Account, bob: Client) -> None:
    task = hold(quiet, **{name: part})
    expected = {path: raw(value) for path, value in leaves_of(task.opened()).items()}
    assert task_page(bob, task).leaves == expected


def test_a_deep_document_and_a_large_one_are_shown(quiet: Account, bob: Client) -> None:
    assert len(task_page(bob, hold(quiet, output=deep(200))).leaves) >= 200
    large = hold(quiet, output={"rows": [{"text": "x" * 1000}] * 5000})
    page = task_page(bob, large)
    assert len(page.source) < 3_000_000
    assert page.leaves["status.phase"] == "running"
    links = [element["hx-get"] for element in page.all("hx-get") if "/branch/" in element["hx-get"]]
    inside = Page(bob.get(links[-1], headers={"HX-Request": "true"}))
    assert inside.leaves
    assert "<html" not in inside.source
    assert inside.leaves.items() <= Page(bob.get(links[-1])).leaves.items()
    assert bob.get(f"/tasks/{large.upstream_id}.json").json() == large.opened()


def test_all_30_000_numbers_of_a_document_of_60_kb_are_in_the_first_page(quiet: Account, bob: Client) -> None:
    task = hold(quiet, params={"numbers": [3] * 15_000}, output={"numbers": [4] * 15_000})
    source = bob.get(f"/tasks/{task.upstream_id}/").content.decode()
    assert source.count(" data-path=") == len(leaves_of(task.opened()))
    assert 'data-path="output.numbers[14999]" data-value="4"' in source


@pytest.mark.parametrize("levels", [400, 900])
def test_a_very_deep_document_breaks_no_page(levels: int, quiet: Account, bob: Client) -> None:
    task = hold(quiet, output=deep(levels))
    assert task_page(bob, task).leaves["status.phase"] == "running"
    answer = bob.get(f"/tasks/{task.upstream_id}.json")
    assert answer.status_code == 200
    assert json.loads(answer.content) == task.opened()


@pytest.mark.parametrize("query", ["path=nowhere", "path=[", 'path=["\\q"]', "path=params&start=x", "path=params[0]"])
def test_a_branch_that_is_not_there_is_not_found(query: str, quiet: Account, bob: Client) -> None:
    assert bob.get(f"/tasks/{hold(quiet).upstream_id}/branch/?{query}").status_code == 404


def test_the_raw_document_is_redacted_json(quiet: Account, bob: Client) -> None:
    response = bob.get(f"/tasks/{hold(quiet, **EXPORT).upstream_id}.json")
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    document = response.json()
    assert document["params"]["export"]["ipfs"]["pinata"]["jwt"] == "[redacted: jwt]"
    assert document["odd"] == EXPORT["odd"]


@pytest.mark.parametrize("phase", ["completed", "failed", "cancelled"])
def test_a_final_task_is_asked_for_no_more(phase: str, quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    page = task_page(bob, task)
    assert page.one("id", "task")["hx-trigger"] == "every 3s"
    move(task, phase)
    last = Page(bob.get(page.poll_url, headers={"HX-Request": "true"}))
    for final in (last, task_page(bob, task)):
        assert "hx-get" not in final.one("id", "task")
        assert "hx-trigger" not in final.one("id", "task")


def test_the_page_tells_attempts_errors_times_and_links(quiet: Account, bob: Client) -> None:
    now = now_ms()
    times = {"createdAt": now - 10 * MINUTE, "scheduledAt": now - 8 * MINUTE}
    status = {"phase": "running", "progress": 0.5, "updatedAt": now - 3 * MINUTE}
    task = hold(quiet, **EXPORT, **times, status=status)
    move(task, "waiting", retries=1, errorMessage="ffmpeg died")
    move(task, "running", retries=1, progress=0.1)
    page = task_page(bob, task)
    assert "Attempt 1" in page.text
    assert "ffmpeg died" in page.text
    assert "2\u00a0min" in page.source
    copied = {element["data-copy-text"] for element in page.all("data-copy-text")}
    assert {f"ipfs://{VIDEO}", f"ipfs://{META}", task.upstream_id} <= copied
    assert f"https://ipfs.livepeer.studio/ipfs/{VIDEO}" in {element["href"] for element in page.all("href")}


def test_the_attempts_of_a_task_retried_by_hand_are_told_apart(quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    move(task, "failed", retries=2, errorMessage="bad")
    document = task.opened() | {"scheduledAt": now_ms() + 1}
    again = hold(quiet, **{**document, "status": {"phase": "running", "progress": 0.3, "updatedAt": now_ms() + 10}})
    move(again, "waiting", retries=1, errorMessage="worse")
    page = task_page(bob, again)
    cells = [element["data-cell"] for element in page.all("data-cell")]
    assert len(cells) == len(set(cells)) == 1 + 3 + 2
    assert page.text.count("Started again by hand") == 1
    assert page.source.count(">Attempt 1<") == 2
    assert "to come" in page.text


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ({"phase": "pending"}, ""),
        ({"phase": "running", "retries": 0}, "attempt 1 of 3"),
        ({"phase": "waiting", "retries": 1, "errorMessage": "x"}, "attempt 1 of 3, 1 retry"),
        ({"phase": "running", "retries": 2}, "attempt 3 of 3, 2 retries"),
        ({"phase": "failed", "retries": 4, "errorMessage": "x"}, "attempt 5, 4 retries"),
    ],
)
def test_the_number_of_retries_is_told_in_words(status: dict[str, Any], told: str, quiet: Account, bob: Client) -> None:
    page = task_page(bob, hold(quiet, status={**status, "updatedAt": now_ms()}))
    assert f'<h2>Progress</h2><span class="quiet">{told}</span>' in page.source


def spans(page: Page) -> list[str]:
    return re.findall(r"<dt>(?:Queue wait|Processing)</dt><dd><span>(.*?)</span>", page.source.replace("\u00a0", " "))


def test_waiting_ends_where_the_first_attempt_was_seen_to_start(quiet: Account, bob: Client) -> None:
    now = now_ms()
    times = {"createdAt": now - 10 * MINUTE, "scheduledAt": now - 9 * MINUTE}
    task = hold(quiet, **times, status={"phase": "running", "progress": 0.1, "updatedAt": now - 4 * MINUTE})
    hold(quiet, **task.opened() | {"status": {"phase": "completed", "updatedAt": now - MINUTE}})
    assert spans(task_page(bob, task)) == ["5 min", "3 min"]
    unseen = hold(quiet, **times, status={"phase": "completed", "updatedAt": now - MINUTE})
    assert spans(task_page(bob, unseen)) == ["about 1 min", "about 8 min"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example.test", "http://x"])
def test_no_gateway_link_of_studios_leads_anywhere_but_to_https(url: str, quiet: Account, bob: Client) -> None:
    task = hold(quiet, output={"export": {"ipfs": {"videoFileCid": "bafy", "videoFileGatewayUrl": url}}})
    links = task_page(bob, task).all("href")
    assert url not in {element["href"] for element in links if element.get("class") != "open"}  # a tree links any http


def test_an_unknown_task_and_another_teams_give_the_same_page(
    people: SimpleNamespace, quiet: Account, connect_quiet: Connect, bob: Client
) -> None:
    theirs = hold(connect_quiet("Theirs", team=people.other))
    pages = []
    for task_id in (theirs.upstream_id, theirs.upstream_id.replace("4000", "4001")):
        response = bob.get(f"/tasks/{task_id}/")
        assert response.status_code == 404
        pages.append(TOKEN.sub("", response.content.decode()).replace(task_id, "<id>"))
        for path in (f"{task_id}/live/", f"{task_id}/branch/", f"{task_id}.json"):
            assert bob.get(f"/tasks/{path}").status_code == 404
    assert pages[0] == pages[1]
    assert "We do not hold this task" in pages[0]
    assert "Ask Studio now" not in pages[0]


def test_support_is_offered_to_ask_for_a_task_that_we_do_not_hold(quiet: Account, sign_in: SignIn) -> None:
    page = Page(sign_in("sam").get("/tasks/unknown/"))
    assert page.one("formaction", "/tasks/unknown/ask/")


def test_of_two_copies_the_newest_is_shown_and_the_account_picks(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, bob: Client
) -> None:
    now, path = now_ms(), "/tasks/the-same-id/"
    theirs, other = connect_quiet("Theirs", team=people.other), connect_quiet("Other")
    for account, age in ((quiet, 1000), (other, 2000), (theirs, 0)):
        hold(account, id="the-same-id", at=now - age, name=f"Copy of {account.name}")
    assert "Copy of Acme Live" in Page(bob.get(path)).text
    picked = Page(bob.get(f"{path}?account={other.pk}"))
    assert "Copy of Other" in picked.text
    assert f"account={other.pk}" in picked.poll_url
    assert "Copy of Other" in Page(bob.get(picked.poll_url + "x")).text
    links = {element["href"] for element in picked.all("href") if element["href"].partition("?")[0] == path}
    assert links == {f"{path}?account={account.pk}" for account in (quiet, other)}
    assert bob.get(f"{path}?account={theirs.pk}").status_code == 404
    assert bob.get(f"{path}?account=x").status_code == 404
    assert bob.get(f"/tasks/the-same-id.json?account={other.pk}").json()["name"] == "Copy of Other"


@pytest.mark.parametrize("task_id", ["a b", "ü", "a%2Fb", "<b>", "x" * 400, "live"])
def test_any_id_may_be_asked_for(task_id: str, quiet: Account, bob: Client) -> None:
    response = bob.get(f"/tasks/{task_id}/")
    assert response.status_code == 404
    assert "<b></code>" not in response.content.decode()


def test_the_playback_id_of_the_asset_stands_beside_the_tasks_own(quiet: Account, bob: Client) -> None:
    task = hold(quiet, outputAssetId="asset-1")
    Asset.objects.create(account=quiet, upstream_id="asset-1", name="Nicer", playback_id="play-1")
    page = Page(bob.get(f"/tasks/{task.upstream_id}/"))
    assert "play-1" in page.source
