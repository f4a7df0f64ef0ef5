from typing import ClassVar

from django.db import models
from django.db.models import Q

from dashboard.clock import DAY
from dashboard.models.team import Role, Team
from dashboard.models.user import User

LASTS_MS = 7 * DAY


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: int) -> "InvitationQuerySet":
        """Those that may still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A link by which one person, told by e-mail address, may join a team once and until a time.

    The link holds the invitation's id, signed; nothing in this row opens anything.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=320)
    role = models.CharField(max_length=10, choices=Role.choices)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True)
    invited_by_name = models.CharField(max_length=320)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    accepted_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "email"],
                name="one_open_invitation",
                condition=Q(accepted_at=None, revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.team}: {self.role}"
