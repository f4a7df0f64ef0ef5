"""What the task page says in sentences: the answer, the attempts, the timeline, the facts beside it."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from dashboard import units
from dashboard.clock import MINUTE, SECOND, iso
from dashboard.models.attempt import Attempt
from dashboard.models.task import Observation, Task
from dashboard.stages import stage_of

BLIND_AFTER_MS = 2 * MINUTE
AT_ONCE_MS = 2 * SECOND


def answer_of(task: Task) -> SimpleNamespace:
    """The first line answers, in one sentence and a quieter second one."""
    strong, rest = _ANSWERS.get(task.overlay or task.phase, _unknown)(task)
    return SimpleNamespace(strong=strong, rest=rest)


def _running(task: Task) -> tuple[str, str]:
    stage = stage_of(task.type, task.progress) or "Running"
    again = f"Attempt {task.attempt}; the one before failed." if task.attempt > 1 else ""
    return f"{stage}, {units.percent(task.progress)}.", again


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
    """One bar per attempt; progress is told per attempt and never falls to 0 in silence."""
    shown = [_attempt(task, attempt, attempt is attempts[-1]) for attempt in attempts]
    if task.overlay == "retrying" and attempts:
        shown.append(
            SimpleNamespace(
                number=attempts[-1].number + 1,
                word="Next",
                lamp="waiting",
                bar=None,
                label="to come",
                error="",
                inferred=False,
                now=False,
                future=True,
                started_iso="",
                ended_iso="",
            )
        )
    return shown


def _attempt(task: Task, attempt: Attempt, is_last: bool) -> SimpleNamespace:
    running = attempt.phase == "running"
    return SimpleNamespace(
        number=attempt.number,
        word=attempt.phase.capitalize(),
        lamp=attempt.phase,
        bar=None if attempt.peak is None else round(attempt.peak * 100),
        label=_attempt_label(attempt),
        error=attempt.error,
        inferred=attempt.inferred,
        now=is_last and running,
        future=False,
        started_iso=iso(attempt.started_at),
        ended_iso=iso(attempt.ended_at),
    )


def _attempt_label(attempt: Attempt) -> str:
    peak = f" at {units.percent(attempt.peak)}" if attempt.peak is not None else ""
    if attempt.phase == "failed" and attempt.started_at is None and attempt.peak is None:
        return "failed, its progress was not seen"
    if attempt.phase == "running":
        return units.percent(attempt.peak or 0)
    if attempt.phase == "completed":
        return "done" + _after(attempt)
    return f"{attempt.phase}{peak}{_after(attempt)}"


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


def times_of(task: Task) -> list[SimpleNamespace]:
    """Created, scheduled, updated; queue wait and processing as Studio's own team defines them."""
    times = [("Created", task.created_at, ""), ("Scheduled", task.scheduled_at, "")]
    if task.scheduled_at:
        waited = max(0, task.scheduled_at - task.created_at) / 1000
        times.append(("Queue wait", None, units.duration(waited) if waited >= 1 else "none"))
    if task.scheduled_at and task.phase in ("running", "completed", "failed"):
        worked = max(0, task.updated_at - task.scheduled_at) / 1000
        times.append(("Processing", None, units.duration(worked) + (" so far" if task.phase == "running" else "")))
    times.append(("Updated", task.updated_at, ""))
    return [SimpleNamespace(label=label, iso=iso(at), text=text) for label, at, text in times if at or text]


def ids_of(task: Task, playback_id: str) -> list[SimpleNamespace]:
    ids = [
        ("Task", task.upstream_id),
        ("Output asset", task.output_asset_id),
        ("Input asset", task.input_asset_id),
        ("Playback", playback_id),
        ("Project", task.project_id),
    ]
    return [SimpleNamespace(label=label, value=value) for label, value in ids if value]


def cids_of(document: dict[str, Any]) -> list[SimpleNamespace]:
    """The CIDs of an export, each with its `ipfs://` link and gateway."""
    output = document.get("output")
    found = []
    for part in (output if isinstance(output, dict) else {}).values():
        ipfs = part.get("ipfs") if isinstance(part, dict) else None
        if isinstance(ipfs, dict):
            found += [
                _cid(ipfs, "Video", "videoFile"),
                _cid(ipfs, "NFT metadata", "nftMetadata"),
                _cid(ipfs, "Data", ""),
            ]
    return [item for item in found if item]


def _cid(ipfs: dict[str, Any], label: str, name: str) -> SimpleNamespace | None:
    cid = ipfs.get(f"{name}Cid" if name else "cid")
    if not isinstance(cid, str) or not cid:
        return None
    told = ipfs.get(f"{name}GatewayUrl" if name else "gatewayUrl")
    gateway = (
        told if isinstance(told, str) and told.startswith("https://") else f"https://ipfs.livepeer.studio/ipfs/{cid}"
    )
    return SimpleNamespace(label=label, cid=cid, ipfs_url=f"ipfs://{cid}", gateway_urls=[gateway])
