"""Keeping Failures, their buckets and their groups true, in the transaction that changes the tasks.

The failures of a task are counted anew from all its attempts each time, so doing it twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Case, FilteredRelation, Q, QuerySet, When
from django.db.models.functions import Coalesce

from dashboard.clock import now_ms
from dashboard.fingerprint import Fingerprint
from dashboard.models.account import Account
from dashboard.models.attempt import Attempt
from dashboard.models.bucket import Moves, Place, Sums
from dashboard.models.compiling import marks
from dashboard.models.failure import LONGEST_MESSAGE, Failure
from dashboard.models.group import Group
from dashboard.models.lanes import rows_of
from dashboard.models.releasing import drop_empty
from dashboard.models.settling import News, settle
from dashboard.models.task import Task
from dashboard.models.telling import CURRENT, Reader, Telling, tellings_of
from dashboard.models.upsert import upsert

Tried = tuple[Task, Sequence[Attempt]]
"""A task, and all its attempts."""
_FIELDS = (
    "account_id", "type", "first_at", "at", "times", "is_final", "retried", "worked", "recovered_at", "recovered_by",
    "is_open", "message",
)  # fmt: skip
_CHANGING = [name.removesuffix("_id") for name in _FIELDS]
Makings = Mapping[int, Sequence[tuple[int, str]]]
"""By the key of a task, when which others made its asset."""


def record(
    account: Account,
    tried: Sequence[Tried],
    known: Collection[int],
    now: int,
    reader: Reader = CURRENT,
    is_history: bool = False,
) -> None:
    """Count the failures of these stored tasks of the account anew. `known`: the keys of those that may have failures
    already. Failed tasks whose asset one of these made have recovered. `is_history`: nothing of it is news, so what was
    decided about the groups holds."""
    others = _others_of_assets(account, [task for task, _ in tried])
    tried = [*tried, *others]
    told = [(task, tellings) for task, attempts in tried if (tellings := tellings_of(task, attempts, reader))]
    may_have = {*known, *(task.pk for task, _ in others)}
    held = _held([task.pk for task, _ in tried if task.pk in may_have])
    if not (told or held):
        return
    groups = _groups(account.team_id, [telling.fingerprint for _, tellings in told for telling in tellings], reader)
    makings = _makings(account, [task for task, _ in told], held.values())
    fresh = {
        (task.pk, groups[telling.fingerprint.value]): _failure(task, telling, groups, makings)
        for task, tellings in told
        for telling in tellings
    }
    _write(held, fresh, now, is_history)


def record_again(
    account: Account, task_ids: Sequence[int], now: int, reader: Reader = CURRENT, is_history: bool = False
) -> None:
    """The same for tasks as they are stored."""
    record(account, _tried(Task.objects.filter(pk__in=task_ids)), task_ids, now, reader, is_history)


def forget(task_ids: Sequence[int]) -> None:
    """These tasks go. That they failed stays in the buckets; nothing of them is open any more."""
    news: dict[int, News] = defaultdict(News)
    open_ones = Failure.objects.filter(task__in=task_ids, is_open=True)
    for group_id, task_id in open_ones.values_list("group_id", "task_id"):
        news[group_id].was_open.add(task_id)
    settle(news, now_ms())


def _tried(rows: QuerySet[Task]) -> list[Tried]:
    tasks = list(rows.defer("document", "facts"))
    attempts = defaultdict(list)
    for attempt in Attempt.objects.filter(task__in=tasks) if tasks else ():
        attempts[attempt.task_id].append(attempt)
    return [(task, attempts[task.pk]) for task in tasks]


def _others_of_assets(account: Account, tasks: Sequence[Task]) -> list[Tried]:
    """Tasks that failed, maybe in a try before this one, and whose asset has been made by one of these now."""
    made = sorted({task.output_asset_id for task in tasks if task.phase == "completed"} - {""})
    if not made:
        return []
    query = (
        "SELECT id, phase FROM dashboard_task "  # noqa: S608  only marks are put in
        f"WHERE account_id = %s AND output_asset_id IN ({marks(made)})"
    )
    known = {task.pk for task in tasks}
    of_assets = rows_of(query, [account.pk, *made])  # in nearly every batch there are no others
    others = [pk for pk, phase in of_assets if phase != "completed" and pk not in known]
    return _tried(Task.objects.filter(pk__in=others)) if others else []


def _held(task_ids: Sequence[int]) -> dict[tuple[int, int], Failure]:
    rows = Failure.objects.filter(task__in=task_ids) if task_ids else ()
    return {(row.task_id, row.group_id): row for row in rows}


def _groups(team_id: int, fingerprints: Iterable[Fingerprint], reader: Reader) -> dict[str, int]:
    """The key of each one's group; a cause that the team has not met yet gets one."""
    wanted = {fingerprint.value: fingerprint for fingerprint in fingerprints}
    of_team = Group.objects.filter(team=team_id, fingerprint__in=wanted)
    known = dict(of_team.values_list("fingerprint", "pk"))
    missing = sorted(wanted.keys() - known.keys())  # in one order, or two syncers could wait for each other
    if missing:
        rows = [new_group(team_id, wanted[value], reader) for value in missing]
        Group.objects.bulk_create(rows, ignore_conflicts=True)
        known = dict(of_team.values_list("fingerprint", "pk"))
    return known


