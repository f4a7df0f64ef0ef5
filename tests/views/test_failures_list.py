"""The list of causes as one asks for it: order, pages, days, search; and as it lives on a screen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.models import Account, Group
from dashboard.models.deadline import TooBroad
from dashboard.models.matched_groups import MatchedGroups
from tests.views.conftest import Connect, hold, move
from tests.views.failing import BROKEN, CODEC, TIMEOUT, fail, fail_all, group_of, listed, rows_on
from tests.views.html import Page
from tests.views.region import HTMX, Region

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


@pytest.fixture
def three(quiet: Account) -> list[int]:
    """BROKEN: old, three times, the last one now. TIMEOUT: twice, an hour ago. CODEC: once, two days ago."""
    for ago in (0, 5 * DAY, 12 * DAY):
        fail(quiet, BROKEN, ago)
    for ago in (HOUR, HOUR + MINUTE):
        fail(quiet, TIMEOUT, ago)
    fail(quiet, CODEC, 2 * DAY)
    return [group_of(message).pk for message in (BROKEN, TIMEOUT, CODEC)]


@pytest.mark.parametrize(("sort", "order"), [("last", [0, 1, 2]), ("first", [1, 2, 0]), ("tasks", [0, 1, 2])])
def test_causes_stand_in_the_order_that_is_asked_for(
    sort: str, order: list[int], three: list[int], bob: Client
) -> None:
    assert [pk for pk, _, _ in listed(bob, f"sort={sort}")] == [three[place] for place in order]


@pytest.mark.parametrize("sort", ["last", "first", "tasks"])
@pytest.mark.parametrize("more", ["", "&q=Video", "&type=upload", "&from=2000-01-01"])
def test_pages_follow_each_other_without_a_gap_and_without_a_repeat(
    sort: str, more: str, quiet: Account, bob: Client
) -> None:
    failed = list[tuple[str, int]]()
    for number in range(30):
        word = "abcdefghijklmnopqrstuvwxyz#?!%"[number] * 4 if number < 26 else f"{'wxyz'[number - 26] * 5}"
        failed += [(f"the {word} broke", number // 3 * MINUTE)] * (1 + number % 2)
    fail_all(quiet, failed)
    seen, address, pages = list[int](), f"/failures/?sort={sort}{more}", 0
    while address:
        page = Page(bob.get(address))
        seen += [int(row["data-group"]) for row in rows_on(page)]
        address, pages = page.link("next") or "", pages + 1
    assert pages == 2
    assert len(seen) == len(set(seen)) == Group.objects.count() == 30
    assert [pk for pk, _, _ in listed(bob, f"sort={sort}{more}")] == seen[:25]


@pytest.mark.parametrize(
    ("asked", "tasks"),
    [("days=1", [1, 2]), ("days=7", [2, 2, 1]), ("days=14", [3, 2, 1]), ("days=nonsense", [3, 2, 1])],
)
def test_only_failures_of_the_days_count(asked: str, tasks: list[int], three: list[int], bob: Client) -> None:
    assert [number for _, number, _ in listed(bob, asked)] == tasks


def test_any_days_can_be_asked_for(three: list[int], bob: Client) -> None:
    def day(ago: int) -> str:
        return str((datetime.now(UTC) - timedelta(days=ago)).date())

    broken, timeout, codec = three
    assert {pk for pk, _, _ in listed(bob, f"from={day(13)}&to={day(4)}")} == {broken}
    assert listed(bob, f"from={day(13)}&to={day(4)}")[0][1] == 2
    assert {pk for pk, _, _ in listed(bob, f"from={day(2)}&to={day(2)}")} == {codec}
    assert {pk for pk, _, _ in listed(bob, f"from={day(3)}")} == {broken, timeout, codec}
    assert listed(bob, f"from={day(4)}&to={day(13)}") == listed(bob, f"from={day(13)}&to={day(4)}")
    page = Page(bob.get("/failures/?from=2026-99-99"))
    assert "“2026-99-99” is no day" in page.text
    assert len(rows_on(page)) == 3


def test_counts_of_states_obey_the_other_filters(three: list[int], bob: Client) -> None:
    Group.objects.filter(pk=three[2]).update(state="resolved")
    text = Page(bob.get("/failures/")).text
    for told in ("Unresolved 2", "Open 2", "Resolved 1", "All 3"):
        assert told in text
    assert "Unresolved 2Open 2Owned 0" in Page(bob.get("/failures/?days=1")).text
    assert "Resolved 0" in Page(bob.get("/failures/?days=1")).text
    assert "All 1" in Page(bob.get("/failures/?q=codec")).text


def test_accounts_and_types_narrow_the_list_and_its_numbers(
    three: list[int], quiet: Account, connect_quiet: Connect, bob: Client
) -> None:
    other = connect_quiet("Staging")
    fail(other, BROKEN, type="export")
    assert listed(bob, f"account={other.pk}") == [(three[0], 1, "open")]
    assert listed(bob, "type=export") == [(three[0], 1, "open")]
    assert listed(bob, f"account={quiet.pk}&type=upload&sort=tasks")[0] == (three[0], 3, "open")
    assert listed(bob, "type=clip") == []


@pytest.mark.parametrize(
    ("q", "tasks"),
    [("Special", 1), ("error:internal", 2), ("type:upload", 2), ("-Special", 1), ('"internal error"', 2)],
)
def test_a_search_shows_the_causes_of_the_tasks_that_it_finds_and_counts_only_these(
    q: str, tasks: int, quiet: Account, bob: Client
) -> None:
    fail(quiet, BROKEN, name="Special one")
    fail(quiet, BROKEN, ago=HOUR)
    hold(quiet, name="Special but well")
    (row,) = listed(bob, f"q={q}")
    assert row[1] == tasks
    assert "Counted are only the tasks that match" in Page(bob.get(f"/failures/?q={q}")).text


def test_a_search_finds_what_failed_once_and_completed(quiet: Account, bob: Client) -> None:
    move(fail(quiet, BROKEN, name="Special"), "completed")
    assert [row[1:] for row in listed(bob, "q=Special&state=all")] == [(1, "recovered")]
    assert "Saved by a retry1 of 1" in Page(bob.get("/failures/?q=Special&state=all")).text


def test_what_cannot_be_read_is_explained_and_the_last_results_stay(three: list[int], bob: Client) -> None:
    page = Page(bob.get("/failures/?q=progress:x&last=codec"))
    assert "is no " in page.text
    assert "Shown is still “codec”" in page.text
    assert [int(row["data-group"]) for row in rows_on(page)] == [three[2]]
    assert page.one("id", "q")["value"] == "progress:x"


def test_a_search_that_takes_too_long_is_stopped(
    three: list[int], bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> None:
        raise TooBroad

    monkeypatch.setattr(MatchedGroups, "page", slow)
    page = Page(bob.get("/failures/?q=codec"))
    assert "Too broad" in page.text
    assert "This search takes too long" in page.text
    assert rows_on(page) == []
    assert bob.get(page.poll_url, headers=HTMX).status_code == 204


@pytest.mark.parametrize("query", ["after=x", "after=1-2-3", "rows=1.x", "after=99999999999999999999-1"])
def test_a_broken_link_is_a_sentence(query: str, quiet: Account, bob: Client) -> None:
    assert bob.get(f"/failures/?{query}").status_code == 400
    assert bob.get(f"/failures/list/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["team=x", "account=x", "account=999", "team=999"])
def test_what_is_not_the_persons_is_not_there(query: str, quiet: Account, bob: Client) -> None:
    assert bob.get(f"/failures/?{query}").status_code == 404
    assert bob.get(f"/failures/list/?{query}").status_code == 404


def test_rows_stay_where_they_are_while_their_numbers_move(three: list[int], quiet: Account, bob: Client) -> None:
    region = Region(bob, "/failures/")
    assert region.poll() == 204
    fail(quiet, CODEC)
    fail(quiet, "something new broke")
    quiet.__class__.objects.filter(pk=quiet.pk).bump()
    assert region.poll() == 200
    rows = [(int(row["data-group"]), row["data-tasks"]) for row in rows_on(region.page)]
    assert rows == [(three[0], "3"), (three[1], "2"), (three[2], "2")]
    assert "1 new: show" in region.page.text
    assert region.poll() == 204
    assert listed(bob)[1][0] == three[2]


def test_a_cause_that_was_resolved_meanwhile_says_so_in_its_place(
    three: list[int], quiet: Account, bob: Client
) -> None:
    region = Region(bob, "/failures/")
    Group.objects.filter(pk=three[1]).update(state="resolved", triage="resolved")
    Account.objects.filter(pk=quiet.pk).bump()
    assert region.poll() == 200
    assert [row["data-state"] for row in rows_on(region.page)] == ["open", "resolved", "open"]


def test_a_hidden_tab_is_told_when_it_is_seen_again(three: list[int], quiet: Account, bob: Client) -> None:
    region = Region(bob, "/failures/")
    fail(quiet, CODEC)
    Account.objects.filter(pk=quiet.pk).bump()
    assert bob.get(region.url, headers={**HTMX, "X-Hidden": "1"}).status_code == 204
    assert region.poll() == 200


def test_bars_move_on_with_the_clock(three: list[int], bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    region = Region(bob, "/failures/")
    later = now_ms() + 6 * MINUTE
    monkeypatch.setattr("dashboard.views.asked.now_ms", lambda: later)
    assert region.poll() == 200


def test_an_empty_list_says_why(quiet: Account, people: object, bob: Client, sign_in: SignIn) -> None:
    assert "Nothing failed in the last 14 days" in Page(bob.get("/failures/")).text
    fail(quiet, BROKEN)
    page = Page(bob.get("/failures/?q=zebra"))
    assert "No failed task matches “zebra”" in page.text
    assert "Clear the filters" in page.text
    Group.objects.update(state="resolved")
    assert "Nothing is open" in Page(bob.get("/failures/")).text
    assert "Add account" in Page(sign_in("charlie").get("/failures/")).text


def test_an_import_under_way_is_told(connect_quiet: Connect, bob: Client) -> None:
    account = connect_quiet("New", import_done_at=None, imported=300, import_total=1000)
    assert "Importing, newest first" in Page(bob.get("/failures/")).text
    fail(account)
    assert "Importing New" in Page(bob.get("/failures/")).text
