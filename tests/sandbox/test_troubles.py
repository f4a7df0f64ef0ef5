"""A sandbox in which things went wrong, as the demo has it."""

from collections import Counter
from itertools import pairwise

from dashboard.fingerprint import fingerprint_of
from dashboard.sandbox import Sandbox
from tests.sandbox.conftest import EPOCH_AT, Clock

MINUTE, DAY = 60_000, 86_400_000
PLAIN = 400


def troubled(clock: Clock) -> Sandbox:
    return Sandbox(tasks=PLAIN, projects=3, pace=0, clock=clock, troubled=True)


def failed(sandbox: Sandbox) -> list[tuple[int, str, str]]:
    """When and of what tasks of all projects have failed."""
    rows = [sandbox.world.projects[number].rows[key] for number in range(3) for key in sandbox.ids(number)]
    statuses = [row.status() for row in rows if row.phase == "failed"]
    return sorted((int(s["updatedAt"]), str(s.get("errorMessage", "")), s["phase"]) for s in statuses)  # type: ignore[index,attr-defined]


def test_a_dozen_causes_failed_often_in_the_last_two_weeks_and_without_it_none(clock: Clock) -> None:
    def often(sandbox: Sandbox) -> Counter[str]:
        recent = [message for at, message, _ in failed(sandbox) if at > EPOCH_AT - 14 * DAY]
        return Counter({cause: n for cause, n in Counter(map(cause_of, recent)).items() if n >= 5})

    assert len(often(troubled(clock))) >= 12
    assert len(often(Sandbox(tasks=PLAIN, projects=3, pace=0, clock=clock))) < 12


def cause_of(message: str) -> str:
    return str(fingerprint_of(message, "upload").value)


def test_nothing_but_more_tasks_is_different(clock: Clock) -> None:
    with_trouble, without = troubled(clock), Sandbox(tasks=PLAIN, projects=3, pace=0, clock=clock)
    assert with_trouble.keys == without.keys
    old = [key for key in without.ids() if int(str(without.document(key)["createdAt"])) < EPOCH_AT - DAY]
    assert set(old) <= set(with_trouble.ids())


def test_one_cause_begins_some_minutes_before_the_epoch_and_ends_some_minutes_after(clock: Clock) -> None:
    sandbox = troubled(clock)
    before = [at for at, message, _ in failed(sandbox) if "status 503" in message]
    assert len(before) >= 5
    assert min(before) > EPOCH_AT - 10 * MINUTE
    clock.turn(15 * 60)
    after = [at for at, message, _ in failed(sandbox) if "status 503" in message]
    assert len(after) > len(before)
    assert max(later - earlier for earlier, later in pairwise(after)) < 3 * MINUTE
    clock.turn(60 * 60)
    assert len([1 for _, message, _ in failed(sandbox) if "status 503" in message]) == len(after)


def test_a_retry_saves_some_of_them(clock: Clock) -> None:
    sandbox = troubled(clock)
    for number in range(3):
        sandbox.ids(number)  # brings it to the present
    rows = [row for project in sandbox.world.projects[:3] for row in project.rows.values()]
    tried = [
        row for row in rows if any(m.phase == "waiting" and m.error and "status 503" in m.error for m in row.moments)
    ]
    clock.turn(20 * 60)
    sandbox.ids()
    assert len(tried) >= 3
    assert {sandbox.document(row.id)["status"]["phase"] for row in tried} == {"completed"}  # type: ignore[index,call-overload]


def test_assets_that_could_not_be_made_were_made_by_another_task_later(clock: Clock) -> None:
    sandbox = troubled(clock)
    documents = [sandbox.document(key) for number in range(3) for key in sandbox.ids(number)]
    by_asset: dict[str, list[dict[str, object]]] = {}
    for document in documents:
        if asset := document.get("outputAssetId"):
            by_asset.setdefault(str(asset), []).append(document)
    made_twice = [tasks for tasks in by_asset.values() if len(tasks) > 1]
    assert len(made_twice) == 32
    for first, second in made_twice:
        one, other = first["status"], second["status"]
        assert (one["phase"], other["phase"]) == ("failed", "completed")  # type: ignore[index]
        assert one["updatedAt"] < other["updatedAt"]  # type: ignore[index,operator]
        assert first["params"] != {}
