"""A Studio so slow that each call takes longer than a round of the import should: it comes to an end all the same."""

from typing import Any

import pytest

from dashboard.models import Account, Task
from dashboard.sandbox import Sandbox
from dashboard.sync import history
from dashboard.upstream.client import AsyncStudio
from tests.sync.conftest import Clock, Sync


@pytest.fixture(autouse=True)
def four_seconds_a_call(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    list_tasks = AsyncStudio.list_tasks

    async def slow(self: AsyncStudio, *args: Any, **options: Any) -> Any:
        clock.turn(seconds=4)
        return await list_tasks(self, *args, **options)

    monkeypatch.setattr(AsyncStudio, "list_tasks", slow)
    monkeypatch.setattr(history, "PAGE", 10)


def imported(account: Account, sync: Sync) -> set[str]:
    for _ in range(40):
        if sync(account).import_done_at:
            break
    assert account.import_done_at
    return set(Task.objects.values_list("upstream_id", flat=True))


def test_more_rows_of_one_moment_than_a_page_holds(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task()
    clock.turn(minutes=5)
    for _ in range(35):
        sandbox.add_task()
    clock.turn(minutes=5)
    sandbox.add_task()
    assert imported(account, sync) == set(sandbox.ids())


@pytest.mark.parametrize("broken", [[14], [0, 29], [10, 11, 12], list(range(18, 23))])
def test_rows_that_break_the_list(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, broken: list[int]
) -> None:
    task_ids = []
    for _ in range(30):
        clock.turn(minutes=5)
        task_ids.append(sandbox.add_task())
    sandbox.switches.broken_rows = tuple(task_ids[place] for place in broken)
    assert imported(account, sync) == set(task_ids) - set(sandbox.switches.broken_rows)
