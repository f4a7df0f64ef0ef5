"""Batches of retries when an answer is lost, late or odd: no task is asked for twice, and what is not known is said."""

from collections import Counter
from collections.abc import Callable
from itertools import repeat
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from dashboard.models import Account, ItemState, Outcome, Retry, RetryItem, Task
from dashboard.models.retry import settle_unanswered
from dashboard.sandbox import Sandbox
from dashboard.upstream.client import AsyncStudio
from tests.sync.conftest import (
    Clock,
    Make,
    Meet,
    World,
    asked,
    reasons,
    states,
)


def test_the_intent_is_written_before_studio_is_asked(
    failed: Callable[[int], list[str]], start: Make, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[tuple[str, str]]()

    async def looking(self: AsyncStudio, *arguments: Any) -> str:
        item = await sync_to_async(RetryItem.objects.select_related("retry").get)()
        assert item.retry
        seen.append((item.state, item.retry.outcome))
        return await retry_task(self, *arguments)

    batch, retry_task = start(failed(1)), AsyncStudio.retry_task
    monkeypatch.setattr(AsyncStudio, "retry_task", looking)
    world.run(5)
    assert seen == [(ItemState.ASKING, Outcome.ASKED)]
    assert states(batch) == [ItemState.DONE]


def test_a_process_that_dies_between_the_intent_and_the_answer_has_studio_asked_how_the_task_is(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock, monkeypatch: Any
) -> None:
    ids = failed(2)
    batch = start(ids)

    async def dying(self: AsyncStudio, *arguments: Any) -> str:
        await retry_task(self, *arguments)  # Studio takes it, and nobody hears of it
        raise SystemExit

    retry_task = AsyncStudio.retry_task
    with monkeypatch.context() as patch:
        patch.setattr(AsyncStudio, "retry_task", dying)
        with pytest.raises(SystemExit):
            world.run(5)
    assert states(batch) == [ItemState.ASKING, ItemState.WAITING]
    freed(clock)
    world.run(60)
    assert states(batch) == [ItemState.DONE] * 2
    assert asked(sandbox) == Counter(ids)
    assert "Studio shows that it took the retry" in reasons(batch)[0]
    assert sandbox_order(sandbox, ids[0]) == ["POST", "GET"]


@pytest.mark.parametrize("seconds", [15, 90])
def test_a_call_that_was_cut_off_before_it_arrived_is_made_again_after_a_look(
    failed: Callable[[int], list[str]],
    start: Make,
    sandbox: Sandbox,
    world: World,
    clock: Clock,
    monkeypatch: Any,
    seconds: int,
) -> None:
    ids = failed(2)
    batch = start(ids)

    async def dying(self: AsyncStudio, *arguments: Any) -> str:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(AsyncStudio, "retry_task", dying)
        with pytest.raises(SystemExit):
            world.run(5)
    clock.turn(seconds=seconds)
    settle_unanswered(clock.now)
    freed(clock)
    world.run(60)
    assert states(batch) == [ItemState.DONE] * 2
    assert asked(sandbox) == Counter(ids)
    assert sandbox_order(sandbox, ids[0])[:2] == ["GET", "POST"]


def freed(clock: Clock) -> None:
    """The claim of the process that died has run out."""
    Account.objects.update(claimed_by="", claimed_until=0, next_sync_at=clock.now)


def sandbox_order(sandbox: Sandbox, task_id: str) -> list[str]:
    return [call.method for call in sandbox.calls if f"/task/{task_id}" in call.path]


@pytest.mark.parametrize("trouble", [{"failing": 502}, {"malformed": "html"}])
def test_an_answer_that_tells_nothing_is_followed_by_a_look_and_never_by_a_second_call(
    failed: Callable[[int], list[str]],
    start: Make,
    sandbox: Sandbox,
    world: World,
    retries_meet: Meet,
    trouble: dict[str, object],
) -> None:
    ids = failed(2)
    batch = start(ids)
    retries_meet([trouble])
    world.run(40)
    assert asked(sandbox) == Counter(ids)
    taken = trouble == {"malformed": "html"} and sandbox.document(ids[0])["status"]["phase"] != "failed"  # type: ignore[index,call-overload]
    assert states(batch) == [ItemState.DONE if taken else ItemState.FAILED, ItemState.DONE]


def test_an_answer_that_got_lost_on_the_way_is_found_out(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, retries_meet: Meet
) -> None:
    ids = failed(1)
    batch = start(ids)
    retries_meet(repeat({"truncated": True}))
    world.run(40)
    assert states(batch) == [ItemState.DONE]
    assert asked(sandbox) == Counter(ids)
    assert Retry.objects.get().outcome == Outcome.STARTED
    assert Task.objects.get().retried_at


def test_a_studio_that_asks_us_to_slow_down_is_waited_for(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, retries_meet: Meet
) -> None:
    ids = failed(2)
    batch = start(ids)
    retries_meet([{"rate_limited": True, "retry_after_seconds": 45}])
    world.run(40)
    assert states(batch) == [ItemState.WAITING] * 2
    assert sum(asked(sandbox).values()) == 1
    world.run(30)
    assert states(batch) == [ItemState.DONE] * 2
    first, *_ = [call.at for call in sandbox.calls if call.method == "POST"]
    assert not [call for call in sandbox.calls if first < call.at < first + 45_000]


def test_a_full_queue_at_studio_holds_up_the_batch_and_not_the_sync(
    failed: Callable[[int], list[str]], start: Make, sandbox: Sandbox, world: World, clock: Clock, monkeypatch: Any
) -> None:
    batch = start(failed(2))
    Account.objects.update(watched_at=clock.now + 600_000)

    async def full(self: AsyncStudio, *arguments: Any) -> str:
        sandbox.switches.rate_limited = True
        try:
            return await retry_task(self, *arguments)
        finally:
            sandbox.switches.rate_limited = False

    retry_task = AsyncStudio.retry_task
    with monkeypatch.context() as patch:
        patch.setattr(AsyncStudio, "retry_task", full)
        world.run(50)
    assert sum(asked(sandbox).values()) == 1
    assert len([call for call in sandbox.calls if "filters" in call.query]) >= 2
    assert Account.objects.get().health == "working"
    world.run(60)
    assert states(batch) == [ItemState.DONE] * 2
