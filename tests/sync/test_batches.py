"""Batches of retries: each task is asked for once, in its turn, and whatever comes of it is told."""

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.models import Account, ApiKey, AuditEntry, ItemState, Outcome, Retry, RetryBatch, Role, Task
from dashboard.models.audit import Actor
from dashboard.models.retry_batch import NothingToRetry, settle_batches
from dashboard.sandbox import Sandbox
from dashboard.sync import batches
from tests.conftest import connect_account
from tests.sync.conftest import (
    FAILED,
    Clock,
    Make,
    Sync,
    World,
    asked,
    entries,
    longest_gap,
    most_in_a_minute,
    reasons,
    states,
)


def test_each_task_is_asked_for_once_and_the_batch_ends(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock
) -> None:
    ids = failed(7)
    batch = start(ids)
    began = clock.now
    world.run(30)
    assert states(batch) == [ItemState.DONE] * 7
    assert asked(sandbox) == Counter(ids)
    batch.refresh_from_db()
    assert began <= (batch.ended_at or 0) <= began + 30_000
    assert {retry.outcome for retry in Retry.objects.all()} == {Outcome.STARTED}
    assert {sandbox.document(one)["status"]["phase"] for one in ids}.isdisjoint({"failed"})  # type: ignore[index,call-overload]
    assert set(Task.objects.values_list("phase", flat=True)).isdisjoint({"failed"})


def test_a_large_batch_keeps_within_the_calls_of_the_account_and_starves_no_sync(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock
) -> None:
    ids = failed(40)
    batch = start(ids)
    clock.turn(seconds=1)
    Account.objects.update(watched_at=clock.now + 600_000)
    world.run(5 * 60)
    assert states(batch) == [ItemState.DONE] * 40
    assert asked(sandbox) == Counter(ids)
    assert most_in_a_minute([call.at for call in sandbox.calls]) <= 25
    last = max(call.at for call in sandbox.calls if call.method == "POST")
    looks = [call.at for call in sandbox.calls if "filters" in call.query and call.at <= last]
    assert longest_gap(looks) <= 7_000
    assert [call for call in sandbox.calls if "/asset" in call.path and call.at <= last], "names are read meanwhile"


def test_at_most_ten_tasks_a_minute_are_asked_for(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock
) -> None:
    batch = start(failed(20))
    world.run(130)
    assert states(batch) == [ItemState.DONE] * 20
    retries = [call.at for call in sandbox.calls if call.method == "POST"]
    assert most_in_a_minute(retries) <= batches.A_MINUTE


def test_tasks_that_run_or_are_gone_at_studio_are_told_apart(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, monkeypatch: Any
) -> None:
    running, gone, _ = ids = failed(3)
    batch = start(ids)
    monkeypatch.setattr(batches, "EVERY", 6_000)
    with monkeypatch.context() as patch:  # our copy does not hear of it before
        patch.setattr("dashboard.sync.round._read_list", nothing)
        sandbox.change(running, status={"phase": "running", "retries": 0, "progress": 0.2})
        sandbox.hard_delete(gone)
        world.run(5)
    assert states(batch) == [ItemState.SKIPPED, ItemState.FAILED, ItemState.DONE]
    assert "It is running" in reasons(batch)[0]
    assert "task not found" in reasons(batch)[1]


async def nothing(*arguments: object) -> None:
    """The list is not read."""


def test_what_has_moved_since_the_batch_was_made_is_skipped_without_asking(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World
) -> None:
    running, deleted, fine = ids = failed(3)
    batch = start(ids)
    sandbox.change(running, status={"phase": "completed"})
    Task.objects.filter(upstream_id=deleted).update(deleted_at=1)
    world.run(10)
    assert states(batch) == [ItemState.SKIPPED, ItemState.SKIPPED, ItemState.DONE]
    assert reasons(batch)[:2] == [
        "It is completed: only what failed or was cancelled can be retried.",
        "It was deleted at Studio.",
    ]
    assert asked(sandbox) == Counter([fine])


def test_a_key_that_studio_rejects_ends_the_batch_with_the_reason(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock
) -> None:
    batch = start(failed(3))
    sandbox.revoke(sandbox.key)
    world.run(10)
    settle_batches(clock.now)
    assert states(batch) == [ItemState.SKIPPED] * 3
    assert set(reasons(batch)) == {"Studio rejects the key of Production."}
    batch.refresh_from_db()
    assert batch.ended_at == clock.now


