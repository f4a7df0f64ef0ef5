from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from dashboard.clock import DAY, MINUTE, SECOND
from dashboard.histogram import Histogram
from dashboard.models.account import Account
from dashboard.models.attempt import Attempt
from dashboard.models.syncing import Health
from dashboard.models.task import Task
from dashboard.models.upsert import upsert
from dashboard.phases import FINAL

TODAY_EVERY_MS = 3 * MINUTE
OTHERS_EVERY_MS = 20 * SECOND
Try = tuple[int, int]
"""A task's key, and the schedule in which it was tried."""


def start_of_day(at: int) -> int:
    """The first ms of the day of UTC."""
    return at - at % DAY


class StaleDayQuerySet(models.QuerySet["StaleDay"]):
    def due(self, now: int) -> "StaleDayQuerySet":
        """Those to count now, the newest first: today every 3 min, others at once, but not again and again. Not those
        of an account that still reads its history, as one without a key, or whose key may not list, never will; nor of
        one that is being removed."""
        counted = Day.objects.filter(account=OuterRef("account"), at=OuterRef("at"))
        fresh = Exists(counted.filter(counted_at__gt=now - OTHERS_EVERY_MS))
        fresh_today = Q(at__gte=start_of_day(now)) & Exists(counted.filter(counted_at__gt=now - TODAY_EVERY_MS))
        is_read = Q(account__import_done_at__isnull=False) | Q(account__archived_at__isnull=False)
        settled = self.filter(is_read | Q(account__health=Health.LIMITED), account__removed_at=None)
        return settled.exclude(fresh).exclude(fresh_today).order_by("-at", "account")


class StaleDay(models.Model):
    """A day of an account whose numbers are not true any more: tasks that ended in it have changed.

    `marks`: how often that was said, so that what changes while the day is counted is not lost.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="stale_days", db_index=False)
    at = models.BigIntegerField()
    marks = models.IntegerField(default=1)

    objects: ClassVar[models.Manager["StaleDay"]] = StaleDayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "at"], name="stale_day_once")]

    def __str__(self) -> str:
        return f"day {self.at} of {self.account_id}"


def mark_stale(account_id: int, days: Iterable[int]) -> None:
    """The numbers of these days are to be counted anew; any moments of them, ms. In the caller's transaction, which
    changes the tasks; one statement, always in the same order, so that two callers never wait for each other."""
    starts = sorted({start_of_day(at) for at in days})
    if not starts:
        return
    values = ", ".join(["(%s, %s, 1)"] * len(starts))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO dashboard_staleday (account_id, at, marks) VALUES {values} "  # noqa: S608  only marks
            "ON CONFLICT (account_id, at) DO UPDATE SET marks = dashboard_staleday.marks + 1",
            [told for at in starts for told in (account_id, at)],
        )


class Day(models.Model):
    """How an account's tasks of one type fared that ended within one day of UTC, which begins at `at`.

    `saved`: those that completed although a try of them had failed before. `waits` and `runs` are Histograms: from
    scheduled to started, where we saw that; from scheduled to completed. They stay when the tasks are forgotten.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="days", db_index=False)
    at = models.BigIntegerField()
    type = models.CharField(max_length=100)
    ended = models.IntegerField(default=0)
    completed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    saved = models.IntegerField(default=0)
    waits = models.TextField(default="", blank=True)
    runs = models.TextField(default="", blank=True)
    counted_at = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "at", "type"], name="day_once")]

    def __str__(self) -> str:
        return f"{self.ended} {self.type} on {self.at}"

    @classmethod
    def count(cls, account_id: int, at: int, now: int, is_whole: bool = True) -> None:
        """Count the day that begins at `at` from its tasks, and take away the mark that it is stale.

        `is_whole`: False where some of its tasks may have been forgotten: then the new numbers count only if they tell
        of no fewer tasks. The tasks are read before the transaction, which is short; if the day was marked meanwhile,
        the mark stays.
        """
        mark = StaleDay.objects.filter(account_id=account_id, at=at).first()
        days = list(_counted(account_id, at, now).values())
        held = cls.objects.filter(account_id=account_id, at=at)
        with transaction.atomic():
            # The account first, as everybody does who changes its tasks.
            if not Account.objects.select_for_update().filter(pk=account_id).values_list("pk").first():
                return
            if mark and not StaleDay.objects.filter(pk=mark.pk).exists():
                return  # another syncer was faster
            if is_whole or sum(day.ended for day in days) >= (held.aggregate(n=Sum("ended"))["n"] or 0):
                held.exclude(type__in=[day.type for day in days]).delete()
                upsert(days, unique=("account", "at", "type"), update=_COUNTED)
            if mark:
                StaleDay.objects.filter(pk=mark.pk, marks=mark.marks).delete()


