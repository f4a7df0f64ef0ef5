"""How a group of failures is found among what the user may see."""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404
from django.urls import reverse

from dashboard.clock import DAY, now_ms
from dashboard.models.bucket import Bucket, Sums
from dashboard.models.group import Group
from dashboard.models.rights import Right, may
from dashboard.models.seen import Sight, teams_of
from dashboard.models.triage import Act
from dashboard.views.actor import actor_of
from dashboard.views.polling import SignedIn, link, token_of


@dataclass(frozen=True)
class HeldGroup:
    """A group that the user may see, in which role, and the team's accounts. `asked`: the one that was asked for, which
    may have been merged into `group`."""

    asked: Group
    group: Group
    role: str
    user_id: int
    sight: Sight

    @classmethod
    def or_404(cls, request: SignedIn, pk: int) -> "HeldGroup":
        """The group, else what it was merged into."""
        roles = {team.id: team.role for team in teams_of(request.user.pk)}
        groups = Group.objects.filter(team__in=list(roles)).select_related("merged_into")
        asked = groups.filter(pk=pk).first() if pk < 2**63 else None
        if asked is None:
            raise Http404
        sight = Sight.of(request.user.pk, now_ms(), asked.team_id)
        return cls(asked, asked.merged_into or asked, roles[asked.team_id], request.user.pk, sight)

    @property
    def url(self) -> str:
        return self.path("failure")

    def path(self, name: str, **parameters: object) -> str:
        return link(reverse(name, args=[self.group.pk]), parameters)

    def allows(self, right: Right) -> bool:
        return may(self.role, right)

    def demand(self, right: Right) -> None:
        """Who does not have it is told so, with a 403."""
        if not self.allows(right):
            raise PermissionDenied

    def act(self, request: SignedIn, turn: int | None) -> Act:
        """What is asked of the very group that the form was about, also if it was merged meanwhile."""
        return Act(self.asked.pk, self.asked.team_id, actor_of(request), self.sight.now, turn)

    @cached_property
    def token(self) -> str:
        """All decisions and notes, what failed and recovered. How its tasks go on otherwise is no news here."""
        group = self.group
        newest = group.decisions.order_by("-id").values_list("pk", flat=True).first()
        days = Bucket.objects.filter(group__in=group.pattern_ids, hours=24)
        counted = days.aggregate(*(Sum(name) for name in Sums._fields))
        seen = group.turn, group.state, group.title, group.open_tasks, group.last_at, newest, tuple(counted.values())
        accounts = [(account.id, account.name) for account in self.sight.accounts]
        return token_of(group.pk, *seen, self.user_id, self.role, accounts, self.sight.freshness, self.sight.now // DAY)
