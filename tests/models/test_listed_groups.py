"""The list of groups for who is in hundreds of teams."""

from types import SimpleNamespace

import pytest

from dashboard.clock import DAY, now_ms
from dashboard.conditions import All
from dashboard.models import Account, Bucket, Group, Team
from dashboard.models.chosen_failures import Chosen, Span
from dashboard.models.listed_groups import SHOWN, ListedGroups, Sort
from dashboard.models.listing import Key
from dashboard.models.matched_groups import MatchedGroups

pytestmark = pytest.mark.django_db
TEAMS, A_PAGE = 400, 150


@pytest.fixture
def accounts(people: SimpleNamespace) -> list[Account]:
    """Three of each team."""
    Team.objects.bulk_create([Team(name=f"Team {number}") for number in range(TEAMS)])
    teams = Team.objects.filter(name__startswith="Team ")
    rows = [Account(team=team, name=f"A{number}", url="https://x.test") for team in teams for number in range(3)]
    Account.objects.bulk_create(rows, batch_size=100)
    return list(Account.objects.filter(team__in=teams).order_by("pk"))


@pytest.fixture
def groups(accounts: list[Account]) -> list[Group]:
    """One of each team, in all states in turn: the first was seen last, began first and has most tasks."""
    now, told = now_ms(), {"fingerprint": "f" * 32, "version": 1, "title": "t", "family": "unknown", "open_tasks": 1}
    rows = [
        Group(
            team_id=account.team_id,
            state=SHOWN[place % len(SHOWN)],
            first_at=now - DAY + place,
            last_at=now - place,
            **told,
        )
        for place, account in enumerate(accounts[::3])
    ]
    Group.objects.bulk_create(rows, batch_size=100)
    groups = list(Group.objects.order_by("-last_at"))
    for hours, at in ((1, now - now % DAY), (24, now - now % DAY)):
        Bucket.objects.bulk_create(
            [
                Bucket(group=group, account=account, type="upload", hours=hours, at=at, tasks=TEAMS - place)
                for place, (group, account) in enumerate(zip(groups, accounts[::3], strict=True))
            ],
            batch_size=100,
        )
    return groups


@pytest.mark.parametrize("is_all_accounts", [True, False])
def test_all_their_groups_are_listed_page_by_page(
    accounts: list[Account], groups: list[Group], is_all_accounts: bool
) -> None:
    teams, ids, now = {account.team_id for account in accounts}, [account.pk for account in accounts], now_ms()
    chosen = Chosen(tuple(teams), tuple(ids), Span.last(14, now), now, is_all_accounts=is_all_accounts)
    listed, expected = ListedGroups(chosen), [group.pk for group in groups]
    for sort in Sort:
        assert pages(listed, sort) == (expected[::-1] if sort is Sort.FIRST else expected)
    assert sum(listed.counts()[state] for state in SHOWN) == TEAMS
    assert listed.sums(listed.by_ids(expected[:2]))[expected[0]].tasks == TEAMS
    assert MatchedGroups(chosen, All(())).page(SHOWN, Sort.LAST, A_PAGE) == []  # there are no failures


def pages(listed: ListedGroups, sort: Sort) -> list[int]:
    found, after = list[int](), Key(2**63 - 1, 0)
    while page := listed.page(SHOWN, sort, A_PAGE, after):
        found += [group.id for group, _ in page]
        after = page[-1][1]
    return found
