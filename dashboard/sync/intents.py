"""What is written about the tasks of a batch: whose turn it is, the intent before the call, the outcome after."""

from django.db import transaction
from django.db.models import F

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.audit import AuditEntry
from dashboard.models.retry import RETRY_WORDS, Outcome, Retry
from dashboard.models.retry_batch import ItemState, RetryItem
from dashboard.models.retry_draft import why_not
from dashboard.models.rights import Right, roles_with
from dashboard.models.task import Task
from dashboard.models.team import Membership
from dashboard.phases import RETRYABLE
from dashboard.sync.buttons import Busy
from dashboard.sync.retrying import CannotRetry, intend
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.snapshots import Snapshot

SETTLED = 10 * SECOND  # Studio answers from a replica.
GIVEN_UP = 10 * MINUTE
SKIPPED_AT_ONCE = 100


def next_item(account: Account) -> RetryItem | None:
    """The next one that may be asked for now. Those that cannot be any more are skipped on the way."""
    now = now_ms()
    for _ in range(SKIPPED_AT_ONCE):
        item = RetryItem.next_of(account.pk)
        if item is None or not_before(item) > now:
            return None
        if item.state == ItemState.ASKING:
            return item
        reason = why_not(item.task.phase, item.task.deleted_at) or _lost_right(item, account)
        if not reason:
            return item
        item.end(ItemState.SKIPPED, reason)
    return None


def not_before(item: RetryItem) -> int:
    """The time before which nothing is asked about it."""
    if item.state == ItemState.WAITING:
        return item.at or 0
    return (item.retry.asked_at if item.retry else 0) + SETTLED


def _lost_right(item: RetryItem, account: Account) -> str:
    """Who started the batch may have left the team since."""
    theirs = Membership.objects.filter(user=item.batch.by_id, user__is_active=True, team=account.team_id)
    if theirs.filter(role__in=roles_with(Right.RETRY)).exists():
        return ""
    return f"{item.batch.by_name} may not retry tasks of {account.name} any more."


def intend_item(account: Account, item: RetryItem) -> Retry | None:
    """The intent and the item's new state, together or not at all."""
    try:
        with transaction.atomic():
            retry = intend(item.task, account, item.batch.actor)
            changed_at = Task.objects.values_list("updated_at", flat=True).get(pk=item.task_id)
            if not item.move(ItemState.ASKING, retry=retry, at=changed_at):
                raise _Stopped
    except (CannotRetry, Busy) as reason:
        item.end(ItemState.SKIPPED, reason.sentence)
    except _Stopped:
        return None
    else:
        item.at = changed_at
        return retry
    return None


class _Stopped(Exception):
    """Somebody has stopped the batch in this moment."""


def settle(account: Account, item: RetryItem, snapshot: Snapshot) -> None:
    """Taken, if the task has moved since. What is as it was is asked for again if the call was cut off."""
    has_moved = snapshot.phase not in RETRYABLE or snapshot.updated_at != item.at
    if snapshot.deleted:
        item.end(ItemState.SKIPPED, why_not(snapshot.phase, now_ms()))
    elif has_moved and item.retry:
        sentence = "The answer was lost; Studio shows that it took the retry."
        note(account, item, item.retry, Outcome.STARTED, sentence, ItemState.DONE)
    elif item.sentence and item.retry:
        sentence = f"{item.sentence} Studio shows that it did not take the retry."
        note(account, item, item.retry, Outcome.REFUSED, sentence, ItemState.FAILED)
    elif item.retry:
        sentence = "The call was cut off; Studio shows that it did not take the retry."
        note(account, item, item.retry, Outcome.REFUSED, sentence, ItemState.WAITING)
    else:
        item.move(ItemState.WAITING, at=None)


def give_up_in_time(item: RetryItem, error: UpstreamError) -> None:
    if item.retry is None or item.retry.asked_at < now_ms() - GIVEN_UP:
        item.end(ItemState.FAILED, f"Whether Studio took the retry is not known. {error.sentence}")


def note(
    account: Account,
    item: RetryItem,
    retry: Retry,
    outcome: Outcome,
    sentence: str,
    state: ItemState,
    wait_until: int | None = None,
) -> None:
    """What came of it, for the task's page, the audit and the batch's page."""
    now = now_ms()
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).bump()  # first, because it locks the account
        Retry.objects.filter(pk=retry.pk).update(outcome=outcome, sentence=sentence, answered_at=now)
        changes = {"retried_at": retry.asked_at} if outcome is Outcome.STARTED else {}
        Task.objects.filter(pk=item.task_id).update(version=F("version") + 1, **changes)
        told = {"said": sentence} if sentence else {}
        AuditEntry.note(item.batch.actor, RETRY_WORDS[outcome], account.team_id, item.task.upstream_id, after=told)
        match state:
            case ItemState.WAITING:
                item.move(state, sentence, at=wait_until)
            case ItemState.ASKING:
                item.move(state, sentence)
            case _:
                item.end(state, sentence)
