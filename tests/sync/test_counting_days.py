"""The syncer counts the days whose numbers changed, and they outlive the tasks."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync

from dashboard.clock import DAY, HOUR, MINUTE
from dashboard.models import Account, Day, StaleDay, Task, Team
from dashboard.models.day import day_totals, mark_stale, start_of_day
from dashboard.sync import counting, housekeeping
from dashboard.sync.removing import remove_rows
from dashboard.sync.syncer import Syncer
from tests.sync.conftest import Clock
from tests.sync.test_retention import put


@pytest.fixture
def account(people: SimpleNamespace, clock: Clock) -> Account:
    """Two tasks ended in it yesterday and two 20 days ago; nothing of that is counted."""
    account = Account.objects.create(
        team=people.team, name="Production", url="http://127.0.0.1:9/api", import_done_at=clock.now, next_sync_at=None
    )
    for days in (1, 20):
        put(account, f"completed {days}", "completed", clock.now - days * DAY)
        put(account, f"failed {days}", "failed", clock.now - days * DAY)
        mark_stale(account.pk, [clock.now - days * DAY])
    return account


def ended(account: Account, clock: Clock) -> int:
    return day_totals([account.pk], 0, clock.now + DAY).ended


def count(clock: Clock) -> None:
    async_to_sync(counting.count_days)(clock.now)


@pytest.mark.django_db(transaction=True)
def test_a_running_syncer_counts_beside_its_other_work(account: Account, clock: Clock) -> None:
    async_to_sync(Syncer().run)(once=True)
    assert (ended(account, clock), StaleDay.objects.count()) == (4, 0)


def test_a_few_days_are_counted_at_a_time_the_newest_first(
    account: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_DAYS", 1)
    count(clock)
    assert list(Day.objects.values_list("at", flat=True)) == [start_of_day(clock.now - DAY)]
    count(clock)
    assert ended(account, clock) == 4


def test_numbers_outlive_the_tasks_even_if_the_day_is_marked_again(
    account: Account, clock: Clock, people: SimpleNamespace
) -> None:
    count(clock)
    Team.objects.filter(pk=people.team.pk).update(keep_tasks_days=10)
    async_to_sync(housekeeping.tidy)(clock.now)
    assert Task.objects.count() == 2
    clock.turn(minutes=10)
    mark_stale(account.pk, [clock.now - 20 * DAY, clock.now - DAY])
    count(clock)
    assert (ended(account, clock), StaleDay.objects.count()) == (4, 0)


def test_a_day_whose_tasks_are_all_kept_may_lose_some(account: Account, clock: Clock, people: SimpleNamespace) -> None:
    Team.objects.filter(pk=people.team.pk).update(keep_tasks_days=30)
    count(clock)
    Task.objects.filter(upstream_id="failed 20").update(phase="running")
    mark_stale(account.pk, [clock.now - 20 * DAY])
    clock.turn(minutes=10)
    count(clock)
    assert ended(account, clock) == 3


def test_of_an_account_that_was_removed_nothing_is_left(account: Account, clock: Clock) -> None:
    count(clock)
    mark_stale(account.pk, [clock.now - 5 * MINUTE])
    Account.objects.filter(pk=account.pk).update(removed_at=clock.now - HOUR)
    async_to_sync(remove_rows)()
    assert not Day.objects.exists()
    assert not StaleDay.objects.exists()
