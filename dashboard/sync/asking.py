"""Asking Studio now about one task, because somebody pressed the button."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from dashboard.clock import SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import connection_of
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.cards import mark_asset_gone, remember_cards
from dashboard.models.memory import mark_gone, remember
from dashboard.models.syncing import Health
from dashboard.models.task import Task
from dashboard.sync.buttons import Patience, a_call, a_place, a_turn
from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import (
    BadRequest,
    KeyLimited,
    KeyRejected,
    NotFound,
    PrivateAddress,
    RateLimited,
    UpstreamError,
)
from dashboard.upstream.network import deadline
from dashboard.upstream.snapshots import Snapshot
from dashboard.vault import Unopenable

SECONDS_FOR_THE_ASSET = 3.0
REFUSALS = (BadRequest, KeyLimited, KeyRejected, NotFound, PrivateAddress, RateLimited)
"""After these Studio certainly did not take the request. Any other failure leaves it open."""


@dataclass(frozen=True)
class Answer:
    """What came of asking: whether the task is held now, and one sentence for each account that did not help."""

    found: bool
    sentences: tuple[str, ...] = ()


def ask_now(upstream_id: str, accounts: Iterable[Account], actor: Actor) -> Answer:
    """Ask through each account until one of them owns the task; raises Busy. Who asks is noted before each call, what
    came of it after."""
    sentences = []
    with a_place() as (studio, patience):
        for account in accounts:
            patience.check()
            sentence = _ask(studio, patience, account, upstream_id, actor)
            if not sentence:
                return Answer(True)
            sentences.append(sentence)
    return Answer(False, tuple(sentences))


def _ask(studio: Studio, patience: Patience, account: Account, upstream_id: str, actor: Actor) -> str:
    """Empty if the task was had and kept, else why not."""
    try:
        asset_id = _known_asset(account, upstream_id)
        with a_turn(account, patience, calls=2 if asset_id else 1):
            connection = connection_for(account)
            sentence = _hear(studio, patience, connection, account, upstream_id, actor)
            if asset_id and not sentence:
                _read_asset(studio, patience, connection, account, asset_id)
            return sentence
    except RateLimited as error:  # before anything was asked
        return f"{account.name}: {error.sentence}"
    except Unopenable as error:
        return f"{account.name}: {error}"


def _hear(
    studio: Studio, patience: Patience, connection: Connection, account: Account, upstream_id: str, actor: Actor
) -> str:
    """The one call. What is kept and what the audit tells of it are written together."""
    told = {"account": account.name}
    AuditEntry.note(actor, "task.asked", account.team_id, upstream_id, after=told)
    answer: Snapshot | UpstreamError
    try:
        with deadline(patience.left), a_call(account):
            answer = studio.get_task(connection, upstream_id)
    except UpstreamError as error:
        answer = error
    with transaction.atomic():
        outcome, sentence = _take(account, upstream_id, answer)
        AuditEntry.note(actor, "task.answered", account.team_id, upstream_id, after=told | {"outcome": outcome})
    return sentence


def _take(account: Account, upstream_id: str, answer: Snapshot | UpstreamError) -> tuple[str, str]:
    """The outcome in a word, and why the task was not kept; that is empty if it was."""
    match answer:
        case Snapshot():
            sentence = keep_task(account, answer, upstream_id)
            return "not kept" if sentence else "found", sentence
        case NotFound():
            held = Task.objects.filter(account=account, upstream_id=upstream_id).first()
            if held:
                mark_gone(held, now_ms())
            return "not found", f"Studio does not know this task through {account.name}."
        case KeyLimited():
            return "refused", f"The key of {account.name} cannot see this task."
        case KeyRejected():
            return "refused", f"Studio rejects the key of {account.name}."
    wait_as_told(account, answer)
    return "refused" if isinstance(answer, REFUSALS) else "no answer", f"{account.name}: {answer.sentence}"


def connection_for(account: Account) -> Connection:
    """As `connection_of`, but a key that Studio rejected is not sent again, nor a project read twice: Unopenable."""
    if account.health in (Health.REJECTED, Health.DUPLICATE):
        raise Unopenable(account.error)
    return connection_of(account)


def _known_asset(account: Account, upstream_id: str) -> str:
    held = Task.objects.filter(account=account, upstream_id=upstream_id)
    task = held.only("output_asset_id", "input_asset_id").first()
    return task.naming_asset_id if task else ""


def keep_task(account: Account, snapshot: Snapshot, upstream_id: str) -> str:
    """Keep the answer only if it is this account's: a key can GET a sister project's task. Empty if it was kept,
    else why not."""
    if not account.own_project:
        return f"The project of {account.name} is not known yet; it will be with its first task."
    if snapshot.upstream_id != upstream_id or not account.owns(snapshot.project_id):
        return f"The task belongs to another project than {account.name}."
    with transaction.atomic():
        kept = remember(account, [snapshot], now_ms())
        if kept.moved or kept.unnamed:
            Account.objects.filter(pk=account.pk).want_assets(now_ms())
        Task.objects.filter(account=account, upstream_id=upstream_id).update(heard_at=now_ms())
    return ""


def _read_asset(studio: Studio, patience: Patience, connection: Connection, account: Account, asset_id: str) -> None:
    """The state of the task's asset as well. Failing here is no failure, but for Studio's wish to be left alone."""
    try:
        with deadline(min(patience.left, SECONDS_FOR_THE_ASSET)), a_call(account):
            card = studio.get_asset(connection, asset_id)
    except NotFound:
        mark_asset_gone(account, asset_id, now_ms())
    except UpstreamError as error:
        wait_as_told(account, error)
    else:
        if card.upstream_id == asset_id:
            remember_cards(account, [card], now_ms())


def wait_as_told(account: Account, error: UpstreamError) -> None:
    """Leave Studio alone for as long as it asked for, if it did."""
    if error.retry_after_seconds:
        Account.objects.filter(pk=account.pk).wait_until(now_ms() + int(error.retry_after_seconds * SECOND))
