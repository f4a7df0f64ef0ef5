"""The import of the history: newest first, one page at a time, resumable, while live tasks go on moving."""

import asyncio
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, Health, Task
from dashboard.sandbox import Sandbox
from dashboard.sync import history
from dashboard.sync.round import sync_account
from dashboard.sync.storing import Storing
from dashboard.upstream.client import AsyncStudio
from tests.conftest import connect_account
from tests.sync.conftest import Clock, Sync, World, is_import

TASKS, PAGE = 80, 11


@pytest.fixture
def old_world(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(tasks=TASKS, pace=0, clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def newcomer(people: SimpleNamespace, old_world: Sandbox) -> Account:
    return connect_account(people.team, "Production", old_world.url, old_world.key)


@pytest.fixture
def one_page_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each page took longer than a round may: the time is up after each."""
    monkeypatch.setattr("dashboard.sync.cadence.WATCHED_LIVELY", 0)
    monkeypatch.setattr(history, "PAGE", PAGE)


def ids(account: Account) -> set[str]:
    return set(Task.objects.filter(account=account).values_list("upstream_id", flat=True))


def test_the_whole_history_is_imported(newcomer: Account, old_world: Sandbox, sync: Sync) -> None:
    account = sync(newcomer)
    assert account.health == Health.WORKING
    assert account.import_done_at
    assert ids(account) == set(old_world.ids())


def test_the_newest_tasks_come_first(newcomer: Account, old_world: Sandbox, sync: Sync, one_page_a_round: None) -> None:
    account = sync(newcomer)
    assert ids(account) == set(old_world.ids()[-PAGE:])
    assert account.is_importing
    first = old_world.calls.all()[0]
    assert (first.query["order"], "filters" in first.query) == ("createdAt-true", False)


def test_it_says_how_many_of_how_many_are_imported(newcomer: Account, sync: Sync, one_page_a_round: None) -> None:
    account = sync(newcomer)
    assert (account.imported, account.import_total) == (PAGE, TASKS)
    account = sync(newcomer)
    assert account.imported == Task.objects.filter(account=account).count() > PAGE
    assert account.import_total == TASKS
    account = sync(newcomer, rounds=8)
    assert (account.imported, account.import_total) == (TASKS, None)


def test_new_tasks_never_make_it_more_than_all(
    newcomer: Account, old_world: Sandbox, sync: Sync, one_page_a_round: None
) -> None:
    for _ in range(9):
        if sync(newcomer).import_done_at:
            break
        old_world.add_task()
        old_world.add_task()
        assert newcomer.imported <= (newcomer.import_total or 0)
    sync(newcomer)
    assert ids(newcomer) == set(old_world.ids())


@pytest.mark.parametrize("pages", [1, 3])
def test_an_import_that_is_killed_goes_on_where_it_was(
    newcomer: Account, old_world: Sandbox, sync: Sync, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    monkeypatch.setattr(history, "PAGE", 16)
    killed_after(newcomer, pages)
    newcomer.refresh_from_db()
    assert newcomer.is_importing
    assert len(ids(newcomer)) >= 16 * pages - pages
    before = len(old_world.calls)
    sync(newcomer)
    assert ids(newcomer) == set(old_world.ids())
    assert len([c for c in old_world.calls.all()[before:] if is_import(c.query)]) <= 7 - pages


def killed_after(account: Account, pages: int) -> None:
    """A round whose task is cancelled when so many pages have been stored, in the middle of the next call."""

    async def killed() -> None:
        studio = AsyncStudio(allow_private=True, seconds=5)
        asked, enough = 0, asyncio.Event()

        async def list_tasks(*args: Any, **options: Any) -> Any:
            nonlocal asked
            asked += 1
            if asked > pages:
                enough.set()
                await asyncio.sleep(60)
            return await AsyncStudio.list_tasks(studio, *args, **options)

        studio.list_tasks = list_tasks  # type: ignore[method-assign]
        working = asyncio.create_task(sync_account(account, "killed", studio, Storing()))
        await enough.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await studio.aclose()

    assert account.claim("killed", now_ms(), 60_000)
    async_to_sync(killed)()


def test_live_tasks_move_during_a_long_import(
    newcomer: Account, old_world: Sandbox, sync: Sync, one_page_a_round: None
) -> None:
    sync(newcomer)
    for progress in (0.1, 0.2, 0.3):
        task_id = old_world.ids()[-1]
        old_world.change(task_id, status={"phase": "running", "progress": progress, "retries": 0})
        sync(newcomer)
        assert newcomer.is_importing
        assert Task.objects.get(account=newcomer, upstream_id=task_id).progress == progress


def test_nothing_that_changes_while_the_list_is_walked_is_lost(people: SimpleNamespace, sync: Sync) -> None:
    """A thread changes, adds and deletes tasks all the time; in the end we hold what Studio holds."""
    with Sandbox(tasks=80, pace=0) as busy:
        account = connect_account(people.team, "Busy", busy.url, busy.key)
        stop = threading.Event()
        worker = threading.Thread(target=meddle, args=(busy, stop))
        patch = pytest.MonkeyPatch()
        patch.setattr(history, "PAGE", 20)
        worker.start()
        try:
            sync(account, rounds=2)
        finally:
            stop.set()
            worker.join()
            patch.undo()
        Account.objects.update(calls="[]")
        sync(account, rounds=2)
        assert_the_same(account, busy)


def meddle(sandbox: Sandbox, stop: threading.Event) -> None:
    known = sandbox.ids()
    turn = 0
    while not stop.wait(0.004):
        turn += 1
        task_id = known[(turn * 37) % len(known)]
        sandbox.change(task_id, status={"phase": "running", "progress": (turn % 100) / 100, "retries": 0})
        if turn % 10 == 0:
            known.append(sandbox.add_task())


def assert_the_same(account: Account, sandbox: Sandbox) -> None:
    held = dict(Task.objects.filter(account=account).values_list("upstream_id", "updated_at"))
    listed = {task_id: sandbox.document(task_id)["status"]["updatedAt"] for task_id in sandbox.ids()}  # type: ignore[index]
    assert held == listed


def test_a_thousand_random_changes_are_all_seen(account: Account, sandbox: Sandbox, clock: Clock, world: World) -> None:
    known = [sandbox.add_task() for _ in range(80)]
    for turn in range(100):
        for number in range(10):
            task_id = known[(turn * 7919 + number * 104_729) % len(known)]
            sandbox.change(task_id, status={"phase": "running", "progress": number / 10, "retries": 0})
            clock.now += 37
        if turn % 15 == 0:
            world.run(20)
    world.run(60)
    assert_the_same(account, sandbox)


def test_a_page_of_one_single_moment_is_walked_by_cursor(
    account: Account, sandbox: Sandbox, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 10)
    for _ in range(35):
        sandbox.add_task()  # the clock stands still: one createdAt and one updatedAt for all
    sync(account)
    assert ids(account) == set(sandbox.ids())
    for task_id in sandbox.ids():
        sandbox.change(task_id, status={"phase": "completed"})
    sync(account)
    assert set(Task.objects.values_list("phase", flat=True)) == {"completed"}


def test_tasks_beyond_the_days_that_are_kept_are_not_imported(
    newcomer: Account, old_world: Sandbox, sync: Sync, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KEEP_TASKS_DAYS = 10
    monkeypatch.setattr(history, "PAGE", PAGE)
    account = sync(newcomer)
    assert account.import_done_at
    oldest = Task.objects.order_by("created_at").values_list("created_at", flat=True)[PAGE]
    assert oldest > now_ms() - 10 * DAY


def test_an_account_without_tasks_is_imported_at_once_and_sees_its_first(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    assert sync(account).import_done_at
    task_id = sandbox.add_task()
    sync(account)
    assert ids(account) == {task_id}
    assert account.project_id == sandbox.project_id()


def test_a_full_budget_does_not_hold_up_the_import(
    newcomer: Account, old_world: Sandbox, sync: Sync, one_page_a_round: None
) -> None:
    sync(newcomer)
    for _ in range(25):
        newcomer.note_call(now_ms())
    Account.objects.filter(pk=newcomer.pk).update(calls=newcomer.calls)
    before = len(ids(newcomer))
    sync(newcomer)
    assert len(ids(newcomer)) > before
