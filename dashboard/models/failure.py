from typing import ClassVar, NamedTuple

from django.db import connection, models
from django.db.models import Q

from dashboard.models.account import Account
from dashboard.models.group import Group
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
            models.Index(fields=["group", "at", "task"], name="failure_open", condition=Q(is_open=True)),
        ]

    def __str__(self) -> str:
        return self.message[:60]


class Kindred(NamedTuple):
    """The group for whose cause a task failed last, as people see it, and how many tasks failed so."""

    group_id: int
    tasks: int


def kindred_of(task_id: int) -> Kindred | None:
    """None for a task that has not failed."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDRED, [task_id])
        row = cursor.fetchone()
    return Kindred(*row) if row else None


_KINDRED = """
    SELECT r.id, (
        SELECT COUNT(*) FROM dashboard_failure o
        JOIN dashboard_group p ON p.id = o.group_id WHERE p.id = r.id OR p.merged_into_id = r.id
    ) FROM dashboard_failure f
    JOIN dashboard_group g ON g.id = f.group_id
    JOIN dashboard_group r ON r.id = COALESCE(g.merged_into_id, g.id)
    WHERE f.task_id = %s ORDER BY f.at DESC, f.id DESC LIMIT 1
"""
