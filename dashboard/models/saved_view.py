from typing import ClassVar

from django.db import models

from dashboard.models.team import Team
from dashboard.models.user import User


class SavedView(models.Model):
    """A filter of the board under a name: a person's own (`user`), or a team's (`team`). `query` is the part of the
    board's URL after the question mark, without a place in the list."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="saved_views")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    by_name = models.CharField(max_length=320)
    created_at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="view_once_per_person"),
            models.UniqueConstraint(fields=["team", "name"], name="view_once_per_team"),
            models.CheckConstraint(
                condition=models.Q(user=None, team__isnull=False) | models.Q(user__isnull=False, team=None),
                name="view_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name
