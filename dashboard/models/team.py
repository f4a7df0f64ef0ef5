from typing import ClassVar

from django.conf import settings
from django.db import models

from dashboard.clock import now_ms
from dashboard.models.user import User


class Role(models.TextChoices):
    """What a member may do; each role may do all that the ones before it may."""

    VIEWER = "viewer", "Viewer"
    SUPPORT = "support", "Support"
    ADMIN = "admin", "Admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def covers(self, needed: "Role") -> bool:
        return self.rank >= needed.rank


class Team(models.Model):
    """People who share accounts. `gateways`: one IPFS gateway a line, as `gateways.py` reads it; empty: the usual.
    `keep_tasks_days`: ended tasks are forgotten after so many days; empty: as the installation does; 0: never.
    `surges`: how many are under way; `surges_turn` differs whenever what is told of them does."""

    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    gateways = models.TextField(default="", blank=True)
    keep_tasks_days = models.PositiveIntegerField(null=True, blank=True)
    surges = models.IntegerField(default=0)
    surges_turn = models.IntegerField(default=0)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    def __str__(self) -> str:
        return self.name

    @property
    def kept_days(self) -> int:
        """After how many days its ended tasks are forgotten; 0: never."""
        return settings.KEEP_TASKS_DAYS if self.keep_tasks_days is None else self.keep_tasks_days

    def add(self, user: User, role: Role) -> "Membership":
        """Make the user a member with this role; an existing membership takes the new role."""
        membership, _ = Membership.objects.update_or_create(team=self, user=user, defaults={"role": role})
        return membership


class Membership(models.Model):
    """One person in one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.BigIntegerField(default=now_ms)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "team"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.role}"
