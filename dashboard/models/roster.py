"""Who is in a team, and as what. Every act holds the team's row, so that two at once are one after the other, and asks
again whether the actor may: what was true when the page was read may not be so any more."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.invitation import Invitation
from dashboard.models.rights import Right, may, roles_with
from dashboard.models.team import Membership, Role, Team
from dashboard.models.token import Token
from dashboard.models.user import User


class Refused(Exception):
    """What was asked for cannot be, said in one sentence. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class LastAdmin(Refused):
    """A team without an admin could never get one again."""

    def __init__(self) -> None:
        super().__init__("A team needs an admin. Make somebody else admin first.")


@contextmanager
def held(team_id: int) -> Iterator[Team]:
    """One transaction in which nobody else changes who is in the team. SQLite lets one writer in at a time anyway."""
    with transaction.atomic():
        yield Team.objects.select_for_update(no_key=True).get(pk=team_id)


@contextmanager
def held_by(actor: Actor, team_id: int, right: Right) -> Iterator[Team]:
    """The same for somebody who must have the right. Raises PermissionDenied. A command has every right."""
    with held(team_id) as team:
        if actor.user_id is not None:
            role = Membership.objects.filter(team=team, user_id=actor.user_id).values_list("role", flat=True).first()
            if role is None or not may(role, right):
                raise PermissionDenied
        yield team


def start_team(name: str, admin: User, actor: Actor) -> Team:
    """A new team with its first admin."""
    with transaction.atomic():
        team = Team.objects.create(name=name)
        team.add(admin, Role.ADMIN)
        AuditEntry.note(actor, "team.created", team.pk, name, after={"name": name, "admin": admin.email})
    return team


def rename(team_id: int, name: str, actor: Actor) -> None:
    with held_by(actor, team_id, Right.MANAGE_MEMBERS) as team:
        if team.name == name:
            return
        AuditEntry.note(actor, "team.renamed", team.pk, name, before={"name": team.name}, after={"name": name})
        team.name = name
        team.save(update_fields=["name"])


def keep_tasks(team_id: int, days: int | None, actor: Actor) -> None:
    """Ended tasks are forgotten after so many days; 0: never; None: as the installation does."""
    with held_by(actor, team_id, Right.SET_RETENTION) as team:
        if team.keep_tasks_days == days:
            return
        before, after = {"days": team.keep_tasks_days}, {"days": days}
        AuditEntry.note(actor, "team.retention_set", team.pk, team.name, before=dict(before), after=dict(after))
        team.keep_tasks_days = days
        team.save(update_fields=["keep_tasks_days"])


def put(team_id: int, user: User, role: Role, actor: Actor) -> None:
    """Make somebody a member with this role, or give a member this role. Raises LastAdmin."""
    with held_by(actor, team_id, Right.MANAGE_MEMBERS) as team:
        member = Membership.objects.filter(team=team, user=user).first()
        if member:
            _give(member, role, actor)
            return
        team.add(user, role)
        AuditEntry.note(actor, "member.role_changed", team.pk, user.email, after={"role": role.value})


def give_role(member: Membership, role: Role, actor: Actor) -> None:
    """Raises LastAdmin, and Refused for one who is no member any more."""
    with held_by(actor, member.team_id, Right.MANAGE_MEMBERS):
        _give(_still(member), role, actor)


def _give(member: Membership, role: Role, actor: Actor) -> None:
    if member.role == role:
        return
    _keep_an_admin(member, role)
    told = {"before": {"role": str(member.role)}, "after": {"role": role.value}}
    if not role.covers(Role(member.role)):
        _revoke_open(member, actor)
    member.role = role
    member.save(update_fields=["role"])
    AuditEntry.note(actor, "member.role_changed", member.team_id, member.user.email, **told)  # type: ignore[arg-type]


def remove(member: Membership, actor: Actor) -> None:
    """Take somebody out of the team; oneself: leave it. Their tokens open its accounts no more, even if they come
    back. Raises LastAdmin, and Refused for one who is no member any more."""
    leaves = member.user_id == actor.user_id
    with held_by(actor, member.team_id, Right.SEE if leaves else Right.MANAGE_MEMBERS):
        now = _still(member)
        _keep_an_admin(now, None)
        if not leaves:
            _revoke_open(now, actor)
        for token in Token.objects.filter(owner=now.user_id, accounts__team=now.team_id, revoked_at=None).distinct():
            token.close([now.team_id], actor)
        now.delete()
        what = "member.left" if leaves else "member.removed"
        AuditEntry.note(actor, what, member.team_id, now.user.email, before={"role": str(now.role)})


def _still(member: Membership) -> Membership:
    found = Membership.objects.filter(pk=member.pk).select_related("user").first()
    if found is None:
        raise Refused("This person is not in the team any more.")
    return found


def _keep_an_admin(member: Membership, role: Role | None) -> None:
    """Whoever cannot sign in cannot be the last one."""
    if not may(member.role, Right.MANAGE_MEMBERS) or (role and may(role, Right.MANAGE_MEMBERS)):
        return
    others = Membership.objects.filter(
        team=member.team_id, role__in=roles_with(Right.MANAGE_MEMBERS), user__is_active=True
    ).exclude(pk=member.pk)
    if not others.exists():
        raise LastAdmin


def _revoke_open(member: Membership, actor: Actor) -> None:
    """Who has to go, or becomes less, may not come back by a link made before."""
    for invitation in Invitation.objects.pending().concerning(member):
        invitation.revoke(actor)
