"""Groups of failures that nobody has any more, and groups that have nothing any more."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from dashboard.models.audit import Actor
from dashboard.models.bucket import Bucket
from dashboard.models.decision import Decision
from dashboard.models.failure import Failure
from dashboard.models.group import Group
from dashboard.models.settling import hold_accounts
from dashboard.models.team import Membership


def release_groups(member: Membership, actor: Actor, now: int) -> None:
    """The groups that somebody has who may not triage in the team any longer are nobody's, in the caller's
    transaction."""
    owned = Group.objects.filter(team=member.team_id, owner=member.user_id)
    if not owned.exists():
        return
    hold_accounts(member.team_id)
    for group in owned.select_for_update().order_by("pk"):
        Decision.note(group, actor, "released", now, {"to": "", "from": group.owner_name})
        group.owner, group.owner_name = None, ""
        group.turn += 1
        group.settle()
        group.save(update_fields=("owner", "owner_name", "turn", "state"))


def drop_empty(group_ids: Collection[int]) -> None:
    """Those of the groups that no failure is left of, none that is remembered, and about which nobody decided."""
    empty = Group.objects.filter(pk__in=group_ids, merged_into=None, turn=0)
    held = (
        Failure.objects.filter(group=OuterRef("pk")),
        Bucket.objects.filter(group=OuterRef("pk"), tasks__gt=0),
        Decision.objects.filter(group=OuterRef("pk")),
        Group.objects.filter(merged_into=OuterRef("pk")),
    )
    for rows in held:
        empty = empty.filter(~Exists(rows))
    empty.delete()
