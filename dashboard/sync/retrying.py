"""Retrying a failed task by hand: the intent is written before Studio is called, the outcome after.

A request that meets a locked database is done a second time (see middleware). So from the call on no lock may come out
of here: Studio would be asked twice by one press.
"""

from contextlib import suppress

from django.db import OperationalError, transaction
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest

from dashboard.clock import SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.retry import RETRY_WORDS, UNANSWERED_MS, Outcome, Retry
from dashboard.models.task import Task
from dashboard.phases import RETRYABLE
from dashboard.sync.asking import REFUSALS, connection_for, keep_task, wait_as_told
from dashboard.sync.buttons import Busy, Patience, a_call, a_place, a_turn
from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import RateLimited, UpstreamError
from dashboard.upstream.network import deadline
from dashboard.vault import Unopenable

AGAIN_AFTER = 10 * SECOND
LEAST_SECONDS = 1.0  # With less time left, an answer would hardly come, and nobody would know the outcome.


class CannotRetry(Exception):
    """The task is not one to retry, or its account cannot be used: `sentence` says why. Nothing was asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def retry_now(task: Task, account: Account, actor: Actor) -> Retry:
    """Ask Studio to run a failed or cancelled task again, then read the task. The answer tells the outcome: started,
    refused, or unknown when Studio did not answer as agreed. Raises CannotRetry and Busy, and then asked nothing.
    Who may do this is for the caller to know."""
    try:
        connection = connection_for(account)
    except Unopenable as error:
        raise CannotRetry(str(error)) from None
    retry: Retry | None = None
    with a_place() as (studio, patience):
        try:
            with a_turn(account, patience, calls=2):
                retry = _retry(studio, patience, connection, task, account, actor)
        except RateLimited as error:  # before anything was asked
            raise Busy(error.sentence, int(error.retry_after_seconds or 0) + 1) from None
        except OperationalError:
            if retry is None:
                raise
        return retry


def _retry(
    studio: Studio, patience: Patience, connection: Connection, task: Task, account: Account, actor: Actor
) -> Retry:
    if patience.left < LEAST_SECONDS:
        raise Busy
    retry = intend(task, account, actor)
    outcome, sentence, failure = Outcome.STARTED, "", None
    try:
        with deadline(patience.left), a_call(account):
            studio.retry_task(connection, task.upstream_id)
    except UpstreamError as error:
        outcome = Outcome.REFUSED if isinstance(error, REFUSALS) else Outcome.UNKNOWN
        sentence, failure = error.sentence, error
    _write_surely(retry, account, outcome, sentence, actor)
    with suppress(OperationalError):
        if failure:
            wait_as_told(account, failure)
        if patience.left > LEAST_SECONDS:
            _read_after(studio, patience, connection, account, task)
    return retry


def intend(task: Task, account: Account, actor: Actor) -> Retry:
    """The intent, if the task as it is now may be retried and nobody is about to. Raises CannotRetry and Busy."""
    with transaction.atomic():
        if not Account.objects.select_for_update().filter(pk=task.account_id).values_list("pk").first():
            raise CannotRetry("The account of this task was removed.")
        now = now_ms()
        held = Task.objects.filter(pk=task.pk).only("phase", "deleted_at", "retried_at").first()
        if held is None or held.deleted_at is not None:
            raise CannotRetry("The task was deleted, so it cannot be retried.")
        if held.phase not in RETRYABLE:
            raise CannotRetry(f"Only a failed or cancelled task can be retried; this one is {held.phase}.")
        _refuse_haste(held, now)
        Task.objects.filter(pk=task.pk).update(version=F("version") + 1)
        Account.objects.filter(pk=task.account_id).bump()
        AuditEntry.note(actor, "task.retry_asked", account.team_id, task.upstream_id, after={"account": account.name})
        retry: Retry = Retry.objects.create(task=task, by_id=actor.user_id, by_name=actor.name, asked_at=now)
        return retry


def _refuse_haste(held: Task, now: int) -> None:
    open_since = now - UNANSWERED_MS
    if Retry.objects.filter(task=held, outcome=Outcome.ASKED, asked_at__gt=open_since).exists():
        raise Busy("Somebody asked for a retry of this task a moment ago, and Studio has not answered yet.")
    since = now - (held.retried_at or 0)
    if since < AGAIN_AFTER:
        seconds = max(1, (AGAIN_AFTER - since) // SECOND)
        raise Busy("Studio took a retry of this task a moment ago; it takes a little until it is seen.", seconds)


def _write_surely(retry: Retry, account: Account, outcome: Outcome, sentence: str, actor: Actor) -> None:
    """Studio was asked already, so a locked database must not end the request: whoever asks again would be told that
    nothing was changed. What cannot be written is settled as unknown a minute later."""
    try:
        _write_outcome(retry, account, outcome, sentence, actor)
    except OperationalError:
        with suppress(OperationalError):
            _write_outcome(retry, account, outcome, sentence, actor)


def _write_outcome(retry: Retry, account: Account, outcome: Outcome, sentence: str, actor: Actor) -> None:
    """What came of it; a retry that Studio took, or may have taken, makes the account due, so that the syncer
    follows it. Somebody looks, so it is asked often for a while: the first answers may come from a replica."""
    now = now_ms()
    retry.outcome, retry.sentence, retry.answered_at = outcome, sentence, now
    changes = {"retried_at": now} if outcome is Outcome.STARTED else {}
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).bump()  # first, because it locks the account
        if outcome is not Outcome.REFUSED:
            due_at = Greatest(F("not_before_at"), Value(now, BigIntegerField()))
            Account.objects.filter(pk=account.pk, next_sync_at__gt=now).update(next_sync_at=due_at)
            Account.objects.filter(pk=account.pk).update(watched_at=now)
        told = {"outcome": outcome, "sentence": sentence, "answered_at": now}
        Retry.objects.filter(pk=retry.pk).update(**told)  # it may have gone with its task
        Task.objects.filter(pk=retry.task_id).update(version=F("version") + 1, **changes)
        said = {"said": sentence} if sentence else {}
        AuditEntry.note(actor, RETRY_WORDS[outcome], account.team_id, retry.task.upstream_id, after=said)


def _read_after(studio: Studio, patience: Patience, connection: Connection, account: Account, task: Task) -> None:
    """See what became of it at once. Failing here is no failure, and an answer from a replica that lags behind is
    older than what we hold, or the same."""
    try:
        with deadline(patience.left), a_call(account):
            snapshot = studio.get_task(connection, task.upstream_id)
    except UpstreamError:
        return
    keep_task(account, snapshot, task.upstream_id)
