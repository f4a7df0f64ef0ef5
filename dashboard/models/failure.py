from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import Q

from dashboard.models.account import Account
from dashboard.models.compiling import ALWAYS, Sql, among, joined
from dashboard.models.doubles import tasks_of
from dashboard.models.group import Group
from dashboard.models.lanes import MOST_LANES_A_QUERY, rows_of
from dashboard.models.listing import Key
from dashboard.models.task import Task

LONGEST_MESSAGE = 1000


class Failure(models.Model):
    """That a task failed for the cause of a group, once or in several tries. Its own group is meant, also if that was
    merged into another.

    `at` is the last time, `is_final` whether the task ended so. `retried`: tries that followed and have ended, `worked`
    how many of them completed. `recovered_at`: when the task completed after all, or another task made its asset;
    `recovered_by` is the id of that other task at Studio, empty for the task itself. `is_open`: neither recovered nor
    beyond help, because the task was deleted or cancelled. `message` is the newest one, cut.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="failures", db_index=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="failures", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="failed_tasks", db_index=False)
    type = models.CharField(max_length=100)
    first_at = models.BigIntegerField()
    at = models.BigIntegerField()
    times = models.IntegerField(default=1)
    is_final = models.BooleanField(default=False)
    retried = models.IntegerField(default=0)
    worked = models.IntegerField(default=0)
    recovered_at = models.BigIntegerField(null=True)
    recovered_by = models.CharField(max_length=200, default="", blank=True)
    is_open = models.BooleanField(default=True)
    message = models.CharField(max_length=LONGEST_MESSAGE, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "group"], name="failure_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["group", "at", "id"], name="failure_newest"),
            models.Index(fields=["account", "at"], name="failure_of_account"),
            # All that counting takes stands in it, so SQLite reads nothing else.
            models.Index(
                fields=["group", "at", "id", "task", "is_open"], name="failure_open", condition=Q(is_open=True)
            ),
            models.Index(fields=["group", "at", "id"], name="failure_closed", condition=Q(is_open=False)),
            models.Index(
                fields=["group", "at", "id"], name="failure_recovered", condition=Q(recovered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.message[:60]


class Kindred(NamedTuple):
    """The group for whose cause a task failed last, as people see it, and how many tasks failed so."""

    group_id: int
    tasks: int


def kindred_of(task_id: int) -> Kindred | None:
    """None for a task that has not failed."""
    found = rows_of(_ROOT, [task_id])
    if not found:
        return None
    root = Group(pk=found[0][0])
    return Kindred(root.pk, tasks_of(root.pattern_ids).all)


_ROOT = """
    SELECT COALESCE(g.merged_into_id, g.id) FROM dashboard_failure f JOIN dashboard_group g ON g.id = f.group_id
    WHERE f.task_id = %s ORDER BY f.at DESC, f.id DESC LIMIT 1
"""


class Found(NamedTuple):
    """Where a failure stands among others, and of what it is. The fields are columns."""

    at: int
    id: int
    task_id: int
    group_id: int
    account_id: int
    type: str


def newest_of(
    patterns: Sequence[int], account_ids: Sequence[int], limit: int, such: Sql = ALWAYS, after: Key | None = None
) -> list[Found]:
    """The newest failures of these patterns and accounts, or the newest beyond that place. `such` is a condition on a
    table `f`, best one that an index has. Each pattern gives its own first ones, so nothing else is read."""
    # The plus keeps the index of accounts out of it.
    parts = [such, among("+f.account_id", account_ids)]
    if after is not None:
        parts.append(Sql("(f.at, f.id) < (%s, %s)", (after.updated_at, after.id)))
    where, found = joined("AND", parts), list[Found]()
    lane = (
        f"SELECT * FROM (SELECT {', '.join(Found._fields)} FROM dashboard_failure f "  # noqa: S608  words of ours
        f"WHERE f.group_id = %s AND {where.text} ORDER BY f.at DESC, f.id DESC LIMIT %s) AS lane"
    )
    for start in range(0, len(patterns), MOST_LANES_A_QUERY):
        some = patterns[start : start + MOST_LANES_A_QUERY]
        query = " UNION ALL ".join([lane] * len(some)) + " ORDER BY at DESC, id DESC LIMIT %s"
        values = [value for pattern in some for value in (pattern, *where.values, limit)]
        found += map(Found._make, rows_of(query, [*values, limit]))
    return sorted(found, reverse=True)[:limit]


def last_ones(found: Sequence[Found], patterns: Sequence[int]) -> list[Found]:
    """Of these failures of the patterns those that are no doubles, in the same order."""
    if len(patterns) < 2 or not found:
        return list(found)
    where = joined("AND", [among("task_id", [one.task_id for one in found]), among("+group_id", patterns)])
    rows = rows_of(f"SELECT task_id, at, id FROM dashboard_failure WHERE {where.text}", where.values)  # noqa: S608
    last = dict[int, tuple[int, int]]()
    for task_id, at, pk in rows:
        last[task_id] = max(last.get(task_id, (0, 0)), (at, pk))
    return [one for one in found if last[one.task_id] == (one.at, one.id)]
