"""A server that knows only what is documented: no filters, no order, its newest page and one task by its id."""

from collections.abc import Callable

import pytest

from dashboard.models import Account, Task
from dashboard.sandbox import Sandbox
from tests.sync.conftest import Clock, Sync, World, counted, most_in_a_minute
from tests.sync.test_absent import by_id, held

KINDS = pytest.mark.parametrize("kind", ["ignore", "refuse"])
Fill = Callable[..., list[str]]


@pytest.fixture
def fill(sandbox: Sandbox, clock: Clock) -> Fill:
    """`fill(30)` adds so many tasks, a minute apart, and gives their ids, oldest first. They wait, unless `fields` say
    otherwise."""

    def add(number: int, **fields: object) -> list[str]:
        found = []
        for _ in range(number):
            clock.turn(minutes=1)
            found.append(sandbox.add_task(**fields))  # type: ignore[arg-type]
        clock.turn(minutes=5)
        return found

    return add


@KINDS
def test_it_is_remembered_as_such_and_asked_without_filters_from_then_on(
    account: Account, sandbox: Sandbox, fill: Fill, sync: Sync, kind: str
) -> None:
    fill(30)
    sandbox.switches.documented_only = kind
    sync(account, rounds=2)
    assert account.documented_only
    assert account.import_done_at
    assert account.health == "working"
    sandbox.calls.clear()
    sync(account)
    lists = [call.query for call in sandbox.calls if call.path == "/api/task"]
    assert len(lists) == 1
    assert not {"filters", "order", "cursor"} & set(lists[0])


@KINDS
def test_its_newest_page_is_kept_and_moves(
    account: Account, sandbox: Sandbox, fill: Fill, sync: Sync, kind: str
) -> None:
    task_ids = fill(15)
    sandbox.switches.documented_only = kind
    sync(account, rounds=2)
    assert Task.objects.count() == 15
    sandbox.change(task_ids[-1], status={"phase": "running", "progress": 0.7, "retries": 0})
    new = sandbox.add_task()
    sync(account)
    assert held(task_ids[-1]).progress == 0.7
    assert held(new).phase == "waiting"


@KINDS
def test_one_that_becomes_so_later_is_noticed(
    account: Account, sandbox: Sandbox, fill: Fill, sync: Sync, kind: str
) -> None:
    fill(30)
    assert not sync(account, rounds=2).documented_only
    sandbox.switches.documented_only = kind
    assert sync(account).documented_only
    assert account.health == "working"


def test_other_refusals_than_400_teach_nothing(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    sandbox.add_task()
    sync(account)
    sandbox.switches.failing = 402
    sync(account)
    assert (account.documented_only, account.health) == (False, "failing")


def test_unfinished_tasks_beyond_the_page_are_asked_for_by_id_the_longest_unasked_first(
    account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, sync: Sync
) -> None:
    task_ids = fill(26)
    sync(account)
    sandbox.switches.documented_only = "ignore"
    sync(account)
    for task_id in task_ids[:6]:
        sandbox.change(task_id, status={"phase": "completed"})
    clock.turn(minutes=1.1)
    sandbox.calls.clear()
    sync(account)
    first = by_id(sandbox)
    assert len(first) == 4
    assert set(first) <= set(task_ids[:6])
    sync(account)
    assert set(by_id(sandbox)) == set(task_ids[:6])
    assert {held(task_id).phase for task_id in task_ids[:6]} == {"completed"}


def test_a_task_on_a_watched_page_comes_before_all_others(
    account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, sync: Sync
) -> None:
    task_ids = fill(30)
    sync(account)
    sandbox.switches.documented_only = "ignore"
    sync(account)
    clock.turn(minutes=2)
    Task.objects.exclude(upstream_id=task_ids[7]).update(heard_at=clock.now - 10**7)
    Task.objects.filter(upstream_id=task_ids[7]).update(watched_at=clock.now, heard_at=clock.now - 11_000)
    sandbox.calls.clear()
    sync(account)
    assert by_id(sandbox)[0] == task_ids[7]


def test_a_deletion_is_noticed_there_too(
    account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, sync: Sync
) -> None:
    task_ids = fill(21)
    sync(account)
    sandbox.switches.documented_only = "ignore"
    sandbox.hard_delete(task_ids[0])
    sandbox.add_task()
    sync(account)
    clock.turn(minutes=2)
    sync(account)
    assert held(task_ids[0]).overlay == "deleted"


def test_the_budget_holds_there_too(account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, world: World) -> None:
    fill(60)
    world.run(1)
    sandbox.switches.documented_only = "ignore"
    Account.objects.update(watched_at=clock.now + 10**9, next_sync_at=clock.now)
    world.run(150)
    assert most_in_a_minute(counted(sandbox)) <= 25


@KINDS
def test_one_that_learns_to_filter_is_noticed_within_an_hour(
    account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, sync: Sync, kind: str
) -> None:
    fill(30)
    sandbox.switches.documented_only = kind
    sync(account, rounds=2)
    sandbox.switches.documented_only = ""
    clock.turn(minutes=59)
    assert sync(account).documented_only
    clock.turn(minutes=2)
    assert not sync(account, rounds=2).documented_only
    assert account.import_done_at
    assert Task.objects.count() == 30


@KINDS
def test_one_that_never_learns_is_tried_once_an_hour(
    account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, world: World, kind: str
) -> None:
    fill(30, status={"phase": "completed"})  # asked every five minutes
    sandbox.switches.documented_only = kind
    world.run(600)
    sandbox.calls.clear()
    world.run(2 * 3600)
    account.refresh_from_db()
    assert account.documented_only
    assert account.import_done_at
    lists = [call.query for call in sandbox.calls if call.path == "/api/task"]
    assert 1 <= sum("order" in query for query in lists) <= 2


def test_an_import_that_a_single_400_cut_off_is_resumed(
    account: Account, sandbox: Sandbox, clock: Clock, fill: Fill, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.sync.cadence.WATCHED_LIVELY", 0)
    monkeypatch.setattr("dashboard.sync.history.PAGE", 10)
    task_ids = fill(60)
    sync(account)
    assert account.is_importing
    sandbox.switches.documented_only = "refuse"
    sync(account)
    assert account.documented_only
    assert account.import_done_at
    sandbox.switches.documented_only = ""
    clock.turn(minutes=61)
    sync(account, rounds=9)
    assert account.import_done_at
    assert set(Task.objects.values_list("upstream_id", flat=True)) == set(task_ids)
