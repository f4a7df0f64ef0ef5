"""The life of a task as a script: every status that Studio will show, with the millisecond of its start.

A script is computed once from a random source, so the state at any time is looked up, never simulated.
The rules (observed on the real server and read in its source): the status is replaced at each change; a
failed attempt waits 30 s, then 180 s, with its message, then is plain waiting again and starts at 0;
progress is written every 10 to 15 s and rests at 0.36, 0.81 and 0.9; a completed status has neither progress
nor retries.
"""

import random
from itertools import pairwise
from typing import NamedTuple

from dashboard.sandbox.messages import Message

RETRY_SECONDS = (30, 180)
_MEDIA_STEPS = (
    (0.0, 0.0),
    (0.30, 0.36),
    (0.38, 0.36),
    (0.78, 0.81),
    (0.85, 0.81),
    (0.86, 0.9),
    (0.92, 0.9),
    (1.0, 0.99),
)
_PLAIN_STEPS = ((0.0, 0.0), (1.0, 0.97))
_DURATIONS = {
    "upload": (45, 320),
    "clip": (14, 60),
    "export": (12, 75),
    "export-data": (4, 10),
    "transcode-file": (70, 480),
}


class Moment(NamedTuple):
    """One status. `at` in ms; None means that the field is absent."""

    at: int
    phase: str
    retries: int | None = None
    progress: float | None = None
    error: str | None = None

    def status(self) -> dict[str, object]:
        """As Studio sends it: its database orders keys by length, then by letters."""
        status: dict[str, object] = {"phase": self.phase}
        if self.retries is not None:
            status["retries"] = self.retries
        if self.progress is not None:
            status["progress"] = self.progress
        status["updatedAt"] = self.at
        if self.error is not None:
            status["errorMessage"] = self.error
        return status


class Life(NamedTuple):
    """`moments` in order of time, the first at creation; `scheduled_at` in ms, None if never scheduled."""

    moments: tuple[Moment, ...]
    scheduled_at: int | None


class Ending(NamedTuple):
    """How a life ends: the messages of its failed attempts, whether it completes after them, and how often it
    writes. `coarse` lives write progress only at their start: nobody was watching."""

    failures: tuple[str, ...] = ()
    completes: bool = True
    coarse: bool = False


def live(rng: random.Random, task_type: str, created_at: int, ending: Ending) -> Life:
    """A whole life from creation to its end."""
    moments = [Moment(created_at, "pending")]
    scheduled_at = created_at + _upload_milliseconds(rng, task_type)
    at = _after_queue(rng, moments, scheduled_at, 0)
    _attempts(rng, task_type, moments, at, ending)
    return Life(tuple(moments), scheduled_at)


def live_again(rng: random.Random, task_type: str, now: int, last_error: str | None, ending: Ending) -> Life:
    """The life after a manual retry: retries start at 0 again, the message is gone within milliseconds."""
    moments = [Moment(now - 1, "waiting", 0, error=last_error)]
    at = _after_queue(rng, moments, now, 0)
    _attempts(rng, task_type, moments, at, ending)
    return Life(tuple(moments), now)


def _upload_milliseconds(rng: random.Random, task_type: str) -> int:
    """From creation to scheduling: milliseconds, or a person's upload of the file."""
    if task_type == "upload" and rng.random() < 0.35:
        return int(rng.uniform(12, 110) * 1000)
    return rng.randrange(5, 70)


def _after_queue(rng: random.Random, moments: list[Moment], at: int, retries: int) -> int:
    """Waits in the queue; the time at which a runner takes the task."""
    moments.append(Moment(at, "waiting", retries))
    return at + int(min(rng.expovariate(1 / 6), 45) * 1000) + 700


def _attempts(rng: random.Random, task_type: str, moments: list[Moment], at: int, ending: Ending) -> None:
    last = len(ending.failures) - 1
    for number, error in enumerate(ending.failures):
        at = _run(rng, task_type, moments, at, number, rng.uniform(0.05, 0.95), ending.coarse)
        if number == last and not ending.completes:
            moments.append(Moment(at, "failed", number, error=error))
            return
        moments.append(Moment(at, "waiting", number + 1, error=error))
        at = _after_queue(rng, moments, at + RETRY_SECONDS[number] * 1000, number + 1)
    at = _run(rng, task_type, moments, at, len(ending.failures), 1.0, ending.coarse)
    moments.append(Moment(at, "completed"))


def _run(
    rng: random.Random,
    task_type: str,
    moments: list[Moment],
    at: int,
    retries: int,
    share: float,
    coarse: bool,
) -> int:
    """One running attempt that stops after `share` of the work; the time at which it stops."""
    shortest, longest = _DURATIONS.get(task_type, (30, 120))
    whole = int(rng.triangular(shortest, longest, shortest * 1.6) * 1000)
    ends = at + int(whole * share)
    moments.append(Moment(at, "running", retries, 0))
    written = at
    while not coarse:
        written += int(min(rng.uniform(10_000, 15_000), max(2_500, whole / 4)))
        if written >= ends:
            break
        moments.append(Moment(written, "running", retries, progress_at(task_type, (written - at) / whole)))
    return ends


def progress_at(task_type: str, share: float) -> float:
    """The progress that Studio shows after this share of an attempt's time."""
    steps = _PLAIN_STEPS if task_type.startswith("export") else _MEDIA_STEPS
    for (from_share, low), (to_share, high) in pairwise(steps):
        if share <= to_share:
            return round(low + (high - low) * (share - from_share) / (to_share - from_share), 3)
    return steps[-1][1]


def choose_ending(rng: random.Random, first: Message, texts: tuple[str, str, str], lively: bool) -> Ending:
    """Success first time, after one or two retries, or failure. A lively stream has more trouble."""
    smooth, once, twice = (0.68, 0.81, 0.85) if lively else (0.86, 0.92, 0.94)
    throw = rng.random()
    if throw < smooth:
        return Ending(coarse=not lively)
    if throw < once and not first.hopeless:
        return Ending(texts[:1], coarse=not lively)
    if throw < twice and not first.hopeless:
        return Ending(texts[:2], coarse=not lively)
    if first.hopeless:
        return Ending(texts[:1], completes=False, coarse=not lively)
    return Ending(texts, completes=False, coarse=not lively)
