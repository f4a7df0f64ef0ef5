"""The accounts page's live region: what needs somebody, then every account by team, then those that are archived."""

from functools import cached_property
from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.models.keyring import rings_of
from dashboard.models.rights import Right, may
from dashboard.models.seen import SILENT_MS, STILL, SeenAccount, SeenTeam, Sight, teams_of
from dashboard.views.account_rows import KeptRows, task_counts
from dashboard.views.account_words import BROKEN, advice_of, sentence_of, since_of, words_of
from dashboard.views.polling import poll_url, token_of

MOST_NOTICES = 3


class AccountList:
    """The attributes are what `accounts/_list.html` shows."""

    interval = 15

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._archived = [account for account in sight.accounts if account.archived_at]
        self._present = [account for account in sight.accounts if not account.archived_at]

    @cached_property
    def _rows(self) -> KeptRows:
        return KeptRows(self._present, rings_of(self._sight.ids), self._sight.now)

    @cached_property
    def _teams(self) -> list[SeenTeam]:
        return teams_of(self._sight.user_id)

    @cached_property
    def token(self) -> str:
        archived = [account[:STILL] for account in self._archived]
        return token_of(self._teams, self._rows.signs, archived, self.silent_since_iso)

    @property
    def poll_url(self) -> str:
        return poll_url(reverse("accounts-list"), self.token, {})

    @property
    def silent_since_iso(self) -> str:
        """Since when no syncer is alive, so that nothing is asked; empty while one is."""
        beat_at = self._present[0].beat_at if self._present else self._sight.now
        is_silent = beat_at is not None and beat_at < self._sight.now - SILENT_MS
        return iso(beat_at) if is_silent else ""

    @property
    def summary(self) -> str:
        """`5 accounts, 1 needs somebody.`"""
        if not self._present:
            return ""
        number = len(self._present)
        told = f"{units.count(number)} account{'s' * (number > 1)}"
        broken = len(self._broken)
        return f"{told}, {units.count(broken)} need{'s' * (broken == 1)} a look" if broken else told

    @cached_property
    def _broken(self) -> list[tuple[SeenAccount, str]]:
        told = zip(self._rows.held, self._rows.states, strict=True)
        return [(account, state) for account, state in told if state in BROKEN]

    @property
    def troubles(self) -> list[SimpleNamespace]:
        """The keys that are not used until somebody does something."""
        return [_trouble(account, state) for account, state in self._broken[:MOST_NOTICES]]

    @property
    def more_troubles(self) -> int:
        return max(0, len(self._broken) - MOST_NOTICES)

    @cached_property
    def groups(self) -> list[SimpleNamespace]:
        """One per team, also for a team that has no account yet."""
        rows = self._rows.by_team()
        return [
            SimpleNamespace(
                team=team.name,
                role=team.role,
                can_add=may(team.role, Right.MANAGE_ACCOUNTS),
                rows=rows.get(team.id, ""),
                has_archived=any(account.team_id == team.id for account in self._archived),
            )
            for team in self._teams
        ]

    @cached_property
    def archived(self) -> list[SimpleNamespace]:
        counts = task_counts([account.id for account in self._archived]) if self._archived else {}
        return [
            SimpleNamespace(
                name=account.name,
                team=account.team,
                url=reverse("account", args=[account.id]),
                tasks_url=f"{reverse('board')}?account={account.id}",
                tasks=units.count(counts.get(account.id, 0)),
                at_iso=iso(account.archived_at),
            )
            for account in self._archived
        ]

    @property
    def can_add(self) -> bool:
        return any(group.can_add and group.rows for group in self.groups)


def _trouble(account: SeenAccount, state: str) -> SimpleNamespace:
    can_manage = may(account.role, Right.MANAGE_KEYS)
    return SimpleNamespace(
        name=account.name,
        word=words_of(account, state).word,
        hue="rejected" if state != "duplicate" else "limited",
        since_iso=iso(since_of(account, state)),
        sentence=sentence_of(account, state),
        advice="" if can_manage else advice_of(account, state),
        test_url=reverse("account-test", args=[account.id]) if can_manage else "",
        key_url=reverse("account-key", args=[account.id]) if can_manage else "",
        is_duplicate=state == "duplicate",
    )
