"""Who did what, on what, when and from where. Rows are only ever added, in the transaction of the act itself."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dashboard.clock import now_ms
from dashboard.upstream.redact import Redactor
from dashboard.upstream.storable import storable_text

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

    def _update(self, *args: Any, **kwargs: Any) -> int:
        """What loads fixtures comes here, past `save`."""
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnly

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """New entries only: a primary key, or a wish to update in a conflict, could put one in another's place."""
        entries = list(objs)
        if kwargs.get("update_conflicts") or any(entry.pk is not None for entry in entries):
            raise AppendOnly
        return super().bulk_create(entries, *args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly

    def forget_before(self, at: int, most: int) -> int:
        """The one way out: so many of the entries older than the retention, the oldest first. The number of them."""
        ids = list(self.filter(at__lt=at).order_by("at").values_list("pk", flat=True)[:most])
        return self.filter(pk__in=ids)._raw_delete(self.db) if ids else 0


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
        base_manager_name = "objects"  # Django's own one would update and delete
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["team_id", "at", "id"], name="audit_of_team"),
            models.Index(fields=["user_id", "at", "id"], name="audit_of_person", condition=Q(team_id=None)),
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
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> "AuditEntry":
        """Write the entry down. Call it inside the transaction of the act; never hand it a secret."""
        return cls.objects.create(
            at=now_ms(),
            team_id=team_id,
            user_id=actor.user_id,
            who=storable_text(actor.name)[:320],
            what=what,
            subject=storable_text(subject)[:LONGEST],
            address=storable_text(actor.address)[:64],
            via=storable_text(actor.via)[:40],
            before=_small(before),
            after=_small(after),
        )


def _small(told: Mapping[str, object] | None) -> str:
    """Short, and redacted once more: whoever notes an act must hand over no secret, and may err."""
    return json.dumps({name: _told(value) for name, value in (told or {}).items()}, ensure_ascii=False, default=str)


def _told(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    return _UNKEYED.text(storable_text(value))[:LONGEST] if isinstance(value, str) else value


_UNKEYED = Redactor(None)
