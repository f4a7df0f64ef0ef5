"""Failures of a team with one cause, as people triage them."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dashboard.families import Family, family_named
from dashboard.fingerprint import LONGEST_TITLE
from dashboard.models.rights import Right, roles_with
from dashboard.models.team import Membership, Team
from dashboard.models.user import User


class Triage(models.TextChoices):
    """What was decided about a group. The clock decides too: an ignored one wakes, a resolved one comes back."""

    OPEN = "open", "Open"
    IGNORED = "ignored", "Ignored"
    RESOLVED = "resolved", "Resolved"
    REGRESSED = "regressed", "Regressed"


class State(models.TextChoices):
    """What is shown of a group: its triage, but for an open one whether somebody has it, and whether any task of it is
    still failed."""

    OPEN = "open", "Open"
    OWNED = "owned", "Owned"
    REGRESSED = "regressed", "Regressed"
    IGNORED = "ignored", "Ignored"
    RESOLVED = "resolved", "Resolved"
    RECOVERED = "recovered", "Recovered"
    MERGED = "merged", "Merged"


PRESSING = (State.OPEN, State.OWNED, State.REGRESSED)
"""States that somebody should look at."""


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: User, right: Right = Right.SEE) -> "GroupQuerySet":
        """Groups of the teams in which the user has this right."""
        mine = Membership.objects.filter(user=user, role__in=roles_with(right))
        return self.filter(team__in=mine.values("team"))

    def roots(self) -> "GroupQuerySet":
        """Those that people see: not the ones that were merged into another."""
        return self.filter(merged_into=None)

    def patterns_of(self, root_ids: Collection[int]) -> dict[int, int]:
        """The root of each pattern: of these roots themselves, then of the groups that were merged into them."""
        merged = self.filter(merged_into__in=root_ids).order_by("pk").values_list("pk", "merged_into")
        return {root_id: root_id for root_id in root_ids} | dict(merged)

    def locked(self, ids: Iterable[int]) -> list["Group"]:
        """These and what they were merged into, locked in the order of their ids, in the caller's transaction. Whoever
        locks accounts too does so before."""
        ids = list(ids)
        wanted = Q(pk__in=ids) | Q(pk__in=self.model.objects.filter(pk__in=ids).values("merged_into"))
        return list(self.filter(wanted).select_for_update().order_by("pk"))


class Group(models.Model):
    """One cause of failures in a team, found by its fingerprint.

    A group that was merged into another shows there: `merged_into` is that one, its root, never merged itself. Whoever
    looks for the failures of a root looks for those of all `pattern_ids`. `first_at`, `last_at` and `open_tasks` of a
    root are of all of them; those of a merged group mean nothing. `triaged_at`: what failed after it was not
    known when `triage` was decided. `turn` counts decisions: a form says which one it was made after.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="groups", db_index=False)
    fingerprint = models.CharField(max_length=32)
    version = models.IntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    family = models.CharField(max_length=40)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    first_at = models.BigIntegerField(default=0)
    last_at = models.BigIntegerField(default=0)
    open_tasks = models.IntegerField(default=0)
    triage = models.CharField(max_length=10, choices=Triage.choices, default=Triage.OPEN)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="groups")
    owner_name = models.CharField(max_length=320, default="", blank=True)
    triaged_at = models.BigIntegerField(default=0)
    ignored_until = models.BigIntegerField(null=True, blank=True)
    ignored_more = models.IntegerField(null=True, blank=True)
    ignored_hours = models.IntegerField(null=True, blank=True)
    turn = models.IntegerField(default=0)

    objects: ClassVar[Any] = GroupQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "fingerprint"], name="group_once_per_team"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "state", "last_at", "id"], name="group_of_state"),
            models.Index(fields=["team", "last_at", "id"], name="group_newest", condition=Q(merged_into=None)),
            models.Index(fields=["ignored_until"], name="group_to_wake", condition=Q(triage="ignored")),
            models.Index(fields=["version"], name="group_of_version"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def known_family(self) -> Family:
        return family_named(self.family)

    @property
    def pattern_ids(self) -> list[int]:
        """Its own id and those of the groups that were merged into it."""
        return list(Group.objects.patterns_of([self.pk]))

    def settle(self) -> None:
        """Make `state` say what the other fields mean."""
        self.state = self._seen_as()

    def _seen_as(self) -> State:
        if self.merged_into_id is not None:
            return State.MERGED
        if self.triage in (Triage.IGNORED, Triage.RESOLVED):
            return State(self.triage)
        if self.open_tasks <= 0:
            return State.RECOVERED
        if self.triage == Triage.REGRESSED:
            return State.REGRESSED
        return State.OWNED if self.owner_name else State.OPEN
