"""Merging groups of failures that are one cause after all, and taking them apart again.

A merged group keeps its row: failures still find it by its fingerprint, and its root is what people see instead. It
keeps what was decided about it too, for the day that it is taken out again.
"""

from django.db.models import Max, Min

from dashboard.models.audit import AuditEntry
from dashboard.models.decision import Decision
from dashboard.models.doubles import open_tasks_of
from dashboard.models.failure import Failure
from dashboard.models.group import Group, Triage
from dashboard.models.settling import come_back
from dashboard.models.triage import Act, Refused


def merge(act: Act, into_id: int) -> Group:
    """Show the group as a part of another; what was merged into it goes along. The other group. Raises Refused for
    itself, a circle, and a group that the team does not have."""
    if into_id == act.group_id:
        raise Refused("A group cannot be merged with itself.")
    with act.holding():
        moving = [act.group_id, *Group.objects.filter(merged_into=act.group_id).values_list("pk", flat=True)]
        groups = act.locked(into_id, *moving)
        group, root = groups[act.group_id], _root_of(act, into_id, groups)
        act.check_turn(group)
        presses = group.open_tasks > 0 and group.triage in (Triage.OPEN, Triage.REGRESSED)
        for pk in moving:
            _join(act, groups[pk], root)
        Decision.note(root, act.actor, "merged", act.now, {"from": group.pk, "title": group.title})
        _count_anew(root, act.now, group)
        if presses and root.triage == Triage.RESOLVED:  # or what is still failed would be out of sight
            root.triage, root.triaged_at = Triage.OPEN, act.now
            root.settle()
            root.save()
            Decision.note(root, act.actor, "reopened", act.now)
        after = {"group": group.pk, "into": root.title, "into_group": root.pk}
        AuditEntry.note(act.actor, "failure.merged", act.team_id, group.title, after=after)
    return root


def _root_of(act: Act, into_id: int, groups: dict[int, Group]) -> Group:
    into = groups.get(into_id)
    if into is None:
        raise Refused(f"The team has no group #{into_id}.")
    if into.merged_into_id == act.group_id:
        raise Refused(f"Group #{into_id} was merged into this one, so this would be a circle. Take it out first.")
    return groups[into.merged_into_id or into.pk]


def unmerge(act: Act, pattern_id: int) -> Group:
    """Take a group out again: it shows by itself, in the state that it had. Raises Refused for one that is not in."""
    with act.holding():
        groups = act.locked(pattern_id)
        root, pattern = groups[act.group_id], groups.get(pattern_id)
        if pattern is None or pattern.merged_into_id != root.pk:
            raise Refused(f"Group #{pattern_id} is not merged into this one.")
        act.check_turn(root)
        pattern.merged_into = None
        pattern.save()
        Decision.note(pattern, act.actor, "unmerged", act.now, {"from": root.pk, "title": root.title})
        Decision.note(root, act.actor, "unmerged", act.now, {"pattern": pattern.pk, "title": pattern.title})
        _count_anew(pattern, act.now, pattern)
        _count_anew(root, act.now)
        after = {"group": pattern.pk, "from": root.title, "from_group": root.pk}
        AuditEntry.note(act.actor, "failure.unmerged", act.team_id, pattern.title, after=after)
    return pattern


def _join(act: Act, group: Group, root: Group) -> None:
    group.merged_into = root
    group.turn += 1
    group.settle()
    group.save()
    Decision.note(group, act.actor, "merged", act.now, {"into": root.pk, "title": root.title})


def _count_anew(root: Group, now: int, known: Group | None = None) -> None:
    """What the root says of all that is merged into it, as its failures tell; old ones may be forgotten, but not by
    `known`. What was resolved and failed since has come back. It is another group than it was: its turn is the next."""
    mine = Failure.objects.filter(group__in=root.pattern_ids)
    hurting = mine.filter(is_open=True)
    seen = mine.aggregate(first=Min("first_at"), last=Max("at"))
    held = [root, known] if known else []
    firsts = [seen["first"], *(group.first_at for group in held)]
    root.first_at = min(filter(None, firsts), default=root.first_at)
    root.last_at = max(filter(None, [seen["last"], *(group.last_at for group in held)]), default=root.last_at)
    root.open_tasks = open_tasks_of(root.pattern_ids)
    root.turn += 1
    newest = hurting.order_by("-at").values_list("at", flat=True).first()
    if newest and newest > root.triaged_at and root.triage == Triage.RESOLVED:  # that people merge wakes nothing
        come_back(root, now)
    root.settle()
    root.save()
