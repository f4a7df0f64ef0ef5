"""One incremental call a round, from the watermark on."""

import json
from typing import Any

from dashboard.models import Account, Task
from dashboard.sandbox import Sandbox
from tests.sync.conftest import Clock, Sync

RUNNING = {"phase": "running", "progress": 0.42, "retries": 0}


def asked(sandbox: Sandbox) -> list[tuple[str, Any]]:
    """The path and the filter of each call."""
    return [
        (call.path.removeprefix("/api"), json.loads(call.query["filters"]) if "filters" in call.query else None)
        for call in sandbox.calls
    ]


def test_a_task_that_changes_is_seen_in_the_next_round(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    task_id = sandbox.add_task(type="upload", phase="waiting")
    sync(account)
    sandbox.change(task_id, status=RUNNING)
    sync(account)
    task = Task.objects.get(upstream_id=task_id)
    assert (task.phase, task.progress, task.attempt) == ("running", 0.42, 1)


def test_a_quiet_round_is_one_call_from_a_minute_before_the_watermark(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task()
    sync(account, rounds=2)
    assert account.watermark == clock.now
    sandbox.calls.clear()
    clock.turn(seconds=100)
    sync(account)
    assert asked(sandbox) == [("/task", [{"id": "updatedAt", "value": {"gte": account.watermark - 60_000}}])]
    assert sandbox.calls.all()[0].query["order"] == "updatedAt-false"


def test_the_watermark_never_moves_back(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    task_id = sandbox.add_task()
    sync(account)
    watermark = account.watermark
    sandbox.change(task_id, status={**RUNNING, "updatedAt": clock.now - 30_000})
    assert sync(account).watermark == watermark
    sandbox.hard_delete(task_id)
    assert sync(account).watermark == watermark


def test_a_row_that_becomes_visible_a_little_late_is_seen(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    """Studio answers from a replica."""
    sandbox.add_task()
    sync(account)
    late = sandbox.add_task(status={"phase": "waiting", "updatedAt": clock.now - 55_000})
    sync(account)
    assert Task.objects.filter(upstream_id=late).exists()


def test_a_row_from_the_future_hides_no_other(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sandbox.add_task(status={"phase": "running", "updatedAt": clock.now + 10**12})
    sync(account)
    sandbox.add_task(status={"phase": "running", "updatedAt": clock.now + 10**12})
    sync(account)
    assert account.watermark <= clock.now
    normal = sandbox.add_task()
    sync(account)
    assert Task.objects.filter(upstream_id=normal).exists()


def test_nothing_but_changed_rows_is_written(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    sandbox.add_task()
    revision = sync(account).revision
    assert sync(account, rounds=2).revision == revision


def test_unreadable_rows_cost_only_themselves_and_are_counted(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    for _ in range(5):
        sandbox.add_task()
    sandbox.switches.unreadable_rows = 7
    sync(account, rounds=3)
    assert Task.objects.count() == 5
    assert account.unreadable == 7


def test_a_page_that_is_too_large_is_asked_again_in_halves(
    account: Account, sandbox: Sandbox, sync: Sync, monkeypatch: Any
) -> None:
    monkeypatch.setattr("dashboard.upstream.receiver.LARGEST_BODY", 200_000)
    for _ in range(40):
        sandbox.add_task()
    sandbox.switches.fat_row_bytes = 20_000
    sync(account)
    assert Task.objects.count() == 40
    limits = [int(call.query["limit"]) for call in sandbox.calls if call.path.endswith("/task")]
    assert limits[:6] == [200, 100, 50, 25, 12, 6]
    assert set(limits[6:]) == {6}


def test_one_row_that_is_too_large_is_left_out(
    account: Account, sandbox: Sandbox, sync: Sync, monkeypatch: Any
) -> None:
    monkeypatch.setattr("dashboard.upstream.receiver.LARGEST_BODY", 100_000)
    for number in range(9):
        sandbox.add_task(params={"upload": {"url": "x" * (150_000 if number == 4 else 10)}})
    sync(account)
    assert Task.objects.count() == 8
    assert account.unreadable == 1


def test_a_server_that_sends_rubbish_without_end_is_asked_few_times(
    account: Account, sandbox: Sandbox, sync: Sync, monkeypatch: Any
) -> None:
    monkeypatch.setattr("dashboard.upstream.receiver.LARGEST_BODY", 1_000)
    for _ in range(20):
        sandbox.add_task(params={"upload": {"url": "x" * 5_000}})
    sync(account)
    assert account.health == "failing"
    assert "larger" in account.error
    assert len(sandbox.calls) <= 10
