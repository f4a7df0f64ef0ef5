"""What looking at a page writes down, and what happens when the database has no place for a writer."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models import Account, Task
from tests.conftest import PASSWORD
from tests.views.conftest import Connect, hold
from tests.views.region import Region, regions

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


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
    path.write_bytes(memory.serialize())  # a dump would have to read the trigrams, of which only the index is kept
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA journal_mode=WAL")
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
