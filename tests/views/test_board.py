"""The board: whose tasks, which of them, in which order, and what it says when there are none."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import MINUTE, now_ms
from dashboard.models import Account, Role, Task, Team
from dashboard.models.memory import mark_gone
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


def test_the_region_is_live_and_asks_often_only_while_something_moves(quiet: Account, alice: Client) -> None:
    assert board(alice).one("id", "board")["hx-trigger"] == "every 15s"
    task = hold(quiet)
    assert board(alice).one("id", "board")["hx-trigger"] == "every 3s"
    move(task, "completed")
    assert board(alice).one("id", "board")["hx-trigger"] == "every 15s"


def test_what_stalled_or_was_deleted_is_no_reason_to_ask_often(quiet: Account, alice: Client) -> None:
    hold(quiet, at=now_ms() - 6 * MINUTE)
    mark_gone(hold(quiet), now_ms())
    assert board(alice).one("id", "board")["hx-trigger"] == "every 15s"
    hold(quiet, status={"phase": "waiting", "retries": 1, "updatedAt": now_ms()})
    assert board(alice).one("id", "board")["hx-trigger"] == "every 3s"


def test_the_number_of_tasks_is_never_less_than_the_rows(quiet: Account, alice: Client) -> None:
    mark_gone(hold(quiet), now_ms())
    assert "1 to 1 of 1" in board(alice).text


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


def test_more_parameters_than_anybody_needs_are_a_400(quiet: Account, alice: Client) -> None:
    many = "&".join(f"a{number}=1" for number in range(1_500))
    task = hold(quiet)
    for path in ("/", "/board/list/", f"/tasks/{task.upstream_id}/"):
        assert alice.get(f"{path}?{many}").status_code == 400


def test_accounts_that_never_answered_are_not_said_to_be_importing(connect_quiet: Connect, alice: Client) -> None:
    never = {"health": "failing", "error": "Down.", "import_done_at": None, "last_success_at": None}
    connect_quiet("One", **never)
    assert "Importing" not in board(alice).text
    assert "One could not be read yet" in board(alice).text
    assert "do not answer" not in board(alice).text
    connect_quiet("Two", **never)
    assert "2 accounts do not answer: One, Two." in board(alice).text


def test_without_an_account_no_answer_is_waited_for(people: SimpleNamespace, alice: Client) -> None:
    page = board(alice)
    assert page.freshness == "live"
    assert "Waiting for the first answer" not in page.text
