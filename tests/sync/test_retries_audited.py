"""What the audit holds of retries, whatever the database or the process does meanwhile."""

from typing import Any

import pytest
from django.db import OperationalError

from dashboard.models import Account, Attempt, AuditEntry, Outcome, Retry, Task, User
from dashboard.models.retry import settle_unanswered
from dashboard.sandbox import Sandbox
from dashboard.sync import retrying
from dashboard.sync.retrying import CannotRetry, retry_now
from dashboard.upstream.client import Studio
from tests.sync.conftest import Clock
from tests.sync.retried import actor_for, failed, posts, retried, sam

__all__ = ["failed", "sam"]  # fixtures


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