def test_a_key_that_opens_another_persons_tasks_fails_each_in_studios_words(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, monkeypatch: Any
) -> None:
    batch = start(failed(2))
    monkeypatch.setattr("dashboard.sync.round._read_list", nothing)
    ApiKey.objects.store(Account.objects.get(), sandbox.stranger_key)
    world.run(10)
    assert states(batch) == [ItemState.FAILED] * 2
    assert "users may only retry their own tasks" in reasons(batch)[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"archived_at": 1}, "The key of Production was deleted."),
        ({"removed_at": 1}, "The account was removed."),
        ({"health": "duplicate"}, "Production is not read: another account is of the same project."),
        ({"health": "unopenable"}, "The key of Production cannot be opened."),
    ],
)
def test_an_account_that_cannot_be_asked_any_more_ends_the_batch_with_the_reason(
    failed: Callable[[int], list[str]], start: Make, clock: Clock, change: dict[str, object], reason: str
) -> None:
    batch = start(failed(2))
    Account.objects.update(**change)
    settle_batches(clock.now)
    assert (states(batch), set(reasons(batch))) == ([ItemState.SKIPPED] * 2, {reason})


def test_tasks_that_go_leave_a_batch_that_ends(failed: Callable[[int], list[str]], start: Make, clock: Clock) -> None:
    batch = start(failed(2))
    Task.objects.all().delete()
    settle_batches(clock.now)
    batch.refresh_from_db()
    assert batch.ended_at == clock.now


def test_a_paused_account_waits_until_it_is_resumed(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock
) -> None:
    batch = start(failed(1))
    Account.objects.update(paused=True)
    world.run(30)
    settle_batches(clock.now)
    assert states(batch) == [ItemState.WAITING]
    Account.objects.update(paused=False, next_sync_at=clock.now)
    world.run(5)
    assert states(batch) == [ItemState.DONE]


def test_a_batch_that_is_stopped_asks_for_no_more(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, people: SimpleNamespace
) -> None:
    ids = failed(9)
    batch = start(ids)
    world.run(3)
    stopped = batch.stop(Actor("alice@example.com", people.alice.pk), [Account.objects.get().pk])
    assert stopped == 5
    world.run(60)
    assert asked(sandbox) == Counter(ids[:4])
    assert states(batch) == [ItemState.DONE] * 4 + [ItemState.STOPPED] * 5
    batch.refresh_from_db()
    assert (batch.stopped_by, bool(batch.stopped_at), bool(batch.ended_at)) == ("alice@example.com", True, True)
    assert batch.stop(Actor("alice@example.com"), [Account.objects.get().pk]) == 0
    assert entries("batch.stopped") == [({}, {"number": 5})]


def test_a_person_who_left_the_team_has_nothing_more_asked_in_their_name(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, people: SimpleNamespace
) -> None:
    batch = start(failed(2))
    people.team.memberships.filter(user=people.sam).update(role=Role.VIEWER)
    world.run(10)
    assert states(batch) == [ItemState.SKIPPED] * 2
    assert reasons(batch)[0] == "sam@example.com may not retry tasks of Production any more."
    assert not asked(sandbox)


def test_the_audit_tells_of_the_batch_and_of_each_task(
    failed: Callable[[int], list[str]], start: Make, world: World
) -> None:
    ids = failed(2)
    batch = start(ids, query="phase=failed")
    world.run(10)
    told = AuditEntry.objects.order_by("id").values_list("who", "what", "subject", "via")
    name = f"batch {batch.pk}"
    assert list(told) == [
        ("sam@example.com", "batch.started", name, "browser"),
        ("sam@example.com", "task.retry_asked", ids[0], name),
        ("sam@example.com", "task.retry_started", ids[0], name),
        ("sam@example.com", "task.retry_asked", ids[1], name),
        ("sam@example.com", "task.retry_started", ids[1], name),
    ]
    assert entries("batch.started") == [({}, {"number": 2, "query": "phase=failed"})]


def test_a_batch_of_nothing_is_not_made(failed: Callable[[int], list[str]], start: Make) -> None:
    ids = failed(1)
    Task.objects.update(phase="running")
    with pytest.raises(NothingToRetry):
        start(ids)
    assert not RetryBatch.objects.exists()


def test_two_batches_of_the_same_tasks_ask_once(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World
) -> None:
    ids = failed(3)
    first, second = start(ids[:2]), start(ids)
    world.run(60)
    assert asked(sandbox) == Counter(ids)
    assert states(first) == [ItemState.DONE] * 2
    assert states(second) == [ItemState.SKIPPED] * 2 + [ItemState.DONE]


def test_accounts_wait_for_nobody_but_themselves(
    people: SimpleNamespace, failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, sync: Sync
) -> None:
    ids = failed(12)
    with Sandbox(tasks=0, pace=0, seed=9, clock=world.clock) as other:
        second = connect_account(people.team, "Second", other.url, other.key)
        theirs = other.add_task(status=FAILED)
        sync(second, rounds=2)
        batch = start([*ids, theirs])
        world.run(4)
        assert states(batch)[-1] == ItemState.DONE
        assert ItemState.WAITING in states(batch)
