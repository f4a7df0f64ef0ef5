import json
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from dashboard.models.audit import Actor
from dashboard.models.group import Group
from dashboard.models.user import User


class Decision(models.Model):
    """What somebody, or the clock, decided about a group, or wrote about it. Rows are only added.

    `what`: `took`, `assigned`, `released`, `ignored`, `woke`, `resolved`, `regressed`, `reopened`, `merged`,
    `unmerged`, `regrouped` (`into` another, with the `pattern` of another, or `from` another that was split), `noted`.
    `said` is a small JSON object with what it was about; `text` a person's own words, redacted.
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="decisions")
    at = models.BigIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    by_name = models.CharField(max_length=320)
    what = models.CharField(max_length=20)
    said = models.TextField(default="{}")
    text = models.TextField(default="", blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.what} by {self.by_name}"

    @classmethod
    def note(
        cls, group: Group, actor: Actor, what: str, now: int, said: Mapping[str, object] | None = None, text: str = ""
    ) -> "Decision":
        """Write it down, in the transaction of what was decided."""
        told = json.dumps(said or {}, ensure_ascii=False)
        author = {"by_id": actor.user_id, "by_name": actor.name[:320]}
        return cls.objects.create(group=group, at=now, what=what, said=told, text=text, **author)

    @property
    def told(self) -> dict[str, object]:
        said: dict[str, object] = json.loads(self.said)
        return said