def new_group(team_id: int, fingerprint: Fingerprint, reader: Reader = CURRENT) -> Group:
    """One that is not stored yet."""
    told = {"title": fingerprint.title, "family": fingerprint.family.name}
    return Group(team_id=team_id, fingerprint=fingerprint.value, version=reader.version, **told)


def _makings(account: Account, failed: Sequence[Task], held: Iterable[Failure]) -> Makings:
    """What another task made stays made, even if that task is forgotten: the failures that it made good say so."""
    makings, tasks = defaultdict(list), defaultdict(list)
    for task in failed:
        if task.phase != "completed" and task.output_asset_id:
            tasks[task.output_asset_id].append(task.pk)
    for asset_id, at, by in _makers(account, tasks):
        for pk in tasks[asset_id]:
            makings[pk].append((at, by))
    known = {(pk, by) for pk, made in makings.items() for _, by in made}
    for row in held:
        if row.recovered_by and row.recovered_at and (row.task_id, row.recovered_by) not in known:
            makings[row.task_id].append((row.recovered_at, row.recovered_by))
    return makings


def _makers(account: Account, assets: Collection[str]) -> list[tuple[str, int, str]]:
    """Asset, time and id of each completion of a task that made one of these, as it was first seen. Where nobody saw it
    or it was too long ago to be kept, the task's own time counts; but that of a deleted one is when it was deleted."""
    if not assets:
        return []
    makers = Task.objects.filter(account=account, output_asset_id__in=assets)
    completions = FilteredRelation("observations", condition=Q(observations__phase="completed"))
    unseen_at = Case(When(deleted_at=None, then="updated_at"), default="created_at")
    rows = makers.annotate(seen=completions, made_at=Coalesce("seen__at", unseen_at))
    # The phase is looked at here: asked for it, SQLite would walk over all completed tasks.
    told = rows.values_list("phase", "output_asset_id", "made_at", "upstream_id")
    return [(asset_id, at, by) for phase, asset_id, at, by in told if phase == "completed"]


def _failure(task: Task, telling: Telling, groups: Mapping[str, int], makings: Makings) -> Failure:
    group_id = groups[telling.fingerprint.value]
    recovered_at, recovered_by = _recovery(task, telling, makings)
    return Failure(
        task_id=task.pk,
        group_id=group_id,
        account_id=task.account_id,
        type=task.type,
        first_at=telling.first_at,
        at=telling.at,
        times=telling.times,
        is_final=telling.is_final,
        retried=telling.retried,
        worked=telling.worked,
        recovered_at=recovered_at,
        recovered_by=recovered_by,
        is_open=recovered_at is None and task.deleted_at is None and task.phase != "cancelled",
        message=telling.message[:LONGEST_MESSAGE],
    )


def _recovery(task: Task, telling: Telling, makings: Makings) -> tuple[int | None, str]:
    """When and by which other task. A failure after its asset was made counts anew."""
    if task.phase == "completed":
        return max(task.updated_at, telling.at), ""
    return min((making for making in makings.get(task.pk, ()) if making[0] > telling.at), default=(None, ""))


def _write(
    held: Mapping[tuple[int, int], Failure], fresh: Mapping[tuple[int, int], Failure], now: int, is_history: bool
) -> None:
    changed = {key: row for key, row in fresh.items() if key not in held or _told(held[key]) != _told(row)}
    gone = [row for key, row in held.items() if key not in fresh]
    moves = Moves()
    for row in [*gone, *(held[key] for key in changed if key in held)]:
        _count(row, -1, moves)
    for row in changed.values():
        _count(row, 1, moves)
    if gone:
        Failure.objects.filter(pk__in=[row.pk for row in gone]).delete()
    upsert(list(changed.values()), unique=("task", "group"), update=_CHANGING)
    moves.write(now)
    news = _news(held, fresh, {row.task_id for row in [*gone, *changed.values()]})
    for key, row in changed.items():
        is_newer = key not in held or row.at > held[key].at
        news[row.group_id].see(row, is_newer and not is_history)
    for row in gone:
        news[row.group_id]  # even without news: a group is held before it may be dropped
    settle(news, now)
    if gone:
        drop_empty({row.group_id for row in gone})


def _told(row: Failure) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _FIELDS)


def _count(row: Failure, sign: int, moves: Moves) -> None:
    sums = Sums(1, row.retried, row.worked, int(row.recovered_at is not None))
    moves.add(Place(row.group_id, row.account_id, row.type, row.at), sums, sign)


def _news(
    held: Mapping[tuple[int, int], Failure], fresh: Mapping[tuple[int, int], Failure], task_ids: Collection[int]
) -> dict[int, News]:
    """Where these tasks were open and are now: also by what did not change, for two groups may be shown as one."""
    news = defaultdict[int, News](News)
    for (task_id, group_id), row in held.items():
        if row.is_open and task_id in task_ids:
            news[group_id].was_open.add(task_id)
    for (task_id, group_id), row in fresh.items():
        if row.is_open and task_id in task_ids:
            news[group_id].is_open.add(task_id)
    return news
