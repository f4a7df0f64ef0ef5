"""How often an account is asked."""

from typing import Any

import pytest

from dashboard.models import Account, Tally, Task
from dashboard.sandbox import Sandbox
from dashboard.sync.cadence import back_off
from tests.sync.conftest import Clock, Sync, World, longest_gap

HOUR, DAY = 3_600_000, 86_400_000
ROWS = [
    # phase, retries, age of the last news in ms, watched s, unwatched s
    ("running", 0, 0, 3, 20),
    ("waiting", 1, 0, 3, 20),
    ("waiting", 0, 0, 3, 60),
    ("pending", 0, 0, 3, 60),
    ("pending", 0, 23 * HOUR, 3, 60),
    ("waiting", 0, 5 * HOUR, 3, 60),
    ("pending", 0, DAY + HOUR, 15, 300),
    ("waiting", 0, 7 * HOUR, 15, 300),
    ("waiting", 2, 7 * HOUR, 15, 300),
    ("completed", 0, 0, 15, 300),
    ("failed", 2, 0, 15, 300),
    ("", 0, 0, 15, 300),
]


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize(("phase", "retries", "age", "watched_seconds", "unwatched_seconds"), ROWS)
def test_the_table(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, phase: str, retries: int, age: int,
    watched_seconds: int, unwatched_seconds: int, watched: bool,
) -> None:  # fmt: skip
    if phase:
        sandbox.add_task(status={"phase": phase, "retries": retries, "updatedAt": clock.now - age})
    Account.objects.update(watched_at=clock.now if watched else 0)
    sync(account)
    assert account.next_sync_at == clock.now + 1000 * (watched_seconds if watched else unwatched_seconds)


def test_a_deleted_task_keeps_nobody_awake(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sandbox.add_task(status={"phase": "running", "retries": 0}, deleted=True)
    sandbox.put({"id": "x", "type": "upload", "createdAt": clock.now, "status": {"phase": "completed"}})
    sync(account)
    Task.objects.update(phase="running", deleted_at=clock.now)
    assert sync(account).next_sync_at == clock.now + 300_000


def test_the_first_watch_makes_the_account_due_now_and_later_ones_do_not(
    account: Account, sync: Sync, clock: Clock
) -> None:
    sync(account)
    clock.turn(seconds=50)
    assert Account.objects.note_watched([account.pk], clock.now) == 1
    account.refresh_from_db()
    assert account.next_sync_at == clock.now
    sync(account)
    clock.turn(seconds=5)
    assert Account.objects.note_watched([account.pk], clock.now) == 0
    clock.turn(seconds=6)
    assert Account.objects.note_watched([account.pk], clock.now) == 1
    account.refresh_from_db()
    assert account.next_sync_at != clock.now


@pytest.mark.parametrize("health", ["rejected", "unopenable"])
def test_watching_does_not_wake_what_stands_still(account: Account, clock: Clock, health: str) -> None:
    Account.objects.update(health=health, next_sync_at=None, failures=1)
    Account.objects.note_watched([account.pk], clock.now)
    assert not Account.objects.due(clock.now).exists()


def test_watching_does_not_cut_a_back_off_short(account: Account, clock: Clock) -> None:
    Account.objects.update(health="failing", failures=3, next_sync_at=clock.now + 40_000)
    Account.objects.note_watched([account.pk], clock.now)
    assert not Account.objects.due(clock.now).exists()


def test_a_paused_account_is_never_due(account: Account, clock: Clock) -> None:
    Account.objects.update(paused=True)
    assert not Account.objects.due(clock.now + 1).exists()


@pytest.mark.parametrize(("failures", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (7, 300), (99, 300)])
def test_back_off_doubles_up_to_five_minutes_with_jitter(failures: int, seconds: int) -> None:
    waits = [back_off(failures) for _ in range(200)]
    assert seconds * 800 <= min(waits) < max(waits) <= seconds * 1200


def test_retry_after_is_obeyed_up_to_an_hour() -> None:
    assert back_off(1, 77) == 77_000
    assert back_off(1, 10**9) == HOUR
    assert back_off(9, 1) > 200_000


def test_a_task_becomes_stalled_by_the_clock_alone_and_viewers_are_told(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task(status={"phase": "running", "retries": 0, "progress": 0.5})
    revision = sync(account, rounds=2).revision
    clock.turn(minutes=5.1)
    sync(account)
    assert Task.objects.get().overlay == "stalled"
    assert account.revision > revision
    assert list(Tally.objects.filter(number__gt=0).values_list("phase", "overlay")) == [("running", "stalled")]


def test_a_watched_task_is_followed_at_three_seconds(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, monkeypatch: Any
) -> None:
    sandbox.add_task(status={"phase": "running", "retries": 0, "progress": 0.5})
    Account.objects.update(watched_at=clock.now + 10**9)
    world.run(1)
    sandbox.calls.clear()
    world.run(60)
    looks = [call.at for call in sandbox.calls if "filters" in call.query]
    assert 18 <= len(looks) <= 20
    assert longest_gap(looks) <= 3_500
