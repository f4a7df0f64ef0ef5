"""How fast an account's tasks go, counted by the syncer, and what that says about those that wait."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.clock import HOUR, MINUTE
from dashboard.models import Account, Asset, Attempt, Pace, Task
from dashboard.models.memory import remember
from dashboard.phases import stalled_limit
from dashboard.sandbox import Sandbox
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from tests.sync.conftest import Clock, Sync, World

REDACTOR = Redactor("00000000-0000-4000-8000-000000000000")


def read(clock: Clock, number: int, phase: str, at: int, task_type: str = "upload", **fields: object) -> Snapshot:
    status = {"phase": phase, "updatedAt": at}
    document = {"id": f"{task_type}-{number}", "type": task_type, "createdAt": clock.now, "scheduledAt": clock.now}
    return Snapshot.read({**document, "status": status, **fields}, REDACTOR)


def completed(account: Account, clock: Clock, number: int, seconds: int, **fields: object) -> None:
    remember(account, [read(clock, number, "completed", clock.now + seconds * 1000, **fields)], clock.now)  # type: ignore[arg-type]


def seen_from_the_start(account: Account, clock: Clock, waits: list[int], task_type: str = "upload") -> None:
    """Tasks that we knew before they began, after these seconds, and that completed a minute later."""
    for number, wait in enumerate(waits):
        for phase, seconds in (("waiting", 0), ("running", wait), ("completed", wait + 60)):
            snapshot = read(clock, number, phase, clock.now + seconds * 1000, task_type)
            remember(account, [snapshot], clock.now)


def pace(task_type: str = "upload") -> Pace:
    return Pace.objects.get(type=task_type)


def test_each_completed_task_tells_its_seconds_and_its_size(account: Account, clock: Clock) -> None:
    Asset.objects.create(account=account, upstream_id="asset-1", size=700)
    spec = {"upload": {"assetSpec": {"size": 5000}}}
    completed(account, clock, 1, 90, output=spec)
    completed(account, clock, 2, 45, task_type="export", inputAssetId="asset-1")
    completed(account, clock, 3, 30, task_type="export", inputAssetId="unknown")
    Pace.count(account, clock.now)
    assert pace().known_runs == [(90.0, 5000)]
    assert pace("export").known_runs == [(45.0, 700), (30.0, None)]
    assert pace().counted_at == clock.now


def test_what_was_never_scheduled_or_took_no_time_is_left_out(account: Account, clock: Clock) -> None:
    completed(account, clock, 1, 0)
    completed(account, clock, 2, 60, scheduledAt=None)
    completed(account, clock, 3, 60, deleted=True)
    completed(account, clock, 4, 60)
    Pace.count(account, clock.now)
    assert pace().known_runs == [(60.0, None)]


def test_only_the_newest_200_of_a_type_count_with_few_queries(account: Account, clock: Clock) -> None:
    snapshots = [read(clock, number, "completed", clock.now + number * 1000) for number in range(1, 301)]
    remember(account, snapshots, clock.now)
    with CaptureQueriesContext(connection) as queries:
        Pace.count(account, clock.now)
    assert len(pace().known_runs) == 200
    assert min(seconds for seconds, _ in pace().known_runs) == 101
    assert len(queries) <= 4


def test_the_longest_wait_but_for_one_in_twenty_is_known_from_twenty_on(account: Account, clock: Clock) -> None:
    seen_from_the_start(account, clock, list(range(1, 20)))
    Pace.count(account, clock.now)
    assert pace().wait_ms is None
    seen_from_the_start(account, clock, list(range(1, 21)))
    Pace.count(account, clock.now)
    assert pace().wait_ms == 19_000


def test_a_wait_that_nobody_saw_does_not_count(account: Account, clock: Clock) -> None:
    seen_from_the_start(account, clock, [30] * 25)
    Attempt.objects.filter(task__upstream_id__endswith="1").update(inferred=True)
    Task.objects.filter(upstream_id__endswith="2").update(first_seen_at=clock.now + HOUR)
    Pace.count(account, clock.now)
    assert pace().wait_ms is None


@pytest.mark.parametrize(
    ("phase", "wait_ms", "limit"),
    [
        ("running", 1, 5 * MINUTE),
        ("pending", 1, 24 * HOUR),
        ("completed", 1, None),
        ("waiting", None, 6 * HOUR),
        ("waiting", 1000, 5 * MINUTE),
        ("waiting", 20 * MINUTE, 20 * MINUTE),
        ("waiting", 9 * HOUR, 6 * HOUR),
    ],
)
def test_the_limits_of_stalling(phase: str, wait_ms: int | None, limit: int | None) -> None:
    assert stalled_limit(phase, wait_ms) == limit


def test_a_task_that_waits_longer_than_its_type_does_is_stalled_until_it_begins(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    Pace.objects.create(account=account, type="upload", wait_ms=10 * MINUTE)
    slow, other = sandbox.add_task(), sandbox.add_task(type="export")
    sync(account)
    clock.turn(minutes=9)
    sync(account)
    assert not Task.objects.filter(overlay="stalled").exists()
    clock.turn(minutes=1.1)
    revision = sync(account).revision
    assert Task.objects.get(overlay="stalled").upstream_id == slow
    version = Task.objects.get(upstream_id=slow).version
    sync(account, rounds=3)
    task = Task.objects.get(upstream_id=slow)
    assert (task.overlay, task.version, account.revision - revision) == ("stalled", version, 0)
    sandbox.change(slow, status={"phase": "running", "retries": 0, "progress": 0})
    sync(account)
    assert Task.objects.get(upstream_id=slow).overlay == ""
    assert Task.objects.get(upstream_id=other).overlay == ""


def test_other_words_about_a_stalled_task_do_not_make_its_overlay_flicker(account: Account, clock: Clock) -> None:
    waiting = read(clock, 1, "waiting", clock.now - 20 * MINUTE)
    remember(account, [waiting], clock.now)
    Task.objects.update(overlay="stalled")
    remember(account, [read(clock, 1, "waiting", clock.now - 20 * MINUTE, extra=1)], clock.now)
    assert Task.objects.get().overlay == "stalled"
    remember(account, [read(clock, 1, "waiting", clock.now - MINUTE, extra=2)], clock.now)
    assert Task.objects.get().overlay == ""


def test_a_task_that_is_stalled_by_its_pace_is_followed_as_before(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    Pace.objects.create(account=account, type="upload", wait_ms=MINUTE)
    sandbox.add_task()
    sync(account)
    clock.turn(minutes=6)
    sync(account)
    assert Task.objects.get().overlay == "stalled"
    assert account.next_sync_at == clock.now + 60_000


def test_the_syncer_counts_every_five_minutes_while_tasks_complete(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    counted = set()
    sandbox.add_task()  # waits, so the account is asked every minute
    for _ in range(20):
        sandbox.add_task(status={"phase": "completed"}, scheduledAt=clock.now - 5000)
        world.run(60)
        counted |= set(Pace.objects.values_list("counted_at", flat=True))
    assert 4 <= len(counted) <= 5


def test_an_account_without_news_is_not_counted_again(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    sandbox.add_task(status={"phase": "completed"}, scheduledAt=clock.now - 5000)
    world.run(1200)
    counted_at = pace().counted_at
    world.run(7200)
    assert pace().counted_at == counted_at
    sandbox.add_task(status={"phase": "completed"}, scheduledAt=clock.now - 9000)
    world.run(700)
    assert len(pace().known_runs) == 2
