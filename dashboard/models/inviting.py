"""The acts around an invitation: send it, withdraw it, accept it as somebody known or new."""

from dataclasses import replace

from django.db import IntegrityError, transaction

from dashboard.clock import now_ms
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.invitation import LASTS_MS, Invitation
from dashboard.models.rights import Right
from dashboard.models.roster import Refused, bring_in, held, held_by
from dashboard.models.team import Membership, Role
from dashboard.models.user import User

MOST_PENDING = 100


class Closed(Refused):
    """The invitation was accepted, revoked, or is too old. `why` is the word for it."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This invitation is {why}.")
        self.why = why


class Known(Refused):
    """Somebody has this e-mail already: they sign in instead of choosing a password."""

    def __init__(self) -> None:
        super().__init__("There is somebody with this e-mail already. Sign in instead.")


def invite(team_id: int, email: str, role: Role, actor: Actor) -> Invitation:
    """One open invitation per e-mail and team: a new one ends the one before. Raises Refused for a member."""
    email = email.lower()
    with held_by(actor, team_id, Right.MANAGE_MEMBERS) as team:
        member = Membership.objects.filter(team=team, user__email=email).first()
        if member:
            raise Refused(f"{email} is in the team already, as {member.role}. Change the role in the list of members.")
        for earlier in Invitation.objects.pending().filter(team=team, email=email):
            earlier.revoke(actor)
        now = now_ms()
        if Invitation.objects.open(now).filter(team=team).count() >= MOST_PENDING:
            raise Refused(f"There are {MOST_PENDING} open invitations. Revoke some first.")
        invitation = Invitation.objects.create(
            team=team,
            email=email,
            role=role,
            invited_by_id=actor.user_id,
            invited_by_name=actor.name,
            created_at=now,
            expires_at=now + LASTS_MS,
        )
        AuditEntry.note(actor, "member.invited", team.pk, email, after={"role": role.value})
    return invitation


def revoke(invitation: Invitation, actor: Actor) -> None:
    """Raises Closed for one that was accepted or revoked before."""
    with held_by(actor, invitation.team_id, Right.MANAGE_MEMBERS):
        now = Invitation.objects.get(pk=invitation.pk)
        if now.accepted_at or now.revoked_at:
            raise Closed(now.closed_by(now_ms()))
        now.revoke(actor)


def accept(invitation: Invitation, user: User, actor: Actor) -> Membership:
    """The invited joins, once. Who is a member already never becomes less by it. Raises Closed."""
    with held(invitation.team_id):
        return _accept(invitation, user, actor)


def join(invitation: Invitation, user: User, actor: Actor) -> Membership:
    """The same for somebody new, whose password is set and who is saved here. Raises Closed, Known."""
    with held(invitation.team_id):
        _open(invitation)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:  # also when another team's invitation made them at this moment
            raise Known from None
        return _accept(invitation, user, replace(actor, name=user.email, user_id=user.pk))


def _accept(invitation: Invitation, user: User, actor: Actor) -> Membership:
    now = _open(invitation)
    if not now.is_for(user):
        raise Refused("This invitation is for somebody else.")
    member = Membership.objects.filter(team=now.team_id, user=user).first()
    before: dict[str, object] = {"role": str(member.role)} if member else {}
    if member is None:
        member = bring_in(now.team, user, Role(now.role))
    elif Role(now.role).covers(Role(member.role)):
        member.role = now.role
        member.save(update_fields=["role"])
    now.accepted_at = now_ms()
    now.save(update_fields=["accepted_at"])
    told: dict[str, object] = {"role": str(member.role), "invited by": now.invited_by_name}
    AuditEntry.note(actor, "invitation.accepted", now.team_id, now.email, before, told)
    return member


def _open(invitation: Invitation) -> Invitation:
    """As it is now that nobody else can change it."""
    now = Invitation.objects.select_related("team").get(pk=invitation.pk)
    why = now.closed_by(now_ms())
    if why:
        raise Closed(why)
    return now
