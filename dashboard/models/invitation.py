from typing import ClassVar

from django.core import signing
from django.db import models
from django.db.models import Q

from dashboard.clock import DAY, now_ms
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.team import Membership, Role, Team
from dashboard.models.user import User

LASTS_DAYS = 7
LASTS_MS = LASTS_DAYS * DAY
SIGNER = signing.Signer(salt="invitation")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; they may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self, now: int) -> "InvitationQuerySet":
        """Those that may still be accepted."""
        return self.pending().filter(expires_at__gt=now)

    def concerning(self, member: Membership) -> "InvitationQuerySet":
        """Those to the member's team that the member sent or got."""
        return self.filter(Q(invited_by=member.user_id) | Q(email=member.user.email), team=member.team_id)

    def signed(self, text: str) -> "Invitation | None":
        """The one that a link names; nobody else can make such a link."""
        try:
            pk, created_at = SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return self.filter(pk=pk, created_at=created_at).select_related("team").first()


class Invitation(models.Model):
    """A link by which one person, told by e-mail address, may join a team once and until a time.

    The link holds the invitation's id, signed; nothing in this row opens anything.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=320)
    role = models.CharField(max_length=10, choices=Role.choices)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True)
    invited_by_name = models.CharField(max_length=320)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    accepted_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "email"],
                name="one_open_invitation",
                condition=Q(accepted_at=None, revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.team}: {self.role}"

    @property
    def sign(self) -> str:
        """What the link holds: with the time of birth, for an older database, put back, gives ids away again."""
        return SIGNER.sign_object([self.pk, self.created_at])

    def is_for(self, user: User) -> bool:
        return user.email.lower() == self.email.lower()

    def closed_by(self, now: int) -> str:
        """`accepted`, `revoked` or `expired`; empty while it is open."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "" if self.expires_at > now else "expired"

    def revoke(self, actor: Actor) -> None:
        """Call it while the team is held."""
        self.revoked_at = now_ms()
        self.save(update_fields=["revoked_at"])
        AuditEntry.note(actor, "invitation.revoked", self.team_id, self.email, before={"role": str(self.role)})
