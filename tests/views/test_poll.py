"""The poll of a live region: nothing new is a 204, anything that the region shows is news, and nothing else is."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models import Account, Membership, Role, Syncer, Task, Team
from tests.views.conftest import Connect, hold, hold_many, make_fresh, move
from tests.views.html import Page
from tests.views.region import HTMX, Region, regions

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def test_nothing_new_is_a_204_that_tells_as_of_when(quiet: Account, bob: Client) -> None:
    for region in regions(bob, hold(quiet)):
        response = bob.get(region.url, headers=HTMX)
        assert response.status_code == 204
        assert response.content == b""
        assert response["X-As-Of"] == str(quiet.last_success_at)
        assert response["Cache-Control"] == "no-store"
        assert not response.has_header("ETag")


def test_a_change_is_a_200_with_the_region_alone(quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    board, page, _ = regions(bob, task)
    move(task, "running", progress=0.9)
    for region in (board, page):
        response = bob.get(region.url, headers=HTMX)
        assert response.status_code == 200
        assert response["X-As-Of"] == str(quiet.last_success_at)
        assert response["Cache-Control"] == "no-store"
        assert not response.has_header("ETag")
        assert b"<html" not in response.content
        assert "csrf" not in response.content.decode()
    assert board.poll() == page.poll() == 200
    assert board.page.one("data-task", task.upstream_id)["data-progress"] == "0.9"
    assert page.page.leaves["status.progress"] == "0.9"
    assert board.poll() == page.poll() == 204


def test_many_who_watch_one_list_share_one_rendering(quiet: Account, sign_in: SignIn) -> None:
    task = hold(quiet)
    sam, bob = Region(sign_in("sam"), "/"), Region(sign_in("sam"), "/")
    move(task, "completed")
    assert sam.poll() == 200
    with CaptureQueriesContext(connection) as captured:
        assert bob.poll() == 200
    assert len(captured) == 2  # the session, and who it is of with their accounts
    assert bob.page.source == sam.page.source
    packed = sign_in("sam").get(sam.url + "x", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(("path", "most"), [("/", 1), ("/?phase=running&size=50", 1), ("/accounts/", 4), ("task", 1)])
def test_an_unchanged_poll_asks_the_database_little_beside_the_session(
    path: str, most: int, quiet: Account, bob: Client
) -> None:
    task = hold(quiet)
    region = Region(bob, f"/tasks/{task.upstream_id}/" if path == "task" else path)
    with CaptureQueriesContext(connection) as captured:
        assert region.poll() == 204
    assert len(captured) == 1 + most
    assert '"dashboard_task"."document"' not in captured[-1]["sql"]


def test_rows_keep_their_places_while_their_tasks_change(quiet: Account, bob: Client) -> None:
    tasks = [hold(quiet) for _ in range(5)]
    board = Region(bob, "/")
    order = board.page.ids
    for task in tasks[:3]:
        move(task, "completed")
        assert board.poll() == 200
        assert board.page.ids == order
    assert board.page.one("data-task", tasks[0].upstream_id)["data-phase"] == "completed"


def test_a_filtered_page_keeps_a_row_that_no_longer_fits(quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    board = Region(bob, "/?phase=running")
    move(task, "failed", errorMessage="bad")
    assert board.poll() == 200
    assert board.page.one("data-task", task.upstream_id)["data-phase"] == "failed"


def test_what_is_new_waits_behind_a_link_and_is_counted(quiet: Account, bob: Client) -> None:
    shown = hold(quiet)
    board = Region(bob, "/?type=upload")
    hold(quiet)
    hold(quiet, status={"phase": "failed", "errorMessage": "bad", "updatedAt": now_ms()})
    hold(quiet, type="export")
    assert board.poll() == 200
    assert board.page.ids == [shown.upstream_id]
    assert "2 new, 1 failed: show" in board.page.text
    move(shown, "completed")
    assert board.poll() == 200
    assert "2 new, 1 failed: show" in board.page.text
    assert len(Page(bob.get("/?type=upload")).ids) == 3


def test_an_empty_first_page_is_filled_by_what_comes(quiet: Account, bob: Client) -> None:
    board = Region(bob, "/")
    first = hold(quiet)
    assert board.poll() == 200
    assert board.page.ids == [first.upstream_id]
    second = hold(quiet)
    assert board.poll() == 200
    assert (board.page.ids, "1 new" in board.page.text) == ([first.upstream_id], True)
    older = hold(quiet, at=now_ms() - MINUTE)
    assert board.poll() == 200
    assert board.page.ids == [first.upstream_id, older.upstream_id]
    assert second.upstream_id not in board.page.ids


def test_the_pages_around_a_live_page_stay_where_they_were(quiet: Account, bob: Client) -> None:
    now = now_ms()
    hold_many(quiet, [now - MINUTE - number for number in range(60)])
    ids = list(Task.objects.order_by("-updated_at").values_list("upstream_id", flat=True))
    second = Region(bob, Page(bob.get("/")).link("next") or "")
    for task in Task.objects.filter(upstream_id__in=second.page.ids):
        move(task, "failed", errorMessage="bad")
    assert second.poll() == 200
    assert second.page.ids == ids[25:50]
    older = Page(bob.get(second.page.link("next")))
    assert older.ids == ids[50:]
    last = Region(bob, second.page.link("next") or "")
    hold(quiet)
    assert last.poll() == 200
    assert last.page.link("next") is None
    assert last.page.link("prev") is not None


def change_revision(account: Account, people: SimpleNamespace) -> None:
    Account.objects.filter(pk=account.pk).bump()


def change_role(account: Account, people: SimpleNamespace) -> None:
    Membership.objects.filter(user=people.bob).update(role=Role.SUPPORT)


def let_the_clock_pass_the_due_time(account: Account, people: SimpleNamespace) -> None:
    Account.objects.filter(pk=account.pk).update(next_sync_at=now_ms() - 16 * SECOND)


def silence_the_syncer(account: Account, people: SimpleNamespace) -> None:
    Syncer.objects.update(beat_at=now_ms() - 61 * SECOND)


def pause(account: Account, people: SimpleNamespace) -> None:
    Account.objects.filter(pk=account.pk).update(paused=True)


@pytest.mark.parametrize("change", [change_role, let_the_clock_pass_the_due_time, silence_the_syncer, pause])
def test_role_and_freshness_are_news_everywhere(
    change: Callable[[Account, SimpleNamespace], None], quiet: Account, people: SimpleNamespace, bob: Client
) -> None:
    for region in regions(bob, hold(quiet)):
        make_fresh(quiet, paused=False)
        Membership.objects.filter(user=people.bob).update(role=Role.VIEWER)
        region.poll()
        assert region.poll() == 204
        change(quiet, people)
        assert region.poll() == 200
        assert region.poll() == 204


def test_a_revision_is_news_on_the_board_and_no_news_on_another_tasks_page(quiet: Account, bob: Client) -> None:
    board, page, accounts = regions(bob, hold(quiet))
    hold(quiet)
    assert (board.poll(), page.poll(), accounts.poll()) == (200, 204, 200)


def test_what_nobody_sees_is_no_news(
    quiet: Account, people: SimpleNamespace, connect_quiet: Connect, bob: Client
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    board, page, _ = regions(bob, hold(quiet))
    hold(theirs)
    now = now_ms()
    Account.objects.filter(pk=quiet.pk).update(calls=f"[{now}]", watermark=now, last_success_at=now, last_try_at=now)
    Syncer.beat("test", now)
    assert (board.poll(), page.poll()) == (204, 204)


def test_another_accounts_tasks_are_no_news_on_a_page_of_one_account(
    connect_quiet: Connect, quiet: Account, bob: Client
) -> None:
    other = connect_quiet("Other")
    hold(quiet)
    board = Region(bob, f"/?account={quiet.pk}")
    hold(other)
    assert board.poll() == 204
    Account.objects.filter(pk=other.pk).update(name="Renamed")
    assert board.poll() == 200


def test_a_token_of_other_filters_is_no_token_of_ours(quiet: Account, bob: Client) -> None:
    hold(quiet)
    tokens = {
        Region(bob, path).url.rpartition("seen=")[2] for path in ("/", "/?phase=running", "/?type=upload", "/?size=50")
    }
    assert len(tokens) == 4


def test_users_of_different_teams_or_roles_never_share_a_region(
    people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    troubled = {"health": "rejected", "error": "No such key."}
    ours, theirs = connect_quiet("Live", **troubled), connect_quiet("Live", team=people.other, **troubled)
    tasks = {"ours": hold(ours), "theirs": hold(theirs)}
    seen = {}
    for name in ("alice", "sam", "bob", "charlie", "bob"):
        url = f"/board/list/?rows={tasks['ours'].pk}.{tasks['theirs'].pk}"
        seen[name] = Page(sign_in(name).get(url, headers=HTMX))
    assert seen["charlie"].ids == [tasks["theirs"].upstream_id]
    for name in ("alice", "sam", "bob"):
        assert seen[name].ids == [tasks["ours"].upstream_id]
        assert tasks["theirs"].title not in seen[name].source
        assert (f"/accounts/{ours.pk}/" in seen[name].source) == (name == "alice")
    urls = [page.poll_url for page in seen.values()]
    assert len(set(urls)) == 4


def test_who_leaves_a_team_sees_nothing_of_it_any_more(quiet: Account, people: SimpleNamespace, bob: Client) -> None:
    task = hold(quiet)
    board, page, accounts = regions(bob, task)
    Membership.objects.filter(user=people.bob).delete()
    assert (board.poll(), page.poll(), accounts.poll()) == (200, 404, 200)
    assert board.page.ids == []
    assert task.title not in board.page.source + accounts.page.source


def test_a_team_without_accounts_is_watched_by_nobody(people: SimpleNamespace, bob: Client) -> None:
    assert Team.objects.count() == 2
    assert Region(bob, "/").poll() == 204


def test_who_sees_no_account_learns_of_a_new_role_and_a_new_team(people: SimpleNamespace, bob: Client) -> None:
    watched = [Region(bob, path) for path in ("/", "/accounts/")]
    mine = Membership.objects.filter(user=people.bob)
    changes: list[Callable[[], object]] = [
        lambda: mine.update(role=Role.ADMIN),
        lambda: Team.objects.create(name="Second").add(people.bob, Role.VIEWER),
        lambda: mine.delete(),
    ]
    for change in changes:
        assert [region.poll() for region in watched] == [204, 204]
        change()
        assert [region.poll() for region in watched] == [200, 200]
    assert "You are not in a team yet" in watched[0].page.text
