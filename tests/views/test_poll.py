"""The poll of a live region: nothing new is a 204, anything that the region shows is news, and nothing else is."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models import Account, Asset, Membership, Role, Syncer, Task, Team
from tests.conftest import PASSWORD
from tests.views.conftest import Connect, hold, hold_many, make_fresh, move
from tests.views.html import Page

SignIn = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


class Region:
    """A live region in a browser: asks where its last answer told it to."""

    def __init__(self, client: Client, path: str) -> None:
        self.client = client
        self.page = Page(client.get(path))
        self.url = self.page.poll_url

    def poll(self) -> int:
        """The status; the region becomes what was answered."""
        response = self.client.get(self.url, headers=HTMX)
        if response.status_code == 200:
            self.page = Page(response)
            polls = [e["hx-get"] for e in self.page.all("hx-get") if "every" in e.get("hx-trigger", "")]
            self.url = polls[0] if polls else ""
        return int(response.status_code)


def regions(client: Client, task: Task) -> list[Region]:
    return [Region(client, path) for path in ("/", f"/tasks/{task.upstream_id}/", "/accounts/")]


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
    assert len(captured) == 3  # session, user, accounts
    assert bob.page.source == sam.page.source
    packed = sign_in("sam").get(sam.url + "x", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(("path", "most"), [("/", 1), ("/?phase=running&size=50", 1), ("/accounts/", 1), ("task", 2)])
def test_an_unchanged_poll_asks_the_database_once_beside_session_and_user(
    path: str, most: int, quiet: Account, bob: Client
) -> None:
    task = hold(quiet)
    region = Region(bob, f"/tasks/{task.upstream_id}/" if path == "task" else path)
    with CaptureQueriesContext(connection) as captured:
        assert region.poll() == 204
    assert len(captured) == 2 + most
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


def test_looking_is_noted_once_in_10_seconds_and_the_first_look_makes_the_account_due(
    quiet: Account, bob: Client
) -> None:
    region = Region(bob, "/")

    def noted(seconds_ago: int) -> tuple[int, int]:
        """When it was last watched and when it is due, after one poll, in ms from now."""
        now = now_ms()
        looked_at = now - seconds_ago * SECOND
        Account.objects.filter(pk=quiet.pk).update(watched_at=looked_at, next_sync_at=now + MINUTE)
        region.poll()
        quiet.refresh_from_db()
        assert quiet.next_sync_at is not None
        return quiet.watched_at - looked_at, quiet.next_sync_at - now

    assert noted(9) == (0, MINUTE)
    moved, due = noted(11)
    assert moved >= 11 * SECOND
    assert due == MINUTE
    moved, due = noted(31)
    assert moved >= 31 * SECOND
    assert due < 5 * SECOND


def test_only_the_accounts_that_a_page_shows_are_watched(connect_quiet: Connect, bob: Client) -> None:
    shown, other = connect_quiet("Shown", watched_at=0), connect_quiet("Other", watched_at=0)
    bob.get(f"/?account={shown.pk}")
    bob.get(f"/tasks/{hold(shown).upstream_id}/")
    other.refresh_from_db()
    shown.refresh_from_db()
    assert (shown.watched_at > 0, other.watched_at) == (True, 0)


def test_a_task_of_a_documented_only_server_is_noted_as_watched(connect_quiet: Connect, bob: Client) -> None:
    task = hold(connect_quiet("Old", documented_only=True))
    bob.get(f"/tasks/{task.upstream_id}/")
    task.refresh_from_db()
    assert task.watched_at > 0


def test_a_renamed_asset_renames_the_task_on_its_page(quiet: Account, bob: Client) -> None:
    task = hold(quiet, outputAssetId="asset-1")
    Asset.objects.create(account=quiet, upstream_id="asset-1", name="Nicer", playback_id="play-1")
    page = Page(bob.get(f"/tasks/{task.upstream_id}/"))
    assert "play-1" in page.source


@pytest.fixture
def watched_long_ago(quiet: Account, sign_in: SignIn) -> tuple[Task, Client]:
    task, client = hold(quiet), sign_in("alice")
    Account.objects.update(watched_at=0)
    return task, client


@pytest.fixture
def database_file(watched_long_ago: object, tmp_path: Path) -> Iterator[Path]:
    """The test's database copied into a file, as real installations have it, and opened instead."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    memory: Any = connection.connection
    path = tmp_path / "tasks.sqlite3"
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.executescript("\n".join(memory.iterdump()))
    file.close()
    before = connections["default"]
    options = {**before.settings_dict["OPTIONS"], "timeout": 0.3}
    opened: BaseDatabaseWrapper = type(before)({**before.settings_dict, "NAME": str(path), "OPTIONS": options})
    connections["default"] = opened
    yield path
    opened.close()
    connections["default"] = before


@pytest.fixture
def writer(database_file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who holds the one place for writers."""
    other = sqlite3.connect(database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_poll_neither_waits_nor_fails_while_another_writes(
    watched_long_ago: tuple[Task, Client], writer: sqlite3.Connection
) -> None:
    task, client = watched_long_ago
    connections["default"].settings_dict["OPTIONS"]["timeout"] = 30
    connections["default"].close()
    for region in regions(client, task):
        started = now_ms()
        assert region.poll() == 204
        assert now_ms() - started < 3000
    assert Account.objects.get().watched_at == 0
    writer.execute("COMMIT")
    assert client.get("/").status_code == 200
    assert Account.objects.get().watched_at > 0


def test_a_locked_database_is_tried_once_more_and_then_said(
    watched_long_ago: tuple[Task, Client], writer: sqlite3.Connection
) -> None:
    _, client = watched_long_ago
    account = Account.objects.get()
    path = f"/accounts/{account.pk}/"
    started = now_ms()
    response = client.post(path, {"name": "Renamed", "url": account.url})
    assert now_ms() - started >= 600
    assert response.status_code == 503
    assert "The database is being written to" in response.content.decode()
    writer.execute("COMMIT")
    assert client.post(path, {"name": "Renamed", "url": account.url}).status_code == 302
    assert Account.objects.get().name == "Renamed"


def test_signing_in_while_another_writes_is_put_off_not_broken(writer: sqlite3.Connection) -> None:
    response = Client().post("/auth/login/", {"login": "bob@example.com", "password": PASSWORD})
    assert response.status_code in (429, 503)  # 429: allauth cannot count the attempt either


def test_a_team_without_accounts_is_watched_by_nobody(people: SimpleNamespace, bob: Client) -> None:
    assert Team.objects.count() == 2
    assert Region(bob, "/").poll() == 204
