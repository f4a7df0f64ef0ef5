"""What the list of causes says to unusual questions, and what opens below a row."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.models import Account, Group
from dashboard.models.day import Day, start_of_day
from tests.views.conftest import Connect
from tests.views.failing import BROKEN, CODEC, TIMEOUT, decide, fail, group_of, listed
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def opened(client: Client, query: str = "") -> Page:
    """What stands below the first row."""
    page = Page(client.get(f"/failures/?{query}"))
    address = next(element["hx-get"] for element in page.all("hx-get") if "toggle" in element["hx-trigger"])
    return Page(client.get(address))


@pytest.mark.parametrize("days", ["to=0001-01-05", "from=0001-01-01", "from=1969-12-31", "to=9999-12-31"])
@pytest.mark.parametrize("path", ["/failures/", "/failures/list/"])
def test_days_long_before_any_task_are_no_mistake_of_ours(path: str, days: str, quiet: Account, bob: Client) -> None:
    fail(quiet)
    assert bob.get(f"{path}?{days}").status_code == 200


def test_the_first_days_that_can_be_asked_for_have_none_before_them(quiet: Account, bob: Client) -> None:
    fail(quiet)
    assert bob.get("/failures/?to=1970-01-03").status_code == 200
    assert "“1969-12-31” is no day" in Page(bob.get("/failures/?from=1969-12-31")).text


@pytest.mark.parametrize(
    ("query", "told"),
    [("q=Alpha", ["Alpha"]), ("type=export", ["Export one"]), ("days=1", ["Alpha", "Export one"]),
     ("q=Beta&days=7", ["Beta 2", "Beta 3", "Beta 4"]), ("q=Beta&type=export&state=all", [])],
)  # fmt: skip
def test_what_opens_below_a_row_tells_of_the_same_tasks_as_the_row(
    query: str, told: list[str], quiet: Account, bob: Client
) -> None:
    fail(quiet, ago=HOUR, name="Alpha")
    fail(quiet, ago=2 * HOUR, name="Export one", type="export")
    for number in (2, 3, 4):
        fail(quiet, ago=number * DAY, name=f"Beta {number}")
    fail(quiet, ago=12 * DAY, name="Beta 12")
    group = group_of(BROKEN)
    page = Page(bob.get(f"/failures/{group.pk}/evidence/?{query}"))
    names = ("Alpha", "Export one", "Beta 2", "Beta 3", "Beta 4", "Beta 12")
    assert [name for name in names if name in page.text] == told
    assert ("None of its tasks" in page.text) is (not told)


def test_the_tasks_of_a_row_are_listed_with_its_filters(quiet: Account, bob: Client) -> None:
    fail(quiet, name="Alpha")
    fail(quiet, name="Beta")
    fail(quiet, name="Beta", type="export")
    page = opened(bob, "q=Beta&type=upload&days=7")
    address = next(e["href"] for e in page.all("href") if e["href"].startswith("/?"))
    assert len(Page(bob.get(address)).ids) == 1
    assert "type=upload" in address
    assert f"group%3A{group_of(BROKEN).pk}" in address


def test_a_title_that_hides_something_is_made_visible(quiet: Account, bob: Client) -> None:
    fail(quiet, name="cat\u202egpj.exe")
    assert "\u202e" not in opened(bob).source


def test_what_was_found_in_other_states_only_is_said_and_linked(quiet: Account, bob: Client) -> None:
    fail(quiet, CODEC, name="Special")
    fail(quiet, TIMEOUT)
    Group.objects.filter(pk=group_of(CODEC).pk).update(state="resolved")
    page = Page(bob.get("/failures/?q=Special"))
    assert "No failed task" not in page.text
    assert "None of the unresolved" in page.text
    assert "1 in Resolved" in page.text
    address = next(e["href"] for e in page.all("href") if "state=resolved" in e["href"] and "btn" in e.get("class", ""))
    assert [row[2] for row in listed(bob, address.partition("?")[2])] == ["resolved"]
    assert "No failed task matches “Special”" in Page(bob.get("/failures/?q=Special&type=export")).text


def test_a_search_that_was_never_clear_says_that_all_is_shown(quiet: Account, bob: Client) -> None:
    fail(quiet)
    assert "Showing all." in Page(bob.get("/failures/?q=progress:x")).text
    assert "Showing all." not in Page(bob.get("/failures/?q=progress:x&last=internal")).text


def test_the_figures_say_of_when_they_are_and_what_the_days_before_were(quiet: Account, bob: Client) -> None:
    fail(quiet)
    today = start_of_day(now_ms())
    for at, failed in ((today, 40), (today - 14 * DAY, 20), (today - 28 * DAY, 90)):
        Day.objects.create(
            account=quiet, at=at, type="upload", ended=100, completed=100 - failed, failed=failed, saved=10,
            counted_at=now_ms() - 2 * MINUTE,
        )  # fmt: skip
    page = Page(bob.get("/failures/"))
    assert "Failure rate40.0 % before 20.0 %" in page.text
    assert "Saved by a retry10 of 50 that failed at first" in page.text
    assert "counted" in page.text
    assert 'title="In the 14 days before"' in page.source
    numbers = Page(bob.get("/numbers/"))
    assert "before 20.0 %" in numbers.text
    assert "of 50 that failed at first" in numbers.text
    assert 'title="In the 14 days before"' in numbers.source
    assert "UTC days since" in Page(bob.get("/failures/?days=1")).text


def test_who_may_triage_can_take_a_cause_from_its_row(quiet: Account, people: SimpleNamespace, sign_in: SignIn) -> None:
    fail(quiet)
    group = group_of(BROKEN)
    assert "Take it" not in opened(sign_in("bob")).text
    sam = sign_in("sam")
    page = opened(sam)
    assert "Take it" in page.text
    told = {name: page.one("name", name)["value"] for name in ("turn", "owner")}
    assert sam.post(f"/failures/{group.pk}/assign/", told).status_code == 302
    group.refresh_from_db()
    assert group.owner_id == people.sam.pk
    assert "Take it" not in opened(sam).text


def test_what_opens_below_a_row_begins_with_whether_retries_help(quiet: Account, bob: Client) -> None:
    fail(quiet)
    group_of(BROKEN).buckets.update(retried=9, worked=0)
    assert "VerdictRetrying has not helped: 0 of 9 retries succeeded." in opened(bob).text


def test_one_can_ask_for_ones_own_causes_and_for_those_of_nobody(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    for message in (BROKEN, TIMEOUT, CODEC):
        fail(quiet, message)
    mine, theirs, nobodys = (group_of(message) for message in (BROKEN, TIMEOUT, CODEC))
    decide(mine, owner=people.sam, owner_name="sam")
    decide(theirs, owner=people.alice, owner_name="alice")
    sam, alice = sign_in("sam"), sign_in("alice")
    for more in ("", "&sort=tasks", "&sort=first", "&q=Video"):
        assert [row[0] for row in listed(sam, f"owner=me{more}")] == [mine.pk]
        assert [row[0] for row in listed(alice, f"owner=me{more}")] == [theirs.pk]
        assert [row[0] for row in listed(sam, f"owner=nobody{more}")] == [nobodys.pk]
    assert len(listed(sam, "owner=nonsense")) == 3
    page = Page(sam.get("/failures/?owner=me"))
    assert "Unresolved 1" in page.text
    assert any("owner=me" in e["href"] and "state=owned" in e["href"] for e in page.all("href"))
    assert "None of the ignored is yours" in Page(sam.get("/failures/?owner=me&state=ignored")).text


def test_people_who_see_the_same_accounts_do_not_see_each_others_own_causes_by_a_poll(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, sign_in: SignIn
) -> None:
    fail(quiet)
    decide(group_of(BROKEN), owner=people.sam, owner_name="sam")
    polls = [Page(sign_in(name).get("/failures/?owner=me")).poll_url for name in ("sam", "alice")]
    assert polls[0].partition("seen=")[2] != polls[1].partition("seen=")[2]
