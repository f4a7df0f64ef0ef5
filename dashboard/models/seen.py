"""What a user may see, in one hand-written query: the accounts, their revisions and their freshness. A poll reads it
together with the user, as a Look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from dashboard.clock import MINUTE, SECOND
from dashboard.models.lanes import rows_of
from dashboard.models.syncing import Health, key_state

OVERDUE_MS = 15 * SECOND
SILENT_MS = MINUTE


class Freshness(StrEnum):
    LIVE = "live"
    STALE = "stale"
    STOPPED = "stopped"


WORSE = [Freshness.LIVE, Freshness.STALE, Freshness.STOPPED]


class SeenAccount(NamedTuple):
    """One account as the user sees it. The fields are the columns of the query."""

    id: int
    name: str
    team_id: int
    team: str
    role: str
    revision: int
    health: str
    paused: bool
    paused_at: int | None
    paused_by: str
    archived_at: int | None
    not_before_at: int
    error: str
    error_since_at: int | None
    import_done_at: int | None
    imported: int
    import_total: int | None
    documented_only: bool
    unreadable: int
    gateways: str
    surges: int
    surges_turn: int
    # What moves with the clock comes last.
    next_sync_at: int | None
    last_try_at: int | None
    last_success_at: int | None
    watched_at: int
    beat_at: int | None

    def signs(self, now: int) -> tuple[object, ...]:
        """All that a page shows of the account, but not what only moves with the clock."""
        return (*self[:STILL], self.freshness(now).value, self.last_success_at is None)

    @property
    def is_followed(self) -> bool:
        """Whether it should be up to date: an archived account and one that is read through another are not asked."""
        return self.archived_at is None and self.health != Health.DUPLICATE

    def key_state(self, now: int) -> str:
        """One word for how its key is."""
        return key_state(self, now)

    def freshness(self, now: int) -> Freshness:
        """Live: not more than 15 s overdue and the last try worked. Stopped: nobody is asking at all."""
        if not self.is_followed:
            return Freshness.LIVE
        silent = self.beat_at is None or self.beat_at < now - SILENT_MS
        if self.paused or silent or self.health in (Health.REJECTED, Health.UNOPENABLE):
            return Freshness.STOPPED
        overdue = self.next_sync_at is not None and self.next_sync_at < now - OVERDUE_MS
        if overdue or self.health in (Health.FAILING, Health.LIMITED, Health.RATE_LIMITED):
            return Freshness.STALE
        return Freshness.LIVE


STILL = SeenAccount._fields.index("next_sync_at")

_COLUMNS = {
    "team": "t.name",
    "role": "m.role",
    "gateways": "t.gateways",
    "surges": "t.surges",
    "surges_turn": "t.surges_turn",
    "beat_at": "(SELECT MAX(beat_at) FROM dashboard_syncer)",
}
SELECT = f"SELECT {', '.join(_COLUMNS.get(f, f'a.{f}') for f in SeenAccount._fields)}"
_FROM = """
    FROM dashboard_account a
    JOIN dashboard_membership m ON m.team_id = a.team_id AND m.user_id = %s
    JOIN dashboard_team t ON t.id = a.team_id
"""
_WHERE = "WHERE a.removed_at IS NULL"
_QUERY = f"{SELECT}{_FROM}{_WHERE}"


@dataclass(frozen=True)
class Sight:
    """The accounts that a user sees through the present filters."""

    user_id: int
    accounts: tuple[SeenAccount, ...]
    now: int

    @classmethod
    def of(cls, user_id: int, now: int, team_id: int | None = None) -> "Sight":
        query, values = (_QUERY, [user_id]) if team_id is None else (_QUERY + " AND a.team_id = %s", [user_id, team_id])
        return cls.read(user_id, now, rows_of(query, values))

    @classmethod
    def read(cls, user_id: int, now: int, rows: Iterable[tuple[Any, ...]]) -> "Sight":
        """`rows`: what SELECT gives of these accounts."""
        return cls(user_id, tuple(sorted(map(SeenAccount._make, rows), key=lambda a: (a.name, a.id))), now)

    def only(self, account_id: int) -> "Sight":
        return Sight(self.user_id, tuple(a for a in self.accounts if a.id == account_id), self.now)

    def of_team(self, team_id: int) -> "Sight":
        return Sight(self.user_id, tuple(a for a in self.accounts if a.team_id == team_id), self.now)

    @cached_property
    def ids(self) -> list[int]:
        return [account.id for account in self.accounts]

    @cached_property
    def worst(self) -> SeenAccount | None:
        """The account whose freshness is the worst, the longest without success first, of those that are followed."""
        return max(
            self.followed,
            key=lambda a: (WORSE.index(a.freshness(self.now)), -(a.last_success_at or 0)),
            default=None,
        )

    @cached_property
    def followed(self) -> list[SeenAccount]:
        return [account for account in self.accounts if account.is_followed]

    @property
    def freshness(self) -> Freshness:
        return self.worst.freshness(self.now) if self.worst else Freshness.LIVE

    @property
    def as_of_at(self) -> int | None:
        """What is shown is at least as new as this."""
        return min((a.last_success_at or 0 for a in self.followed), default=0) or None

    def signs(self) -> list[object]:
        """What, if it changes, makes a page differ: goes into the poll's token. Two users who see the same accounts
        in the same roles see the same page; who sees none is told why by their own memberships."""
        return self._signs

    @cached_property
    def _signs(self) -> list[object]:
        if not self.accounts:
            return [self.user_id]
        return [account.signs(self.now) for account in self.accounts]


class SeenTeam(NamedTuple):
    """One team as its member sees it."""

    id: int
    name: str
    role: str


def teams_of(user_id: int) -> list[SeenTeam]:
    """The user's teams by name; every page has them in its header."""
    query = (
        "SELECT t.id, t.name, m.role FROM dashboard_membership m JOIN dashboard_team t ON t.id = m.team_id "
        "WHERE m.user_id = %s ORDER BY t.name, t.id"
    )
    return [SeenTeam(*row) for row in rows_of(query, [user_id])]
