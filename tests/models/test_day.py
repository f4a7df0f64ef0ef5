"""How the tasks of a day fared: counted anew whenever one of them changed, kept when they are forgotten."""

import importlib
import random
from collections import Counter
from collections.abc import Callable
from math import ceil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY, HOUR, MINUTE, SECOND
from dashboard.histogram import ERROR, Histogram
from dashboard.models import Account, Attempt, Day, StaleDay, Task
from dashboard.models import day as days
from dashboard.models.day import Totals, day_totals, mark_stale, start_of_day
from dashboard.models.memory import mark_gone, remember
from dashboard.phases import FINAL
from dashboard.upstream.snapshots import Snapshot
from tests.models.documents import BORN_AT, life_with_retries, snapshot
from tests.models.many_tasks import store_many, two_teams

TODAY = start_of_day(BORN_AT)
A_DAY = DAY // SECOND
NOW = BORN_AT + HOUR


def live(account: Account, *snapshots: Snapshot) -> None:
    """As rounds of syncing that see everything at once."""
    for each in snapshots:
        remember(account, [each], each.updated_at)


def count(account: Account, at: int = TODAY) -> dict[str, Day]:
    Day.count(account.pk, at, NOW)
    return {day.type: day for day in Day.objects.filter(account=account, at=at)}


def number_of(account: Account, at: int = TODAY) -> int:
    return day_totals([account.pk], at, at + DAY).ended


def ends(account: Account, number: int, at: int = 60) -> None:
    remember(account, [snapshot("completed", at, f"task-{n}") for n in range(number)], NOW)


def test_a_task_that_a_retry_saved_is_one_that_completed(account: Account) -> None:
    live(account, *life_with_retries())
    live(account, snapshot("waiting", 0, "lost"), snapshot("running", 6, "lost"), snapshot("failed", 60, "lost"))
    live(account, snapshot("cancelled", 70, "left", type="export"), snapshot("running", 80, "on its way"))
    told = count(account)
    upload = told["upload"]
    assert (upload.ended, upload.completed, upload.failed, upload.cancelled, upload.saved) == (2, 1, 1, 0, 1)
    assert (told["export"].ended, told["export"].cancelled) == (1, 1)
    assert Histogram.read(upload.waits) == Histogram([5000, 6000])
    assert Histogram.read(upload.runs) == Histogram([300_000]), "of those that completed"


def test_a_task_that_somebody_retried_by_hand_is_saved_too(account: Account) -> None:
    live(account, snapshot("running", 5), snapshot("failed", 60))
    again = BORN_AT + 100 * SECOND
    live(account, snapshot("running", 105, scheduledAt=again), snapshot("completed", 160, scheduledAt=again))
    assert count(account)["upload"].saved == 1


def test_a_wait_that_we_did_not_see_is_not_known(account: Account) -> None:
    remember(account, [snapshot("running", 5)], NOW)
    live(account, snapshot("completed", 60))
    live(account, snapshot("completed", 60, "never seen before"))
    told = count(account)["upload"]
    assert (told.ended, Histogram.read(told.waits).number, Histogram.read(told.runs).number) == (2, 0, 2)


def test_a_task_stands_in_the_day_in_which_it_ended_last(account: Account) -> None:
    live(account, snapshot("failed", 60))
    count(account)
    live(account, snapshot("completed", A_DAY + 60, scheduledAt=BORN_AT + DAY))
    assert count(account) == {}
    assert count(account, TODAY + DAY)["upload"].completed == 1


def test_what_is_deleted_at_studio_is_not_counted(account: Account) -> None:
    ends(account, 3)
    live(account, snapshot("completed", 60, "task-1", deleted=True))
    assert count(account)["upload"].ended == 2


def test_a_day_is_marked_once_however_often_it_changes(account: Account) -> None:
    with CaptureQueriesContext(connection) as queries:
        mark_stale(account.pk, [BORN_AT + DAY, BORN_AT, BORN_AT + 1])
    mark_stale(account.pk, [BORN_AT])
    mark_stale(account.pk, [])
    assert len(queries) == 1
    marks = StaleDay.objects.filter(account=account).order_by("at").values_list("at", "marks")
    assert list(marks) == [(TODAY, 2), (TODAY + DAY, 1)]


def test_counting_takes_the_mark_away(account: Account) -> None:
    ends(account, 2)
    mark_stale(account.pk, [BORN_AT])
    count(account)
    assert number_of(account) == 2
    assert not StaleDay.objects.exists()


