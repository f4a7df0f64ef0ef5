import uuid
from typing import Any, ClassVar

from django.db import models

from dashboard.models.rights import Right, roles_with
from dashboard.models.syncing import Health, Syncing, SyncingQuerySet
from dashboard.models.team import Membership, Team
from dashboard.models.user import User


class AccountQuerySet(SyncingQuerySet):
    def visible_to(self, user: User, right: Right = Right.SEE) -> "AccountQuerySet":
        """Accounts of the teams in which the user has this right."""
        mine = Membership.objects.filter(user=user, role__in=roles_with(right))
        return self.filter(team__in=mine.values("team"), removed_at=None)


class Account(Syncing):
    """One Livepeer Studio project that a team watches, through one key.

    `archived_at`: its keys were deleted, its tasks are kept to look at. `removed_at`: nobody sees it any more, and the
    syncer deletes its rows bit by bit.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=100)
    url = models.URLField(max_length=500)
    paused = models.BooleanField(default=False)
    paused_at = models.BigIntegerField(null=True)
    paused_by = models.CharField(max_length=320, default="", blank=True)
    archived_at = models.BigIntegerField(null=True)
    removed_at = models.BigIntegerField(null=True)
    studio_user = models.CharField(max_length=320, default="", blank=True)
    studio_default_project = models.CharField(max_length=200, default="", blank=True)
    project_id = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = AccountQuerySet.as_manager()

    class Meta(Syncing.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "name"], name="account_name_once_per_team", condition=models.Q(removed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def owns(self, project_id: str) -> bool:
        """Whether a task of this project belongs here. A key can read a sister project's task by its id.

        A task without project belongs to its user's default project (read in the server's source).
        """
        mine = self.own_project
        return bool(mine) and (project_id or self.studio_default_project) == mine

    @property
    def own_project(self) -> str:
        """The project as the list told it. A key that may not list never learns it so; it is taken to be made for
        its user's default project."""
        is_limited = self.health == Health.LIMITED
        return self.project_id or (self.studio_default_project if is_limited else "")
