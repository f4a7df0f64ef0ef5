from typing import ClassVar

from django.db import models
from django.db.models import Q

from dashboard.models.account import Account
from dashboard.models.retry import Retry
from dashboard.models.task import Task
from dashboard.models.user import User


class ItemState(models.TextChoices):
    """Where one task of a batch stands. `asking`: the intent is written, Studio may have been asked."""

    WAITING = "waiting", "Waiting"
    ASKING = "asking", "Asking"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


class RetryBatch(models.Model):
    """Many retries that somebody asked for at once; the syncer works them off. `query` is what they were chosen by, in
    the words of the board's URL, empty where they were ticked."""

    by = models.ForeignKey(User, models.SET_NULL, null=True)
    by_name = models.CharField(max_length=320)
    query = models.CharField(max_length=2000, default="", blank=True)
    asked_at = models.BigIntegerField()
    stopped_at = models.BigIntegerField(null=True)
    stopped_by = models.CharField(max_length=320, default="", blank=True)
    ended_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"batch by {self.by_name}"


class RetryItem(models.Model):
    """One task of a batch. Each is asked exactly once: `retry` is its intent, written before the call."""

    batch = models.ForeignKey(RetryBatch, models.CASCADE, related_name="items")
    account = models.ForeignKey(Account, models.CASCADE)
    task = models.ForeignKey(Task, models.CASCADE, related_name="retry_items")
    retry = models.ForeignKey(Retry, models.SET_NULL, null=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    sentence = models.TextField(default="", blank=True)
    at = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "task"], name="task_once_per_batch"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], name="item_to_do", condition=Q(state__in=("waiting", "asking"))),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.state}"
