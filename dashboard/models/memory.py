"""Storing what Studio said: tasks, observations, attempts, tallies and the account's revision, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from dashboard.clock import DAY
from dashboard.haystack import Searchable
from dashboard.models.account import Account
from dashboard.models.attempt import Attempt, follow
from dashboard.models.compiling import marks
from dashboard.models.day import mark_stale
from dashboard.models.failing import Tried, record, record_again
from dashboard.models.lanes import rows_of
from dashboard.models.tally import Kind, Tally
from dashboard.models.task import PRUNED_AFTER_MS, Observation, Task, is_new
from dashboard.models.upsert import upsert
from dashboard.models.words import searchable_of, store_words
from dashboard.phases import FINAL
from dashboard.upstream.snapshots import Snapshot

TASK_FIELDS = [
    field.name for field in Task._meta.concrete_fields
    if field.name not in ("id", "account", "upstream_id", "first_seen_at", "watched_at", "retried_at")
]  # fmt: skip
ATTEMPT_FIELDS = ["phase", "started_at", "ended_at", "peak", "error", "inferred"]


@dataclass
class Remembered:
    """What one batch changed."""

    new: int = 0
    changed: int = 0
    unnamed: bool = False  # a new task's asset has a name that we do not know yet
    moved: bool = False  # a task with an asset came to an end, or began again


class _Asset(NamedTuple):
    name: str
    playback_id: str


@dataclass
class _Batch:
    tasks: list[Task] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    before: list[Kind] = field(default_factory=list)
    searchables: list[Searchable] = field(default_factory=list)  # of the tasks, in their order
    tried: list[Tried] = field(default_factory=list)  # those that have attempts
    days: set[int] = field(default_factory=set)  # moments of the days in which they ended, now or before
    moved: bool = False


def remember(account: Account, snapshots: Iterable[Snapshot], now: int) -> Remembered:
    """Keep what is new in these snapshots, at most a few hundred. Older news than we hold changes nothing."""
    news = {s.upstream_id: s for s in _news(account, _newest_of_each(snapshots), now)}
    if not news:
        return Remembered()  # without a transaction, which would lock SQLite for everybody
    with transaction.atomic():
        # One writer per account: a syncer whose claim ran out may still hold an answer.
        if not Account.objects.select_for_update().storing().filter(pk=account.pk).values_list("pk").first():
            return Remembered()
        known = _known(account, list(news))
        fresh = [s for s in news.values() if s.upstream_id not in known or known[s.upstream_id].takes(s)]
        assets = _naming_assets(account, fresh)
        attempts = _attempts_of([known[s.upstream_id] for s in fresh if s.upstream_id in known])
        batch, result = _Batch(), Remembered()
        for snapshot in fresh:
            task = known.get(snapshot.upstream_id)
            _observe(account, task, snapshot, assets, attempts, batch, now)
            result.new += task is None
            result.changed += task is not None
        result.moved = batch.moved
        result.unnamed = any(task.naming_asset_id and task.naming_asset_id not in assets for task in batch.tasks)
        _write(account, batch)
        searchables = {task.pk: each for task, each in zip(batch.tasks, batch.searchables, strict=True)}
        store_words(searchables, [task.pk for task in known.values()])
        record(account, batch.tried, [task.pk for task in known.values()], now)
    return result


def _newest_of_each(snapshots: Iterable[Snapshot]) -> dict[str, Snapshot]:
    newest: dict[str, Snapshot] = {}
    for snapshot in snapshots:
        held = newest.get(snapshot.upstream_id)
        if held is None or snapshot.updated_at >= held.updated_at:
            newest[snapshot.upstream_id] = snapshot
    return newest


def _news(account: Account, newest: dict[str, Snapshot], now: int) -> list[Snapshot]:
    """The snapshots that tell something that we do not know. What has ended and is to be forgotten is not learned
    again: Studio's list goes on telling of it."""
    known = {
        upstream_id: told for upstream_id, *told in _told(account, list(newest), "upstream_id, updated_at, digest")
    }
    kept_since = now - account.team.kept_days * DAY if account.team.kept_days else 0
    return [s for s in newest.values() if _is_news(s, known.get(s.upstream_id), kept_since)]


def _told(account: Account, upstream_ids: Sequence[str], columns: str) -> list[tuple[Any, ...]]:
    """Of those tasks that we hold. Hand-written: making such a query of Django's costs more than asking it, and this is
    asked for each page of every account, some times for each batch of an import."""
    query = f"SELECT {columns} FROM dashboard_task WHERE account_id = %s AND upstream_id IN ({marks(upstream_ids)})"  # noqa: S608
    return rows_of(query, [account.pk, *upstream_ids]) if upstream_ids else []


