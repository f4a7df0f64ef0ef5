"""Two groups that turn out to be of one cause: one is merged into the other, and nothing that people did is lost."""

import secrets

from dashboard.models.audit import STUDIO_TASKS
from dashboard.models.decision import Decision
from dashboard.models.doubles import open_tasks_of
from dashboard.models.group import Group, Triage

MORE_PRESSING = (Triage.REGRESSED, Triage.OPEN, Triage.IGNORED, Triage.RESOLVED)
TRIAGED = ("triage", "triaged_at", "ignored_until", "ignored_more", "ignored_hours")


def join(group: Group, owner: Group, now: int) -> None:
    """`group` is of the cause whose fingerprint `owner` has. Their roots become one, in the caller's transaction that
    holds the accounts of the team: the one that people touched stays, else the older one. It gets the fingerprint."""
    mine, theirs = _roots_of(group, owner)
    if mine.pk == theirs.pk:
        if group.pk == mine.pk:
            _swap(group, owner)
        return
    keeper, other = (mine, theirs) if _stays(mine, theirs) else (theirs, mine)
    if keeper.pk == mine.pk:
        _swap(group, owner)
    _merge(other, keeper, now)


def _roots_of(*groups: Group) -> list[Group]:
    ids = [group.merged_into_id or group.pk for group in groups]
    merged = Group.objects.filter(merged_into__in=ids).values_list("pk", flat=True)
    held = {group.pk: group for group in Group.objects.locked([*ids, *merged])}
    return [held[pk] for pk in ids]


def _stays(mine: Group, theirs: Group) -> bool:
    if _is_touched(mine) != _is_touched(theirs):
        return _is_touched(mine)
    return mine.pk < theirs.pk


def _is_touched(root: Group) -> bool:
    """By people, or for them by the clock."""
    if root.triage != Triage.OPEN or root.owner_name:
        return True
    return Decision.objects.filter(group__in=root.pattern_ids).exclude(what="regrouped").exists()


def _swap(group: Group, owner: Group) -> None:
    """Their fingerprints: two may never be the same."""
    told, aside = {group.pk: owner.fingerprint, owner.pk: group.fingerprint}, secrets.token_hex(16)
    Group.objects.filter(pk=owner.pk).update(fingerprint=aside)
    for pk, value in told.items():
        Group.objects.filter(pk=pk).update(fingerprint=value)


def _merge(other: Group, keeper: Group, now: int) -> None:
    """`other`, and what was merged into it, into `keeper`, which takes over what presses more. What nobody touched has
    nothing to say."""
    if _is_touched(other):
        _take_over(keeper, other)
    keeper.first_at = min(filter(None, (keeper.first_at, other.first_at)), default=0)
    keeper.last_at = max(keeper.last_at, other.last_at)
    for each in [other, *Group.objects.filter(merged_into=other.pk)]:
        each.merged_into = keeper
        _save(each)
    keeper.open_tasks = open_tasks_of(keeper.pattern_ids)  # some may be open in both
    _save(keeper)
    Decision.note(other, STUDIO_TASKS, "regrouped", now, {"into": keeper.pk, "title": keeper.title})
    Decision.note(keeper, STUDIO_TASKS, "regrouped", now, {"pattern": other.pk, "title": other.title})


def _take_over(keeper: Group, other: Group) -> None:
    if MORE_PRESSING.index(Triage(other.triage)) < MORE_PRESSING.index(Triage(keeper.triage)):
        for name in TRIAGED:
            setattr(keeper, name, getattr(other, name))
    if not keeper.owner_name:
        keeper.owner_id, keeper.owner_name = other.owner_id, other.owner_name


def _save(group: Group) -> None:
    """All but what it is of; whoever has its page open is told that it changed."""
    group.turn += 1
    group.settle()
    names = ("merged_into", "first_at", "last_at", "open_tasks", "owner", "owner_name", "turn", "state")
    group.save(update_fields=(*names, *TRIAGED))
