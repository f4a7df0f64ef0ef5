"""Our own tokens, for scripts; Studio's keys are ApiKeys and never leave the vault."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Q

from dashboard.clock import DAY, MINUTE, now_ms
from dashboard.models.account import Account
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.team import Role
from dashboard.models.user import User

PREFIX = "ltd_"
LONGEST, MOST_OPEN = 100, 50
SHOWN_AFTER_THE_END_MS = 30 * DAY
NOTED_EVERY_MS = MINUTE


class TokenQuerySet(models.QuerySet["Token"]):
    def open_at(self, now: int) -> "TokenQuerySet":
        """Tokens that are neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def worth_showing(self, now: int) -> "TokenQuerySet":
        """Open ones, and those that ended lately."""
        since = now - SHOWN_AFTER_THE_END_MS
        ended_long_ago = Q(revoked_at__lt=since) | Q(expires_at__lt=since)
        return self.exclude(ended_long_ago & ~Q(pk__in=self.open_at(now)))

    def make(
        self, owner: User, name: str, role: str, accounts: Sequence[Account], expires_at: int, actor: Actor
    ) -> tuple["Token", str]:
        """The token and its clear text, which is kept nowhere. Whether the owner may give so much away is asked
        before."""
        clear = fresh_token()
        with transaction.atomic():
            token = Token(owner=owner, name=name, role=role, created_at=now_ms(), expires_at=expires_at)
            token.digest, token.hint = digest_of(clear), clear[-4:]
            token.save()
            token.accounts.set(accounts)
            token.tell_teams(actor, "token.created", {"role": str(role), "expires_at": expires_at})
        return token, clear


class Token(models.Model):
    """A person's key to the dashboard's own API, for scripts: shown once, kept as a hash. It opens the accounts that it
    names, as long as its owner may see them, and never with a greater role than the owner's present one."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=LONGEST)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    role = models.CharField(max_length=10, choices=Role.choices)
    accounts = models.ManyToManyField(Account, related_name="tokens")
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)
    last_used_from = models.CharField(max_length=64, default="", blank=True)

    objects: ClassVar[Any] = TokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"

    def is_open(self, now: int) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def revoke(self, actor: Actor) -> bool:
        """End it at once and for good; False if that was done before."""
        with transaction.atomic():
            if not Token.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now_ms()):
                return False
            self.tell_teams(actor, "token.revoked", {})
        return True

    def close(self, team_ids: Sequence[int], actor: Actor) -> bool:
        """It opens nothing of these teams any more; where that was all it opened, it is revoked. False if there was
        nothing to close."""
        with transaction.atomic():
            held = Token.objects.select_for_update().filter(pk=self.pk, revoked_at=None).first()
            theirs = list(self.accounts.filter(team__in=team_ids)) if held else []
            if not theirs:
                return False
            if not self.accounts.exclude(team__in=team_ids).exists():
                return self.revoke(actor)
            self.tell_teams(actor, "token.revoked", {}, team_ids)
            self.accounts.remove(*theirs)
        return True

    def tell_teams(
        self, actor: Actor, what: str, after: dict[str, object], team_ids: Sequence[int] | None = None
    ) -> None:
        """One entry for each team of its accounts, or of these teams, with the names of that team's accounts only. What
        opens nothing any more concerns its owner alone."""
        names: dict[int, list[str]] = {}
        for team_id, name in self.accounts.order_by("name").values_list("team_id", "name"):
            if team_ids is None or team_id in team_ids:
                names.setdefault(team_id, []).append(name)
        for team_id, theirs in names.items():
            AuditEntry.note(actor, what, team_id, str(self), after=after | {"accounts": ", ".join(theirs)})
        if not names:
            AuditEntry.note(actor, what, None, str(self), after=after)


class Opened(NamedTuple):
    """What a token opens: the token, its owner, and the account as it is now. The fields are the columns of the query;
    `account_id` is None for an account that the token does not open."""

    id: int
    name: str
    hint: str
    role: str
    owner_id: int
    owner: str
    last_used_at: int | None
    last_used_from: str
    account_id: int | None
    account: str
    team_id: int
    revision: int
    last_success_at: int | None
    owners_role: str

    @classmethod
    def by(cls, digest: str, account_id: int, now: int) -> "Opened | None":
        """None for a token that is unknown, expired or revoked, or whose owner may not sign in any more."""
        with connection.cursor() as cursor:
            cursor.execute(_QUERY, [account_id, digest, now])
            row = cursor.fetchone()
        return cls(*row) if row else None

    @property
    def effective_role(self) -> Role:
        """The smaller one of the token's and its owner's."""
        return min(Role(self.role), Role(self.owners_role), key=lambda role: role.rank)

    def needs_note(self, address: str, now: int) -> bool:
        return self.last_used_at is None or self.last_used_at < now - NOTED_EVERY_MS or self.last_used_from != address

    def note_use(self, address: str, now: int, is_news: bool) -> None:
        """When and from where it was last used; of two processes that see the same, one notes it. The audit is told of
        a first use and, where that `is_news`, of one from elsewhere than the last."""
        address = address[:64]
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY_MS) | ~Q(last_used_from=address)
        with transaction.atomic():
            noted = Token.objects.filter(stale, pk=self.id).update(last_used_at=now, last_used_from=address)
            if noted and (self.last_used_at is None or (is_news and self.last_used_from != address)):
                self._tell(address)

    def _tell(self, address: str) -> None:
        actor = Actor(self.owner, self.owner_id, address, via=f"token …{self.hint}")
        before: dict[str, object] = {"from": self.last_used_from} if self.last_used_at else {}
        after: dict[str, object] = {"from": address, "account": self.account}
        AuditEntry.note(actor, "token.used_first", self.team_id, f"{self.name} …{self.hint}", before, after)


_QUERY = """
    SELECT t.id, t.name, t.hint, t.role, t.owner_id, u.email, t.last_used_at, t.last_used_from,
        CASE WHEN m.role IS NULL THEN NULL ELSE a.id END, a.name, a.team_id, a.revision, a.last_success_at, m.role
    FROM dashboard_token t
    JOIN dashboard_user u ON u.id = t.owner_id
    LEFT JOIN dashboard_token_accounts o ON o.token_id = t.id AND o.account_id = %s
    LEFT JOIN dashboard_account a ON a.id = o.account_id AND a.removed_at IS NULL
    LEFT JOIN dashboard_membership m ON m.team_id = a.team_id AND m.user_id = t.owner_id
    WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s) AND u.is_active
"""


def fresh_token() -> str:
    """A new token: 256 bits of chance, with a prefix that secret scanners can know."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of it. A token is all chance, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
