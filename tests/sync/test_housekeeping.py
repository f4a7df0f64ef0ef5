"""What is forgotten, and when."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.utils import timezone

from dashboard.models import Account, Gap, Note, Observation, Probe, Retry, Tally, Task
from dashboard.models.memory import mark_gone
from dashboard.sandbox import Sandbox
from dashboard.sync import housekeeping
from tests.sync.conftest import Clock, Sync

DAY_MINUTES = 24 * 60


@pytest.fixture
def past(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, monkeypatch: Any) -> Account:
    """Seven tasks that ended, one that still runs and one that was deleted, 31 days ago; small batches."""
    monkeypatch.setattr(housekeeping, "BATCH", 3)
    task_ids = [sandbox.add_task() for _ in range(9)]
    sync(account)
    for task_id in task_ids[:7]:
        sandbox.change(task_id, status={"phase": "completed"})
    sync(account)
    mark_gone(Task.objects.get(upstream_id=task_ids[8]), clock.now)
    clock.turn(minutes=31 * DAY_MINUTES)
    return account


def tidy(clock: Clock) -> None:
    async_to_sync(housekeeping.tidy)(clock.now)


def test_observations_go_30_days_after_the_end_and_tasks_stay(past: Account, clock: Clock) -> None:
    running = Task.objects.get(phase="waiting", deleted_at=None)
    tidy(clock)
    assert set(Observation.objects.values_list("task", flat=True)) == {running.pk}
    assert Task.objects.count() == 9


def test_observations_stay_for_30_days(past: Account, clock: Clock) -> None:
    number = Observation.objects.count()
    clock.turn(minutes=-2 * DAY_MINUTES)
    tidy(clock)
    assert Observation.objects.count() == number == 16


def test_ended_tasks_go_after_the_days_that_they_are_kept(past: Account, clock: Clock, settings: Any) -> None:
    settings.KEEP_TASKS_DAYS = 30
    revision = past.revision
    tidy(clock)
    assert [task.phase for task in Task.objects.all()] == ["waiting"]
    past.refresh_from_db()
    assert past.revision > revision
    tallies = {(t.phase, t.type, t.overlay): t.number for t in Tally.objects.all() if t.number}
    assert tallies == Counter(Task.objects.filter(deleted_at=None).values_list("phase", "type", "overlay"))


def test_ended_tasks_stay_while_they_are_young_enough(past: Account, clock: Clock, settings: Any) -> None:
    settings.KEEP_TASKS_DAYS = 32
    tidy(clock)
    assert Task.objects.count() == 9


def test_ended_sessions_go(db: None, clock: Clock) -> None:
    for days in (-1, 1):
        Session.objects.create(session_key=f"s{days}", expire_date=timezone.now() + timedelta(days=days))
    tidy(clock)
    assert Session.objects.count() == 1


def test_what_gateways_answered_and_when_we_were_not_watching_goes_after_30_days(
    account: Account, clock: Clock
) -> None:
    for days in (29, 31):
        at = clock.now - days * DAY_MINUTES * 60_000
        Probe.objects.create(account=account, cid=f"c{days}", gateway="https://gateway.example.test", asked_at=at)
        Gap.objects.create(account=account, from_at=at - 1, until_at=at)
    tidy(clock)
    assert list(Probe.objects.values_list("cid", flat=True)) == ["c29"]
    assert Gap.objects.count() == 1


def test_a_tasks_notes_and_retries_go_with_it(past: Account, people: Any, clock: Clock, settings: Any) -> None:
    settings.KEEP_TASKS_DAYS = 30
    task = Task.objects.filter(phase="completed").first()
    Note.objects.create(task=task, author=people.sam, author_name="sam@example.com", text="Odd", created_at=1)
    Retry.objects.create(task=task, by=people.sam, by_name="sam@example.com", asked_at=1)
    tidy(clock)
    assert not Note.objects.exists()
    assert not Retry.objects.exists()


def test_with_a_session_goes_what_was_kept_of_its_browser_and_address(
    people: SimpleNamespace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 3)
    for number in range(8):
        days = 1 if number == 7 else -1
        Session.objects.create(session_key=f"s{number}", expire_date=timezone.now() + timedelta(days=days))
        UserSession.objects.create(user=people.bob, session_key=f"s{number}", ip="192.0.2.1", user_agent="curl")
    tidy(clock)
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["s7"]
