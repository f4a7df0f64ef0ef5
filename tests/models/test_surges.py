"""Surges: when they begin, how they are followed, and when they are over."""

from collections.abc import Callable, Iterable
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.clock import DAY, HOUR, MINUTE, SECOND
from dashboard.models import Account, Bucket, Surge, Task, Team
from dashboard.models.group import Group
from dashboard.models.memory import mark_gone
from dashboard.models.surge import under_way, watch_for_surges
from dashboard.models.uniting import merge, unmerge
from tests.models.documents import BORN_AT
from tests.models.failures import CODEC, TIMEOUT, again, by, fail, fail_all, tell

NOW = BORN_AT - BORN_AT % DAY + 11 * HOUR
"""Eleven in the morning."""
numbers = count()


@pytest.fixture
def account(people: SimpleNamespace) -> Account:
    return connected(people.team, "Production")


def connected(team: Team, name: str, is_imported: bool = True) -> Account:
    url = "https://studio.example.test/api"
    return Account.objects.create(team=team, name=name, url=url, import_done_at=NOW - 30 * DAY if is_imported else None)


def fail_at(account: Account, times: Iterable[float], message: str = TIMEOUT, **more: Any) -> Group:
    """Tasks that fail at these minutes after NOW."""
    moments = [NOW + int(m * MINUTE) for m in times]
    return fail_all(account, [f"task-{next(numbers)}" for _ in moments], message, moments, **more)


def every(minutes: float, number: int, since: float = 0) -> list[float]:
    return [since + minutes * step for step in range(number)]


def watch(minutes: float) -> list[Surge]:
    """What is under way after a look at this time."""
    watch_for_surges(NOW + int(minutes * MINUTE))
    return list(Surge.objects.filter(ended_at=None).order_by("pk"))


def usually(group: Group, account: Account, tasks: int, days: int = 14) -> None:
    """So many a day, until yesterday."""
    for day in range(1, days + 1):
        at = NOW - NOW % DAY - day * DAY
        Bucket.objects.create(group=group, account=account, type="upload", hours=24, at=at, tasks=tasks)


def test_fourteen_failures_in_six_minutes_in_three_accounts(account: Account, people: SimpleNamespace) -> None:
    others = [connected(people.team, name) for name in ("Staging", "Archive")]
    fail_at(account, every(0.5, 10))
    for other in others:
        group = fail_at(other, [4, 6])
    [surge] = watch(6.1)
    assert (surge.group_id, surge.tasks, surge.accounts) == (group.pk, 14, 3)
    assert (surge.since_at, surge.last_at) == (NOW, NOW + 6 * MINUTE)
    assert under_way([people.team.pk]) == [surge]
    assert under_way([people.other.pk]) == []


def test_it_is_followed_and_each_change_is_told_to_the_pages_of_its_team(
    account: Account, people: SimpleNamespace
) -> None:
    def told(team: Team) -> tuple[int, int]:
        team.refresh_from_db()
        return team.surges, team.surges_turn

    fail_at(account, every(1, 4))
    assert watch(4) == []
    assert told(people.team) == (0, 0)
    fail_at(account, [4])
    watch(4.1)
    assert told(people.team) == (1, 1)
    watch(4.2)
    assert told(people.team) == (1, 1), "nothing is new"
    fail_at(account, [5])
    [surge] = watch(5.1)
    assert (surge.tasks, surge.since_at, surge.last_at) == (6, NOW, NOW + 5 * MINUTE)
    assert told(people.team) == (1, 2)
    watch(15.1)
    assert told(people.team) == (0, 3)
    assert told(people.other) == (0, 0)


def test_it_is_over_ten_minutes_after_its_last_failure(account: Account) -> None:
    fail_at(account, every(0.5, 12))
    assert watch(6)
    assert watch(15)
    assert watch(15.6) == []
    assert Surge.objects.get().ended_at == NOW + int(15.6 * MINUTE)


def test_it_lasts_as_long_as_failures_come_although_they_come_more_slowly(account: Account) -> None:
    fail_at(account, every(0.5, 12))
    watch(6)
    fail_at(account, every(7, 12, since=12))
    for minutes in range(6, 90):
        [surge] = watch(minutes)
    assert (surge.since_at, surge.tasks) == (NOW, 24)
    assert watch(100) == []


def test_what_goes_on_for_a_day_is_the_usual_now(account: Account) -> None:
    """A surge that never ended would be a notice that nobody reads, and each look would count all of it."""
    fail_at(account, every(0.5, 20))
    (surge,) = watch(10)
    Surge.objects.update(since_at=NOW - DAY)
    fail_at(account, every(0.5, 20, since=10))
    assert watch(20) == []
    surge.refresh_from_db()
    assert surge.ended_at is not None


