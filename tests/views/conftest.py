"""Accounts that hold tasks already, without a server behind them: pages read our tables and nothing else."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models import Account, Health, RetryBatch, Syncer, Task, Team
from dashboard.models.memory import remember
from dashboard.sync import buttons
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from dashboard.views import export_parts
from tests.conftest import connect_account

NOWHERE = "http://127.0.0.1:9/api"
KEY = "0c6e2b1a-7c1e-4d0f-9c55-1f2e3d4c5b6a"
Hold = Callable[..., Task]
Connect = Callable[..., Account]

_numbers = itertools.count(1)


@pytest.fixture
def connect_quiet(people: SimpleNamespace) -> Connect:
    """`connect_quiet("Staging", team=…)` is an account that was asked a second ago and has no server behind it."""

    def connect(name: str, team: Team | None = None, **changes: Any) -> Account:
        account = connect_account(team or people.team, name, NOWHERE, KEY)
        return make_fresh(account, **changes)

    return connect


@pytest.fixture
def quiet(connect_quiet: Connect) -> Account:
    return connect_quiet("Acme Live")


def make_fresh(account: Account, **changes: Any) -> Account:
    """Synced a second ago, due in 15 s, watched just now; `changes` say otherwise."""
    now = now_ms()
    Syncer.beat("test", now)
    fresh: dict[str, Any] = {
        "health": Health.WORKING,
        "error": "",
        "last_success_at": now - SECOND,
        "next_sync_at": now + 15 * SECOND,
        "watched_at": now,
        "import_done_at": now - MINUTE,
    }
    Account.objects.filter(pk=account.pk).update(**(fresh | changes))
    account.refresh_from_db()
    return account


def hold(account: Account, **fields: Any) -> Task:
    """Remember a task as if Studio had told of it; `fields` are keys of its document."""
    snapshot = _snapshot(**fields)
    remember(account, [snapshot], now_ms())
    return Task.objects.get(account=account, upstream_id=snapshot.upstream_id)


def hold_all(account: Account, several: Iterable[dict[str, Any]]) -> None:
    """As `hold`, for tasks that are heard of at once."""
    remember(account, [_snapshot(**fields) for fields in several], now_ms())


def _snapshot(**fields: Any) -> Snapshot:
    number = next(_numbers)
    at = fields.pop("at", now_ms())
    document = {
        "id": f"{number:08x}-0000-4000-8000-000000000000",
        "type": "upload",
        "createdAt": at - 1000,
        "scheduledAt": at - 500,
        "name": f"Video {number}",
        "params": {"upload": {"url": f"https://media.example.test/video-{number}.mp4"}},
        "status": {"phase": "running", "progress": 0.42, "updatedAt": at},
    } | fields
    return Snapshot.read(document, Redactor(KEY))


def move(task: Task, phase: str, **status: Any) -> Task:
    """The same task, later."""
    at = max(now_ms(), task.updated_at + 1)
    document = task.opened() | {"status": {"phase": phase, "updatedAt": at, **status}}
    remember(task.account, [Snapshot.read(document, Redactor(KEY))], now_ms())
    task.refresh_from_db()
    return task


@pytest.fixture(autouse=True)
def exports_end_with_the_test() -> Iterator[None]:
    """Answers that a test does not read would keep their places for a minute."""
    yield
    export_parts._places.clear()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Buttons give up on Studio after half a second, so that a test of a hanging one is short."""
    monkeypatch.setattr(buttons, "SECONDS", 0.5)
    monkeypatch.setattr(buttons.Patience.__init__, "__defaults__", (0.5,))
    buttons._studio.cache_clear()
    yield
    buttons._studio.cache_clear()


def hold_many(account: Account, times: list[int]) -> None:
    """One completed task for each time."""
    documents = [
        {"id": f"many-{next(_numbers)}", "type": "upload", "status": {"phase": "completed", "updatedAt": at}}
        for at in times
    ]
    redactor = Redactor(KEY)
    remember(account, [Snapshot.read(document, redactor) for document in documents], now_ms())


@pytest.fixture
def failed(quiet: Account) -> list[Task]:
    return [move(hold(quiet, name=f"Take {n}"), "failed", errorMessage="no") for n in range(3)]


def started(response: Any) -> RetryBatch:
    assert response.status_code == 303
    batch = RetryBatch.objects.get(pk=int(response["Location"].split("/")[2]))
    assert response["Location"] == f"/retries/{batch.pk}/"
    return batch


def ids_of(tasks: list[Task]) -> list[str]:
    return [task.upstream_id for task in tasks]
