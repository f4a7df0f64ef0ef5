"""The board: whose tasks, which of them, in which order, and what it says when there are none."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import DAY, MINUTE, now_ms
from dashboard.models import Account, Role, Task, Team
from dashboard.sync.absent import mark_gone
from tests.conftest import PASSWORD
from tests.views.conftest import Connect, hold, hold_many, move
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


def board(client: Client, query: str = "") -> Page:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return Page(response)


def test_a_member_sees_the_tasks_of_all_accounts_of_all_their_teams_and_no_others(
    people: SimpleNamespace, connect_quiet: Connect, alice: Client
) -> None:
    second = Team.objects.create(name="Second")
    second.add(people.alice, Role.VIEWER)
    ours = [hold(connect_quiet("Live")), hold(connect_quiet("Staging")), hold(connect_quiet("Far", team=second))]
    theirs = hold(connect_quiet("Theirs", team=people.other))
    page = board(alice)
    assert set(page.ids) == {task.upstream_id for task in ours}
    assert theirs.title not in page.source
    assert board(alice, f"?team={second.pk}").ids == [ours[2].upstream_id]
    assert board(alice, f"?account={ours[1].account_id}").ids == [ours[1].upstream_id]


def test_the_newest_change_comes_first(quiet: Account, alice: Client) -> None:
    first, second = hold(quiet), hold(quiet)
    assert board(alice).ids == [second.upstream_id, first.upstream_id]
    move(first, "completed")
    assert board(alice).ids == [first.upstream_id, second.upstream_id]


def test_filters_are_links_and_combine(quiet: Account, alice: Client) -> None:
    task = hold(quiet, type="export", status={"phase": "failed", "errorMessage": "no", "updatedAt": now_ms()})
    hold(quiet, type="export")
    hold(quiet, status={"phase": "failed", "errorMessage": "no", "updatedAt": now_ms()})
    page = board(alice, "?phase=failed&type=export")
    assert page.ids == [task.upstream_id]
    assert {"/?type=export", "/?phase=failed"} <= {element["href"] for element in page.all("href")}


@pytest.mark.parametrize(
    "query", ["?phase=melted", "?type=teleport", "?phase=melted&type=teleport", "?phase=%00", "?type=%F0%9F%8E%AC"]
)
def test_an_unknown_phase_or_type_is_an_empty_list_that_says_so(query: str, quiet: Account, alice: Client) -> None:
    hold(quiet)
    page = board(alice, query)
    if query != "?phase=%00":  # nothing but a character that no word has: no filter at all
        assert page.ids == []
        assert "No " in page.text
        assert " task" in page.text


def test_unknown_words_of_studio_are_shown_and_can_be_filtered(quiet: Account, alice: Client) -> None:
    task = hold(quiet, type="dream", status={"phase": "paused", "updatedAt": now_ms()})
    row = board(alice, "?phase=paused&type=dream").one("data-task", task.upstream_id)
    assert row["data-phase"] == "paused"


@pytest.mark.parametrize("query", ["?account={theirs}", "?team={team}", "?account=999999", "?team=999999", "?team=x",
                                   "?account=-1", "?account=99999999999999999999", "?account=١"])  # fmt: skip
def test_an_account_or_team_that_is_not_ours_is_not_found(
    query: str, people: SimpleNamespace, quiet: Account, connect_quiet: Connect, alice: Client
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    path = query.format(theirs=theirs.pk, team=people.other.pk)
    assert alice.get(f"/{path}").status_code == 404
    assert alice.get(f"/board/list/{path}").status_code == 404


@pytest.mark.parametrize("cursor", ["nonsense", "1", "-", "1-", "1-x", "99999999999999999999-1", "1-1-1", "١-١", "%00"])
def test_an_unreadable_cursor_is_a_400_with_a_link_to_the_first_page(
    cursor: str, quiet: Account, alice: Client
) -> None:
    for name in ("older", "newer"):
        response = alice.get(f"/?{name}={cursor}")
        assert response.status_code == 400
        assert any(element["href"] == "/" for element in Page(response).all("href") if element.get("class") == "btn go")
        assert alice.get(f"/board/list/?{name}={cursor}").status_code == 400
    assert alice.get("/board/list/?rows=1.x").status_code == 400


@pytest.mark.parametrize("size", [25, 50])
def test_paging_visits_each_task_exactly_once_forwards_and_backwards(
    size: int, connect_quiet: Connect, alice: Client
) -> None:
    now = now_ms()
    hold_many(connect_quiet("Live"), [now] * 60 + [now - 1] * 5)
    hold_many(connect_quiet("Staging"), [now] * 30 + [now - 5])
    hold_many(connect_quiet("Empty"), [])
    expected = list(Task.objects.order_by("-updated_at", "-id").values_list("upstream_id", flat=True))
    pages, query = [board(alice, f"?size={size}")], ""
    while query := pages[-1].link("next") or "":
        pages.append(board(alice, query.removeprefix("/")))
    assert [task_id for page in pages for task_id in page.ids] == expected
    assert pages[0].link("prev") is None
    back = [pages[-1]]
    while query := back[-1].link("prev") or "":
        back.append(board(alice, query.removeprefix("/")))
    assert [task_id for page in reversed(back) for task_id in page.ids] == expected


def test_a_page_beyond_the_end_says_so_and_links_to_the_first(quiet: Account, alice: Client) -> None:
    hold(quiet)
    page = board(alice, "?older=1-1")
    assert "This page is empty" in page.text
    assert page.ids == []


@pytest.mark.parametrize(("query", "rows"), [("", 25), ("?size=50", 50), ("?size=100", 100), ("?size=7", 25)])
def test_a_page_has_25_50_or_100_rows(query: str, rows: int, quiet: Account, alice: Client) -> None:
    hold_many(quiet, [now_ms()] * 101)
    assert len(board(alice, query).ids) == rows


def attributes(page: Page, task: Task) -> dict[str, str]:
    row = page.one("data-task", task.upstream_id)
    return {name: value for name, value in row.items() if name.startswith("data-") and name != "data-task"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"phase": "pending"}, {"data-phase": "pending", "data-progress": "0"}),
        ({"phase": "waiting", "retries": 0}, {"data-phase": "waiting", "data-progress": "0"}),
        ({"phase": "running"}, {"data-phase": "running", "data-progress": "0"}),
        ({"phase": "running", "progress": 0.123456789}, {"data-phase": "running", "data-progress": "0.123456789"}),
        ({"phase": "running", "progress": 1}, {"data-phase": "running", "data-progress": "1"}),
        ({"phase": "completed"}, {"data-phase": "completed", "data-progress": "1"}),
        ({"phase": "cancelled"}, {"data-phase": "cancelled", "data-progress": "0"}),
        ({"phase": "failed", "errorMessage": "bad"}, {"data-phase": "failed", "data-progress": "0"}),
        ({"phase": "on<fire>"}, {"data-phase": "on<fire>", "data-progress": "0"}),
        (
            {"phase": "waiting", "retries": 1, "errorMessage": "bad"},
            {"data-phase": "waiting", "data-progress": "0", "data-overlay": "retrying"},
        ),
    ],
)
def test_a_row_carries_phase_progress_and_overlay(
    status: dict[str, object], expected: dict[str, str], quiet: Account, alice: Client
) -> None:
    task = hold(quiet, status={"updatedAt": now_ms(), **status})
    assert attributes(board(alice), task) == expected


def test_a_failed_task_keeps_the_progress_that_was_last_seen(quiet: Account, alice: Client) -> None:
    task = move(hold(quiet), "failed", errorMessage="bad")
    assert attributes(board(alice), task) == {"data-phase": "failed", "data-progress": "0.42"}


def test_a_task_without_news_is_stalled_and_one_that_is_gone_deleted(quiet: Account, alice: Client) -> None:
    stalled = hold(quiet, at=now_ms() - 6 * MINUTE)
    upload_link_that_ran_out = hold(quiet, status={"phase": "pending", "updatedAt": now_ms() - DAY - MINUTE})
    gone = hold(quiet)
    mark_gone(gone)
    page = board(alice)
    assert attributes(page, stalled)["data-overlay"] == "stalled"
    assert attributes(page, upload_link_that_ran_out)["data-overlay"] == "stalled"
    assert attributes(page, gone) == {"data-phase": "running", "data-progress": "0.42", "data-overlay": "deleted"}


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", 'a" onload="x', "‮moc.evil", "فيديو", "x" * 5000])
def test_a_strange_title_is_only_text(title: str, quiet: Account, alice: Client) -> None:
    task = hold(quiet, name=title)
    page = board(alice)
    assert f"<b>{title}" not in page.source
    assert "alert(1)</script>" not in page.source
    assert not page.all("onload")
    name = next(element for element in page.elements if element.get("class") == "name cut")
    assert name["title"] == task.title == title[:300]
    assert name["dir"] == "auto"


def test_the_region_is_live_and_asks_often_only_while_something_moves(quiet: Account, alice: Client) -> None:
    assert board(alice).one("id", "board")["hx-trigger"] == "every 15s"
    task = hold(quiet)
    assert board(alice).one("id", "board")["hx-trigger"] == "every 3s"
    move(task, "completed")
    assert board(alice).one("id", "board")["hx-trigger"] == "every 15s"


def test_each_empty_board_says_what_is_true(people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn) -> None:
    assert "See your tasks move in two minutes" in board(sign_in("alice")).text
    assert "An admin of your team has to add" in board(sign_in("bob")).text
    account = connect_quiet("Live", import_done_at=None)
    assert "Importing, newest first" in board(sign_in("bob")).text
    Account.objects.filter(pk=account.pk).update(import_done_at=now_ms())
    assert "Live was asked and has none" in board(sign_in("bob")).text
    hold(account)
    assert "No failed task" in board(sign_in("bob"), "?phase=failed").text


def test_who_is_in_no_team_is_told_so(people: SimpleNamespace) -> None:
    type(people.bob).objects.create_user("dora@example.com", PASSWORD)
    client = Client()
    assert client.post("/auth/login/", {"login": "dora@example.com", "password": PASSWORD}).status_code == 302
    assert "You are not in a team yet" in board(client).text


def test_an_import_under_way_says_how_far_it_is(connect_quiet: Connect, alice: Client) -> None:
    hold(connect_quiet("Live", import_done_at=None, imported=1200, import_total=4000))
    page = board(alice)
    assert "Importing Live, newest first: 1,200 of 4,000 tasks" in page.text
    assert page.one("class", "importing")["value"] == "30"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"health": "rejected", "error": "Studio rejected the key."}, "Studio rejects the key of Live"),
        ({"health": "limited", "error": "It may not ask."}, "The key of Live may not list tasks"),
        ({"health": "unopenable", "error": "Another vault."}, "The key of Live cannot be opened"),
        ({"unreadable": 1}, "1 row of Live could not be read"),
        ({"documented_only": True}, "Live is read page by page"),
    ],
)
def test_who_misses_data_is_told_why(
    changes: dict[str, object], sentence: str, connect_quiet: Connect, sign_in: SignIn
) -> None:
    account = connect_quiet("Live", **changes)
    for person in ("alice", "bob"):
        page = board(sign_in(person))
        assert sentence in page.text
        linked = any(element["href"] == f"/accounts/{account.pk}/" for element in page.all("href"))
        assert linked == (person == "alice" and "health" in changes)


def test_the_team_switcher_offers_the_teams_of_the_user_only(people: SimpleNamespace, sign_in: SignIn) -> None:
    second = Team.objects.create(name="Second")
    second.add(people.alice, Role.VIEWER)
    page = board(sign_in("alice"), f"?team={second.pk}")
    assert [element["href"] for element in page.all("href") if "?team=" in element["href"] and "&" not in
            element["href"] and element.get("aria-current") == "true"] == [f"/?team={second.pk}"]  # fmt: skip
    assert people.other.name not in page.source
