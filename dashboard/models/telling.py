"""For which causes a task failed, as its attempts tell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.fingerprint import VERSION, Fingerprint, fingerprint_of
from dashboard.models.attempt import Attempt
from dashboard.models.failure import LONGEST_MESSAGE
from dashboard.models.task import Task


class Reader(NamedTuple):
    """A version of the function from message and type to fingerprint."""

    version: int
    read: Callable[[str, str], Fingerprint]


CURRENT = Reader(VERSION, fingerprint_of)


TRIED = ("completed", "failed")
"""How a try ended that tells whether trying again helps; one that somebody cancelled does not."""


@dataclass
class Telling:
    """That a task failed for one cause: what a Failure says of it, but for whether it has recovered."""

    fingerprint: Fingerprint
    message: str
    first_at: int
    at: int
    times: int = 0
    is_final: bool = False
    retried: int = 0
    worked: int = 0


def tellings_of(task: Task, attempts: Iterable[Attempt], reader: Reader = CURRENT) -> list[Telling]:
    """One for each cause. A try of which we only know that it must have failed tells none; one that was seen to fail
    without a word does."""
    tries = sorted(attempts, key=lambda attempt: (attempt.series, attempt.number))
    told: dict[str, Telling] = {}
    for place, attempt in enumerate(tries):
        following = tries[place + 1] if place + 1 < len(tries) else None
        is_final = following is None and task.phase == "failed"
        if attempt.phase == "failed" and (attempt.error or attempt.ended_at is not None):
            at = attempt.ended_at or attempt.started_at or task.updated_at
            _tell(told, reader.read(attempt.error, task.type), attempt.error, at, is_final, following)
    return list(told.values())


def _tell(
    told: dict[str, Telling],
    fingerprint: Fingerprint,
    message: str,
    at: int,
    is_final: bool,
    following: Attempt | None,
) -> None:
    telling = told.setdefault(fingerprint.value, Telling(fingerprint, message, first_at=at, at=at))
    telling.first_at, telling.at = min(telling.first_at, at), max(telling.at, at)
    telling.message = message[:LONGEST_MESSAGE]
    telling.times += 1
    telling.is_final |= is_final
    if following is not None and following.phase in TRIED:
        telling.retried += 1
        telling.worked += following.phase == "completed"