def test_what_changes_while_a_day_is_counted_is_not_lost(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ends(account, 2)
    mark_stale(account.pk, [BORN_AT])
    read = days._counted

    def then_something_ends(*told: int) -> dict[str, Day]:
        counted = read(*told)
        ends(account, 3)
        mark_stale(account.pk, [BORN_AT])
        return counted

    monkeypatch.setattr(days, "_counted", then_something_ends)
    count(account)
    assert (number_of(account), StaleDay.objects.count()) == (2, 1)
    monkeypatch.undo()
    count(account)
    assert (number_of(account), StaleDay.objects.count()) == (3, 0)


def test_of_two_who_count_a_day_the_slower_one_changes_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends(account, 2)
    mark_stale(account.pk, [BORN_AT])
    read = days._counted

    def too_slow(*told: int) -> dict[str, Day]:
        monkeypatch.undo()
        old = read(*told)
        ends(account, 3)
        mark_stale(account.pk, [BORN_AT])
        count(account)
        return old

    monkeypatch.setattr(days, "_counted", too_slow)
    count(account)
    assert number_of(account) == 3


def test_a_day_of_which_tasks_were_forgotten_keeps_its_numbers(account: Account) -> None:
    ends(account, 5)
    count(account)
    Task.objects.filter(upstream_id__in=["task-0", "task-1"]).delete()
    mark_stale(account.pk, [BORN_AT])
    Day.count(account.pk, TODAY, NOW, is_whole=False)
    assert (number_of(account), StaleDay.objects.count()) == (5, 0)
    ends(account, 7)
    Day.count(account.pk, TODAY, NOW, is_whole=False)
    assert number_of(account) == 7, "more than were known are right"


def test_today_is_counted_every_few_minutes_and_another_day_soon(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(import_done_at=NOW)
    mark_stale(account.pk, [NOW, NOW - DAY])
    today, yesterday = TODAY, TODAY - DAY

    def due(after: int) -> list[int]:
        return list(StaleDay.objects.due(NOW + after).values_list("at", flat=True))

    assert due(0) == [today, yesterday]
    for at in (today, yesterday):
        Day.objects.create(account=account, at=at, type="upload", counted_at=NOW)
    assert due(10 * SECOND) == []
    assert due(MINUTE) == [yesterday]
    assert due(3 * MINUTE) == [today, yesterday]


def test_an_account_that_still_reads_its_history_or_goes_is_not_counted(account: Account) -> None:
    mark_stale(account.pk, [BORN_AT])
    assert not StaleDay.objects.due(NOW).exists()
    Account.objects.filter(pk=account.pk).update(import_done_at=NOW)
    assert StaleDay.objects.due(NOW).exists()
    Account.objects.filter(pk=account.pk).update(removed_at=NOW)
    assert not StaleDay.objects.due(NOW).exists()


def test_after_an_upgrade_every_day_in_which_a_task_ended_is_counted(account: Account) -> None:
    live(account, snapshot("completed", 60), snapshot("failed", 3 * A_DAY, "b"), snapshot("running", 9 * A_DAY, "c"))
    StaleDay.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("dashboard.migrations.0012_days").ALL_ARE_STALE)
    assert sorted(StaleDay.objects.values_list("account", "at")) == [
        (account.pk, TODAY),
        (account.pk, start_of_day(BORN_AT + 3 * DAY)),
    ]


def test_totals_are_read_by_one_query_and_of_those_accounts_alone(account: Account) -> None:
    ends(account, 3)
    live(account, snapshot("failed", 60, "f", type="export"), snapshot("completed", A_DAY, "tomorrow"))
    for at in (TODAY, TODAY + DAY):
        count(account, at)
    with CaptureQueriesContext(connection) as queries:
        totals = day_totals([account.pk], BORN_AT, TODAY + DAY)
    assert len(queries) == 1
    assert (totals, totals.rate) == (Totals(ended=4, completed=3, failed=1), 0.25)
    assert day_totals([account.pk], BORN_AT, TODAY + 2 * DAY).ended == 5
    assert day_totals([account.pk], BORN_AT, TODAY + DAY, "export") == Totals(1, 0, 1, 0)
    assert day_totals([account.pk + 1], BORN_AT, TODAY + DAY) == Totals()
    assert day_totals([], BORN_AT, TODAY + DAY).rate is None


@pytest.mark.django_db
def test_the_numbers_of_random_tasks_are_those_of_a_reader_of_all_of_them() -> None:
    chance = random.Random(7)
    known = store_many(two_teams(), 1500, chance)
    tries = list[Attempt]()
    for each in known:
        task = each.task
        task.scheduled_at = chance.choice((task.created_at, task.created_at, None))
        task.attempt = chance.choice((0, 1, 1, 2))
        task.first_seen_at = task.created_at + chance.choice((0, 0, 700))
        for number in range(1, chance.randrange(4)):
            phase = chance.choice(("failed", "completed"))
            started_at = task.created_at + chance.choice((0, 500, 900, 60_000))
            series = chance.choice((task.created_at, 0))
            tries.append(Attempt(task=task, series=series, number=number, phase=phase, started_at=started_at,
                                 inferred=chance.random() < 0.2))  # fmt: skip
    Task.objects.bulk_update([each.task for each in known], ["scheduled_at", "attempt", "first_seen_at"], 200)
    Attempt.objects.bulk_create(tries)
    tasks = [each.task for each in known if each.task.phase in FINAL and not each.task.deleted_at]
    for account_id, at in {(task.account_id, start_of_day(task.updated_at)) for task in tasks}:
        Day.count(account_id, at, NOW)
    assert_days_tell_of(tasks, tries)


def assert_days_tell_of(tasks: list[Task], tries: list[Attempt]) -> None:
    ended, phases, saved = Counter[object](), Counter[object](), Counter[object]()
    waits, runs = dict[object, list[int]](), dict[object, list[int]]()
    for task in tasks:
        kind = task.account_id, start_of_day(task.updated_at), task.type
        mine = [one for one in tries if one.task_id == task.pk]
        ended[kind] += 1
        phases[kind, task.phase] += 1
        is_saved = task.phase == "completed" and (task.attempt > 1 or any(one.phase == "failed" for one in mine))
        saved[kind] += is_saved
        for one in mine:
            is_first = one.number == 1 and not one.inferred and one.series == task.scheduled_at
            if is_first and one.started_at is not None and one.started_at >= task.first_seen_at:
                waits.setdefault(kind, []).append(one.started_at - one.series)
        if task.phase == "completed" and task.scheduled_at is not None:
            runs.setdefault(kind, []).append(task.updated_at - task.scheduled_at)
    held = {(day.account_id, day.at, day.type): day for day in Day.objects.all()}
    assert set(held) == set(ended)
    for kind, day in held.items():
        assert day.ended == ended[kind] == day.completed + day.failed + day.cancelled
        assert [day.completed, day.failed, day.cancelled] == [
            phases[kind, phase] for phase in ("completed", "failed", "cancelled")
        ]
        assert day.saved == saved[kind]
        assert_tells(day.waits, waits.get(kind, []))
        assert_tells(day.runs, runs.get(kind, []))


def assert_tells(text: str, lengths: list[int]) -> None:
    histogram = Histogram.read(text)
    assert histogram.number == len(lengths)
    for share in (0.5, 0.95):
        exact = sorted(lengths)[ceil(share * len(lengths)) - 1] if lengths else None
        assert histogram.percentile(share) == (exact if exact is None else pytest.approx(exact, rel=ERROR + 1e-9))


def test_two_who_count_while_tasks_end_lose_nothing(account: Account, at_once: Callable[..., list[object]]) -> None:
    def tasks_end() -> None:
        for number in range(60):
            remember(account, [snapshot("completed", 60 + number, f"task-{number}")], NOW)

    def somebody_counts() -> None:
        for _ in range(30):
            Day.count(account.pk, TODAY, NOW)

    def looks() -> tuple[int, int]:
        Day.count(account.pk, TODAY, NOW)
        return number_of(account), StaleDay.objects.count()

    assert at_once(tasks_end, somebody_counts, somebody_counts) == [None, None, None]
    assert at_once(looks) == [(60, 0)]


def test_whatever_ends_or_begins_again_marks_its_days(account: Account) -> None:
    def marked(*snapshots: Snapshot) -> list[int]:
        StaleDay.objects.all().delete()
        live(account, *snapshots)
        return sorted((at - TODAY) // DAY for at in StaleDay.objects.values_list("at", flat=True))

    assert marked(snapshot("waiting", 0), snapshot("running", 5)) == []
    assert marked(snapshot("failed", 60)) == [0]
    assert marked(snapshot("waiting", 2 * A_DAY)) == [0]
    assert marked(snapshot("completed", 3 * A_DAY)) == [3]
    assert marked(snapshot("completed", 3 * A_DAY)) == [], "the same again"
    StaleDay.objects.all().delete()
    mark_gone(Task.objects.get(), NOW)
    assert StaleDay.objects.get().at == TODAY + 3 * DAY