_COUNTED = ("ended", "completed", "failed", "cancelled", "saved", "waits", "runs", "counted_at")


class _Ended(NamedTuple):
    """A task that ended. The fields are columns."""

    pk: int
    type: str
    phase: str
    attempt: int
    scheduled_at: int | None
    updated_at: int
    first_seen_at: int

    @property
    def ran_for(self) -> int | None:
        """From scheduled to completed. Old tasks know no schedule, and strange ones ended before they began."""
        if self.phase != "completed" or self.scheduled_at is None or self.scheduled_at > self.updated_at:
            return None
        return self.updated_at - self.scheduled_at

    def waited(self, started_at: int | None) -> int | None:
        """From scheduled to the start of its first try, where we knew the task before that."""
        if started_at is None or self.scheduled_at is None:
            return None
        was_seen = self.first_seen_at <= started_at and self.scheduled_at <= started_at
        return started_at - self.scheduled_at if was_seen else None


def _counted(account_id: int, at: int, now: int) -> dict[str, Day]:
    """The day's numbers by type."""
    tasks = Task.objects.filter(
        account=account_id, updated_at__gte=at, updated_at__lt=at + DAY, phase__in=FINAL, deleted_at=None
    )
    failed_once, started = _tries(account_id, at)
    days, waits, runs = dict[str, Day](), dict[str, list[int]](), dict[str, list[int]]()
    for row in tasks.values_list(*_Ended._fields).iterator(chunk_size=2000):
        task = _Ended(*row)
        day = days.setdefault(task.type, Day(account_id=account_id, at=at, type=task.type, counted_at=now))
        day.ended += 1
        setattr(day, task.phase, getattr(day, task.phase) + 1)
        day.saved += task.phase == "completed" and (task.attempt > 1 or task.pk in failed_once)
        waited = task.waited(started.get((task.pk, task.scheduled_at or 0)))
        if waited is not None:
            waits.setdefault(task.type, []).append(waited)
        if task.ran_for is not None:
            runs.setdefault(task.type, []).append(task.ran_for)
    for task_type, day in days.items():
        day.waits, day.runs = (str(Histogram(lengths.get(task_type, ()))) for lengths in (waits, runs))
    return days


def _tries(account_id: int, at: int) -> tuple[set[int], dict[Try, int]]:
    """The day's tasks of which a try failed, and when we saw the first try of a schedule begin."""
    tries = Attempt.objects.filter(
        task__account=account_id, task__updated_at__gte=at, task__updated_at__lt=at + DAY, task__phase__in=FINAL
    )
    failed = tries.filter(phase="failed", task__phase="completed").values_list("task_id", flat=True)
    first = tries.filter(number=1, inferred=False, started_at__isnull=False)
    begun = first.values_list("task_id", "series", "started_at").iterator(chunk_size=2000)
    return set(failed), {(task_id, series): started_at for task_id, series, started_at in begun if started_at}


class Totals(NamedTuple):
    """Tasks that ended within some days, and how."""

    ended: int = 0
    completed: int = 0
    failed: int = 0
    saved: int = 0

    @property
    def rate(self) -> float | None:
        """The share that failed, from 0 to 1; None of none."""
        return self.failed / self.ended if self.ended else None


def day_totals(account_ids: Sequence[int], from_at: int, to_at: int, task_type: str = "") -> Totals:
    """Over the days of UTC that begin before `to_at`, from the one that `from_at` lies in; ms. One query."""
    days = Day.objects.filter(account__in=account_ids, at__gte=start_of_day(from_at), at__lt=to_at)
    of_type = days.filter(type=task_type) if task_type else days
    sums = of_type.aggregate(**{name: Coalesce(Sum(F(name)), 0) for name in Totals._fields})
    return Totals(**sums)
