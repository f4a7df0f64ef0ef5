"""How an account's calls went in the last 24 hours, as a small text: one line per hour, the present one first.

Each hour knows how many calls were made, how many failed, and how long the answered ones took, in steps of a fifth:
a median from it is off by 10 % at most, and a day takes about a kilobyte.
"""

import json
import math
from dataclasses import dataclass

from dashboard.clock import HOUR

HOURS = 24
_STEP = math.log(1.2)
_LAST_STEP = 64  # two minutes; nobody waits longer for an answer
Bucket = list[int]  # hour, calls, errors, then step and number in turn


@dataclass(frozen=True)
class Usage:
    """The last 24 hours, the present one included. `median_ms`: of the calls that were answered, None without one.
    `by_hour`: calls, the oldest hour first."""

    calls: int = 0
    errors: int = 0
    median_ms: int | None = None
    by_hour: tuple[int, ...] = (0,) * HOURS


def note(text: str, at: int, ms: int, failed: bool) -> str:
    """The text with one more call, made at `at` (ms since 1970), which took `ms`. What is too old goes. It runs for
    every call, so all hours but the present one stay as they are written."""
    hour = at // HOUR
    present, _, earlier = text.partition("\n")
    bucket: Bucket = _parsed(present)[0] if present.startswith(f"[{hour},") else []
    if not bucket:
        held = _buckets(text, at)
        bucket = next((one for one in held if one[0] == hour), [hour, 0, 0])
        earlier = "\n".join(_written(one) for one in held if one is not bucket)
    bucket[1] += 1
    if failed:
        bucket[2] += 1
    else:
        _count(bucket, _step_of(ms))
    return f"{_written(bucket)}\n{earlier}" if earlier else _written(bucket)


def read(text: str, now: int) -> Usage:
    """What the text tells about the 24 hours until now. A text that is none tells nothing."""
    buckets = _buckets(text, now)
    if not buckets:
        return Usage()
    by_hour, steps = [0] * HOURS, [0] * (_LAST_STEP + 1)
    for bucket in buckets:
        by_hour[bucket[0] - now // HOUR - 1] += bucket[1]
        for place in range(3, len(bucket), 2):
            steps[bucket[place]] += bucket[place + 1]
    return Usage(sum(by_hour), sum(bucket[2] for bucket in buckets), _median(steps), tuple(by_hour))


def _buckets(text: str, now: int) -> list[Bucket]:
    """Those of the last 24 hours, the newest first. A clock that was set back leaves none from the future."""
    newest = now // HOUR
    held = [bucket for bucket in _parsed(text) if newest - HOURS < bucket[0] <= newest]
    return sorted(held, reverse=True)


def _parsed(text: str) -> list[Bucket]:
    try:
        found: list[Bucket] = json.loads(f"[{text.replace(chr(10), ',')}]")
    except ValueError:
        return []
    return found


def _written(bucket: Bucket) -> str:
    return json.dumps(bucket, separators=(",", ":"))


def _count(bucket: Bucket, step: int) -> None:
    for place in range(3, len(bucket), 2):
        if bucket[place] == step:
            bucket[place + 1] += 1
            return
    bucket += [step, 1]


def _step_of(ms: int) -> int:
    return min(_LAST_STEP, round(math.log(max(ms, 1)) / _STEP))


def _median(steps: list[int]) -> int | None:
    half, seen = sum(steps) / 2, 0
    for step, number in enumerate(steps):
        seen += number
        if number and seen >= half:
            return round(math.exp(step * _STEP))
    return None
