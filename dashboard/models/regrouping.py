"""Grouping the failures that are known by a new version of the function that reads messages, or for the first time.

Groups are brought over one by one (see regrouped), then all tasks that ever failed are counted again, some at a time,
and at last what is open of each group.
Each step is one small transaction that may be done twice: it can be stopped, and several can do it at once. What is old
is no news: nothing regresses, wakes or surges by it.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from typing import ClassVar, NamedTuple, TypeVar

from django.db import models

from dashboard.clock import now_ms
from dashboard.models.attempt import Attempt
from dashboard.models.group import Group
from dashboard.models.regrouped import Parts, bring_over, count_again, count_open, read_parts, rename
from dashboard.models.task import Task
from dashboard.models.telling import CURRENT, Reader

TASKS_AT_ONCE = 200
T = TypeVar("T")


class Regrouping(models.Model):
    """How far it has come: one row. Tasks up to the key `upto` are grouped by the `version`; at `done_at` it was
    through."""

    version = models.IntegerField()
    upto = models.BigIntegerField(default=0)
    done_at = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="regrouping_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} up to {self.upto}"


class Step(NamedTuple):
    """What one step did: so many groups, so many tasks."""

    groups: int = 0
    tasks: int = 0


def is_needed(reader: Reader = CURRENT) -> bool:
    """Whether something is grouped by an older version, or not at all. A newer version's work is left alone."""
    held = Regrouping.objects.filter(pk=1).first()
    if held is not None and held.version > reader.version:
        return False
    return held is None or held.version < reader.version or held.done_at is None or _stale(reader).exists()


def tasks_left(reader: Reader = CURRENT) -> int:
    """How many tasks are to be counted again: those that failed, in a try at least."""
    held = Regrouping.objects.filter(pk=1, version=reader.version, done_at=None).first()
    return _failed(held.upto if held else 0).aggregate(number=models.Count("task_id", distinct=True))["number"] or 0


def begin_anew() -> None:
    """Whatever was done is done again."""
    Regrouping.objects.filter(pk=1).delete()


def regroup(reader: Reader = CURRENT) -> Iterator[Step]:
    """All that is needed, step by step; between two steps others may write."""
    if not is_needed(reader):
        return
    _open(reader)
    yield from _over_groups(reader)
    while (ids := _next(reader)) is not None:
        _count_again(ids, reader)
        Regrouping.objects.filter(pk=1, version=reader.version, upto__lt=ids[-1]).update(upto=ids[-1])
        yield Step(tasks=len(ids))
    for group_id in Group.objects.roots().values_list("pk", flat=True):
        count_open(group_id)
        yield Step()
    Regrouping.objects.filter(pk=1, version=reader.version).update(done_at=now_ms())


def _open(reader: Reader) -> None:
    """Go on where it was, or begin."""
    Regrouping.objects.bulk_create([Regrouping(pk=1, version=reader.version)], ignore_conflicts=True)
    is_over = models.Q(version__lt=reader.version) | models.Q(version=reader.version, done_at__isnull=False)
    Regrouping.objects.filter(is_over, pk=1).update(version=reader.version, upto=0, done_at=None)


def _stale(reader: Reader) -> models.QuerySet[Group]:
    found: models.QuerySet[Group] = Group.objects.filter(version__lt=reader.version)
    return found


def _over_groups(reader: Reader) -> Iterator[Step]:
    parts = dict[int, Parts]()
    for group in _stale(reader).order_by("pk"):
        parts[group.pk] = yield from _given_way(read_parts(group, reader))
    for pk in parts:
        rename(pk, parts, reader)
        yield Step()
    for pk, each in parts.items():
        yield from _given_way(bring_over(pk, each, reader))
        yield Step(groups=1)


def _given_way(work: Generator[None, None, T]) -> Generator[Step, None, T]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        yield Step()


def _failed(after: int) -> models.QuerySet[Attempt]:
    return Attempt.objects.filter(phase="failed", task__gt=after).order_by("task")


def _next(reader: Reader) -> Sequence[int] | None:
    """The keys of some tasks, in order; None at the end, or if a newer version has taken over."""
    upto = Regrouping.objects.filter(pk=1, version=reader.version).values_list("upto", flat=True).first()
    if upto is None:
        return None
    return list(_failed(upto).values_list("task_id", flat=True).distinct()[:TASKS_AT_ONCE]) or None


def _count_again(task_ids: Sequence[int], reader: Reader) -> None:
    by_account: dict[int, list[int]] = defaultdict(list)
    for pk, account_id in Task.objects.filter(pk__in=task_ids).values_list("pk", "account_id"):
        by_account[account_id].append(pk)
    for account_id, ids in sorted(by_account.items()):
        count_again(account_id, ids, reader)
