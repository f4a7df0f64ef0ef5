"""One round of asking Studio about one claimed account."""

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest

from dashboard.clock import SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import connection_of
from dashboard.models.audit import STUDIO_TASKS, AuditEntry
from dashboard.models.gap import GAP_FROM_MS, Gap
from dashboard.models.pace import Pace, is_time_to_count, waits_of
from dashboard.models.syncing import CALLS_WINDOW, Health
from dashboard.models.tally import Tally
from dashboard.models.task import Task
from dashboard.sync import batches, cadence
from dashboard.sync.absent import ask_for_absent
from dashboard.sync.entries import host_of
from dashboard.sync.history import AnotherProject, History
from dashboard.sync.line import ClaimLost, Line, OutOfBudget
from dashboard.sync.names import read_names
from dashboard.sync.starting import OTHER_PROJECT
from dashboard.sync.storing import Storing
from dashboard.sync.twins import ReadTwice, stand_aside
from dashboard.upstream.client import AsyncStudio
from dashboard.upstream.errors import (
    KeyLimited,
    KeyRejected,
    PrivateAddress,
    RateLimited,
    Redirected,
    ServerError,
    UpstreamError,
)
from dashboard.vault import Unopenable

SHORTEST_WAIT = SECOND // 2
MOST_STALLED = 1000  # written down at once; the others in the next round


async def sync_account(account: Account, name: str, studio: AsyncStudio, storing: Storing) -> None:
    """Ask, keep what came, and say when the next round is due. The caller holds the claim under `name`."""
    started = now_ms()
    line: Line | None = None
    try:
        connection = await sync_to_async(connection_of)(account)
        line = Line(account, name, studio, connection)
        had_to_skip = await _ask(line, storing, started)
    except (ClaimLost, ReadTwice):
        return
    except OutOfBudget:
        # Out of it in the middle of a walk: with one call at a time it would never come through.
        when = account.all_calls_at if line and line.made else account.next_call_at
        await sync_to_async(_finish)(account, name, when(now_ms()))
    except AnotherProject:
        await sync_to_async(_fail)(account, name, Health.REJECTED, OTHER_PROJECT, None)
    except Unopenable as error:
        later = now_ms() + cadence.UNOPENABLE
        await sync_to_async(_fail)(account, name, Health.UNOPENABLE, str(error), later)
    except UpstreamError as error:
        await _after(error, account, name)
    else:
        await sync_to_async(_succeed)(account, name, started, had_to_skip)


def give_up(account: Account, name: str) -> None:
    """After an error of our own that a later round would meet again: it is tried less and less often."""
    sentence = "Something unforeseen went wrong here; the syncer's log tells more."
    _fail(account, name, Health.FAILING, sentence, now_ms() + cadence.back_off(account.failures + 1))


async def _ask(line: Line, storing: Storing, started: int) -> bool:
    """The calls of one round, the important ones first. Says whether the list had to be walked around a row."""
    history = History(line, storing)
    try:
        await _read_list(history, started)
    except KeyLimited:
        await sync_to_async(stand_aside)(line.account, line.name)
        await batches.work_off(line, most=batches.A_MINUTE)
        await ask_for_absent(line, storing, set(), by_id_only=True)
        raise
    await batches.work_off(line)
    await ask_for_absent(line, storing, history.seen, by_id_only=line.account.documented_only)
    await read_names(line)
    return history.had_to_skip


async def _read_list(history: History, started: int) -> None:
    account = history.account
    await sync_to_async(history.try_filters_again)()
    if account.import_before is not None or account.import_done_at is not None:
        try:
            await history.catch_up()
        except OutOfBudget:
            if not account.is_importing:
                raise
    if account.is_importing:
        await history.go_back(until=started + cadence.WATCHED_LIVELY)


async def _after(error: UpstreamError, account: Account, name: str) -> None:
    """Turn the failure into the account's health and the time of the next try."""
    now = now_ms()
    health, next_at = Health.FAILING, None
    if isinstance(error, KeyRejected):
        health = Health.REJECTED
    elif isinstance(error, KeyLimited):
        health, next_at = Health.LIMITED, now + cadence.LIMITED
    else:
        if isinstance(error, RateLimited):
            health = Health.RATE_LIMITED
        elif isinstance(error, PrivateAddress | Redirected):
            await sync_to_async(_note_astray)(account, error)
        asked = error.retry_after_seconds if isinstance(error, RateLimited | ServerError) else None
        next_at = now + cadence.back_off(account.failures + 1, asked)
        if asked:
            left_alone = Account.objects.filter(pk=account.pk, claimed_by=name)
            await sync_to_async(left_alone.wait_until)(now + int(asked * SECOND))
    await sync_to_async(_fail)(account, name, health, error.sentence, next_at)


