"""What the board tells while nobody touches it: its tab, hidden or not, what is new above it, places in the queue."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, Task
from dashboard.models.memory import mark_gone
from dashboard.models.turns import MOST, Turn, turns_in
from dashboard.views.turn_words import ordinal, turn_in_words
from tests.views.conftest import Connect, hold, hold_many, move
from tests.views.html import Page
from tests.views.region import HTMX, Region
from tests.views.test_board import board

SignIn = Callable[[str], Client]
HIDDEN = {**HTMX, "X-Hidden": "1"}


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def running(account: Account, progress: float, **fields: object) -> Task:
    return hold(account, status={"phase": "running", "progress": progress, "updatedAt": now_ms()}, **fields)


def waiting(account: Account, at: int, retries: int = 0) -> Task:
    return hold(account, status={"phase": "waiting", "retries": retries, "updatedAt": at})


def test_the_title_tells_how_many_run_and_how_far_they_are(quiet: Account, bob: Client) -> None:
    assert board(bob).one("id", "board")["data-title"] == ""
    running(quiet, 0.5)
    running(quiet, 0.76, type="export")
    page = board(bob)
    region = page.one("id", "board")
    assert region["data-title"] == "(2) 63\u00a0% · "
    assert (region["data-running"], region["data-percent"]) == ("2", "63")
    assert "<title>(2) 63\u00a0% · Tasks · Studio Tasks</title>" in page.source
    assert board(bob, "?type=export").one("id", "board")["data-title"] == "(1) 76\u00a0% · "
    assert board(bob, "?phase=failed").one("id", "board")["data-title"] == "(2) "


def test_what_runs_is_never_said_to_be_done(quiet: Account, bob: Client) -> None:
    running(quiet, 0.9999)
    assert board(bob).one("id", "board")["data-percent"] == "99"


def test_a_hidden_tab_is_told_what_its_title_and_icon_need_and_nothing_else(quiet: Account, bob: Client) -> None:
    first, second = running(quiet, 0.5), running(quiet, 0.3)
    region = Region(bob, "/")
    response = bob.get(region.url, headers=HIDDEN)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.has_header("X-Title")
    move(first, "failed", errorMessage="bad")
    for _ in range(2):
        response = bob.get(region.url, headers=HIDDEN)
        assert (response.status_code, response.content) == (204, b"")
        assert response["X-Title"] == "(1) 30\u00a0% · "
        assert response["X-Failed"] == "1"
        assert response["X-As-Of"] == str(quiet.last_success_at)
    move(second, "completed")
    assert bob.get(region.url, headers=HIDDEN)["X-Title"] == ""
    assert region.poll() == 200
    assert region.page.one("data-task", first.upstream_id)["data-phase"] == "failed"


def test_many_hidden_tabs_share_one_count(quiet: Account, bob: Client, sign_in: SignIn) -> None:
    task = running(quiet, 0.5)
    region, other = Region(bob, "/"), sign_in("bob")
    move(task, "completed")
    bob.get(region.url, headers=HIDDEN)
    with CaptureQueriesContext(connection) as captured:
        other.get(region.url, headers=HIDDEN)
    assert len(captured) == 2  # the session, and who it is of with their accounts


def test_the_pill_counts_what_the_filters_let_through(quiet: Account, bob: Client) -> None:
    hold(quiet, name="Keynote")
    boards = {query: Region(bob, f"/{query}") for query in ("?q=keynote", "?sort=created", "?q=keynote&sort=created")}
    hold(quiet, name="Interview")
    hold(quiet, name="Keynote 2")
    hold(quiet, name="Keynote 3", status={"phase": "failed", "errorMessage": "no", "updatedAt": now_ms()})
    told = {"?q=keynote": "2 new, 1 failed: show", "?sort=created": "3 new, 1 failed: show"}
    for query, region in boards.items():
        assert region.poll() == 200
        assert told.get(query, "2 new, 1 failed: show") in region.page.text
        assert len(region.page.ids) == 1
        assert region.poll() == 204


def test_in_another_order_what_moved_above_the_first_row_is_no_news_of_new_tasks(quiet: Account, bob: Client) -> None:
    hold_many(quiet, [now_ms() - HOUR] * 25)
    region = Region(bob, "/?sort=retries")
    hold(quiet, status={"phase": "running", "retries": 2, "updatedAt": now_ms()})
    assert region.poll() == 200
    assert "1 moved up: show" in region.page.text


def test_the_oldest_come_first_where_one_wants_that(quiet: Account, bob: Client) -> None:
    tasks = [hold(quiet, at=now_ms() - MINUTE + number) for number in range(30)]
    region = Region(bob, "/?sort=updated.asc")
    assert region.page.ids == [task.upstream_id for task in tasks[:25]]
    move(tasks[0], "completed")
    assert region.poll() == 200
    assert region.page.ids == [task.upstream_id for task in tasks[:25]]
    later = Page(bob.get(region.page.link("next")))
    assert later.ids == [*(task.upstream_id for task in tasks[25:]), tasks[0].upstream_id]
    assert "Previous" in later.text


@pytest.mark.parametrize("sort", ["title", "-title", "created", "duration", "progress.asc", "retries", "updated.asc"])
def test_paging_in_any_order_visits_each_task_once_and_polls_leave_the_rows_alone(
    sort: str, quiet: Account, connect_quiet: Connect, bob: Client
) -> None:
    now = now_ms()
    for account in (quiet, connect_quiet("Other")):
        hold_many(account, [now - number * SECOND for number in range(30)])
        hold(account, name="Über - all, 100 %")
    pages = [board(bob, f"?sort={sort}")]
    while url := pages[-1].link("next"):
        pages.append(board(bob, url.removeprefix("/")))
    seen = [task_id for page in pages for task_id in page.ids]
    assert sorted(seen) == sorted(Task.objects.values_list("upstream_id", flat=True))
    back = board(bob, (pages[-1].link("prev") or "").removeprefix("/"))
    assert back.ids == pages[-2].ids
    assert bob.get(pages[1].poll_url).status_code == 204


def test_a_kept_row_learns_its_new_place_in_the_queue(quiet: Account, connect_quiet: Connect, bob: Client) -> None:
    now = now_ms()
    first, second, third = (waiting(quiet, now - number * SECOND) for number in (30, 20, 10))
    waiting(quiet, now - 40 * SECOND, retries=1)
    waiting(connect_quiet("Other"), now - 50 * SECOND)
    region = Region(bob, "/")
    assert "3rd of 3 waiting in this account" in region.page.text
    assert "The only one waiting in this account" in region.page.text
    move(first, "running")
    assert region.poll() == 200
    assert "1st of 2 waiting in this account" in region.page.text
    assert "2nd of 2 waiting in this account" in region.page.text
    assert "slot" not in region.page.text
    assert "<turn>" not in region.page.source
    page = Region(bob, f"/tasks/{third.upstream_id}/")
    assert "Queued. 2nd of 2 waiting in this account. Studio has not started it yet." in page.page.text
    mark_gone(second, now)
    assert page.poll() == 200
    assert "The only one waiting in this account." in page.page.text
    assert page.poll() == 204


def test_what_has_stalled_takes_no_place_in_the_queue(quiet: Account, bob: Client) -> None:
    now = now_ms()
    stalled = waiting(quiet, now - 3 * DAY)
    Task.objects.filter(pk=stalled.pk).update(overlay="stalled")
    first, second = (waiting(quiet, now - number * SECOND) for number in (20, 10))
    assert turns_in({quiet.pk}) == {first.pk: Turn(1, 2), second.pk: Turn(2, 2)}
    text = Region(bob, "/").page.text
    assert "2nd of 2 waiting in this account" in text
    assert "3rd of" not in text


def test_a_title_that_looks_like_a_place_is_left_alone(quiet: Account, bob: Client) -> None:
    task = hold(quiet, name="<turn> %(title)s <slot title>", status={"phase": "waiting", "updatedAt": now_ms()})
    page = board(bob)
    assert task.title in {element.get("title") for element in page.elements}


def test_of_very_many_that_wait_only_the_first_are_told_their_places(people: SimpleNamespace, quiet: Account) -> None:
    now = now_ms()
    Task.objects.bulk_create(
        Task(account=quiet, upstream_id=f"w{n}", type="upload", phase="waiting", created_at=now, updated_at=now + n,
             first_seen_at=now, heard_at=now)
        for n in range(MOST + 5)
    )  # fmt: skip
    turns = turns_in({quiet.pk})
    assert len(turns) == MOST
    assert turns[Task.objects.get(upstream_id="w2").pk] == Turn(3, MOST)
    assert turns_in([]) == {}


def test_places_in_words() -> None:
    assert turn_in_words(Turn(3, 12)) == "3rd of 12 waiting in this account"
    assert turn_in_words(Turn(1, 1)) == "The only one waiting in this account"
    assert turn_in_words(Turn(2, MOST)) == "2nd of 1,000 or more waiting in this account"
    assert turn_in_words(None) == ""
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1003)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th", "1,003rd",
    ]  # fmt: skip
