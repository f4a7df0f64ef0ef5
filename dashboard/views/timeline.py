"""What happened to a task, newest on top: what we saw, what must have happened, and when nobody was looking."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import MINUTE, SECOND, iso
from dashboard.models.attempt import Attempt
from dashboard.models.retry import Outcome, Retry
from dashboard.models.task import Observation
from dashboard.phases import PHASES
from dashboard.stages import stage_of
from dashboard.views.story import Story
from dashboard.views.task_words import percent_of, since_of
from dashboard.visible import visible

SHORT = 240
BLIND_AFTER_MS = 2 * MINUTE
AT_ONCE_MS = 2 * SECOND
LAMPS = {*PHASES, "retrying", "deleted", "stalled", ""}
UNSEEN_START = 0.05  # a first sight with more progress than this was no start
Span = tuple[int, int]


def timeline_of(
    story: Story, observations: Sequence[Observation], retries: Sequence[Retry], gaps: Sequence[Span]
) -> list[SimpleNamespace]:
    """`gaps`: the spans of time, from and until in ms, in which the account was not watched."""
    steps = [*_born(story), *_observed(story, observations), *_unobserved(story, observations)]
    steps += [_asked(retry, story.now) for retry in retries]
    if story.task.deleted_at:
        steps.append(_step(story.task.deleted_at, "Found deleted at Studio", "deleted"))
    steps.sort(key=lambda step: step.at)
    _measure(story, steps)
    steps += [_blind(span) for span in _blind_spans(story, observations, gaps)]
    steps.sort(key=lambda step: step.at)
    if story.task.overlay != "deleted" and (present := _present(story)):
        steps.append(present)
    return _without_repeats(steps[::-1])


def _step(at: int, text: str, lamp: str = "", detail: str = "", kind: str = "seen", means: str = "") -> SimpleNamespace:
    """`means`: queued, started or ended, where the step bounds a wait or an attempt."""
    return SimpleNamespace(
        at=at, at_iso=iso(at), text=text, detail=visible(detail), lamp=lamp if lamp in LAMPS else "other",
        kind=kind, means=means, duration="", is_long=False, since=None,
    )  # fmt: skip


def _born(story: Story) -> Iterator[SimpleNamespace]:
    task, asset = story.task, story.asset
    is_its_own = asset is not None and asset.upstream_id == task.output_asset_id
    key = asset.opened().get("createdByTokenName") if asset is not None and is_its_own else None
    by = f" by key {visible(key)}" if isinstance(key, str) and key else ""
    yield _step(task.created_at, f"Created{by}", "pending")
    for number, at in enumerate(_schedules(story)):
        yield _step(at, "Queued again" if number else "Queued", "waiting", means="queued")


def _schedules(story: Story) -> list[int]:
    """When Studio queued it: once, and once more for each retry by hand."""
    return sorted({attempt.series for attempt in story.attempts} | {story.task.scheduled_at or 0} - {0})


def _observed(story: Story, observations: Sequence[Observation]) -> Iterator[SimpleNamespace]:
    """One step for each change of phase or attempt that was seen."""
    before: tuple[str, int, bool] | None = None
    for observation in observations:
        now = observation.phase, observation.retries, bool(observation.error)
        if now != before and not _is_told_by_task(story, observation):
            yield _seen(story, observation)
        before = now


def _is_told_by_task(story: Story, observation: Observation) -> bool:
    """Studio itself says when the task was created and when it was queued first."""
    task = story.task
    if observation.phase == "pending":
        return abs(observation.at - task.created_at) < AT_ONCE_MS
    is_first_wait = observation.phase == "waiting" and not observation.retries
    return is_first_wait and any(abs(observation.at - at) < AT_ONCE_MS for at in _schedules(story))


def _seen(story: Story, observation: Observation) -> SimpleNamespace:
    at, phase, number = observation.at, observation.phase, observation.retries + 1
    if phase == "running":
        late = observation.seen_at - at > BLIND_AFTER_MS
        begun = (observation.progress or 0) > UNSEEN_START
        detail = f"seen at {percent_of(observation.progress or 0)}" if begun else ""
        return _step(at, f"Attempt {number} started", phase, detail, "inferred" if late or begun else "seen", "started")
    if phase == "waiting" and observation.retries:
        if observation.error:
            text = f"Attempt {number - 1} failed{_peak(story, number - 1, at)}, another follows"
            return _step(at, text, "failed", observation.error, means="ended")
        return _step(at, f"Queued for attempt {number}", phase, means="queued")
    if phase == "failed":
        text = f"Attempt {number} failed{_peak(story, number, at)}, final"
        return _step(at, text, phase, observation.error, means="ended")
    if phase == "completed":
        return _completed(story, at)
    return _step(
        at, {"waiting": "Queued", "pending": "Upload link given out"}.get(phase, visible(phase).capitalize()), phase
    )


def _completed(story: Story, at: int) -> SimpleNamespace:
    number = story.task.attempt
    text = f"Completed at attempt {number}" if number > 1 else "Completed"
    return _step(at, text, "completed", means="ended")


def _peak(story: Story, number: int, at: int) -> str:
    """` at 88 %` of the attempt that ended then."""
    peaks = (a.peak for a in story.attempts if a.number == number and a.ended_at == at and a.peak is not None)
    return next((f" at {percent_of(peak)}" for peak in peaks), "")


def _unobserved(story: Story, observations: Sequence[Observation]) -> Iterator[SimpleNamespace]:
    """What attempts tell beyond the observations, which are kept for a while only; and the end, if nothing tells it."""
    task, told = story.task, {observation.at for observation in observations}
    for attempt, following in zip_longest(story.attempts, story.attempts[1:]):
        yield from _of_attempt(story, attempt, following, told)
    ends = {attempt.ended_at for attempt in story.attempts}
    if task.is_final and not task.deleted_at and task.updated_at not in told | ends:
        yield _ended(story, task.phase, task.attempt, task.updated_at, task.error)


def _of_attempt(story: Story, attempt: Attempt, following: Attempt | None, told: set[int]) -> Iterator[SimpleNamespace]:
    started, ended = attempt.started_at, attempt.ended_at
    if started and started not in told:
        kind = "inferred" if attempt.inferred else "seen"
        yield _step(started, f"Attempt {attempt.number} started", "running", kind=kind, means="started")
    if ended and ended not in told:
        yield _ended(story, attempt.phase, attempt.number, ended, attempt.error)
    if attempt.phase == "failed" and not ended:
        known = (following.started_at or following.ended_at) if following else None
        step = _step((known or story.task.updated_at) - 1, "", "failed", attempt.error, "inferred")
        step.text, step.at_iso = f"Attempt {attempt.number} failed", ""
        yield step


def _ended(story: Story, phase: str, number: int, at: int, error: str) -> SimpleNamespace:
    if phase == "completed":
        return _completed(story, at)
    text = f"Attempt {number} failed" if phase == "failed" and number else visible(phase).capitalize()
    return _step(at, text, phase, error, means="ended")


def _asked(retry: Retry, now: int) -> SimpleNamespace:
    words = {
        Outcome.STARTED: "started",
        Outcome.REFUSED: "refused",
        Outcome.UNKNOWN: "no answer, so it is not known whether Studio took it",
    }
    told = words.get(retry.outcome_at(now), "no answer yet")
    return _step(retry.asked_at, f"Retry asked by {visible(retry.by_name)}: {told}", "retrying", retry.sentence)


def _present(story: Story) -> SimpleNamespace | None:
    """The entry on top, while the task goes on."""
    task = story.task
    if task.is_final or task.phase not in ("running", "waiting"):
        return None
    since_at, lamp = task.updated_at, task.overlay or task.phase
    if task.phase == "running":
        stage = stage_of(task.type, task.progress).lower() or "running"
        text = f"Attempt {task.attempt} is running, {stage} at {percent_of(task.progress)}"
        since_at = story.started_at or task.updated_at
    else:
        text = f"Waiting for attempt {task.retries + 1}" if task.retries else "Waiting for Studio to start it"
    step = _step(0, text, lamp, "stalled: no news for longer than usual" if task.overlay == "stalled" else "")
    step.since = since_of(since_at, story.now)
    return step


def _measure(story: Story, steps: Sequence[SimpleNamespace]) -> None:
    """How long each step came after the one before it; which of these lengths are unusual."""
    for before, step in pairwise(steps):
        ms = step.at - before.at
        if ms < SECOND or not step.at_iso or not before.at_iso:
            continue
        length, kind = units.duration(ms / SECOND), (before.means, step.means)
        step.duration = _length(step, kind, length)
        limits = {("queued", "started"): story.wait_limit_ms, ("started", "ended"): story.run_limit_ms}
        limit = limits.get(kind)
        step.is_long = limit is not None and ms > limit and step.kind == "seen"


def _length(step: SimpleNamespace, kind: tuple[str, str], length: str) -> str:
    if step.means == "started":
        return f"waited {'' if step.kind == 'seen' else 'at most '}{length}"
    return length if kind == ("started", "ended") else f"after {length}"


def _blind_spans(story: Story, observations: Sequence[Observation], gaps: Sequence[Span]) -> list[Span]:
    """When we were not watching: before the first sight, between what happened and when we saw it, and in the gaps of
    the account; joined where they touch."""
    task = story.task
    until = task.deleted_at or (task.updated_at if task.is_final else story.now)
    first = min(_schedules(story), default=0)
    spans = [(max(task.created_at, first), task.first_seen_at)]
    if spans[0][0] > task.first_seen_at:
        spans = [(task.created_at, task.first_seen_at)]
    spans += [(observation.at, observation.seen_at) for observation in observations]
    joined: list[Span] = []
    for begin, end in sorted([*spans, *gaps]):
        begin, end = max(begin, task.created_at), min(end, until)
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif end - begin > 0:
            joined.append((begin, end))
    return [(begin, end) for begin, end in joined if end - begin > BLIND_AFTER_MS]


def _blind(span: Span) -> SimpleNamespace:
    begin, end = span
    step = _step(end - 1, f"Not watching for {units.duration((end - begin) / SECOND)}", kind="blind")
    step.at_iso = ""
    return step


def _without_repeats(steps: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """A message that stands above already is not said again."""
    said: set[str] = set()
    for step in steps:
        if step.lamp == "failed" and step.detail:
            is_known = step.detail in said
            said.add(step.detail)
            step.detail = "same message" if is_known else _short(step.detail)
    return steps


def _short(text: str) -> str:
    """The whole of it stands with its attempt."""
    return f"{text[:SHORT]}…" if len(text) > SHORT else text