def test_an_account_that_is_read_as_documented_keeps_its_surge_while_it_is_read_anew(account: Account) -> None:
    fail_at(account, every(0.5, 10))
    assert len(watch(5)) == 1
    Account.objects.update(documented_only=True, import_done_at=None)
    assert len(watch(6)) == 1


def test_after_it_was_over_another_one_begins_anew(account: Account) -> None:
    fail_at(account, every(0.5, 12))
    watch(6)
    assert watch(20) == []
    fail_at(account, every(0.5, 6, since=60))
    [surge] = watch(63)
    assert (surge.since_at, surge.tasks) == (NOW + 60 * MINUTE, 6)
    assert Surge.objects.count() == 2


def test_where_a_hundred_an_hour_are_usual_120_are_no_surge_and_where_it_is_quiet_five_are(
    account: Account, people: SimpleNamespace
) -> None:
    usually(fail_at(account, every(0.5, 20, since=-9)), account, tasks=2400)
    assert watch(1) == []
    fail_at(connected(people.team, "Quiet"), every(1, 5, since=-4), CODEC)
    [surge] = watch(1)
    assert surge.group.title.startswith(CODEC[:20])


def test_a_busy_account_surges_at_six_times_its_usual_until_it_is_usual_again(account: Account) -> None:
    group = fail_at(account, every(0.6, 50, since=-30))
    usually(group, account, tasks=2400)
    fail_at(account, every(0.1, 80))
    [surge] = watch(8)
    assert abs(surge.since_at - NOW) < 2 * MINUTE
    assert 75 <= surge.tasks <= 85
    fail_at(account, every(0.6, 40, since=8))
    assert watch(12)
    assert watch(30) == [], "failures still come, as they always do"
    assert again(group).last_at > NOW + 29 * MINUTE


def test_an_account_that_is_known_for_a_day_is_judged_by_that_day(account: Account, people: SimpleNamespace) -> None:
    """A hundred yesterday are not a hundred in two weeks."""
    new, old = account, connected(people.team, "Old")
    group = fail_at(new, every(0.5, 6, since=-4))
    usually(group, new, tasks=144, days=1)
    assert watch(1) == []
    usually(fail_at(old, every(0.5, 6, since=-4), CODEC), old, tasks=10, days=14)
    assert len(watch(1)) == 1


def test_accounts_are_judged_by_their_own_usual_not_by_others(account: Account, people: SimpleNamespace) -> None:
    group = fail_at(account, [-5 * 60])
    usually(group, account, tasks=5000)
    assert fail_at(connected(people.team, "Quiet"), every(0.5, 6)) == group
    assert len(watch(4)) == 1


def test_no_surge_while_an_account_imports_its_history(people: SimpleNamespace) -> None:
    account = connected(people.team, "New", is_imported=False)
    fail_at(account, every(0.5, 12))
    assert watch(6) == []
    Account.objects.update(import_done_at=NOW + 6 * MINUTE)
    assert len(watch(6)) == 1


def test_what_failed_long_ago_and_is_heard_of_now_is_no_surge(account: Account) -> None:
    fail_at(account, every(0.1, 30, since=-40))
    assert watch(0) == []


def test_failures_that_arrive_late_belong_to_the_surge_in_which_they_happened(account: Account) -> None:
    fail_at(account, every(1, 6))
    watch(6)
    fail_at(account, [2.5, 3.5])
    [surge] = watch(7)
    assert (surge.tasks, surge.last_at) == (8, NOW + 5 * MINUTE)


def test_its_first_failure_may_be_heard_of_last(account: Account) -> None:
    fail_at(account, every(1, 6))
    watch(6)
    fail_at(account, [-2])
    watch(6.1)
    [surge] = watch(6.2)
    assert (surge.tasks, surge.since_at) == (7, NOW - 2 * MINUTE)


@pytest.mark.parametrize("ahead", [-4, 4])
def test_studios_clock_may_differ_by_some_minutes(account: Account, ahead: float) -> None:
    for minute in range(7):
        fail_at(account, [minute + ahead, minute + ahead + 0.5])
        surges = watch(minute + 0.6)
    assert len(surges) == 1
    assert watch(10 + 6.6 + abs(ahead)) == []


def test_a_time_far_in_the_future_holds_no_surge_up(account: Account) -> None:
    fail_at(account, every(0.5, 12))
    watch(6)
    fail_at(account, [365 * 24 * 60])
    assert [surge.tasks for surge in watch(7)] == [12]
    assert watch(16) == []


def test_midnight_is_no_border(account: Account) -> None:
    midnight = 13 * 60
    usually(fail_at(account, every(1, 8, since=midnight - 4)), account, tasks=3)
    [surge] = watch(midnight + 4)
    assert (surge.tasks, surge.since_at) == (8, NOW + (midnight - 4) * MINUTE)
    fail_at(account, every(1, 3, since=midnight + 4))
    [surge] = watch(midnight + 7)
    assert surge.tasks == 11


