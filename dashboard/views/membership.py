"""As what somebody stands before a team: strangers find nothing (404), too small a role is told so (403)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboard.models.rights import Right, may
from dashboard.models.team import Membership
from dashboard.models.user import User

LONGEST_ID = 18  # digits that fit a database's number


def in_team(user: User, named: str | None, right: Right) -> Membership:
    """The user's membership in the team that a form or a link names by its id; without a name in the first by name,
    one where they have the right before one where they have not."""
    mine = Membership.objects.filter(user=user).select_related("team", "user").order_by("team__name", "team_id")
    if named is not None:
        mine = mine.filter(team__id=_id(named))
    found = sorted(mine, key=lambda membership: not may(membership.role, right))
    if not found:
        raise Http404
    return allowed(found[0], right)


def acting_in(user: User, named: str | None, right: Right) -> Membership:
    """The same for an act: without a name only where they are in one team, for no form of ours leaves it out."""
    if named is None and Membership.objects.filter(user=user).count() > 1:
        raise Http404
    return in_team(user, named, right)


def over(user: User, member_pk: int, right: Right) -> tuple[Membership, Membership]:
    """The user's own membership and the other one in the same team."""
    found = Membership.objects.filter(pk=member_pk, team__memberships__user=user).select_related("team", "user").first()
    if found is None:
        raise Http404
    own = Membership.objects.select_related("team", "user").get(team=found.team_id, user=user)
    return (own, found) if own.pk == found.pk else (allowed(own, right), found)


def allowed(membership: Membership, right: Right) -> Membership:
    if not may(membership.role, right):
        raise PermissionDenied
    return membership


def _id(named: str) -> int:
    if not (named.isascii() and named.isdigit() and len(named) <= LONGEST_ID):
        raise Http404
    return int(named)
