"""The list of accounts: at a glance which keys work, since when not, and what to do."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard import usage
from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, Syncer
from tests.views.conftest import Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def test_the_calls_of_a_day_are_counted_and_drawn_by_the_hour(connect_quiet: Connect, bob: Client) -> None:
    now, text = now_ms(), ""
    for hour, calls in ((30, 9), (3, 4), (1, 8)):
        for call in range(calls):
            text = usage.note(text, now - hour * HOUR, 180, failed=call == 0)
    account = connect_quiet("Live", usage=text)
    listed, own = Page(bob.get("/accounts/")), Page(bob.get(f"/accounts/{account.pk}/"))
    assert "12 2 " in listed.text
    assert "Calls12Errors2" in own.text.replace(" ", "")
    for page in (listed, own):
        assert "ms" in page.text
        heights = [part.partition("v-")[2] for part in page.one("d")["d"].split("M")[1:]]
        assert len(heights) == 24
        assert heights.index(max(heights, key=float)) == 22
        assert heights.count(".4") == 22


def test_an_account_without_a_call_has_no_median(connect_quiet: Connect, bob: Client) -> None:
    account = connect_quiet("Live")
    assert "Median answer–" in Page(bob.get(f"/accounts/{account.pk}/")).text


@pytest.mark.parametrize(
    ("changes", "state", "told"),
    [
        ({}, "working", "Lists and reads tasks."),
        ({"health": "new", "last_success_at": None}, "new", "Studio is asked in a moment."),
        ({"import_done_at": None, "imported": 300, "import_total": 1000}, "working", "300 of 1,000"),
        ({"health": "limited", "error": "It may not list."}, "limited", "It may not list."),
        ({"health": "rejected", "error": "No such key.", "next_sync_at": None}, "rejected", "No such key."),
        ({"health": "rate-limited", "error": "Slow down."}, "rate-limited", "Slow down."),
        ({"health": "failing", "error": "No answer."}, "unreachable", "No answer."),
        ({"health": "unopenable", "error": "", "next_sync_at": None}, "unopenable", "cannot be opened here"),
        ({"health": "duplicate", "error": "The same project as “X”."}, "duplicate", "The same project as “X”."),
        ({"paused": True, "paused_by": "eve@example.com", "paused_at": 1}, "paused", "By eve@example.com."),
        ({"archived_at": 1, "next_sync_at": None}, "archived", "kept to look at"),
    ],
)
def test_each_state_of_a_key_has_its_word_and_its_sentence(
    changes: dict[str, Any], state: str, told: str, connect_quiet: Connect, bob: Client
) -> None:
    account = connect_quiet("Live", error_since_at=now_ms() - MINUTE, **{"error": "", **changes})
    own = Page(bob.get(f"/accounts/{account.pk}/"))
    assert own.one("data-key-state")["data-key-state"] == state
    assert told in own.text
    assert told in Page(bob.get("/accounts/")).text


def test_keys_that_need_somebody_stand_above_the_list_three_at_most(
    connect_quiet: Connect, sign_in: SignIn, bob: Client
) -> None:
    for number in range(5):
        connect_quiet(f"Dead {number}", health="rejected", error="No such key.", error_since_at=now_ms())
    connect_quiet("Fine")
    page = Page(bob.get("/accounts/"))
    assert page.text.count("has not been read since") == 3
    assert "And 2 more, marked below." in page.text
    assert "6 accounts, 5 need a look" in page.text
    assert "Test again" not in page.text
    assert Page(sign_in("alice").get("/accounts/")).text.count("Test again") == 3


def test_a_poll_without_news_is_204_and_each_kind_of_news_is_seen(connect_quiet: Connect, bob: Client) -> None:
    account = connect_quiet("Live")
    for change in (
        {"name": "Other"},
        {"usage": usage.note("", now_ms(), 90, failed=False)},
        {"last_success_at": now_ms()},
        {"next_sync_at": now_ms() + MINUTE},
        {"not_before_at": now_ms() + MINUTE},
        {"paused": True},
        {"paused": False, "archived_at": now_ms()},
    ):
        for path in ("/accounts/", f"/accounts/{account.pk}/"):
            poll = Page(bob.get(path)).poll_url
            assert bob.get(poll).status_code == 204
            revision = Account.objects.get().revision
            Account.objects.update(**change, revision=revision + 1)
            assert bob.get(poll).status_code == 200, change
            Account.objects.update(**{name: getattr(account, name) for name in change})
        Account.objects.update(**change)
        account.refresh_from_db()


def test_tasks_that_came_are_counted_at_the_next_poll(connect_quiet: Connect, bob: Client) -> None:
    account = connect_quiet("Live")
    hold(account)
    poll = Page(bob.get("/accounts/"))
    assert "1 task" in poll.text
    assert "1 tasks" not in poll.text
    hold(account)
    assert "2 tasks" in Page(bob.get(poll.poll_url)).text


def test_two_hundred_accounts_cost_no_more_queries_than_two(
    people: SimpleNamespace, connect_quiet: Connect, bob: Client
) -> None:
    connect_quiet("First")
    few = queries_of(bob)
    url = "https://studio.example.test/api"
    Account.objects.bulk_create(Account(team=people.team, name=f"Project {n}", url=url) for n in range(199))
    bob.get("/accounts/")
    assert queries_of(bob) == few


def queries_of(client: Client) -> int:
    client.get("/accounts/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/accounts/")
    return len(queries)


def test_nobody_shares_a_row_with_somebody_of_another_role(connect_quiet: Connect, sign_in: SignIn) -> None:
    connect_quiet("Dead", health="rejected", error="No such key.", next_sync_at=None)
    pages = {name: sign_in(name).get("/accounts/").content.decode() for name in ("bob", "alice", "sam", "bob")}
    assert "Replace key" in pages["alice"]
    assert "Replace key" not in pages["bob"] + pages["sam"]


def test_the_page_is_compressed_for_who_takes_it(connect_quiet: Connect, bob: Client) -> None:
    connect_quiet("Live")
    response = bob.get("/accounts/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"].count("Accept-Encoding") == 1
    assert not bob.get("/accounts/").has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("health", "one", "many"),
    [
        ("rejected", "Studio rejects the key of One", "Studio rejects 3 keys: One, Three, Two."),
        ("unopenable", "The key of One cannot be opened", "3 keys cannot be opened: One, Three, Two."),
        ("duplicate", "One is connected twice", "3 accounts are connected twice: One, Three, Two."),
    ],
)
def test_the_board_tells_everybody_whose_data_is_missing(
    health: str, one: str, many: str, connect_quiet: Connect, bob: Client
) -> None:
    connect_quiet("One", health=health, error="Trouble.", next_sync_at=None)
    assert one in Page(bob.get("/")).text
    connect_quiet("Two", health=health, error="Trouble.", next_sync_at=None)
    connect_quiet("Three", health=health, error="Trouble.", next_sync_at=None)
    page = Page(bob.get("/"))
    assert many in page.text
    assert one not in page.text


def test_what_is_archived_is_missed_by_nobody(connect_quiet: Connect, bob: Client) -> None:
    hold(connect_quiet("Fine"))
    long_ago = now_ms() - 30 * DAY
    connect_quiet("Old", archived_at=long_ago, last_success_at=long_ago, next_sync_at=None, health="new")
    page = Page(bob.get("/"))
    assert page.freshness == "live"
    assert "Old is" not in page.text
    assert "Old" not in Page(bob.get("/accounts/")).text.partition("Archived, 1")[0]
    assert int(bob.get("/")["X-As-Of"]) > now_ms() - 10 * SECOND


def test_a_team_whose_accounts_are_all_archived_is_not_told_that_it_never_had_one(
    connect_quiet: Connect, bob: Client
) -> None:
    connect_quiet("Old", archived_at=now_ms(), next_sync_at=None)
    page = Page(bob.get("/accounts/"))
    assert "No account yet" not in page.text
    assert "No account is read at present" in page.text


def test_a_syncer_that_does_not_run_is_told_because_then_nothing_is_read(connect_quiet: Connect, bob: Client) -> None:
    connect_quiet("Live")
    assert "The syncer is not running" not in Page(bob.get("/accounts/")).text
    Syncer.objects.update(beat_at=now_ms() - 2 * MINUTE)
    assert "The syncer is not running since" in Page(bob.get("/accounts/")).text
