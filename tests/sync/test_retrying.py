"""Retrying a failed task by hand: intent before the call, outcome after, and what follows."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from dashboard.models import Account, ApiKey, Outcome, Retry, Task, User
from dashboard.models.retry import settle_unanswered
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons, retrying
from dashboard.sync.buttons import Busy
from dashboard.sync.retrying import retry_now
from dashboard.upstream.client import Studio
from tests.sync.conftest import Clock, World
from tests.sync.retried import actor_for, failed, held, posts, retried, sam

__all__ = ["failed", "sam"]  # fixtures


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Buttons give up on Studio after a second, so that a test of a hanging one is short."""
    monkeypatch.setattr(buttons.Patience.__init__, "__defaults__", (1.0,))
    monkeypatch.setattr(retrying, "LEAST_SECONDS", 0.3)


def test_a_retry_that_studio_takes_is_seen_at_once_and_followed_to_its_end(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    retry = retried(failed, sam)
    assert (retry.outcome, retry.by, retry.by_name, retry.sentence) == (Outcome.STARTED, sam, "sam@example.com", "")
    assert (retry.asked_at, retry.answered_at) == (clock.now, clock.now)
    task = held(failed.upstream_id)
    assert (task.phase, task.retries, task.error, task.retried_at) == ("waiting", 0, "", clock.now)
    assert task.version >= failed.version + 3
    account = Account.objects.get()
    assert (account.next_sync_at, account.claimed_by) == (clock.now, "")
    sandbox.change(task.upstream_id, status={"phase": "running", "retries": 0, "progress": 0.5})
    world.run(1)
    sandbox.change(task.upstream_id, status={"phase": "completed"})
    world.run(25)
    ledger = [(a.number, a.phase, a.error) for a in held(failed.upstream_id).attempts.all()]
    assert ledger == [(1, "failed", ""), (2, "failed", ""), (3, "failed", "execution timeout"), (1, "completed", "")]


def test_the_intent_is_written_before_studio_is_asked(failed: Task, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[tuple[str, int]]()

    def looking(self: Studio, *arguments: Any) -> str:
        seen.append((Retry.objects.get().outcome, held(failed.upstream_id).version))
        return retry_task(self, *arguments)

    retry_task = Studio.retry_task
    monkeypatch.setattr(Studio, "retry_task", looking)
    retried(failed, sam)
    assert seen == [(Outcome.ASKED, failed.version + 1)]


def test_a_locked_database_after_studio_took_the_retry_is_not_told_as_nothing(
    failed: Task, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, locked = retrying._write_outcome, iter([True])

    def once_locked(*arguments: Any) -> None:
        if next(locked, False):
            raise OperationalError("database is locked")
        write(*arguments)

    monkeypatch.setattr(retrying, "_write_outcome", once_locked)
    assert retried(failed, sam).outcome == Outcome.STARTED


def test_a_task_that_runs_already_is_refused_in_studios_words_and_shown_as_it_is(
    failed: Task, sam: User, sandbox: Sandbox
) -> None:
    sandbox.change(failed.upstream_id, status={"phase": "running", "retries": 0, "progress": 0.2})
    retry = retried(failed, sam)
    assert retry.outcome == Outcome.REFUSED
    assert "task is not in a retryable state" in retry.sentence
    task = held(failed.upstream_id)
    assert (task.phase, task.retried_at) == ("running", None)


def test_a_task_of_somebody_else_is_refused(failed: Task, sam: User, sandbox: Sandbox) -> None:
    ApiKey.objects.store(Account.objects.get(), sandbox.stranger_key)
    retry = retried(failed, sam)
    assert retry.outcome == Outcome.REFUSED
    assert "users may only retry their own tasks" in retry.sentence


def test_a_task_that_is_gone_is_refused(failed: Task, sam: User, sandbox: Sandbox) -> None:
    sandbox.hard_delete(failed.upstream_id)
    retry = retried(failed, sam)
    assert retry.outcome == Outcome.REFUSED
    assert "task not found" in retry.sentence


def test_a_key_that_was_revoked_is_refused_without_being_repeated(failed: Task, sam: User, sandbox: Sandbox) -> None:
    sandbox.revoke(sandbox.key)
    retry = retried(failed, sam)
    assert retry.outcome == Outcome.REFUSED
    assert sandbox.key not in retry.sentence


def test_too_many_requests_are_a_refusal_and_studio_is_left_alone(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock
) -> None:
    sandbox.switches.change({"rate_limited": True, "retry_after_seconds": 600})
    assert retried(failed, sam).outcome == Outcome.REFUSED
    assert Account.objects.get().next_sync_at == clock.now + 600_000
    sandbox.switches.reset()
    with pytest.raises(Busy) as caught:
        retried(failed, sam)
    assert caught.value.seconds > 590
    assert posts(sandbox) == 1


@pytest.mark.parametrize("trouble", [{"failing": 500}, {"failing": 503}, {"malformed": "html"}, {"truncated": True}])
def test_an_answer_that_tells_nothing_leaves_the_outcome_open(
    failed: Task, sam: User, sandbox: Sandbox, clock: Clock, trouble: dict[str, object]
) -> None:
    sandbox.switches.change(trouble)
    retry = retried(failed, sam)
    assert retry.outcome == Outcome.UNKNOWN
    assert retry.sentence
    assert held(failed.upstream_id).retried_at is None
    assert Account.objects.get().next_sync_at == clock.now


def test_a_retry_whose_answer_got_lost_is_found_out_by_reading_the_task(
    failed: Task, sam: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def losing(self: Studio, *arguments: Any) -> str:
        sandbox.switches.truncated = True
        try:
            return retry_task(self, *arguments)
        finally:
            sandbox.switches.truncated = False

    retry_task = Studio.retry_task
    monkeypatch.setattr(Studio, "retry_task", losing)
    assert retried(failed, sam).outcome == Outcome.UNKNOWN
    assert held(failed.upstream_id).phase == "waiting"


@pytest.mark.usefixtures("impatient")
def test_a_studio_that_hangs_is_given_up_on_and_nobody_knows(failed: Task, sam: User, sandbox: Sandbox) -> None:
    sandbox.switches.hanging = True
    retry = retried(failed, sam)
    assert (retry.outcome, posts(sandbox), len(sandbox.calls)) == (Outcome.UNKNOWN, 1, 1)
    assert Account.objects.get().claimed_by == ""


def test_a_process_that_dies_before_the_answer_leaves_a_retry_that_nobody_knows_about(
    failed: Task, sam: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*arguments: object) -> str:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Studio, "retry_task", dying)
        with pytest.raises(SystemExit):
            retry_now(failed, Account.objects.get(), actor_for(sam))
    retry = Retry.objects.get()
    assert retry.outcome_at(clock.now) == Outcome.ASKED
    with pytest.raises(Busy, match="has not answered yet"):
        retried(failed, sam)
    clock.turn(seconds=61)
    assert retry.outcome_at(clock.now) == Outcome.UNKNOWN
    version = held(failed.upstream_id).version
    settle_unanswered(clock.now)
    retry.refresh_from_db()
    assert retry.outcome == Outcome.UNKNOWN
    assert held(failed.upstream_id).version == version + 1
    assert retried(failed, sam).outcome == Outcome.STARTED
