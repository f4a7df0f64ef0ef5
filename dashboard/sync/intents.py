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
from dashboard.upstream.snapshots import Snapshot

SETTLED = 10 * SECOND  # Studio answers from a replica.
LONGEST_CALL = 30 * SECOND
GIVEN_UP = 10 * MINUTE
SKIPPED_AT_ONCE = 100


def next_item(account: Account) -> RetryItem | None:
    """The next one that may be asked for now. Those that cannot be any more are skipped on the way."""
    now = now_ms()
    for _ in range(SKIPPED_AT_ONCE):
        item = RetryItem.next_of(account.pk)
        if item is None or not_before(item) > now or _is_at_rest(account):
            return None
        if item.state == ItemState.ASKING:
            return item
        reason = why_not(item.task.phase, item.task.deleted_at) or _started_since(item) or _lost_right(item, account)
        if not reason:
            return item
        item.end(ItemState.SKIPPED, reason)
    return None


def not_before(item: RetryItem) -> int:
    """The time before which nothing is asked about it."""
    if item.state == ItemState.WAITING:
        return item.at or 0
    if item.retry is None:
        return SETTLED
    return (item.retry.answered_at or item.retry.asked_at + LONGEST_CALL) + SETTLED


def _is_at_rest(account: Account) -> bool:
    """Somebody may have paused it since the round began."""
    return not Account.objects.filter(pk=account.pk, paused=False, archived_at=None, removed_at=None).exists()


def _started_since(item: RetryItem) -> str:
    """By hand, or in another batch that was made in the same moment."""
    return "It was started again since." if (item.task.retried_at or 0) > item.batch.asked_at else ""


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
        return retry
    return None


class _Stopped(Exception):
    """Somebody has stopped the batch in this moment."""


def settle(account: Account, item: RetryItem, snapshot: Snapshot) -> bool:
    """Taken, if the task has moved since. What is as it was is asked for again if the call was cut off. Says whether
    anything is known now: a row older than ours comes from a replica that lags behind, and is no answer."""
    if snapshot.deleted:
        lose(account, item, "It was deleted at Studio meanwhile.")
    elif snapshot.updated_at < (item.at or 0):
        return give_up_in_time(account, item, "Studio answered with old rows only.")
    elif item.retry is None:
        item.move(ItemState.WAITING, at=None)
    elif snapshot.phase not in RETRYABLE or snapshot.updated_at > (item.at or 0):
        sentence = "The answer was lost; Studio shows that it took the retry."
        note(account, item, item.retry, Outcome.STARTED, sentence, ItemState.DONE)
    elif item.sentence:
        sentence = f"{item.sentence} Studio shows that it did not take the retry."
        note(account, item, item.retry, Outcome.REFUSED, sentence, ItemState.FAILED)
    else:
        sentence = "The call was cut off; Studio shows that it did not take the retry."
        note(account, item, item.retry, Outcome.REFUSED, sentence, ItemState.WAITING)
    return True


def give_up_in_time(account: Account, item: RetryItem, why: str) -> bool:
    """Whether it was time to: nobody will ever know."""
    if item.retry and item.retry.asked_at >= now_ms() - GIVEN_UP:
        return False
    lose(account, item, why)
    return True


def lose(account: Account, item: RetryItem, why: str) -> None:
    """Nothing more can be found out about the call."""
    sentence = f"Whether Studio took the retry is not known. {why}"
    if item.retry:
        note(account, item, item.retry, Outcome.UNKNOWN, sentence, ItemState.FAILED)
    else:
        item.end(ItemState.FAILED, sentence)


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
