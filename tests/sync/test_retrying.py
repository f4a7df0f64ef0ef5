"""Retrying a failed task by hand: intent before the call, outcome after, and what follows."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from dashboard.models import Account, ApiKey, Attempt, AuditEntry, Outcome, Retry, Task, User
from dashboard.models.audit import Actor
from dashboard.models.retry import settle_unanswered
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons, retrying
from dashboard.sync.buttons import Busy
from dashboard.sync.retrying import CannotRetry, retry_now
from dashboard.upstream.client import Studio
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from tests.sync.conftest import Clock, Sync, World

FAILED = {"phase": "failed", "retries": 2, "errorMessage": "execution timeout"}


@pytest.fixture
def sam(people: SimpleNamespace) -> User:
    user: User = people.sam
    return user


@pytest.fixture
def failed(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> Task:
    """A task that failed three minutes ago, as the syncer knows it."""
    task_id = sandbox.add_task(asset_name="Summer", status=FAILED)
    sync(account, rounds=2)
    clock.turn(minutes=3)
    sandbox.calls.clear()
    return held(task_id)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Buttons give up on Studio after a second, so that a test of a hanging one is short."""
    monkeypatch.setattr(buttons.Patience.__init__, "__defaults__", (1.0,))
    monkeypatch.setattr(retrying, "LEAST_SECONDS", 0.3)


def held(task_id: str) -> Task:
    return Task.objects.get(upstream_id=task_id)


def actor_for(user: User) -> Actor:
    return Actor(user.email, user.pk, "203.0.113.9")


def posts(sandbox: Sandbox) -> int:
    return sum(call.method == "POST" for call in sandbox.calls)


def retried(task: Task, user: User) -> Retry:
    retry = retry_now(task, Account.objects.get(), actor_for(user))
    assert Retry.objects.get(pk=retry.pk).outcome == retry.outcome
    return retry


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


def test_notes_and_retries_go_with_their_task(failed: Task, sam: User) -> None:
    failed.notes.create(author=sam, author_name=sam.email, text="Odd", created_at=1)
    retried(failed, sam)
    assert Attempt.objects.exists()
    failed.delete()
    assert not Retry.objects.exists()


def test_a_retry_stays_when_its_person_leaves(failed: Task, sam: User) -> None:
    retry = retried(failed, sam)
    sam.delete()
    retry.refresh_from_db()
    assert (retry.by, retry.by_name) == (None, "sam@example.com")


def told() -> list[tuple[str, str, str]]:
    """What the audit tells of it: who, what, on what."""
    return [(entry.who, entry.what, entry.subject) for entry in AuditEntry.objects.order_by("id")]


def test_the_audit_holds_the_wish_before_studio_is_asked(
    failed: Task, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[tuple[str, str, str]]()

    def looking(self: Studio, *arguments: Any) -> str:
        seen.extend(told())
        return retry_task(self, *arguments)

    retry_task = Studio.retry_task
    monkeypatch.setattr(Studio, "retry_task", looking)
    retried(failed, sam)
    assert seen == [("sam@example.com", "task.retry_asked", failed.upstream_id)]
    assert told() == [*seen, ("sam@example.com", "task.retry_started", failed.upstream_id)]


def test_an_outcome_that_could_not_be_written_at_once_is_told_once(
    failed: Task, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, locked = AuditEntry.note, iter([False, True])

    def once_locked(*arguments: Any, **named: Any) -> AuditEntry:
        entry = note(*arguments, **named)
        if next(locked, False):
            raise OperationalError("database is locked")
        return entry

    monkeypatch.setattr(AuditEntry, "note", once_locked)
    assert retried(failed, sam).outcome == Outcome.STARTED
    assert [what for _, what, _ in told()] == ["task.retry_asked", "task.retry_started"]


def test_a_retry_that_nobody_answered_is_settled_in_the_audit_by_the_product_itself(
    failed: Task, sam: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_locked(*arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(retrying, "_write_outcome", always_locked)
    retry_now(failed, Account.objects.get(), actor_for(sam))
    clock.turn(seconds=61)
    for _ in range(2):
        settle_unanswered(clock.now)
    assert told() == [
        ("sam@example.com", "task.retry_asked", failed.upstream_id),
        ("Studio Tasks", "task.retry_unknown", failed.upstream_id),
    ]
    assert AuditEntry.objects.filter(team_id=failed.account.team_id).count() == 2


def test_a_retry_that_may_not_be_is_not_told(failed: Task, sam: User) -> None:
    Task.objects.filter(pk=failed.pk).update(phase="running")
    with pytest.raises(CannotRetry):
        retried(failed, sam)
    assert told() == []


def always_locked(*arguments: object, **named: object) -> None:
    raise OperationalError("database is locked")


@pytest.mark.parametrize("place", ["keep_task", "wait_as_told"])
def test_a_locked_database_after_the_call_loses_no_outcome_and_asks_nobody_twice(
    failed: Task, sam: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(retrying, place, always_locked)
    if place == "wait_as_told":
        sandbox.switches.change({"rate_limited": True, "retry_after_seconds": 600})
    outcome = Outcome.STARTED if place == "keep_task" else Outcome.REFUSED
    assert retried(failed, sam).outcome == outcome
    assert posts(sandbox) == 1


def test_an_account_that_cannot_be_given_back_for_a_lock_asks_nobody_twice(
    failed: Task, sam: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "give_back", always_locked)
    assert retried(failed, sam).outcome == Outcome.STARTED
    assert posts(sandbox) == 1
