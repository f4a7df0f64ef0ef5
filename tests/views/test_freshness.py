"""The freshness line: live, stale or stopped, for the worst of the accounts shown, which it names."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models import Account, Syncer
from dashboard.sandbox import Sandbox
from tests.views.conftest import Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
Sync = Callable[..., Account]


def lines(client: Client, account: Account) -> list[Page]:
    """The pages that show a freshness line."""
    task = account.tasks.first() or hold(account)
    return [Page(client.get(path)) for path in ("/", f"/tasks/{task.upstream_id}/")]


@pytest.mark.parametrize(
    ("changes", "freshness", "said"),
    [
        ({}, "live", ""),
        ({"next_sync_at": -14 * SECOND}, "live", ""),
        ({"next_sync_at": -17 * SECOND}, "stale", "Live: the next answer is overdue"),
        ({"health": "failing", "error": "Studio is down."}, "stale", "Live: Studio is down."),
        ({"health": "limited", "error": "It may not list."}, "stale", "Live: It may not list."),
        ({"health": "rejected", "error": "No such key.", "next_sync_at": None}, "stopped", "Live: No such key."),
        ({"health": "unopenable", "error": "Another vault.", "next_sync_at": None}, "stopped", "Live: Another vault."),
        ({"paused": True}, "stopped", "Live: paused"),
        ({"paused": True, "next_sync_at": -MINUTE}, "stopped", "Live: paused"),
    ],
)
def test_each_trouble_has_its_state_and_names_the_account(
    changes: dict[str, Any], freshness: str, said: str, connect_quiet: Connect, sign_in: SignIn
) -> None:
    due = changes.get("next_sync_at")
    account = connect_quiet("Live", **{**changes, **({"next_sync_at": now_ms() + due} if due else {})})
    for page in lines(sign_in("bob"), account):
        assert page.freshness == freshness
        assert said in page.text


@pytest.mark.parametrize("health", ["working", "failing", "limited"])
def test_without_a_heartbeat_for_a_minute_the_syncer_is_not_running(
    health: str, connect_quiet: Connect, sign_in: SignIn
) -> None:
    account = connect_quiet("Live", health=health, error="" if health == "working" else "Trouble.")
    Syncer.objects.update(beat_at=now_ms() - 58 * SECOND)
    assert lines(sign_in("bob"), account)[0].freshness == ("live" if health == "working" else "stale")
    Syncer.objects.update(beat_at=now_ms() - 61 * SECOND)
    for page in lines(sign_in("bob"), account):
        assert page.freshness == "stopped"
        assert "Live: the syncer is not running" in page.text


def test_one_living_syncer_among_dead_ones_is_enough(connect_quiet: Connect, sign_in: SignIn) -> None:
    account = connect_quiet("Live")
    Syncer.beat("another", now_ms() - MINUTE * 5)
    assert lines(sign_in("bob"), account)[0].freshness == "live"
    Syncer.objects.all().delete()
    assert lines(sign_in("bob"), account)[0].freshness == "stopped"


def test_the_board_shows_the_worst_of_its_accounts_and_a_filter_the_chosen_one(
    people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    fine = connect_quiet("Fine")
    connect_quiet("Slow", next_sync_at=now_ms() - MINUTE)
    connect_quiet("Dead", health="rejected", error="No such key.")
    connect_quiet("Theirs", team=people.other, health="rejected", error="Their trouble.")
    page = Page(sign_in("bob").get("/"))
    assert page.freshness == "stopped"
    assert "Dead: No such key." in page.text
    assert "Their trouble" not in page.text
    assert Page(sign_in("bob").get(f"/?account={fine.pk}")).freshness == "live"


@pytest.mark.parametrize("health", ["failing", "limited", "rejected", "unopenable"])
def test_only_an_admin_is_offered_to_try_the_key_at_once(health: str, connect_quiet: Connect, sign_in: SignIn) -> None:
    account = connect_quiet("Live", health=health, error="Trouble.")
    button = f"/accounts/{account.pk}/test/"
    offered = {name: button in Page(sign_in(name).get("/")).source for name in ("alice", "sam", "bob")}
    assert offered == {"alice": True, "sam": False, "bob": False}


def test_pages_go_stale_with_studio_and_recover_by_themselves(
    account: Account, sandbox: Sandbox, sync: Sync, sign_in: SignIn
) -> None:
    sandbox.add_task()
    client = sign_in("bob")
    sync(account)
    assert Page(client.get("/")).freshness == "live"
    for trouble in ({"failing": 503}, {"malformed": "html"}, {"rate_limited": True}):
        sandbox.switches.change(trouble)
        sync(account)
        page = Page(client.get("/"))
        assert page.freshness == "stale"
        assert account.error in page.text
        assert len(page.ids) == 1
        sandbox.switches.reset()
        sync(account)
        assert Page(client.get("/")).freshness == "live"
    sandbox.revoke(sandbox.key)
    sync(account)
    assert Page(client.get("/")).freshness == "stopped"


def test_no_page_waits_for_a_studio_that_hangs(account: Account, sandbox: Sandbox, sync: Sync, sign_in: SignIn) -> None:
    task_id = sandbox.add_task()
    sync(account)
    client = sign_in("alice")
    sandbox.switches.hanging = True
    began = sandbox.world.now()
    paths = ["/", "/board/list/", "/accounts/", f"/accounts/{account.pk}/", f"/tasks/{task_id}/", "/tasks/unknown/"]
    for path in paths:
        started = now_ms()
        assert client.get(path).status_code in (200, 404)
        assert now_ms() - started < 2000
    assert sandbox.calls_since(began) == []
