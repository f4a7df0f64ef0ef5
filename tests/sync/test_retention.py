"""How long a team's tasks are kept: as the team says, else as the installation does. And the audit."""

from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from dashboard.clock import DAY
from dashboard.models import Account, AuditEntry, Tally, Task, Team
from dashboard.sync import housekeeping
from tests.sync.conftest import Clock


@pytest.fixture
def two_teams(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> SimpleNamespace:
    """Each with an account that holds five tasks that ended 40 days ago, one that ended 20 days ago, one that still
    runs and one that was deleted 40 days ago; small batches."""
    monkeypatch.setattr(housekeeping, "BATCH", 3)
    for team in (people.team, people.other):
        account = Account.objects.create(team=team, name=team.name, url="http://127.0.0.1:9/api")
        for number in range(5):
            put(account, f"old {number}", "completed", clock.now - 40 * DAY)
        put(account, "young", "failed", clock.now - 20 * DAY)
        put(account, "running", "running", clock.now - 50 * DAY)
        put(account, "deleted", "running", clock.now - 50 * DAY, deleted_at=clock.now - 40 * DAY)
    return people


def put(account: Account, name: str, phase: str, at: int, **fields: Any) -> None:
    times = {"created_at": at, "updated_at": at, "first_seen_at": at, "heard_at": at}
    Task.objects.create(account=account, upstream_id=name, type="upload", phase=phase, **times, **fields)
    if "deleted_at" not in fields:
        Tally.move(account, [], [(phase, "upload", "")])


def kept(team: Team) -> int:
    number = Task.objects.filter(account__team=team).count()
    present = Task.objects.filter(account__team=team, deleted_at=None).count()
    assert Tally.total(Account.objects.get(team=team)) == present
    return number


def tidy(clock: Clock) -> None:
    async_to_sync(housekeeping.tidy)(clock.now)


@pytest.mark.parametrize(
    ("installation", "team_days", "team_keeps", "other_keeps"),
    [
        (0, None, 8, 8),
        (30, None, 2, 2),
        (30, 0, 8, 2),
        (0, 30, 2, 8),
        (30, 10, 1, 2),
        (10, 30, 2, 1),
        (30, 2**31 - 1, 8, 2),
    ],
)
def test_a_teams_own_days_go_before_those_of_the_installation(
    installation: int,
    team_days: int | None,
    team_keeps: int,
    other_keeps: int,
    two_teams: SimpleNamespace,
    clock: Clock,
    settings: Any,
) -> None:
    settings.KEEP_TASKS_DAYS = installation
    Team.objects.filter(pk=two_teams.team.pk).update(keep_tasks_days=team_days)
    tidy(clock)
    assert (kept(two_teams.team), kept(two_teams.other)) == (team_keeps, other_keeps)


def test_a_viewer_is_told_that_tasks_went(two_teams: SimpleNamespace, clock: Clock, settings: Any) -> None:
    settings.KEEP_TASKS_DAYS = 30
    before = Account.objects.get(team=two_teams.team).revision
    tidy(clock)
    revision = Account.objects.get(team=two_teams.team).revision
    assert revision == before + 2  # one for each batch that took something
    tidy(clock)
    assert Account.objects.get(team=two_teams.team).revision == revision


@pytest.mark.parametrize(("days", "left"), [(0, 12), (5, 6), (1, 2)])
def test_the_audit_is_kept_for_its_days_and_goes_in_batches(
    days: int, left: int, db: None, clock: Clock, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "AUDIT_BATCH", 2)
    settings.KEEP_AUDIT_DAYS = days
    for day in range(12):
        AuditEntry.objects.create(at=clock.now - day * DAY, who="x", what="signed_in")
    tidy(clock)
    assert AuditEntry.objects.count() == left
