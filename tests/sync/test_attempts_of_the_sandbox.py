"""What Studio shows for half a minute and forgets: whole lives of tasks, as its simulation tells them."""

from collections.abc import Iterator

import pytest

from dashboard.models import Account, Asset, Attempt, Task
from dashboard.models.lineage import lineage_of
from dashboard.sandbox import Sandbox
from dashboard.upstream.redact import Redactor
from tests.sync.conftest import Clock, World


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    """A Studio in which things happen: a task every ten seconds."""
    with Sandbox(tasks=60, pace=2.5, seed=9, clock=clock) as running:
        yield running


def errors_to_come(sandbox: Sandbox, clock: Clock) -> dict[tuple[str, int], tuple[int, str]]:
    """By task and attempt: when it will fail and with what words, as the scripts of the simulation say."""
    project = sandbox.world.projects[0]
    return {
        (row.id, moment.retries): (moment.at, moment.error)
        for row in project.rows.values()
        for moment in row.moments
        if moment.phase == "waiting" and moment.retries and moment.error and moment.at > clock.now
    }


def until_all_are_over(sandbox: Sandbox, clock: Clock, task_ids: set[str]) -> float:
    """In how many seconds the syncer has surely seen the ends of these tasks."""
    rows = sandbox.world.projects[0].rows
    ends = [rows[task_id].moments[-1].at for task_id in task_ids]
    return (max(ends) - clock.now) / 1000 + 60


def test_an_attempts_error_that_shows_for_half_a_minute_is_still_there_at_the_end(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    expected = dict[tuple[str, int], tuple[int, str]]()
    for _ in range(8):
        world.run(20)
        expected |= errors_to_come(sandbox, clock)
    world.run(until_all_are_over(sandbox, clock, {task_id for task_id, _ in expected}))
    assert len(expected) >= 4
    redactor = Redactor(sandbox.key)
    kept = {(a.task.upstream_id, a.number): a for a in Attempt.objects.select_related("task")}
    for (task_id, number), (at, error) in expected.items():
        attempt = kept[task_id, number]
        assert (attempt.phase, attempt.error, attempt.ended_at) == ("failed", redactor.text(error), at)
    ended_well = Task.objects.filter(upstream_id__in={task_id for task_id, _ in expected}, phase="completed")
    assert ended_well.exists()
    for task in ended_well:
        assert task.error == ""
        assert "errorMessage" not in str(sandbox.document(task.upstream_id)["status"])
    peaks = [kept[which].peak for which in expected]
    assert max(peak for peak in peaks if peak is not None) > 0


def test_clips_of_the_simulation_have_a_family(account: Account, sandbox: Sandbox, clock: Clock, world: World) -> None:
    world.run(300)
    sources = set(Asset.objects.exclude(source_id="").values_list("source_id", flat=True))
    cut_from = Task.objects.filter(output_asset_id__in=sources).first()
    assert cut_from is not None
    assert "clip" in {kin.task.type for kin in lineage_of(cut_from) if kin.depth == 1}
