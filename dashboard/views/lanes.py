"""The attempts of a task as lanes: one bar each, so that progress never falls to 0 in silence."""

from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import SECOND, iso
from dashboard.models.attempt import Attempt
from dashboard.models.task import Task
from dashboard.stages import STAGED, STAGES, stage_of
from dashboard.views.rows import ATTEMPTS, percent_undone
from dashboard.views.story import Story
from dashboard.views.task_words import percent_of, since_of
from dashboard.visible import visible

SHORT = 160


def attempts_of(story: Story) -> list[SimpleNamespace]:
    """One lane per attempt, and a dashed one for the next. Whoever retries a task by hand makes Studio count from 1
    again: `start` tells these series apart, `again` marks where a later one begins."""
    task, attempts = story.task, story.attempts
    starts = sorted({attempt.series for attempt in attempts})
    shown = [_lane(story, attempt, starts.index(attempt.series) + 1) for attempt in attempts]
    _fold_errors(shown, visible(task.error))
    if shown and (label := _next_label(task)):
        shown.append(_next_lane(shown[-1], label))
    for before, lane in pairwise(shown):
        lane.again = lane.start != before.start
    return shown


def _next_label(task: Task) -> str:
    if task.overlay == "retrying" or (task.phase == "waiting" and task.retries and task.overlay == "stalled"):
        return "to come"
    is_running = task.phase == "running" and task.overlay != "deleted"
    return "only if this one fails" if is_running and task.attempt < ATTEMPTS else ""


def _lane(story: Story, attempt: Attempt, start: int) -> SimpleNamespace:
    now = attempt is story.attempts[-1] and attempt.phase == "running"
    error = visible(attempt.error)
    return SimpleNamespace(
        start=start,
        number=attempt.number,
        peak="" if attempt.peak is None else f"{attempt.peak:.6g}",
        again=False,
        lamp=attempt.phase,
        bar=_bar(attempt),
        label=_label(attempt),
        since=since_of(attempt.started_at, story.now) if now and attempt.started_at else None,
        stages=_stages(story.task) if now else (),
        started_iso=iso(attempt.started_at),
        ended_iso=iso(attempt.ended_at),
        error=error,
        error_head=f"{error[:SHORT]}…" if len(error) > SHORT else "",
        inferred=attempt.inferred,
        now=now,
        is_next=False,
    )


def _bar(attempt: Attempt) -> int | None:
    if attempt.peak is None:
        return None
    return 100 if attempt.phase == "completed" else percent_undone(attempt.peak)


def _fold_errors(lanes: Sequence[SimpleNamespace], told: str) -> None:
    """An error that stands above already is folded, as a long one is; it stays inside its lane."""
    above = {told}
    for lane in lanes:
        if lane.error and lane.error in above:
            lane.error_head = "same message as above"
        above.add(lane.error)


def _next_lane(last: SimpleNamespace, label: str) -> SimpleNamespace:
    nothing = {"peak": "", "bar": None, "error": "", "error_head": "", "started_iso": "", "ended_iso": ""}
    told = {"number": last.number + 1, "lamp": "waiting", "label": label, "is_next": True, "inferred": False}
    return SimpleNamespace(**{**vars(last), **nothing, **told, "now": False, "since": None, "stages": ()})


def _label(attempt: Attempt) -> str:
    peak = f" at {percent_of(attempt.peak)}" if attempt.peak is not None else ""
    if attempt.phase == "failed" and attempt.started_at is None and attempt.peak is None:
        return "failed, its progress was not seen"
    if attempt.phase == "running":
        return percent_of(attempt.peak or 0)
    if attempt.phase == "completed":
        return "done" + _after(attempt)
    return f"{attempt.phase}{peak}{_after(attempt)}"


def _after(attempt: Attempt) -> str:
    if attempt.started_at and attempt.ended_at and attempt.ended_at >= attempt.started_at:
        return f" after {units.duration((attempt.ended_at - attempt.started_at) / SECOND)}"
    return ""


def _stages(task: Task) -> Sequence[tuple[str, bool]]:
    """The names of the stages under the bar, and which one it is."""
    if task.type not in STAGED:
        return ()
    return [(name, name == stage_of(task.type, task.progress)) for name, _ in STAGES]


def summary_of(attempt: int, retries: int) -> str:
    """`attempt 3 of 3, 2 retries`; nothing where nothing has begun."""
    if not attempt:
        return ""
    told = f"attempt {attempt} of {ATTEMPTS}" if attempt <= ATTEMPTS else f"attempt {attempt}"
    number = max(retries, attempt - 1)
    return f"{told}, {number} {'retry' if number == 1 else 'retries'}" if number else told
