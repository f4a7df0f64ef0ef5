"""What the accounts page tells of each account: the key's health at a glance, never the key."""

from collections import defaultdict
from functools import cached_property
from types import SimpleNamespace

from django.db.models import Sum
from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.models.account import Account
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight, teams_of
from dashboard.models.syncing import Health
from dashboard.models.tally import Tally
from dashboard.views.board_words import percent_imported
from dashboard.views.polling import poll_url, token_of


class AccountList:
    """The attributes are what `accounts/_list.html` shows."""

    interval = 15

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    @property
    def token(self) -> str:
        times = [(a.last_success_at, a.next_sync_at, a.imported) for a in self._sight.accounts]
        memberships = [] if self._sight.accounts else teams_of(self._sight.user_id)
        return token_of(self._sight.signs(), memberships, times)

    @property
    def poll_url(self) -> str:
        return poll_url(reverse("accounts-list"), self.token, {})

    @cached_property
    def groups(self) -> list[SimpleNamespace]:
        """One per team, also for a team that has no account yet."""
        rows = defaultdict(list)
        for row, team_id in self._rows():
            rows[team_id].append(row)
        return [
            SimpleNamespace(
                team=team.name, role=team.role, can_add=may(team.role, Right.MANAGE_ACCOUNTS), rows=rows[team.id]
            )
            for team in teams_of(self._sight.user_id)
        ]

    @property
    def can_add(self) -> bool:
        return any(group.can_add and group.rows for group in self.groups)

    def _rows(self) -> list[tuple[SimpleNamespace, int]]:
        held = {a.pk: a for a in Account.objects.filter(pk__in=self._sight.ids).select_related("api_key", "team")}
        counts = task_counts(self._sight.ids)
        return [
            (row_of(seen, held[seen.id], counts.get(seen.id, 0)), seen.team_id)
            for seen in self._sight.accounts
            if seen.id in held
        ]


def task_counts(account_ids: list[int]) -> dict[int, int]:
    """How many tasks each account holds; nothing for one without."""
    sums = Tally.objects.filter(account__in=account_ids).values_list("account").annotate(n=Sum("number"))
    return dict(sums.order_by())


def row_of(seen: SeenAccount, held: Account, tasks: int) -> SimpleNamespace:
    lamp, word = _lamp(seen)
    importing = seen.import_done_at is None and seen.import_total
    return SimpleNamespace(
        id=seen.id,
        name=seen.name,
        team=seen.team,
        url=reverse("account", args=[seen.id]),
        base_url=held.url,
        hint=str(held.api_key) if hasattr(held, "api_key") else "no key",
        studio_user=held.studio_user,
        project=held.project_id,
        lamp=lamp,
        word=word,
        sentence=_sentence(seen),
        last_success_iso=iso(seen.last_success_at),
        next_sync_iso=iso(seen.next_sync_at) if seen.next_sync_at and not seen.paused else "",
        imported=units.count(seen.imported if importing else tasks),
        total=units.count(seen.import_total) if importing and seen.import_total else None,
        percent=percent_imported(seen) if importing else None,
        unreadable=seen.unreadable,
    )


def _lamp(seen: SeenAccount) -> tuple[str, str]:
    if seen.paused:
        return "paused", "Paused"
    if seen.health == Health.WORKING and seen.import_done_at is None:
        return "importing", "Importing"
    if seen.health == Health.UNOPENABLE:
        return "rejected", "Key cannot be opened"
    return seen.health, Health(seen.health).label


def _sentence(seen: SeenAccount) -> str:
    if seen.error:
        return seen.error
    if seen.documented_only:
        return "Its server cannot say what changed, so it is read page by page."
    return ""