def _is_news(snapshot: Snapshot, known: Sequence[Any] | None, kept_since: int) -> bool:
    if known is None:
        return snapshot.phase not in FINAL or snapshot.updated_at >= kept_since
    return is_new(snapshot, *known)


def _known(account: Account, upstream_ids: Sequence[str]) -> dict[str, Task]:
    """The tasks that we hold, without their documents."""
    pks = [pk for (pk,) in _told(account, upstream_ids, "id")]
    held = Task.objects.filter(pk__in=pks).defer("document", "facts") if pks else ()
    return {task.upstream_id: task for task in held}


def _naming_assets(account: Account, snapshots: Sequence[Snapshot]) -> dict[str, _Asset]:
    ids = sorted({s.output_asset_id or s.input_asset_id for s in snapshots} - {""})
    query = (
        "SELECT upstream_id, name, playback_id FROM dashboard_asset "  # noqa: S608  only marks are put in
        f"WHERE account_id = %s AND upstream_id IN ({marks(ids)})"
    )
    return {upstream_id: _Asset(*told) for upstream_id, *told in rows_of(query, [account.pk, *ids])} if ids else {}


def _attempts_of(tasks: Sequence[Task]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(task__in=tasks) if tasks else ():
        found[attempt.task_id].append(attempt)
    return found


def _observe(
    account: Account,
    task: Task | None,
    snapshot: Snapshot,
    assets: dict[str, _Asset],
    attempts: dict[int, list[Attempt]],
    batch: _Batch,
    now: int,
) -> None:
    is_first, was_final = task is None, task is not None and task.phase in FINAL
    if task is None:
        task = Task(account=account, upstream_id=snapshot.upstream_id, first_seen_at=now, created_at=0, version=0)
        before = None
    else:
        batch.before += _counted(task)
        batch.days |= _ended_at(task)
        before = (task.phase, task.progress, task.retries, task.error)
    asset = assets.get(snapshot.output_asset_id or snapshot.input_asset_id)
    task.read(snapshot, asset.name if asset else "", now)
    batch.searchables.append(searchable_of(task, snapshot.document, asset.playback_id if asset else ""))
    held = attempts.get(task.pk, []) if task.pk else []
    touched = follow(task, held, snapshot, is_first)
    batch.attempts += touched
    batch.tried.append((task, [*held, *(attempt for attempt in touched if attempt not in held)]))
    batch.tasks.append(task)
    batch.days |= _ended_at(task)
    batch.moved |= was_final != (task.phase in FINAL) and task.naming_asset_id != ""
    long_over = task.phase in FINAL and task.updated_at < now - PRUNED_AFTER_MS
    if before != (task.phase, task.progress, task.retries, task.error) and not long_over:
        batch.observations.append(_observation(task, snapshot, now))


def _observation(task: Task, snapshot: Snapshot, now: int) -> Observation:
    return Observation(
        task=task,
        at=task.updated_at,
        seen_at=now,
        phase=task.phase,
        progress=snapshot.progress,
        retries=task.retries,
        error=task.error,
    )


def _write(account: Account, batch: _Batch) -> None:
    upsert(batch.tasks, unique=("account", "upstream_id"), update=TASK_FIELDS)
    _learn_keys(account, [task for task in batch.tasks if task.pk is None])
    for observation in batch.observations:
        observation.task_id = observation.task.pk
    for attempt in batch.attempts:
        attempt.task_id = attempt.task.pk
    upsert(batch.observations)
    upsert(batch.attempts, unique=("task", "series", "number"), update=ATTEMPT_FIELDS)
    Tally.move(account, batch.before, [kind for task in batch.tasks for kind in _counted(task)])
    mark_stale(account.pk, batch.days)
    Account.objects.filter(pk=account.pk).bump()


def _learn_keys(account: Account, tasks: Sequence[Task]) -> None:
    keys = dict(_told(account, [task.upstream_id for task in tasks], "upstream_id, id"))
    for task in tasks:
        task.pk = keys[task.upstream_id]


def _counted(task: Task) -> list[Kind]:
    return [] if task.deleted_at else [(task.phase, task.type, task.overlay)]


def _ended_at(task: Task) -> set[int]:
    return {task.updated_at} if task.phase in FINAL else set()


def mark_gone(task: Task, now: int) -> None:
    """Studio knows the task no longer. The digest is forgotten, so that any later word of it counts as news."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=task.account_id).first()
        held = Task.objects.filter(pk=task.pk, deleted_at=None).defer("document", "facts").first()
        if account is None or held is None:
            return
        gone = Task.objects.filter(pk=task.pk)
        gone.update(deleted_at=now, heard_at=now, overlay="deleted", digest="", version=F("version") + 1)
        Tally.move(account, _counted(held), [])
        mark_stale(account.pk, _ended_at(held))
        record_again(account, [task.pk], now)
        Account.objects.filter(pk=account.pk).bump()
