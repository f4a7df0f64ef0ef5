"""What the task page says in sentences: the answer, the attempts, the timeline."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import MINUTE, SECOND, iso
from dashboard.models.attempt import Attempt
from dashboard.models.task import Observation, Task
from dashboard.stages import stage_of
from dashboard.views.rows import ATTEMPTS, percent_undone

BLIND_AFTER_MS = 2 * MINUTE
AT_ONCE_MS = 2 * SECOND


def answer_of(task: Task) -> SimpleNamespace:
    """The first line answers, in one sentence and a quieter second one."""
    strong, rest = _ANSWERS.get(task.overlay or task.phase, _unknown)(task)
    return SimpleNamespace(strong=strong, rest=rest)


def _running(task: Task) -> tuple[str, str]:
    stage = stage_of(task.type, task.progress) or "Running"
    again = f"Attempt {task.attempt}; the one before failed." if task.attempt > 1 else ""
    return f"{stage}, {_percent(task.progress)}.", again


def _failed(task: Task) -> tuple[str, str]:
    if task.attempt > 1:
        return "Failed.", f"All {task.attempt} attempts failed."
    return "Failed at the first attempt.", "Studio did not try again by itself."


def _completed(task: Task) -> tuple[str, str]:
    took = (task.updated_at - task.scheduled_at) / 1000 if task.scheduled_at else None
    return "Done.", f"It took {units.duration(took)}." if took is not None and took >= 0 else ""


def _unknown(task: Task) -> tuple[str, str]:
    return f"Studio says “{task.phase}”.", "This word is not in its documentation."


_ANSWERS: dict[str, Callable[[Task], tuple[str, str]]] = {
    "pending": lambda task: (
        "Waiting for the file.",
        "Studio has given out an upload link that was not used yet.",
    ),
    "waiting": lambda task: ("Queued.", "Studio has not started it yet."),
    "retrying": lambda task: (
        f"Attempt {task.retries} failed; Studio tries again by itself.",
        "Usually after 30 seconds, then after 3 minutes.",
    ),
    "running": _running,
    "failed": _failed,
    "completed": _completed,
    "cancelled": lambda task: ("This task was cancelled.", ""),
    "deleted": lambda task: ("Deleted at Studio.", "What we know of it stays here."),
    "stalled": lambda task: (
        f"No news while {task.phase}.",
        "Studio has not touched it for longer than is usual.",
    ),
}


def attempts_of(task: Task, attempts: list[Attempt]) -> list[SimpleNamespace]:
    """One bar per attempt; progress is told per attempt and never falls to 0 in silence. Whoever retries a task by
    hand makes Studio count from 1 again: `start` tells these series apart, `again` marks where a later one begins."""
    starts = sorted({attempt.series for attempt in attempts})
    shown = [_attempt(attempt, starts.index(attempt.series) + 1, attempt is attempts[-1]) for attempt in attempts]
    if task.overlay == "retrying" and shown:
        shown.append(_next_attempt(shown[-1]))
    for before, row in pairwise(shown):
        row.again = row.start != before.start
    return shown


def _attempt(attempt: Attempt, start: int, is_last: bool) -> SimpleNamespace:
    done = attempt.phase == "completed"
    return SimpleNamespace(
        start=start,
        number=attempt.number,
        again=False,
        lamp=attempt.phase,
        bar=None if attempt.peak is None else 100 if done else percent_undone(attempt.peak),
        label=_attempt_label(attempt),
        error=attempt.error,
        inferred=attempt.inferred,
        now=is_last and attempt.phase == "running",
    )


def _next_attempt(last: SimpleNamespace) -> SimpleNamespace:
    told = {"number": last.number + 1, "lamp": "waiting", "bar": None, "label": "to come", "error": ""}
    return SimpleNamespace(**{**vars(last), **told, "again": False, "inferred": False, "now": False})


def _attempt_label(attempt: Attempt) -> str:
    peak = f" at {_percent(attempt.peak)}" if attempt.peak is not None else ""
    if attempt.phase == "failed" and attempt.started_at is None and attempt.peak is None:
        return "failed, its progress was not seen"
    if attempt.phase == "running":
        return _percent(attempt.peak or 0)
    if attempt.phase == "completed":
        return "done" + _after(attempt)
    return f"{attempt.phase}{peak}{_after(attempt)}"


def _percent(ratio: float) -> str:
    return units.percent(percent_undone(ratio) / 100)


def summary_of(attempt: int, retries: int) -> str:
    """`attempt 3 of 3, 2 retries`; nothing where nothing has begun."""
    if not attempt:
        return ""
    told = f"attempt {attempt} of {ATTEMPTS}" if attempt <= ATTEMPTS else f"attempt {attempt}"
    number = max(retries, attempt - 1)
    return f"{told}, {number} {'retry' if number == 1 else 'retries'}" if number else told


def _after(attempt: Attempt) -> str:
    if attempt.started_at and attempt.ended_at and attempt.ended_at >= attempt.started_at:
        return f" after {units.duration((attempt.ended_at - attempt.started_at) / 1000)}"
    return ""


def timeline_of(task: Task, observations: list[Observation]) -> list[SimpleNamespace]:
    """Newest on top. Phase changes that we saw, what must have happened before we looked, and when we did not look."""
    steps = [_step(task.created_at, "Created", "pending"), *_observed(task, observations)]
    if task.scheduled_at and not any(step.at and abs(step.at - task.scheduled_at) < AT_ONCE_MS for step in steps[1:]):
        steps.append(_step(task.scheduled_at, "Queued", "waiting"))
    if not observations:
        steps.append(_step(task.updated_at, _phase_text(task.phase, task.attempt), task.phase, kind="inferred"))
    if task.deleted_at:
        steps.append(_step(task.deleted_at, "Found deleted at Studio", "deleted"))
    steps.sort(key=lambda step: step.at)
    for before, step in pairwise(steps):
        step.duration = f"after {units.duration((step.at - before.at) / 1000)}" if step.at - before.at >= SECOND else ""
    return _with_gap(steps, task.first_seen_at)[::-1]


def _with_gap(steps: list[SimpleNamespace], first_seen_at: int) -> list[SimpleNamespace]:
    """Says where we were not watching yet, if that was for long."""
    before = [step for step in steps if step.at < first_seen_at - BLIND_AFTER_MS]
    if not before or len(before) == len(steps):
        return steps
    gap = SimpleNamespace(at=0, at_iso="", text="Not watching yet", detail="", lamp="", kind="blind", duration="")
    return [*before, gap, *steps[len(before) :]]


def _observed(task: Task, observations: list[Observation]) -> Iterator[SimpleNamespace]:
    """One step for each change of phase or attempt among the observations."""
    before: tuple[str, int] | None = None
    for observation in observations:
        now = observation.phase, observation.retries
        if now == before:
            continue
        before = now
        late = observation.seen_at - observation.at > BLIND_AFTER_MS
        yield _step(
            observation.at,
            _observation_text(observation, task),
            observation.phase,
            observation.error,
            kind="inferred" if late else "seen",
        )


def _observation_text(observation: Observation, task: Task) -> str:
    if observation.phase == "waiting" and observation.retries:
        number = observation.retries
        return f"Attempt {number} failed, another follows" if observation.error else f"Queued for attempt {number + 1}"
    return _phase_text(observation.phase, observation.retries + 1 if observation.phase != "completed" else task.attempt)


def _phase_text(phase: str, attempt: int) -> str:
    words = {
        "running": f"Attempt {attempt} started" if attempt else "Started",
        "failed": f"Attempt {attempt} failed, final" if attempt else "Failed",
        "waiting": "Queued",
        "pending": "Upload link given out",
        "completed": f"Completed at attempt {attempt}" if attempt > 1 else "Completed",
    }
    return words.get(phase, phase.capitalize())


def _step(at: int, text: str, lamp: str, detail: str = "", kind: str = "seen") -> SimpleNamespace:
    return SimpleNamespace(at=at, at_iso=iso(at), text=text, detail=detail, lamp=lamp, kind=kind, duration="")
