"""Attempts: one try of a task each, told apart by its number within the schedule.

Studio replaces the status on each transition, so the reason of a failed try is visible for only 30 to 180 s
and its progress falls back to 0. Here it stays. `retries` counts the retries made: while a task waits with
`retries` n, try n has failed; while it runs, or has failed for good, try n + 1 is meant. A retry by hand
starts again at 0 with a new `scheduledAt` (observed on the real server).
"""

from typing import ClassVar

from django.db import models

from dashboard.models.task import Task
from dashboard.upstream.snapshots import Snapshot

MOST_ATTEMPTS = 100


class Attempt(models.Model):
    """One try. `inferred` means that we did not see it happen, only that it must have."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="attempts")
    series = models.BigIntegerField(default=0)
    number = models.IntegerField()
    phase = models.CharField(max_length=20)
    started_at = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    peak = models.FloatField(null=True)
    error = models.TextField(default="", blank=True)
    inferred = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["series", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "series", "number"], name="attempt_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.phase}"

    def end(self, phase: str, at: int | None, error: str) -> None:
        """The try is over; what is known of its end already is not overwritten by less."""
        self.phase = phase
        self.ended_at = self.ended_at or at
        self.error = error or self.error


def follow(task: Task, known: list[Attempt], snapshot: Snapshot, is_first: bool) -> list[Attempt]:
    """The attempts that the snapshot adds or changes. `known` are the task's attempts so far; `is_first` says
    that the task itself was not known before. Sets `task.attempt`."""
    ledger = _Ledger(task, known, snapshot)
    retries = min(snapshot.retries, MOST_ATTEMPTS)
    at = snapshot.updated_at
    match snapshot.phase:
        case "waiting" if retries:
            ledger.failed_before(retries)
            ledger.get(retries).end("failed", at if snapshot.error else None, snapshot.error)
            task.attempt = retries
        case "running":
            ledger.failed_before(retries + 1)
            ledger.running(retries + 1)
            task.attempt = retries + 1
        case "failed":
            ledger.failed_before(retries + 1)
            ledger.get(retries + 1).end("failed", at, snapshot.error)
            task.attempt = retries + 1
        case "completed" | "cancelled":
            number = ledger.last_number() or (0 if is_first else 1)
            if number:
                ledger.finished(number)
            task.attempt = number
        case _:
            task.attempt = 0
    return ledger.touched


class _Ledger:
    """The attempts of one schedule, found or made by number."""

    def __init__(self, task: Task, known: list[Attempt], snapshot: Snapshot) -> None:
        self.task, self.snapshot = task, snapshot
        self.series = snapshot.scheduled_at or 0
        self.by_number = {attempt.number: attempt for attempt in known if attempt.series == self.series}
        self.touched: list[Attempt] = []

    def get(self, number: int, inferred: bool = False) -> Attempt:
        attempt = self.by_number.get(number)
        if attempt is None:
            attempt = Attempt(task=self.task, series=self.series, number=number, phase="running", inferred=inferred)
            self.by_number[number] = attempt
        if attempt not in self.touched:
            self.touched.append(attempt)
        return attempt

    def failed_before(self, number: int) -> None:
        """All earlier tries must have failed, seen or not."""
        for earlier in range(1, number):
            if earlier not in self.by_number or self.by_number[earlier].phase == "running":
                self.get(earlier, inferred=True).end("failed", None, "")

    def running(self, number: int) -> None:
        attempt = self.get(number)
        attempt.phase, attempt.ended_at = "running", None
        attempt.started_at = attempt.started_at or self.snapshot.updated_at
        attempt.peak = max(attempt.peak or 0.0, self.snapshot.progress or 0.0)

    def finished(self, number: int) -> None:
        attempt = self.get(number)
        attempt.end(self.snapshot.phase, self.snapshot.updated_at, "")
        if self.snapshot.phase == "completed":
            attempt.peak = 1.0

    def last_number(self) -> int:
        """The highest try known; one more when that one is known to have failed."""
        if not self.by_number:
            return 0
        number = max(self.by_number)
        return number + 1 if self.by_number[number].phase == "failed" else number
