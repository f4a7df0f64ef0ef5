"""Who did what, on what, when and from where. Rows are only ever added, in the transaction of the act itself."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models

from dashboard.clock import now_ms

LONGEST = 300


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where. `via`: `browser`, `token …a1b2` or `command`."""

    name: str
    user_id: int | None = None
    address: str = ""
    via: str = "browser"


COMMAND = Actor("the server's operator", via="command")
STUDIO_TASKS = Actor("Studio Tasks", via="by itself")


class AppendOnly(Exception):
    """An audit entry is written once and never changed."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnly

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly

    def forget_before(self, at: int) -> int:
        """The one way out: entries older than the retention. The number of them."""
        return super().filter(at__lt=at)._raw_delete(self.db) or 0


class AuditEntry(models.Model):
    """One act. `team_id` is empty for what concerns a person and no team, such as a sign-in. Ids are plain numbers
    and names are kept as text: an entry outlives whom and what it tells of, and nothing ever touches it again.

    `what` is a word such as `member.role_changed`. `before` and `after` are small JSON objects without secrets.
    """

    at = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=320)
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=LONGEST, default="", blank=True)
    address = models.CharField(max_length=64, default="", blank=True)
    via = models.CharField(max_length=40, default="", blank=True)
    before = models.TextField(default="{}")
    after = models.TextField(default="{}")

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["team_id", "at", "id"], name="audit_of_team"),
            models.Index(fields=["user_id", "at", "id"], name="audit_of_user"),
            models.Index(fields=["at"], name="audit_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.what} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly

    @classmethod
    def note(
        cls,
        actor: Actor,
        what: str,
        team_id: int | None,
        subject: str = "",
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> "AuditEntry":
        """Write the entry down. Call it inside the transaction of the act; never hand it a secret."""
        return cls.objects.create(
            at=now_ms(),
            team_id=team_id,
            user_id=actor.user_id,
            who=actor.name[:320],
            what=what,
            subject=subject[:LONGEST],
            address=actor.address[:64],
            via=actor.via[:40],
            before=_small(before),
            after=_small(after),
        )


def _small(told: dict[str, object] | None) -> str:
    cut = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in (told or {}).items()}
    return json.dumps(cut, ensure_ascii=False)
