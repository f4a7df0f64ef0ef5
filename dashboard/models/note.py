from typing import ClassVar

from django.db import models, transaction
from django.db.models import F

from dashboard.models.account import Account
from dashboard.models.api_key import redactor_of
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.task import Task
from dashboard.models.user import User


class Note(models.Model):
    """What somebody of the team wrote about a task. The author's name stays when the author has left."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    author_name = models.CharField(max_length=320)
    text = models.TextField()
    created_at = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return f"note by {self.author_name}"

    @classmethod
    def write(cls, task: Task, actor: Actor, text: str, now: int) -> "Note":
        """Keep a note, redacted like all that is kept: people paste whole requests, and keys."""
        text = redactor_of(task.account).text(text)
        with transaction.atomic():
            Account.objects.filter(pk=task.account_id).bump()  # first, because it locks the account
            Task.objects.filter(pk=task.pk).update(version=F("version") + 1)
            AuditEntry.note(actor, "note.written", task.account.team_id, task.upstream_id)
            author = {"author_id": actor.user_id, "author_name": actor.name}
            return cls.objects.create(task=task, text=text, created_at=now, **author)
