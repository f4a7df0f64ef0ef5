"""Tasks that the list says nothing about are asked for by id: deletions never arrive through `updatedAt`."""

from typing import Any

import pytest

from dashboard.models import Account, Tally, Task
from dashboard.sandbox import Sandbox
from dashboard.upstream.client import AsyncStudio
from dashboard.upstream.errors import TimedOut
from tests.sync.conftest import Clock, Sync, World, longest_gap


def by_id(sandbox: Sandbox) -> list[str]:
    return [call.path.rsplit("/", 1)[1] for call in sandbox.calls if call.path.startswith("/api/task/")]


def held(task_id: str) -> Task:
    return Task.objects.get(upstream_id=task_id)


def old_and_new(sandbox: Sandbox, clock: Clock, **fields: object) -> str:
    """An old task and then a newer one, so that the overlap does not show the old one all the time."""
    task_id = sandbox.add_task(**fields)
    clock.turn(minutes=2)
    sandbox.add_task(status={"phase": "completed"})
    return task_id


def test_an_unfinished_task_without_news_is_asked_for_after_ten_minutes(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    task_id = old_and_new(sandbox, clock)
    sync(account)
    clock.turn(minutes=9)
    sync(account)
    assert by_id(sandbox) == []
    clock.turn(minutes=1.1)
    sync(account, rounds=2)
    assert by_id(sandbox) == [task_id]


def test_a_finished_task_is_never_asked_for(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    old_and_new(sandbox, clock, status={"phase": "completed"})
    sync(account)
    clock.turn(minutes=30)
    sync(account)
    assert by_id(sandbox) == []


def test_a_task_that_is_gone_is_shown_as_deleted(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    task_id = old_and_new(sandbox, clock)
    revision = sync(account).revision
    sandbox.hard_delete(task_id)
    clock.turn(minutes=11)
    assert sync(account).revision > revision
    assert (held(task_id).overlay, held(task_id).deleted_at) == ("deleted", clock.now)
    assert held(task_id).phase == "waiting"
    sandbox.calls.clear()
    clock.turn(minutes=11)
    sync(account)
    assert by_id(sandbox) == []


def test_a_task_that_says_it_is_deleted_is_shown_so(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    task_id = old_and_new(sandbox, clock)
    revision = sync(account).revision
    sandbox.soft_delete(task_id)
    clock.turn(minutes=11)
    assert sync(account).revision > revision
    assert held(task_id).overlay == "deleted"


def test_a_deleted_task_comes_back_alive_when_studio_lists_it_again(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    task_id = old_and_new(sandbox, clock)
    sync(account)
    document = sandbox.document(task_id)
    sandbox.hard_delete(task_id)
    clock.turn(minutes=11)
    sync(account)
    assert held(task_id).deleted_at
    sandbox.put({**document, "status": {"phase": "running", "progress": 0.5, "updatedAt": clock.now}})
    sync(account)
    assert (held(task_id).deleted_at, held(task_id).overlay, held(task_id).phase) == (None, "", "running")


def test_one_row_that_cannot_be_had_does_not_fail_the_round(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    task_id = old_and_new(sandbox, clock)
    sync(account)
    sandbox.switches.broken_rows = (task_id,)
    clock.turn(minutes=11)
    assert sync(account).health == "working"
    assert by_id(sandbox) == [task_id]
    sync(account)
    assert by_id(sandbox) == [task_id]


def test_the_longest_unasked_come_first_and_never_crowd_out_the_list(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    """40 abandoned uploads of which nothing is heard, while somebody watches one task that moves."""
    old = [sandbox.add_task(status={"phase": "pending"}) for _ in range(40)]
    clock.turn(minutes=2)
    moving = sandbox.add_task(status={"phase": "running", "progress": 0.1, "retries": 0})
    world.run(1)
    clock.turn(minutes=11)
    Account.objects.update(watched_at=clock.now + 10**9)
    sandbox.change(moving, status={"phase": "running", "progress": 0.2, "retries": 0})
    sandbox.calls.clear()
    world.run(120)
    looks = [call.at for call in sandbox.calls if "filters" in call.query]
    assert longest_gap(looks) <= 4_000
    asked = by_id(sandbox)
    assert 4 <= len(asked) <= 12
    assert len(set(asked)) == len(asked)
    assert set(asked) <= set(old)


@pytest.mark.parametrize(("hung", "health"), [(1, "working"), (2, "failing")])
def test_one_id_that_hangs_does_not_fail_the_round_but_two_do(
    account: Account,
    sandbox: Sandbox,
    clock: Clock,
    sync: Sync,
    monkeypatch: pytest.MonkeyPatch,
    hung: int,
    health: str,
) -> None:
    task_ids = [old_and_new(sandbox, clock) for _ in range(3)]
    sync(account)
    clock.turn(minutes=11)
    get_task = AsyncStudio.get_task

    async def hanging(self: AsyncStudio, connection: Any, task_id: str) -> Any:
        if task_id in task_ids[:hung]:
            raise TimedOut("127.0.0.1 did not answer in time.")
        return await get_task(self, connection, task_id)

    monkeypatch.setattr(AsyncStudio, "get_task", hanging)
    assert sync(account).health == health
    assert Task.objects.filter(upstream_id__in=task_ids[:hung], heard_at=clock.now).count() == 1


@pytest.mark.parametrize("kind", ["hard_delete", "soft_delete"])
def test_a_deleted_task_is_counted_no_longer(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, kind: str
) -> None:
    task_id = old_and_new(sandbox, clock, status={"phase": "running", "retries": 0})
    sync(account)
    assert Tally.counts_of([account.pk])[("running", "upload")] == 1
    document = sandbox.document(task_id)
    getattr(sandbox, kind)(task_id)
    clock.turn(minutes=11)
    sync(account)
    assert Tally.counts_of([account.pk]) == {("completed", "upload"): 1}
    sandbox.put({**document, "status": {"phase": "running", "progress": 0.5, "updatedAt": clock.now}})
    sync(account)
    assert Tally.counts_of([account.pk])[("running", "upload")] == 1
