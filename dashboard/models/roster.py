"""Who is in a team, and as what. Every act holds the team's row, so that two at once are one after the other, and asks
again whether the actor may: what was true when the page was read may not be so any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from dashboard.clock import now_ms
from dashboard.models.audit import COMMAND, Actor, AuditEntry
from dashboard.models.invitation import Invitation
from dashboard.models.releasing import release_groups
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
        if actor.via != COMMAND.via:
            own = Membership.objects.filter(team=team, user_id=actor.user_id or 0).first()
            if own is None or not may(own.role, right):
                raise PermissionDenied
        yield team


def start_installation(name: str, admin: User, actor: Actor) -> Team:
    """The first team with the first person, whose password is set and who is saved here. Raises Refused where somebody
    is already."""
    with transaction.atomic():
        # A row that every database has: of two who are first at once, one waits here for the other.
        ContentType.objects.select_for_update(no_key=True).get(app_label="dashboard", model="user")
        if User.objects.exists():
            raise Refused("Somebody is here already.")
        admin.save()
        return start_team(name, admin, replace(actor, name=admin.email, user_id=admin.pk))


def start_team(name: str, admin: User, actor: Actor) -> Team:
    """A new team with its first admin."""
    with transaction.atomic():
        team = Team.objects.create(name=name)
        bring_in(team, admin, Role.ADMIN)
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
        bring_in(team, user, role)
        AuditEntry.note(actor, "member.role_changed", team.pk, user.email, after={"role": role.value})


def bring_in(team: Team, user: User, role: Role) -> Membership:
    """The one way into a team, for somebody who is not in it; call it while the team is held. A link for a new
    password that an admin of their other teams made before must not open this team too."""
    member = team.add(user, role)
    _end_password_links(User.objects.filter(pk=user.pk))
    return member


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
        _end_links(member, actor)
    if not may(role, Right.TRIAGE):
        release_groups(member, actor, now_ms())
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
        _end_links(now, actor)
        for token in Token.objects.filter(owner=now.user_id, accounts__team=now.team_id, revoked_at=None).distinct():
            token.close([now.team_id], actor)
        release_groups(now, actor, now_ms())
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


def _end_links(member: Membership, actor: Actor) -> None:
    """Who goes, or becomes less, may not come back by a link made before: neither by an invitation, nor by a link for
    a new password, which an admin can have made for anybody of the team."""
    for invitation in Invitation.objects.pending().concerning(member):
        invitation.revoke(actor)
    persons = Membership.objects.filter(team=member.team_id)
    if not may(member.role, Right.MANAGE_MEMBERS):
        persons = persons.filter(pk=member.pk)
    _end_password_links(User.objects.filter(pk__in=persons.values("user")))


def _end_password_links(users: QuerySet[User]) -> None:
    """Such a link holds the time of the last sign-in in whole seconds, so that time moves by one second or more."""
    held = list(users.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))  # in one order
    now = Value(timezone.now(), DateTimeField())
    later = Coalesce(F("last_login"), now) + timedelta(seconds=1)
    User.objects.filter(pk__in=held).update(last_login=Greatest(later, now))
