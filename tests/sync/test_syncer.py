"""The one process that looks after all accounts, each independent of a slow neighbour."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import DataError, OperationalError, connection

from dashboard.clock import now_ms
from dashboard.models import Account, Health, Syncer, Task
from dashboard.models.memory import remember
from dashboard.sandbox import Sandbox
from dashboard.sync import syncer as module
from dashboard.sync.storing import Storing
from tests.conftest import connect_account
from tests.models.documents import snapshot


def run_until(condition: Callable[[], bool], syncer: module.Syncer | None = None, seconds: float = 20) -> None:
    """The syncer runs until this is so, and is stopped then."""
    running = syncer or module.Syncer()

    async def both() -> None:
        work = asyncio.create_task(running.run())
        async with asyncio.timeout(seconds):
            while not work.done() and not await sync_to_async(condition)():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        running.stop()
        await work

    async_to_sync(both)()


def test_once_ends_when_no_account_is_due_any_more(people: SimpleNamespace) -> None:
    with Sandbox(tasks=60, pace=0, projects=3) as sandbox:
        for number, key in enumerate(sandbox.keys):
            connect_account(people.team, f"Project {number}", sandbox.url, key)
        async_to_sync(module.Syncer().run)(once=True)
        assert Task.objects.count() == 180
        assert set(Account.objects.values_list("health", "claimed_by")) == {("working", "")}


def test_a_hanging_neighbour_delays_nobody_and_stopping_does_not_wait_for_it(people: SimpleNamespace) -> None:
    with Sandbox(tasks=5, pace=0, projects=2) as sandbox:
        slow = connect_account(people.team, "Slow", sandbox.url, sandbox.keys[0])
        quick = connect_account(people.team, "Quick", sandbox.url, sandbox.keys[1])
        sandbox.switches.change({"hanging": True, "only_keys": [sandbox.keys[0]]})
        run_until(lambda: Account.objects.get(pk=quick.pk).health == Health.WORKING, seconds=8)
        slow.refresh_from_db()
        assert (slow.health, slow.claimed_by, slow.claimed_until) == (Health.NEW, "", 0)
        sandbox.switches.reset()
        run_until(lambda: Task.objects.filter(account=slow).count() == 5)


def test_its_heartbeat_is_seen_and_its_name_is_its_own(db: None) -> None:
    first, second = module.Syncer(), module.Syncer()
    assert first.name != second.name
    assert max(len(first.name), len(second.name)) <= 40
    run_until(lambda: Syncer.objects.filter(name=first.name, beat_at__gt=now_ms() - 5_000).exists(), first)


def test_a_locked_database_is_met_again_at_the_next_look(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    syncer = module.Syncer()
    claim, tries = syncer._claim_due, list[int]()

    def locked_twice() -> list[Account]:
        tries.append(1)
        if len(tries) <= 2:
            raise OperationalError("database is locked")
        return claim()

    monkeypatch.setattr(syncer, "_claim_due", locked_twice)
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    async_to_sync(syncer.run)(once=True)
    account.refresh_from_db()
    assert account.health == Health.WORKING


def test_an_error_of_our_own_is_a_failure_of_this_account_and_of_no_other(
    account: Account, people: SimpleNamespace, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = connect_account(people.team, "Other", sandbox.url, sandbox.key)
    sync_account = module.sync_account

    async def stumbling(which: Account, *rest: Any) -> None:
        if which.pk == account.pk:
            raise RuntimeError("a bug")
        await sync_account(which, *rest)

    monkeypatch.setattr(module, "sync_account", stumbling)
    async_to_sync(module.Syncer().run)(once=True)
    account.refresh_from_db()
    other.refresh_from_db()
    assert other.health == Health.WORKING
    assert (account.claimed_by, account.health, account.failures) == ("", Health.FAILING, 1)
    assert (account.next_sync_at or 0) > now_ms()


def test_a_row_that_the_database_refuses_is_tried_less_and_less_often(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*args: Any) -> None:
        raise DataError("value too long")

    monkeypatch.setattr(module, "sync_account", refused)
    for _ in range(8):
        Account.objects.update(next_sync_at=now_ms())
        async_to_sync(module.Syncer().run)(once=True)
    account.refresh_from_db()
    assert account.failures == 8
    assert (account.next_sync_at or 0) - now_ms() > 200_000


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_replaced(account: Account) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("an embedded database has no connection that could break")
    connection.ensure_connection()
    connection.connection.close()
    async_to_sync(module.Syncer().run)(once=True)
    account.refresh_from_db()
    assert account.health == Health.WORKING


def test_only_one_of_many_wins_a_claim_and_only_while_it_is_due(account: Account) -> None:
    now = now_ms()
    copies = [Account.objects.get(pk=account.pk) for _ in range(5)]
    assert [copy.claim(f"s{n}", now, 60_000, only_if_due=True) for n, copy in enumerate(copies)].count(True) == 1
    copies[0].give_back("s0", now + 3_000)
    assert not copies[1].claim("s1", now + 1, 60_000, only_if_due=True)
    assert copies[1].claim("s1", now + 3_000, 60_000, only_if_due=True)
    assert not copies[2].claim("s2", now + 63_000, 60_000)
    assert copies[2].claim("s2", now + 63_001, 60_000)


def test_nobody_gives_back_what_another_holds(account: Account) -> None:
    now = now_ms()
    assert account.claim("mine", now, 60_000)
    account.give_back("another")
    account.refresh_from_db()
    assert account.claimed_by == "mine"


def test_batches_are_small_and_shrink_on_a_slow_disk(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = list[int]()

    def slow(which: Account, batch: Any, now: int) -> Any:
        sizes.append(len(batch))
        clock.append(clock[-1] + len(batch) * 0.002)
        return remember(which, [], now)

    clock = [0.0]
    monkeypatch.setattr("dashboard.sync.storing.remember", slow)
    monkeypatch.setattr("dashboard.sync.storing.time", SimpleNamespace(perf_counter=lambda: clock[-1]))
    async_to_sync(Storing().store)(account, [snapshot(upstream_id=str(n)) for n in range(1000)])
    assert sum(sizes) == 1000
    assert max(sizes) <= 200
    assert sizes[-2] <= 25


def test_what_each_batch_costs_however_small_does_not_make_them_ever_smaller(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, clock = list[int](), [0.0]

    def slow(which: Account, batch: Any, now: int) -> Any:
        sizes.append(len(batch))
        clock.append(clock[-1] + 0.02 + len(batch) * 0.001)
        return remember(which, [], now)

    monkeypatch.setattr("dashboard.sync.storing.remember", slow)
    monkeypatch.setattr("dashboard.sync.storing.time", SimpleNamespace(perf_counter=lambda: clock[-1]))
    async_to_sync(Storing().store)(account, [snapshot(upstream_id=str(n)) for n in range(1000)])
    assert 18 <= sizes[-2] <= 22


def test_batches_grow_on_a_fast_disk_to_200_rows(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = list[int]()
    monkeypatch.setattr("dashboard.sync.storing.remember", lambda a, b, n: sizes.append(len(b)) or remember(a, [], n))
    monkeypatch.setattr("dashboard.sync.storing.time", SimpleNamespace(perf_counter=lambda: 0.0))
    async_to_sync(Storing().store)(account, [snapshot(upstream_id=str(n)) for n in range(1000)])
    assert sizes[:4] == [50, 100, 200, 200]
    assert max(sizes) == 200
