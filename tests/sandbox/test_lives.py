"""How tasks move: by the clock alone, and always the same way for the same seed."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from dashboard.sandbox import Sandbox
from tests.sandbox.asking import Asker
from tests.sandbox.conftest import EPOCH_AT, Clock

Make = Callable[..., Asker]


def statuses(sandbox: Sandbox, clock: Clock, seconds: int, step: float) -> dict[str, list[Any]]:
    """Every distinct status of every task while the clock runs, by task, as a poll would see them."""
    seen: dict[str, list[Any]] = {}
    rows = sandbox.world.projects[0].rows
    for _ in range(int(seconds / step)):
        clock.turn(step)
        for identifier in sandbox.ids():
            status: Any = rows[identifier].status()
            story = seen.setdefault(identifier, [])
            if not story or story[-1] != status:
                story.append(status)
    return seen


def test_the_same_seed_and_epoch_tell_the_same_story(clock: Clock) -> None:
    one, other = (Sandbox(tasks=60, seed=3, epoch_at=EPOCH_AT, clock=clock) for _ in range(2))
    clock.turn(400)
    early = one.ids()
    clock.turn(3_000)
    assert one.ids()[: len(early)] == early
    assert one.ids() == other.ids()
    assert [one.document(key) for key in one.ids()] == [other.document(key) for key in other.ids()]
    assert Sandbox(tasks=60, seed=4, epoch_at=EPOCH_AT, clock=clock).ids() != one.ids()
    assert one.keys == other.keys
    assert one.secrets == other.secrets


def test_the_history_is_as_long_as_asked_and_densest_at_its_end(clock: Clock) -> None:
    for number in (0, 1, 5, 40, 400):
        sandbox = Sandbox(tasks=number, clock=clock, pace=0)
        assert len(sandbox.ids()) == number
    day = 86_400_000
    ages = [EPOCH_AT - int(str(sandbox.document(key)["createdAt"])) for key in sandbox.ids()]
    assert max(ages) > 50 * day
    assert max(ages) < 62 * day
    assert sum(age < 10 * day for age in ages) > len(ages) / 3


def test_a_new_task_arrives_every_half_minute(clock: Clock) -> None:
    sandbox = Sandbox(tasks=20, clock=clock)
    before = len(sandbox.ids())
    clock.turn(1_000)
    assert 38 <= len(sandbox.ids()) - before <= 42
    double = Sandbox(tasks=20, clock=clock, epoch_at=EPOCH_AT, pace=2)
    assert 78 <= len(double.ids()) - 20 <= 82


def test_something_changes_every_few_seconds(clock: Clock) -> None:
    sandbox = Sandbox(clock=clock)
    rows = sandbox.world.projects[0].rows
    quiet = 0
    last: list[Any] = []
    for _ in range(60):
        clock.turn(5)
        newest = [rows[key].status() for key in sandbox.ids()[-60:]]
        quiet += newest == last
        last = newest
    assert quiet < 12


def test_a_life_goes_from_phase_to_phase_without_a_step_left_out(clock: Clock) -> None:
    stories = statuses(Sandbox(tasks=2, clock=clock, pace=4), clock, 400, 1)
    allowed = {
        ("pending", "waiting"), ("waiting", "running"), ("running", "running"), ("running", "completed"),
        ("running", "failed"), ("running", "waiting"), ("waiting", "waiting"), ("pending", "running"),
    }  # fmt: skip
    steps = {(before["phase"], after["phase"]) for story in stories.values() for before, after in pairwise(story)}
    assert steps <= allowed
    assert {("waiting", "running"), ("running", "running"), ("running", "completed")} <= steps


def test_progress_never_falls_within_an_attempt_and_rests_on_its_plateaus(clock: Clock) -> None:
    stories = statuses(Sandbox(tasks=2, clock=clock, pace=6), clock, 600, 5)
    met = set()
    for story in stories.values():
        for before, after in pairwise(story):
            if before["phase"] == after["phase"] == "running" and before["retries"] == after["retries"]:
                assert after["progress"] >= before["progress"]
                assert after["updatedAt"] > before["updatedAt"]
                met.add(after["progress"])
    assert {0.36, 0.81} <= met


def test_a_retry_shows_its_reason_for_half_a_minute_and_then_forgets_it(clock: Clock) -> None:
    stories = statuses(Sandbox(tasks=2, clock=clock, pace=6), clock, 900, 3)
    retried = [story for story in stories.values() if any(status.get("retries") == 1 for status in story)]
    assert retried
    complete = 0
    for story in retried:
        told = [status for status in story if status["phase"] == "waiting" and "errorMessage" in status]
        plain = [status for status in story if status["phase"] == "waiting" and "errorMessage" not in status]
        again = [status for status in plain if status["retries"] == 1]
        if told and again:
            assert again[0]["updatedAt"] - told[0]["updatedAt"] == 30_000
            assert "progress" not in told[0]
            complete += 1
    assert complete


def test_a_task_without_a_file_yet_is_not_scheduled(clock: Clock) -> None:
    sandbox = Sandbox(clock=clock)
    for identifier in sandbox.ids():
        document: Any = sandbox.document(identifier)
        if document["status"]["phase"] == "pending":
            assert "scheduledAt" not in document


def test_a_manual_retry_starts_from_nothing(full: Sandbox, lively: Sandbox, clock: Clock, asker: Make) -> None:
    caller = asker(lively)
    failed = [task for task in caller.get("/task", limit="1000").json if task["status"]["phase"] == "failed"]
    task = failed[0]
    clock.turn(10)
    reply = caller.ask("POST", f"/task/{task['id']}/retry")
    assert (reply.status, reply.json) == (200, {"id": task["id"]})
    now = caller.get(f"/task/{task['id']}").json
    assert now["status"] == {"phase": "waiting", "retries": 0, "updatedAt": clock.now}
    assert now["scheduledAt"] == clock.now
    clock.turn(3_600)
    after = caller.get(f"/task/{task['id']}").json["status"]
    assert after["phase"] in ("completed", "failed")
    assert after["updatedAt"] > now["status"]["updatedAt"]


def test_while_a_retried_task_runs_its_asset_stays_failed(empty: Sandbox, asker: Make) -> None:
    status = {"phase": "failed", "retries": 2, "errorMessage": "execution timeout"}
    task = empty.add_task(status=status, outputAssetId="c0ffee00-0000-4000-8000-000000000001")
    caller = asker(empty)
    assert caller.ask("POST", f"/task/{task}/retry").status == 200
    assert caller.get(f"/task/{task}").json["status"]["phase"] == "waiting"
    asset = caller.get("/asset/c0ffee00-0000-4000-8000-000000000001").json
    assert asset["status"]["phase"] == "failed"


def test_only_failed_and_cancelled_tasks_of_ones_own_can_be_retried(empty: Sandbox, asker: Make) -> None:
    waiting = empty.add_task()
    failed = empty.add_task(status={"phase": "failed", "retries": 0, "errorMessage": "x"})
    cases = (
        (empty.key, waiting, 400, "task is not in a retryable state"),
        (empty.key, "nope", 404, "task not found"),
        (empty.stranger_key, failed, 403, "users may only retry their own tasks"),
    )
    for key, task, status, text in cases:
        reply = asker(empty, key).ask("POST", f"/task/{task}/retry")
        assert (reply.status, reply.json) == (status, {"errors": [text]})


def test_a_change_replaces_the_status_and_takes_its_time_from_the_clock(empty: Sandbox, clock: Clock) -> None:
    task = empty.add_task(status={"phase": "running", "retries": 1, "progress": 0.5})
    clock.turn(3)
    empty.change(task, {"phase": "completed"}, output={"upload": {"assetSpec": {"name": "x.mp4"}}})
    document = empty.document(task)
    assert document["status"] == {"phase": "completed", "updatedAt": clock.now}
    assert document["output"] == {"upload": {"assetSpec": {"name": "x.mp4"}}}
    clock.turn(3)
    empty.change(task, scheduledAt=5)
    assert empty.document(task)["status"] == {"phase": "completed", "updatedAt": clock.now}
    empty.change(task, {"phase": "failed", "updatedAt": 9})
    assert empty.document(task)["status"] == {"phase": "failed", "updatedAt": 9}


def test_a_change_ends_the_script_of_a_task(lively: Sandbox, clock: Clock, asker: Make) -> None:
    running = [key for key in lively.ids() if lively.document(key)["status"]["phase"] == "running"][-1]  # type: ignore[index]
    lively.change(running, {"phase": "running", "retries": 0, "progress": 0.01})
    clock.turn(7_200)
    assert lively.document(running)["status"]["progress"] == 0.01  # type: ignore[index]


def test_a_raw_document_is_served_as_it_is(empty: Sandbox, asker: Make) -> None:
    odd: dict[str, object] = {
        "id": "odd",
        "status": "broken",
        "params": None,
        "extra": [1, {"x": "\ud800"}],
        "createdAt": "soon",
    }
    empty.put(odd)
    caller = asker(empty)
    assert caller.get("/task").json == [odd]
    assert caller.get("/task/odd").json == odd
    empty.put({"id": "odd", "type": "upload"})
    assert caller.get("/task").json == [{"id": "odd", "type": "upload"}]


def test_a_rename_moves_the_asset_and_no_task(empty: Sandbox, clock: Clock, asker: Make) -> None:
    task = empty.add_task(asset_name="before.mp4")
    asset = str(empty.document(task)["outputAssetId"])
    before = empty.document(task)
    clock.turn(60)
    empty.rename_asset(asset, "after.mp4")
    found = asker(empty).get(f"/asset/{asset}").json
    assert (found["name"], found["status"]["updatedAt"]) == ("after.mp4", clock.now)
    assert empty.document(task) == before
    empty.delete_asset(asset)
    assert asker(empty).get(f"/asset/{asset}").status == 404


def test_time_never_goes_back(lively: Sandbox, clock: Clock) -> None:
    clock.turn(100)
    before = [lively.document(key) for key in lively.ids()]
    clock.turn(-90)
    assert [lively.document(key) for key in lively.ids()] == before
