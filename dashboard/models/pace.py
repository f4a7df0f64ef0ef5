import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import models

from dashboard.clock import MINUTE, SECOND
from dashboard.models.account import Account
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.tally import Tally
from dashboard.models.task import Task

NEWEST = 200
FEWEST = 20
COUNT_EVERY_MS = 5 * MINUTE
Length = TypeVar("Length", int, float)
SKEW_MS = 10 * MINUTE  # Studio's clock and ours need not agree.
MOST_TYPES = 20


class Pace(models.Model):
    """How fast an account's tasks of one type went lately, counted by the syncer so that no page has to.

    `runs`: JSON list of [seconds from scheduled to completed, size in bytes or null] of the newest completed tasks.
    `wait_ms`: the 95th percentile of their wait from scheduled to started, null while fewer than 20 are known.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="paces", db_index=False)
    type = models.CharField(max_length=100)
    runs = models.TextField(default="[]")
    wait_ms = models.BigIntegerField(null=True)
    counted_at = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "type"], name="pace_once"),
        ]

    def __str__(self) -> str:
        return f"pace of {self.type}"

    @property
    def known_runs(self) -> list[tuple[float, int | None]]:
        return [(seconds, size) for seconds, size in json.loads(self.runs)]

    @classmethod
    def count(cls, account: Account, now: int) -> None:
        """Count anew for each type that has completed tasks, from the newest 200 of each."""
        tallies = Tally.objects.filter(account=account, phase="completed", number__gt=0).order_by("-number")
        types = tallies.values_list("type", flat=True)[:MOST_TYPES]
        paces = [_counted(account, task_type, now) for task_type in types]
        Pace.objects.bulk_create(
            paces,
            update_conflicts=True,
            unique_fields=["account", "type"],
            update_fields=["runs", "wait_ms", "counted_at"],
        )


def is_time_to_count(account: Account, now: int) -> bool:
    """Every 5 min, and only if something may have completed since: a quiet account costs nothing."""
    if account.is_importing or account.paced_at > now - COUNT_EVERY_MS:
        return False
    newest = max(account.watermark, account.import_done_at or 0)
    return account.documented_only or newest > account.paced_at - SKEW_MS


def waits_of(account: Account) -> dict[str, int]:
    """By type, how many ms nearly all tasks waited at most, where that is known."""
    known = Pace.objects.filter(account=account).exclude(wait_ms=None)
    return {task_type: wait_ms for task_type, wait_ms in known.values_list("type", "wait_ms") if wait_ms is not None}


def _counted(account: Account, task_type: str, now: int) -> Pace:
    newest = Task.objects.filter(account=account, phase="completed", type=task_type).order_by("-updated_at", "-id")
    columns = ("pk", "scheduled_at", "updated_at", "first_seen_at", "deleted_at", "facts", "input_asset_id")
    rows = [row for row in newest.values(*columns)[:NEWEST] if _tells(row)]
    return Pace(
        account=account,
        type=task_type,
        runs=json.dumps(_runs(account, rows), separators=(",", ":")),
        wait_ms=nearly_longest(_waits(rows)),
        counted_at=now,
    )


def _tells(row: dict[str, Any]) -> bool:
    """Old tasks know no schedule, and strange ones ended before they began."""
    is_there = row["deleted_at"] is None and row["scheduled_at"] is not None
    return is_there and row["updated_at"] > row["scheduled_at"]


def _runs(account: Account, rows: Sequence[dict[str, Any]]) -> list[tuple[float, int | None]]:
    sizes = [json.loads(row["facts"]).get("size") for row in rows]
    used = {row["input_asset_id"] for row, size in zip(rows, sizes, strict=True) if size is None} - {""}
    of_assets = _sizes_of(account, used) if used else {}
    runs = []
    for row, size in zip(rows, sizes, strict=True):
        bytes_ = of_assets.get(row["input_asset_id"]) if size is None else int(size)
        runs.append(((row["updated_at"] - row["scheduled_at"]) / SECOND, bytes_))
    return runs


def _sizes_of(account: Account, asset_ids: Iterable[str]) -> dict[str, int | None]:
    held = Asset.objects.filter(account=account, upstream_id__in=asset_ids)
    return dict(held.values_list("upstream_id", "size"))


def _waits(rows: Sequence[dict[str, Any]]) -> list[int]:
    """How long each waited for its first try, where we knew the task before that began."""
    by_id = {row["pk"]: row for row in rows}
    tries = Attempt.objects.filter(task_id__in=by_id, number=1, inferred=False, started_at__isnull=False)
    waits = []
    for task_id, series, started_at in tries.values_list("task_id", "series", "started_at"):
        row = by_id[task_id]
        wait = (started_at or 0) - series
        if series == row["scheduled_at"] and wait >= 0 and row["first_seen_at"] <= series + wait:
            waits.append(wait)
    return waits


def nearly_longest(lengths: Sequence[Length]) -> Length | None:
    """The 95th percentile, None while too few are known."""
    if len(lengths) < FEWEST:
        return None
    return sorted(lengths)[math.ceil(0.95 * len(lengths)) - 1]
