"""Rows that make Studio's own list answer 500: everything else is had all the same, within the budget."""

import random

import pytest

from dashboard.models import Account, Health, Task
from dashboard.sandbox import Sandbox
from tests.sync.conftest import Clock, Sync, World, counted, most_in_a_minute


def change_all(sandbox: Sandbox, clock: Clock, task_ids: list[str]) -> None:
    """Each a little later than the one before."""
    for task_id in task_ids:
        clock.now += 100
        sandbox.change(task_id, status={"phase": "completed"})


def completed() -> set[str]:
    return set(Task.objects.filter(phase="completed").values_list("upstream_id", flat=True))


@pytest.mark.parametrize("broken", [[0, 59], [29, 30, 31], [56, 57, 58, 59], [7, 20, 33, 50]])
def test_the_import_walks_around_broken_rows(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, broken: list[int]
) -> None:
    task_ids = []
    for _ in range(60):
        clock.now += 100
        task_ids.append(sandbox.add_task())
    sandbox.switches.broken_rows = tuple(task_ids[place] for place in broken)
    sync(account)
    assert account.import_done_at
    assert Task.objects.count() == 60 - len(broken)
    assert account.unreadable == len(broken)


@pytest.mark.parametrize("broken", [[30], [56, 57, 58, 59], [7, 33, 50]])
def test_news_around_broken_rows_comes_within_minutes_and_the_budget(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, broken: list[int]
) -> None:
    task_ids = [sandbox.add_task() for _ in range(60)]
    world.run(1)
    change_all(sandbox, clock, task_ids)
    sandbox.switches.broken_rows = tuple(task_ids[place] for place in broken)
    world.run(60 + 150 * len(broken))
    account.refresh_from_db()
    assert completed() == set(task_ids) - set(sandbox.switches.broken_rows)
    assert account.health == Health.WORKING
    assert most_in_a_minute(counted(sandbox)) <= 25


def test_a_broken_row_as_the_newest_costs_few_calls_and_soon_none(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    done = {"phase": "completed"}
    sandbox.add_task(status=done)
    world.run(1)
    clock.turn(seconds=5)
    sandbox.switches.broken_rows = (sandbox.add_task(status=done),)
    Account.objects.update(watched_at=clock.now + 10**9, next_sync_at=clock.now)
    world.run(120)
    assert most_in_a_minute(counted(sandbox)) <= 25
    fresh = sandbox.add_task(status=done)
    world.run(63)
    assert Task.objects.filter(upstream_id=fresh).exists()
    clock.turn(minutes=11)
    world.run(70)
    sandbox.calls.clear()
    world.run(60)
    assert [call.status for call in sandbox.calls if call.status >= 400] == []


def test_a_broken_row_that_is_mended_is_read(account: Account, sandbox: Sandbox, clock: Clock, world: World) -> None:
    sandbox.add_task()
    world.run(1)
    clock.turn(seconds=5)
    mended = sandbox.add_task()
    sandbox.switches.broken_rows = (mended,)
    world.run(100)
    sandbox.switches.broken_rows = ()
    world.run(320)
    assert Task.objects.filter(upstream_id=mended).exists()


def test_many_broken_rows_among_many_leave_out_exactly_themselves(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    dice = random.Random(3)
    task_ids = []
    for _ in range(220):
        clock.now += dice.choice((0, 0, 50))
        task_ids.append(sandbox.add_task())
    sandbox.switches.broken_rows = tuple(dice.sample(task_ids, 6))
    sync(account)
    held = set(Task.objects.values_list("upstream_id", flat=True))
    assert held == set(task_ids) - set(sandbox.switches.broken_rows)


def test_a_list_that_is_broken_from_end_to_end_is_a_failure_not_an_endless_search(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    task_ids = [sandbox.add_task() for _ in range(60)]
    world.run(1)
    sandbox.switches.broken_rows = tuple(task_ids)
    sandbox.calls.clear()
    Account.objects.update(next_sync_at=clock.now)
    world.run(150)
    account.refresh_from_db()
    assert account.health == Health.FAILING
    assert most_in_a_minute(counted(sandbox)) <= 25