def _note_astray(account: Account, error: UpstreamError) -> None:
    """The address leads elsewhere than it did when it was tested. Once, not at every try."""
    if account.error != error.sentence:
        told: dict[str, object] = {"url": host_of(account.url)}
        AuditEntry.note(STUDIO_TASKS, "account.url_refused", account.team_id, account.name, after=told)


def _succeed(account: Account, name: str, started: int, had_to_skip: bool) -> None:
    now = now_ms()
    _note_gap(account, started)
    _mark_stalled(account, now)
    wait = cadence.cadence_of(Account.objects.get(pk=account.pk), now)
    due_at = max(started + wait, now + SHORTEST_WAIT)
    if account.is_importing:
        due_at = now
    elif had_to_skip:
        due_at = max(due_at, started + CALLS_WINDOW)
    elif account.names_wanted:
        due_at = min(due_at, max(account.names_next_at, _can_read_names_at(account, started, now)))
    due_at = due_at if account.is_importing else batches.due_at(account, due_at, now)
    changes = {
        "health": Health.WORKING,
        "error": "",
        "error_since_at": None,
        "failures": 0,
        "last_success_at": now,
        "expected_at": due_at,
        "paced_at": _count_paces(account, now),
    }
    _finish(account, name, due_at, **changes)


def _fail(account: Account, name: str, health: Health, sentence: str, next_at: int | None) -> None:
    since = account.error_since_at if account.health == health and account.error_since_at else now_ms()
    changes = {"health": health, "error": sentence, "error_since_at": since, "failures": account.failures + 1}
    _finish(account, name, next_at, **changes)


def _finish(account: Account, name: str, next_at: int | None, **changes: object) -> None:
    """Give the account back. A viewer sees something different when the words about its health changed."""
    differs = any(
        getattr(account, field) != changes.get(field, getattr(account, field)) for field in ("health", "error")
    )
    if differs:
        changes["revision"] = F("revision") + 1
    mine = Account.objects.filter(pk=account.pk, claimed_by=name)
    due_at = None if next_at is None else Greatest(F("not_before_at"), Value(next_at, BigIntegerField()))
    mine.update(
        next_sync_at=due_at, last_try_at=now_ms(), usage=account.usage, claimed_by="", claimed_until=0, **changes
    )


def _can_read_names_at(account: Account, started: int, now: int) -> int:
    """Names that are still wanted wait for their time, or for calls to spare."""
    return now + SHORTEST_WAIT if account.calls_aside_left(now) > 0 else started + CALLS_WINDOW


def _note_gap(account: Account, started: int) -> None:
    """Nobody asked for much longer than was meant to pass: pages tell what we cannot have seen."""
    if account.last_success_at and account.expected_at and started - account.expected_at > GAP_FROM_MS:
        Gap.objects.create(account=account, from_at=account.last_success_at, until_at=started)


def _count_paces(account: Account, now: int) -> int:
    """When they were counted last."""
    if not is_time_to_count(account, now):
        return account.paced_at
    Pace.count(account, now)
    return now


def _mark_stalled(account: Account, now: int) -> None:
    """The clock alone makes a task stalled; only the syncer writes it down."""
    waits = waits_of(account)
    if not Task.objects.filter(account=account).newly_stalled(now, waits).exists():
        return
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).bump()  # first, because it locks the account
        newly = Task.objects.filter(account=account).newly_stalled(now, waits)
        stalled = list(newly.only("phase", "type", "overlay")[:MOST_STALLED])
        Task.objects.filter(pk__in=[task.pk for task in stalled]).update(overlay="stalled", version=F("version") + 1)
        kinds = [(task.phase, task.type, task.overlay) for task in stalled]
        Tally.move(account, kinds, [(phase, task_type, "stalled") for phase, task_type, _ in kinds])
