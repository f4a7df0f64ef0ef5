from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, Q

from dashboard.clock import MINUTE
from dashboard.models.account import Account
from dashboard.models.audit import STUDIO_TASKS, AuditEntry
from dashboard.models.task import Task
from dashboard.models.user import User

UNANSWERED_MS = MINUTE
NEVER_ANSWERED = "The process that asked Studio ended before the answer came."


class Outcome(models.TextChoices):
    """What came of asking Studio for a retry. Without an answer nobody knows whether it took the request."""

    ASKED = "asked", "Asked"
    STARTED = "started", "Started"
    REFUSED = "refused", "Refused"
    UNKNOWN = "unknown", "Not known"


RETRY_WORDS = {
    Outcome.STARTED: "task.retry_started",
    Outcome.REFUSED: "task.retry_refused",
    Outcome.UNKNOWN: "task.retry_unknown",
}
"""What the audit calls the outcomes."""


class Retry(models.Model):
    """One retry by hand: the intent is written before Studio is called, the outcome after."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="asked_retries")
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    by_name = models.CharField(max_length=320)
    asked_at = models.BigIntegerField()
    answered_at = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.ASKED)
    sentence = models.TextField(default="", blank=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="retry_unanswered", condition=Q(outcome="asked")),
        ]

    def __str__(self) -> str:
        return f"retry by {self.by_name}: {self.outcome}"

    def outcome_at(self, now: int) -> Outcome:
        """The outcome as it is to be told: after a minute without an answer there will be none."""
        is_lost = self.outcome == Outcome.ASKED and self.asked_at < now - UNANSWERED_MS
        return Outcome.UNKNOWN if is_lost else Outcome(self.outcome)


def settle_unanswered(now: int) -> None:
    """Retries whose process ended before an answer came: nobody will ever know. Their pages say so."""
    lost = Retry.objects.filter(outcome=Outcome.ASKED, asked_at__lt=now - UNANSWERED_MS)
    for retry in lost.select_related("task__account").only("task__upstream_id", "task__account__team_id"):
        with transaction.atomic():
            Account.objects.filter(pk=retry.task.account_id).bump()  # first, because it locks the account
            still = Retry.objects.filter(pk=retry.pk, outcome=Outcome.ASKED)
            if still.update(outcome=Outcome.UNKNOWN, sentence=NEVER_ANSWERED):
                Task.objects.filter(pk=retry.task_id).update(version=F("version") + 1)
                team_id, said = retry.task.account.team_id, {"said": NEVER_ANSWERED}
                AuditEntry.note(STUDIO_TASKS, "task.retry_unknown", team_id, retry.task.upstream_id, after=said)
