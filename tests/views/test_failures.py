"""The list of causes: what is broken, for whom, since when, and who has it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.models import Account, Decision, Group, State, Triage
from dashboard.models.day import Day, start_of_day
from tests.views.conftest import Connect, move
from tests.views.failing import BROKEN, CODEC, TIMEOUT, decide, fail, group_of, listed, rows_on
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def test_failures_of_one_cause_are_one_row(quiet: Account, bob: Client) -> None:
    for number in range(3):
        fail(quiet, f'error on export request: http status 403 Forbidden: "request {number}"', type="export")
    fail(quiet, TIMEOUT)
    assert sorted(tasks for _, tasks, _ in listed(bob)) == [1, 3]
    page = Page(bob.get("/failures/"))
    assert "<mark>remote body</mark>" in page.source
    assert "Check the destination’s credentials" in page.text


def test_a_row_tells_tasks_accounts_times_types_retries_state_and_owner(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, bob: Client
) -> None:
    other = connect_quiet("Staging")
    for account, task_type in ((quiet, "upload"), (quiet, "export"), (other, "upload")):
        fail(account, ago=2 * HOUR, type=task_type)
    move(fail(quiet, ago=3 * DAY), "completed")
    decide(group_of(BROKEN), owner=people.alice, owner_name="alice.moreau@example.com")
    page = Page(bob.get("/failures/"))
    (row,) = rows_on(page)
    assert (row["data-tasks"], row["data-state"]) == ("4", "owned")
    for told in ("upload, export", "4 in 14 days", "3 in 24 hours", "1 / 1", "Owned", ">AM<"):
        assert told in page.source, told
    assert [face.get("title") for face in page.all("class") if face["class"] == "face"][1:] == [
        "alice.moreau@example.com"
    ]
    assert 'title="Acme Live, Staging">2<' in page.source


def test_bars_stand_where_the_failures_were(quiet: Account, bob: Client) -> None:
    now = now_ms()
    fail(quiet, ago=now % DAY + DAY - 1 * HOUR)  # yesterday
    fail(quiet, ago=now % HOUR + 5 * HOUR - MINUTE)
    page = Page(bob.get("/failures/"))
    days, hours = (
        [part.partition("v-")[2] for part in path["d"].split("M")[1:]]
        for path in (p for p in page.all("d") if p.get("class") != "hot" and len(p["d"]) > 60)
    )
    assert days.index("10") >= 11
    assert len(hours) == 24
    assert hours[-6] == "10"


@pytest.mark.parametrize(
    ("retried", "worked", "told"),
    [(0, 0, "It often passes"), (7, 5, "71 % succeed at the next attempt"), (40, 1, "Retries rarely help"),
     (9, 0, "None of 9 retries worked"), (4, 0, "It often passes")],
)  # fmt: skip
def test_advice_says_how_retries_did_where_enough_of_them_have_ended(
    retried: int, worked: int, told: str, quiet: Account, bob: Client
) -> None:
    fail(quiet)
    group_of(BROKEN).buckets.update(retried=retried, worked=worked)
    assert told in Page(bob.get("/failures/")).text


@pytest.mark.parametrize("state", [state for state in State if state is not State.MERGED])
def test_each_state_is_shown_as_icon_and_word_where_it_is_asked_for(state: State, quiet: Account, bob: Client) -> None:
    fail(quiet)
    Group.objects.update(state=state)
    usual = listed(bob)
    assert [row[2] for row in usual] == ([state] if state in ("open", "owned", "regressed") else [])
    assert [row[2] for row in listed(bob, f"state={state}")] == [state]
    assert [row[2] for row in listed(bob, "state=all")] == [state]
    others = {"open", "resolved"} - {state}
    assert [listed(bob, f"state={other}") for other in others] == [[] for _ in others]
    assert f"{state.label} 1" in Page(bob.get("/failures/?state=all")).text


def test_a_merged_group_shows_in_its_root_and_a_task_that_failed_for_both_counts_once(
    quiet: Account, bob: Client
) -> None:
    for number in range(2):
        fail(quiet, BROKEN, ago=HOUR + number)
    twice = fail(quiet, TIMEOUT, ago=2 * HOUR)
    move(twice, "failed", errorMessage=BROKEN, retries=1)
    root, merged = group_of(BROKEN), group_of(TIMEOUT)
    decide(merged, merged_into=root)
    assert listed(bob) == [(root.pk, 3, "open")]
    assert listed(bob, "sort=tasks")[0][0] == root.pk
    assert listed(bob, "state=all&q=Video") == [(root.pk, 3, "open")]


def test_an_ignored_group_says_until_when_and_a_regressed_one_after_how_long_it_came_back(
    quiet: Account, bob: Client
) -> None:
    fail(quiet, BROKEN)
    fail(quiet, TIMEOUT)
    ignored, came = group_of(BROKEN), group_of(TIMEOUT)
    decide(ignored, triage=Triage.IGNORED, ignored_more=10, ignored_hours=6)
    decide(came, triage=Triage.REGRESSED)
    now = now_ms()
    for what, at in (("resolved", now - 11 * DAY), ("regressed", now)):
        Decision.objects.create(group=came, at=at, by_name="x", what=what)
    text = Page(bob.get("/failures/?state=all")).text
    assert "until 10 in 6 h" in text
    assert "Came back after 11 days. Retry" in text


def test_the_sums_tell_of_all_that_ended_and_of_as_many_days_before(quiet: Account, bob: Client) -> None:
    fail(quiet)
    today = start_of_day(now_ms())
    for at, ended, failed, saved in ((today, 1000, 41, 95), (today - 20 * DAY, 1000, 29, 1)):
        Day.objects.create(
            account=quiet, at=at, type="upload", ended=ended, completed=ended - failed, failed=failed, saved=saved
        )
    text = Page(bob.get("/failures/")).text
    assert "Failed tasks41 of 1,000 that endedFailure rate4.1 % before 2.9 %Saved by a retry95 of 136 that" in text
    assert "Open causes1 without owner" in text
    assert "Failed tasks–" in Page(bob.get("/failures/?type=export&state=all")).text


@pytest.mark.parametrize(("owned", "told"), [(0, "2 without owner"), (1, "2 1 without owner"), (2, "2 all owned")])
def test_how_many_open_causes_nobody_has_taken_is_told_once(
    owned: int, told: str, quiet: Account, people: SimpleNamespace, bob: Client
) -> None:
    for message in (BROKEN, TIMEOUT):
        fail(quiet, message)
    for group in Group.objects.all()[:owned]:
        decide(group, owner=people.alice, owner_name="alice@example.com")
    Day.objects.create(account=quiet, at=start_of_day(now_ms()), type="upload", ended=2, failed=2)
    assert f"Open causes{told}" in Page(bob.get("/failures/")).text


def test_a_stranger_sees_no_cause_and_no_evidence(quiet: Account, sign_in: SignIn) -> None:
    fail(quiet)
    group = group_of(BROKEN)
    charlie = sign_in("charlie")
    assert BROKEN not in charlie.get("/failures/?state=all").content.decode()
    assert charlie.get(f"/failures/{group.pk}/evidence/").status_code == 404
    assert charlie.get(f"/failures/?team={quiet.team_id}").status_code == 404
    assert charlie.get(f"/failures/?account={quiet.pk}").status_code == 404


def test_teams_are_apart_although_they_share_a_cause(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, bob: Client
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    fail(quiet)
    for _ in range(4):
        fail(theirs)
    assert [tasks for _, tasks, _ in listed(bob)] == [1]


def test_a_row_opens_to_its_verdict_and_its_newest_tasks(quiet: Account, bob: Client) -> None:
    tasks = [fail(quiet, ago=number * MINUTE, name=f"Take {number}") for number in range(5)]
    move(tasks[4], "completed")
    page = Page(bob.get("/failures/"))
    address = next(element["hx-get"] for element in page.all("hx-get") if "toggle" in element["hx-trigger"])
    told = Page(bob.get(address))
    assert "1 of 5 recovered after all." in told.text
    assert "1 of 1 retry succeeded so far, too few to say." in told.text
    assert [name in told.text for name in ("Take 0", "Take 1", "Take 2", "Take 3")] == [True] * 3 + [False]
    assert bob.get(f"/failures/{2**70}/evidence/").status_code == 404


def test_the_way_to_the_plain_tasks_keeps_the_filters(quiet: Account, bob: Client) -> None:
    fail(quiet, CODEC)
    page = Page(bob.get("/failures/?q=codec&type=upload&days=7"))
    tasks = next(e["href"] for e in page.all("href") if e["href"].startswith("/?"))
    assert "phase=failed" in tasks
    assert "type=upload" in tasks
    assert len(Page(bob.get(tasks)).ids) == 1
    fail(quiet, CODEC, ago=9 * DAY)
    assert len(Page(bob.get(tasks)).ids) == 1


def test_the_header_says_how_many_causes_are_open(quiet: Account, bob: Client) -> None:
    assert "<span>Failures</span>" in bob.get("/accounts/").content.decode()
    fail(quiet)
    fail(quiet, TIMEOUT)
    for path in ("/", "/failures/", "/accounts/"):
        assert "Failures 2 open" in Page(bob.get(path)).text


def test_a_list_asks_the_database_as_often_for_many_groups_as_for_few(quiet: Account, bob: Client) -> None:
    fail(quiet)
    bob.get("/failures/")
    asked = []
    for words in ("one two", "red green blue yellow white black pink brown grey orange"):
        for first in words.split():
            for second in words.split()[:3]:
                fail(quiet, f"the {first} machine fell over the {second} one")
        with CaptureQueriesContext(connection) as queries:
            bob.get("/failures/")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 16
