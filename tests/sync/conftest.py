"""A sandbox and a syncer that share one clock, which stands still until a test turns it."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db.models import QuerySet

from dashboard.models import Account, Actor, AuditEntry, RetryBatch, Task
from dashboard.models.retry_draft import Draft
from dashboard.sandbox import Sandbox
from dashboard.sync.round import sync_account
from dashboard.sync.storing import Storing
from dashboard.upstream.client import AsyncStudio

Sync = Callable[..., Account]
Make = Callable[..., RetryBatch]
Meet = Callable[[Iterable[dict[str, object]]], None]
FAILED = {"phase": "failed", "retries": 2, "errorMessage": "execution timeout"}
ALICE = Actor("alice@example.com")


class Clock:
    """Milliseconds since 1970, by hand."""

    def __init__(self) -> None:
        self.now = time.time_ns() // 1_000_000

    def __call__(self) -> int:
        return self.now

    def turn(self, seconds: float = 0, minutes: float = 0) -> None:
        self.now += int((seconds + 60 * minutes) * 1000)


@pytest.fixture
def retries_meet(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Meet:
    """`retries_meet([{"truncated": True}])`: each call for a retry meets the next of these troubles, the rest none."""

    def arrange(troubles: Iterable[dict[str, object]]) -> None:
        waiting, retry_task = iter(troubles), AsyncStudio.retry_task

        async def troubled(self: AsyncStudio, *arguments: Any) -> str:
            sandbox.switches.change(next(waiting, {}))
            try:
                return await retry_task(self, *arguments)
            finally:
                sandbox.switches.reset()

        monkeypatch.setattr(AsyncStudio, "retry_task", troubled)

    return arrange


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("dashboard.clock.time", SimpleNamespace(time_ns=lambda: clock.now * 1_000_000))
    return clock


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(tasks=0, pace=0, clock=clock) as running:
        yield running


class World:
    """The syncer of an installation, by the test's clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rounds = 0

    def run(self, seconds: float) -> None:
        """As long as this by the clock, working on whatever account is due. Between rounds the clock jumps."""
        until = self.clock.now + int(seconds * 1000)
        if _due(until).exists():
            async_to_sync(self._run)(until)
        self.clock.now = max(self.clock.now, until)

    async def _run(self, until: int) -> None:
        studio, storing = AsyncStudio(allow_private=True, seconds=5), Storing()
        try:
            while (account := await sync_to_async(self._claimed)(until)) is not None:
                self.rounds += 1
                await sync_account(account, "world", studio, storing)
        finally:
            await studio.aclose()

    def _claimed(self, until: int) -> Account | None:
        """The next account, at the look (four a second) after it has become due."""
        first = _due(until).order_by("next_sync_at").first()
        if first is None or first.next_sync_at is None:
            return None
        self.clock.now = max(self.clock.now, first.next_sync_at + 125)
        assert first.claim("world", self.clock.now, 60_000, only_if_due=True)
        account: Account = first
        return account


def _due(until: int) -> QuerySet[Account]:
    return Account.objects.filter(next_sync_at__lte=until, paused=False)


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


def most_in_a_minute(times: list[int]) -> int:
    """The most calls in any window of 60 s."""
    times = sorted(times)
    return max((sum(start <= at < start + 60_000 for at in times[i:]) for i, start in enumerate(times)), default=0)


def longest_gap(times: list[int]) -> int:
    return max(later - earlier for earlier, later in pairwise(times))


def counted(sandbox: Sandbox) -> list[int]:
    """When Studio was asked, apart from the import."""
    return [call.at for call in sandbox.calls if not is_import(call.query)]


def is_import(query: dict[str, str]) -> bool:
    return (query.get("order") == "createdAt-true" and "count" in query) or "createdAt" in query.get("filters", "")


def entries(what: str) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Before and after in the audit's entries of this kind, the oldest first."""
    told = AuditEntry.objects.filter(what=what).order_by("id").values_list("before", "after")
    return [(json.loads(before), json.loads(after)) for before, after in told]


@pytest.fixture
def failed(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> Callable[[int], list[str]]:
    """`failed(3)`: three tasks that failed three minutes ago, as the syncer knows them."""

    def made(number: int) -> list[str]:
        ids = [sandbox.add_task(asset_name=f"Take {n}", status=FAILED) for n in range(number)]
        sync(account, rounds=2)
        clock.turn(minutes=3)
        sandbox.calls.clear()
        return ids

    return made


@pytest.fixture
def start(people: SimpleNamespace) -> Make:
    """Sam asks for a batch of these tasks."""

    def started(ids: list[str], query: str = "", who: Any = None) -> RetryBatch:
        by_id = dict(Task.objects.filter(upstream_id__in=ids).values_list("upstream_id", "pk"))
        accounts = list(Account.objects.all())
        who = who or people.sam
        draft = Draft.of([by_id[one] for one in ids], accounts, {a.pk for a in accounts}, who.email)
        return RetryBatch.start(draft, Actor(who.email, who.pk, "203.0.113.9"), query)

    return started


def states(batch: RetryBatch) -> list[str]:
    return list(batch.items.order_by("id").values_list("state", flat=True))


def reasons(batch: RetryBatch) -> list[str]:
    return list(batch.items.order_by("id").values_list("sentence", flat=True))


def asked(sandbox: Sandbox) -> Counter[str]:
    """How often Studio was asked to retry each task."""
    return Counter(call.path.split("/")[-2] for call in sandbox.calls if call.method == "POST")
