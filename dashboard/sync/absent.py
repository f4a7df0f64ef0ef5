"""Asking by id for tasks that the list says nothing about: deletions never arrive through `updatedAt`."""

from asgiref.sync import sync_to_async

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.memory import mark_gone
from dashboard.models.task import Task
from dashboard.sync.line import Line, OutOfBudget
from dashboard.sync.names import want_assets
from dashboard.sync.storing import Storing
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import BadAnswer, KeyLimited, NotFound, ServerError, Unreachable
from dashboard.upstream.snapshots import Snapshot

MOST_A_ROUND = 4


async def ask_for_absent(line: Line, storing: Storing, seen: set[str], by_id_only: bool) -> None:
    """Ask for a few unfinished tasks without news, as far as the budget allows. `by_id_only` says that the list
    does not tell what changed, so this is the only way: tasks on a watched page first, then the longest unasked.
    One id that gets no answer at all is no failure of Studio's, a second one is."""
    is_first = True
    for task in await sync_to_async(_absent)(line.account, seen, by_id_only):
        try:
            await _ask_for(line, storing, task)
        except OutOfBudget:
            return
        except Unreachable:
            if not is_first:
                raise
            is_first = False
            await sync_to_async(_note_heard)(task)


def _absent(account: Account, seen: set[str], by_id_only: bool) -> list[Task]:
    now = now_ms()
    tasks = Task.objects.filter(account=account).exclude(upstream_id__in=seen).defer("document", "facts")
    if not by_id_only:
        return list(tasks.without_news(now)[:MOST_A_ROUND])
    watched = tasks.unfinished().filter(watched_at__gt=now - 30 * SECOND, heard_at__lt=now - 10 * SECOND)
    unasked = tasks.unfinished().filter(heard_at__lt=now - MINUTE)
    found = [*watched.order_by("heard_at")[:MOST_A_ROUND], *unasked.order_by("heard_at")[:MOST_A_ROUND]]
    return list({task.pk: task for task in found}.values())[:MOST_A_ROUND]


async def _ask_for(line: Line, storing: Storing, task: Task) -> None:
    async def get(studio: AsyncStudio, connection: Connection) -> Snapshot:
        return await studio.get_task(connection, task.upstream_id)

    try:
        snapshot = await line.ask_aside(get)
    except NotFound:
        await sync_to_async(mark_gone)(task, now_ms())
    except (KeyLimited, ServerError, BadAnswer) as error:
        if error.retry_after_seconds:
            raise
        await sync_to_async(_note_heard)(task)  # this row only; the list itself was answered
    else:
        if _is_ours(line.account, task, snapshot):
            kept = await storing.store(line.account, [snapshot])
            if kept.moved:
                await sync_to_async(want_assets)(line)
        await sync_to_async(_note_heard)(task)


def _is_ours(account: Account, task: Task, snapshot: Snapshot) -> bool:
    """A key can GET a sister project's task. Where a project is not told, it has to be as untold as before."""
    if account.own_project and snapshot.project_id:
        return account.owns(snapshot.project_id)
    return snapshot.project_id == task.project_id


def _note_heard(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(heard_at=now_ms())
