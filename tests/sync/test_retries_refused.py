"""Retries that are refused before Studio is asked, and what Studio says later about those that it took."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.models import Account, ApiKey, Outcome, Retry, Task, User
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons, retrying
from dashboard.sync.buttons import Busy
from dashboard.sync.retrying import CannotRetry, retry_now
from dashboard.upstream.client import Studio
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from tests.sync.conftest import Clock, Sync, World
from tests.sync.retried import actor_for, failed, held, posts, retried, sam

__all__ = ["failed", "sam"]  # fixtures


def test_of_two_people_at_once_one_asks_studio_and_the_other_is_told_to_wait(
    failed: Task, sam: User, people: SimpleNamespace, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(self: Studio, *arguments: Any) -> str:
        monkeypatch.setattr(buttons.Patience.__init__, "__defaults__", (0.3,))
        with pytest.raises(Busy):
            retry_now(failed, Account.objects.get(), actor_for(people.alice))
        return retry_task(self, *arguments)

    retry_task = Studio.retry_task
    monkeypatch.setattr(Studio, "retry_task", meanwhile)
    assert retried(failed, sam).outcome == Outcome.STARTED
    assert (posts(sandbox), Retry.objects.count()) == (1, 1)


def test_a_second_retry_within_ten_seconds_is_not_asked_for(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock
) -> None:
    retried(failed, sam)
    Task.objects.update(phase="failed")
    clock.turn(seconds=6)
    with pytest.raises(Busy) as caught:
        retried(failed, sam)
    assert (caught.value.seconds, posts(sandbox)) == (4, 1)
    clock.turn(seconds=5)
    assert retried(failed, sam).outcome == Outcome.REFUSED


@pytest.mark.parametrize("phase", ["pending", "waiting", "running", "completed", "queued"])
def test_only_what_failed_or_was_cancelled_can_be_retried(
    failed: Task, sam: User, sandbox: Sandbox, phase: str
) -> None:
    Task.objects.update(phase=phase)
    with pytest.raises(CannotRetry, match=f"this one is {phase}"):
        retried(failed, sam)
    assert len(sandbox.calls) == Retry.objects.count() == 0


def test_a_cancelled_task_can_be_retried(failed: Task, sam: User, sandbox: Sandbox, sync: Sync) -> None:
    sandbox.change(failed.upstream_id, status={"phase": "cancelled"})
    sync(Account.objects.get())
    assert retried(failed, sam).outcome == Outcome.STARTED


def test_a_deleted_task_cannot_be_retried(failed: Task, sam: User, sandbox: Sandbox) -> None:
    Task.objects.update(deleted_at=1)
    with pytest.raises(CannotRetry, match="deleted"):
        retried(failed, sam)
    Task.objects.all().delete()
    with pytest.raises(CannotRetry, match="deleted"):
        retried(failed, sam)


def test_without_a_key_there_is_nothing_to_ask_with(failed: Task, sam: User) -> None:
    ApiKey.objects.all().delete()
    with pytest.raises(CannotRetry, match="No key is stored"):
        retried(failed, sam)


def test_without_calls_to_spare_nothing_is_asked_and_no_intent_is_left(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock
) -> None:
    account = Account.objects.get()
    for _ in range(24):
        account.note_call(clock.now)
    Account.objects.update(calls=account.calls)
    with pytest.raises(Busy):
        retried(failed, sam)
    assert len(sandbox.calls) == Retry.objects.count() == 0


def test_where_both_places_are_taken_nothing_is_asked(failed: Task, sam: User, sandbox: Sandbox) -> None:
    with buttons.a_place(), buttons.a_place(), pytest.raises(Busy):
        retried(failed, sam)
    assert len(sandbox.calls) == Retry.objects.count() == 0


def test_studio_is_not_asked_before_the_time_that_it_named(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock
) -> None:
    Account.objects.update(not_before_at=clock.now + 30_000)
    with pytest.raises(Busy) as caught:
        retried(failed, sam)
    assert caught.value.seconds == 31
    assert len(sandbox.calls) == Retry.objects.count() == 0


def test_an_older_answer_of_a_replica_undoes_nothing(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Snapshot.read(sandbox.document(failed.upstream_id), Redactor(sandbox.key))
    with monkeypatch.context() as patch:
        patch.setattr(Studio, "get_task", lambda *arguments: old)
        assert retried(failed, sam).outcome == Outcome.STARTED
    task = held(failed.upstream_id)
    assert (task.phase, task.error, task.retried_at) == ("failed", "execution timeout", clock.now)
    world.run(1)
    assert held(failed.upstream_id).phase == "waiting"
    with monkeypatch.context() as patch:
        patch.setattr(Studio, "get_task", lambda *arguments: old)
        retrying._read_after(buttons._studio(True), buttons.Patience(), retrying.Connection("", ""), task.account, task)
    assert held(failed.upstream_id).phase == "waiting"


def test_the_syncer_looks_often_for_a_while_in_case_the_first_answers_are_old(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Snapshot.read(sandbox.document(failed.upstream_id), Redactor(sandbox.key))
    with monkeypatch.context() as patch:
        patch.setattr(Studio, "get_task", lambda *arguments: old)
        retried(failed, sam)
    sandbox.calls.clear()
    Task.objects.update(updated_at=clock.now + 60_000)  # as if the list lagged behind
    world.run(29)
    assert len([call for call in sandbox.calls if "filters" in call.query]) == 2


def test_a_paused_account_stays_paused(failed: Task, sam: User) -> None:
    Account.objects.update(paused=True, next_sync_at=None)
    assert retried(failed, sam).outcome == Outcome.STARTED
    assert Account.objects.get().next_sync_at is None
