"""Batches of retries, worked off a few tasks in each round of their account.

Each task is asked for exactly once: that it will be is written before the call, what came of it after. Where no clear
answer came, or the syncer ended in between, Studio is asked some seconds later how the task is; a call that was cut off
is made again only if the task is still as it was. Until that is known, nothing else of the account is asked for.
"""

from functools import partial

from asgiref.sync import sync_to_async

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.memory import mark_gone
from dashboard.models.retry import Outcome, Retry
from dashboard.models.retry_batch import ItemState, RetryItem
from dashboard.models.retry_draft import why_not
from dashboard.models.syncing import MOST_ASIDE
from dashboard.sync.intents import give_up_in_time, intend_item, lose, next_item, not_before, note, settle
from dashboard.sync.line import Line
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import BadRequest, KeyRejected, NotFound, PrivateAddress, RateLimited, UpstreamError
from dashboard.upstream.snapshots import Snapshot

EVERY = 6 * SECOND
"""Between the rounds of an account that has something to retry. Its list is looked at ten times a minute then."""
MOST_A_ROUND = 4
KEPT = 2
"""Calls a minute that stay for what is asked beside the list and the retries."""
A_MINUTE = MOST_ASIDE - KEPT
LIMITED, LONGEST_LIMITED = MINUTE, 10 * MINUTE


async def work_off(line: Line, most: int = MOST_A_ROUND) -> None:
    """A few tasks of the account's batches, as far as the calls allow. Raises what concerns the whole account:
    KeyRejected, PrivateAddress, and Studio's wish to be left alone."""
    if not await sync_to_async(RetryItem.has_some)(line.account.pk):
        return
    line.most_aside = MOST_ASIDE
    for _ in range(most):
        if _calls_left(line.account, now_ms()) <= 0:
            return
        item = await sync_to_async(next_item)(line.account)
        if item is None:
            return
        go_on = await (_ask if item.state == ItemState.WAITING else _check)(line, item)
        if not go_on:
            return


def due_at(account: Account, otherwise: int, now: int) -> int:
    """When the next round should come, which without batches it would `otherwise`: with something to retry neither
    later nor, so that calls are left for that, sooner."""
    item = RetryItem.next_of(account.pk) if RetryItem.has_some(account.pk) else None
    if item is None:
        return otherwise
    waits = (now + seconds * SECOND for seconds in range(62) if _calls_left(account, now + seconds * SECOND) > 0)
    at = max(not_before(item), next(waits, now + MINUTE), now + EVERY)
    return at if at <= now + EVERY else max(min(otherwise, at), now + EVERY)


def _calls_left(account: Account, now: int) -> int:
    return account.calls_aside_left(now, MOST_ASIDE) - KEPT


async def _ask(line: Line, item: RetryItem) -> bool:
    """Says whether the next one may be asked for at once."""
    retry = await sync_to_async(intend_item)(line.account, item)
    if retry is None:
        return True
    try:
        await line.ask_aside(partial(_retry, item.task.upstream_id))
    except UpstreamError as error:
        return await _after(line, item, retry, error)
    await sync_to_async(note)(line.account, item, retry, Outcome.STARTED, "", ItemState.DONE)
    return True


async def _retry(upstream_id: str, studio: AsyncStudio, connection: Connection) -> str:
    return await studio.retry_task(connection, upstream_id)


async def _get(upstream_id: str, studio: AsyncStudio, connection: Connection) -> Snapshot:
    return await studio.get_task(connection, upstream_id)


async def _after(line: Line, item: RetryItem, retry: Retry, error: UpstreamError) -> bool:
    """What a failed call means for the task, and for the others."""
    written = partial(sync_to_async(note), line.account, item, retry)
    refused = Outcome.REFUSED, error.sentence
    match error:
        case RateLimited():
            wait = await sync_to_async(_wait_ms)(item, error)
            await written(*refused, ItemState.WAITING, wait_until=now_ms() + wait)
            raise error
        case PrivateAddress():
            await written(*refused, ItemState.WAITING)
            raise error
        case KeyRejected():
            await written(*refused, ItemState.FAILED)
            raise error
        case BadRequest():
            state, sentence = await _why_refused(line, item, error)
            await written(Outcome.REFUSED, sentence, state)
            return True
        case _ if error.status in (403, 404):
            await written(*refused, ItemState.FAILED)
            return True
    await written(Outcome.UNKNOWN, error.sentence, ItemState.ASKING)
    if error.retry_after_seconds:
        raise error
    return False


def _wait_ms(item: RetryItem, error: UpstreamError) -> int:
    """As long as Studio says. Without that its queue is full (read in the server's source): twice as long each time."""
    if error.retry_after_seconds:
        return int(error.retry_after_seconds * SECOND)
    tried: int = Retry.objects.filter(task=item.task_id, asked_at__gte=item.batch.asked_at).count()
    return min(LIMITED << min(tried - 1, 20), LONGEST_LIMITED)


async def _why_refused(line: Line, item: RetryItem, error: BadRequest) -> tuple[ItemState, str]:
    """Studio knows better than our copy how the task is: what goes on already is no failure."""
    if line.account.calls_aside_left(now_ms(), MOST_ASIDE) > 0:
        try:
            snapshot = await line.ask_aside(partial(_get, item.task.upstream_id))
        except UpstreamError:
            return ItemState.FAILED, error.sentence
        if reason := why_not(snapshot.phase, now_ms() if snapshot.deleted else None):
            return ItemState.SKIPPED, reason
    return ItemState.FAILED, error.sentence


async def _check(line: Line, item: RetryItem) -> bool:
    """How a task is that was asked for without a clear answer. Says whether that is known now."""
    try:
        snapshot = await line.ask_aside(partial(_get, item.task.upstream_id))
    except NotFound:
        await sync_to_async(mark_gone)(item.task, now_ms())
        await sync_to_async(lose)(line.account, item, "Studio does not know this task any more.")
        return True
    except UpstreamError as error:
        if isinstance(error, KeyRejected | RateLimited) or error.retry_after_seconds:
            raise
        return await sync_to_async(give_up_in_time)(line.account, item, error.sentence)
    return await sync_to_async(settle)(line.account, item, snapshot)
