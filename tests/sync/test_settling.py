"""What is made of Studio's word about a task that was asked for without a clear answer: never more than it says."""

from collections.abc import Callable
from itertools import pairwise, repeat
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.clock import MINUTE, SECOND
from dashboard.models import Account, ItemState, Outcome, Retry, RetryBatch, RetryItem, Task
from dashboard.sandbox import Sandbox
from dashboard.sync import intents
from dashboard.upstream.client import AsyncStudio
from dashboard.upstream.errors import RateLimited
from tests.sync.conftest import Clock, Make, Meet, World, asked, entries, reasons, states


@pytest.fixture
def item(failed: Callable[[int], list[str]], start: Make) -> RetryItem:
    """One task that is being asked for."""
    start(failed(1))
    account = Account.objects.get()
    found = intents.next_item(account)
    assert found
    assert intents.intend_item(account, found)
    return found


def fresh(item: RetryItem) -> RetryItem:
    found = RetryItem.next_of(item.account_id)
    assert found
    return found


def told(item: RetryItem, phase: str = "failed", later: int = 0, deleted: bool = False) -> Any:
    """What Studio says: a task that changed so much later than the one that was asked for."""
    assert item.at
    return SimpleNamespace(phase=phase, updated_at=item.at + later, deleted=deleted)


def test_the_ten_seconds_count_from_the_end_of_a_call_that_timed_out(item: RetryItem, clock: Clock) -> None:
    account = Account.objects.get()
    assert item.retry
    clock.turn(seconds=30)
    intents.note(account, item, item.retry, Outcome.UNKNOWN, "Studio did not answer.", ItemState.ASKING)
    assert intents.not_before(fresh(item)) == clock.now + 10 * SECOND
    assert intents.next_item(account) is None
    clock.turn(seconds=10)
    assert intents.next_item(account)


def test_a_call_of_which_nothing_is_known_may_last_as_long_as_calls_can(item: RetryItem, clock: Clock) -> None:
    assert intents.not_before(fresh(item)) == clock.now + 40 * SECOND


@pytest.mark.parametrize("phase", ["failed", "running"])
def test_a_row_older_than_ours_is_no_answer(item: RetryItem, phase: str) -> None:
    assert not intents.settle(Account.objects.get(), item, told(item, phase, later=-5000))
    assert fresh(item).state == ItemState.ASKING


def test_without_any_newer_row_it_is_said_in_the_end_that_nobody_knows(item: RetryItem, clock: Clock) -> None:
    clock.turn(minutes=11)
    assert intents.settle(Account.objects.get(), item, told(item, later=-5000))
    assert states(item.batch) == [ItemState.FAILED]
    assert "is not known" in reasons(item.batch)[0]
    assert Retry.objects.get().outcome == Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("phase", "later", "state"),
    [("waiting", 0, "done"), ("failed", 5000, "done"), ("running", 5000, "done"), ("failed", 0, "waiting")],
)
def test_a_task_that_has_moved_since_was_started(item: RetryItem, phase: str, later: int, state: str) -> None:
    assert intents.settle(Account.objects.get(), item, told(item, phase, later))
    assert states(item.batch) == [state]


def test_a_task_that_was_deleted_while_it_was_asked_for_has_failed_and_its_retry_is_settled(item: RetryItem) -> None:
    intents.settle(Account.objects.get(), item, told(item, deleted=True))
    assert states(item.batch) == [ItemState.FAILED]
    assert "deleted" in reasons(item.batch)[0]
    assert Retry.objects.get().outcome == Outcome.UNKNOWN
    assert len(entries("task.retry_unknown")) == 1


def test_a_task_that_studio_forgot_while_it_was_asked_for_has_failed_and_its_retry_is_settled(
    item: RetryItem, sandbox: Sandbox, world: World, clock: Clock
) -> None:
    sandbox.hard_delete(item.task.upstream_id)
    clock.turn(minutes=1)
    Account.objects.update(next_sync_at=clock.now)
    world.run(5)
    assert states(item.batch) == [ItemState.FAILED]
    assert Retry.objects.get().outcome == Outcome.UNKNOWN
    assert Task.objects.get().deleted_at


def test_a_replica_that_lags_behind_is_asked_again_without_haste(
    failed: Callable[[int], list[str]],
    start: Make,
    sandbox: Sandbox,
    world: World,
    retries_meet: Meet,
    monkeypatch: Any,
) -> None:
    batch, lagging = start(failed(1)), iter([True, True])

    async def old(self: AsyncStudio, *arguments: Any) -> Any:
        snapshot = await get_task(self, *arguments)
        behind = {"phase": "failed", "updated_at": snapshot.updated_at - 10 * MINUTE}
        return snapshot.model_copy(update=behind) if next(lagging, False) else snapshot

    get_task = AsyncStudio.get_task
    retries_meet(repeat({"truncated": True}))
    monkeypatch.setattr(AsyncStudio, "get_task", old)
    world.run(60)
    assert states(batch) == [ItemState.DONE]
    assert sum(asked(sandbox).values()) == 1
    assert next(lagging, False) is False


def test_an_account_that_is_paused_in_the_middle_of_a_round_is_asked_for_nothing_more(
    failed: Callable[[int], list[str]], start: Make, clock: Clock
) -> None:
    start(failed(1))
    account = Account.objects.get()
    Account.objects.update(paused=True)
    assert intents.next_item(account) is None


def test_two_syncers_that_hold_the_same_task_do_not_overwrite_each_other(item: RetryItem) -> None:
    theirs = fresh(item)
    other = Retry.objects.create(task=item.task, by_name="sam", asked_at=1)
    RetryItem.objects.update(retry=other)
    assert not theirs.move(ItemState.WAITING)
    assert fresh(item).state == ItemState.ASKING


def test_a_full_queue_is_met_less_and_less_often_and_ends_the_round(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = failed(1)
    start(ids)

    async def full(*arguments: Any) -> str:
        tried.append(world.clock.now)
        raise RateLimited("The queue is full.", 429, None)

    tried = list[int]()
    monkeypatch.setattr(AsyncStudio, "retry_task", full)
    world.run(8 * 60)
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert [round(wait / MINUTE) for wait in waits] == [1, 2, 4]
    assert not asked(sandbox)


def test_a_task_that_somebody_else_started_since_is_skipped(
    failed: Callable[[int], list[str]], start: Make, clock: Clock
) -> None:
    batch: RetryBatch = start(failed(1))
    clock.turn(seconds=1)
    Task.objects.update(retried_at=clock.now)
    assert intents.next_item(Account.objects.get()) is None
    assert (states(batch), reasons(batch)) == ([ItemState.SKIPPED], ["It was started again since."])
