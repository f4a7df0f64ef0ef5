from collections import Counter
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from django.db import models

from dashboard.clock import DAY, HOUR
from dashboard.models.account import Account
from dashboard.models.group import Group
from dashboard.models.upsert import execute_many

HOURS_KEPT_MS = 2 * DAY
"""How far back there are buckets of an hour."""


class Place(NamedTuple):
    """Where a failure is counted."""

    group_id: int
    account_id: int
    type: str
    at: int


class Sums(NamedTuple):
    """How many tasks failed, how many tries followed and have ended, how many of those completed, how many tasks have
    recovered."""

    tasks: int = 0
    retried: int = 0
    worked: int = 0
    recovered: int = 0


class Bucket(models.Model):
    """How many tasks of an account and type failed for the cause of a group within one hour or one day (`hours` 1 or
    24) that begins at `at`. A task stands where it failed so last. Buckets of an hour go after some days."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="buckets", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="buckets")
    type = models.CharField(max_length=100)
    hours = models.SmallIntegerField()
    at = models.BigIntegerField()
    tasks = models.IntegerField(default=0)
    retried = models.IntegerField(default=0)
    worked = models.IntegerField(default=0)
    recovered = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "hours", "at", "account", "type"], name="bucket_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["hours", "at"], name="bucket_oldest")]

    def __str__(self) -> str:
        return f"{self.tasks} in {self.hours} h"


class Moves:
    """Failures that are counted anew: what leaves a place, and what comes there."""

    def __init__(self) -> None:
        self.sums: dict[Place, Counter[str]] = {}

    def add(self, place: Place, sums: Sums, sign: int = 1) -> None:
        held = self.sums.setdefault(place, Counter())
        for name, number in zip(Sums._fields, sums, strict=True):
            held[name] += sign * number

    def write(self, now: int) -> None:
        """Into the buckets of days, and of hours as far as they are kept, in the caller's transaction."""
        rows = [*self._rows(24), *self._rows(1, since=now - HOURS_KEPT_MS)]
        execute_many(_ADD, sorted(rows))

    def _rows(self, hours: int, since: int = 0) -> list[tuple[int | str, ...]]:
        totals: dict[Place, Counter[str]] = {}
        for place, sums in self.sums.items():
            at = place.at - place.at % (hours * HOUR)
            if at >= since:
                _add(totals.setdefault(place._replace(at=at), Counter()), sums)
        return [
            (place.group_id, hours, place.at, place.account_id, place.type, *(sums[name] for name in Sums._fields))
            for place, sums in totals.items()
            if any(sums.values())
        ]


def _add(total: Counter[str], sums: Mapping[str, int]) -> None:
    for name, number in sums.items():  # `update` and `+` treat negative numbers in ways of their own
        total[name] += number


_ADD = (
    "INSERT INTO dashboard_bucket (group_id, hours, at, account_id, type, tasks, retried, worked, recovered) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (group_id, hours, at, account_id, type) DO UPDATE SET "
    + ", ".join(f"{name} = dashboard_bucket.{name} + EXCLUDED.{name}" for name in Sums._fields)
)