def test_two_at_once_are_two(account: Account) -> None:
    fail_at(account, every(0.5, 8))
    fail_at(account, every(0.5, 8), CODEC)
    watch(4)
    account.team.refresh_from_db()
    assert (Surge.objects.count(), account.team.surges) == (2, 2)
    fail_at(account, [10])
    [left] = watch(14)
    assert left.tasks == 9


def test_one_task_that_fails_again_and_again_is_one(account: Account) -> None:
    for minute in range(8):
        fail(account, "one", TIMEOUT, NOW + minute * MINUTE, scheduledAt=NOW + minute * MINUTE - SECOND)
    assert watch(8) == []


def test_tries_that_studio_repeats_by_itself_count_from_the_first(account: Account) -> None:
    for number in range(6):
        tell(account, f"task-{number}", "waiting", NOW + number * SECOND, retries=1, errorMessage=TIMEOUT)
    [surge] = watch(1)
    assert surge.tasks == 6


def recover(account: Account) -> None:
    for task in Task.objects.filter(account=account, phase="failed"):
        tell(account, task.upstream_id, "completed", task.updated_at + MINUTE, createdAt=task.created_at)


def delete(account: Account) -> None:
    for task in Task.objects.filter(account=account):
        mark_gone(task, NOW + 7 * MINUTE)


@pytest.mark.parametrize("act", [recover, delete])
def test_when_nothing_of_it_is_failed_any_more_it_is_over(account: Account, act: Callable[[Account], None]) -> None:
    fail_at(account, every(0.5, 12))
    assert watch(6)
    act(account)
    assert watch(7) == []


def test_a_removed_account_counts_no_more(account: Account) -> None:
    fail_at(account, every(0.5, 12))
    assert watch(6)
    Account.objects.update(removed_at=NOW + 6 * MINUTE)
    assert watch(7) == []


@pytest.mark.parametrize("verb", ["resolve", "ignore"])
def test_what_somebody_dealt_with_is_no_surge_until_it_begins_again(
    account: Account, people: SimpleNamespace, verb: str
) -> None:
    group = fail_at(account, every(0.5, 12))
    watch(6)
    act = by(people.sam, group, now=NOW + 6 * MINUTE)
    act.resolve() if verb == "resolve" else act.ignore(days=1)
    assert watch(6.1) == []
    fail_at(account, [6.5])
    assert watch(7) == []
    if verb == "resolve":
        fail_at(account, every(0.5, 6, since=13))
        [surge] = watch(16)
        assert again(group).state == "regressed"
        assert (surge.tasks, surge.since_at) == (6, NOW + 13 * MINUTE)


def test_one_that_somebody_has_taken_is_still_shown(account: Account, people: SimpleNamespace) -> None:
    by(people.sam, fail_at(account, every(0.5, 12))).assign(people.sam.pk)
    assert len(watch(6)) == 1


def test_merged_groups_surge_together(account: Account, people: SimpleNamespace) -> None:
    root, other = fail_at(account, every(1, 3)), fail_at(account, every(1, 3), CODEC)
    assert watch(3) == []
    merge(by(people.sam, other), root.pk)
    [surge] = watch(3)
    assert (surge.group, surge.tasks) == (root, 6)


def test_a_surge_moves_to_what_its_group_is_merged_into_and_back(account: Account, people: SimpleNamespace) -> None:
    group, root = fail_at(account, every(0.5, 8)), fail_at(account, [-HOUR / MINUTE], CODEC)
    [surge] = watch(4)
    assert surge.group == group
    merge(by(people.sam, group), root.pk)
    [surge] = watch(4.1)
    assert (surge.group, surge.tasks, surge.since_at) == (root, 8, NOW)
    unmerge(by(people.sam, root), group.pk)
    assert watch(4.2) == []
    fail_at(account, every(0.5, 6, since=5))
    [surge] = watch(8)
    assert surge.group == group


def test_teams_have_their_own(account: Account, people: SimpleNamespace) -> None:
    fail_at(account, every(0.5, 3))
    fail_at(connected(people.other, "Theirs"), every(0.5, 6))
    [surge] = watch(4)
    assert (surge.group.team, surge.tasks) == (people.other, 6)


def test_two_syncers_at_once_make_one(account: Account, at_once: Callable[..., list[Any]]) -> None:
    fail_at(account, every(0.5, 12))
    looks = at_once(*[lambda: watch_for_surges(NOW + 6 * MINUTE)] * 4)
    assert looks == [None] * 4
    assert at_once(lambda: list(Surge.objects.values_list("tasks", "ended_at"))) == [[(12, None)]]
    assert at_once(lambda: Team.objects.get(pk=account.team_id).surges) == [1]


def test_where_nothing_fails_a_look_costs_two_queries(account: Account, django_assert_num_queries: Any) -> None:
    fail_at(account, [-30])
    with django_assert_num_queries(2):
        watch_for_surges(NOW)
