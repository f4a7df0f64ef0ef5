"""When a task will be done: a range, from how long others of its kind took. Nothing where history is thin."""

from collections.abc import Sequence
from math import exp

Run = tuple[float, int | None]
ENOUGH = 20
SIMILAR = 3  # sizes that differ by this factor still count as similar
BEGUN = 0.05  # below it a ratio says nothing about the speed yet
WIDTH = 0.2  # how far a ratio and the share of the time that has passed usually lie apart
LOW, HIGH = 0.2, 0.8
_ROUND_TO = 10
_UNITS = ((3600, 5400, "hour"), (60, 90, "minute"))


def forecast(
    elapsed_seconds: float, progress: float | None, runs: Sequence[Run], size: int | None = None
) -> tuple[float, float] | None:
    """The seconds that remain, at least and at most, in three of five cases. `runs` are seconds and bytes of tasks of
    the same type that completed. None with fewer than 20 of them, and for what takes longer than all of them."""
    kind = fitting(runs, size)
    longer = sorted(seconds for seconds in kind if seconds > elapsed_seconds)
    if len(kind) < ENOUGH or not longer:
        return None
    weights = [_agreement(elapsed_seconds / seconds, progress) for seconds in longer]
    low, high = (_percentile(longer, weights, share) - elapsed_seconds for share in (LOW, HIGH))
    return max(0.0, low), max(0.0, low, high)


def outlasts(elapsed_seconds: float, runs: Sequence[Run], size: int | None = None) -> int:
    """How many others of its kind the task outlasts, if it does outlast all of them and they are enough; else 0."""
    kind = fitting(runs, size)
    return len(kind) if len(kind) >= ENOUGH and elapsed_seconds >= max(kind) else 0


def fitting(runs: Sequence[Run], size: int | None) -> list[float]:
    """The seconds of those of similar size, if they are enough, else of all."""
    if size:
        similar = [seconds for seconds, other in runs if other and size / SIMILAR <= other <= size * SIMILAR]
        if len(similar) >= ENOUGH:
            return similar
    return [seconds for seconds, _ in runs]


def in_words(low: float, high: float) -> str:
    """`in about 2 to 4 minutes`, `within about 50 seconds`, `any moment`: rounded as roughly as it is known."""
    (least, unit), (most, units) = _rounded(low), _rounded(high)
    if not most:
        return "any moment"
    if not least:
        return f"within about {_amount(most, units)}"
    if (least, unit) == (most, units):
        return f"in about {_amount(most, units)}"
    if (least, unit, units) == (60, "second", "minute"):
        least, unit = 1, units
    start = str(least) if unit == units else _amount(least, unit)
    return f"in about {start} to {_amount(most, units)}"


def _agreement(share: float, progress: float | None) -> float:
    """How well a run of which this share would have passed agrees with the progress; 1 where that says nothing."""
    if progress is None or progress <= BEGUN:
        return 1.0
    return exp(-(((share - min(progress, 1.0)) / WIDTH) ** 2) / 2)


def _percentile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """The first of the sorted values up to which this share of all weight lies."""
    wanted, so_far = share * sum(weights), 0.0
    for value, weight in zip(values, weights, strict=True):
        so_far += weight
        if so_far >= wanted:
            return value
    return values[-1]


def _rounded(seconds: float) -> tuple[int, str]:
    """Steps of 10 s below 90 s, then minutes, then hours."""
    for length, start, unit in _UNITS:
        if seconds >= start:
            return round(seconds / length), unit
    return round(seconds / _ROUND_TO) * _ROUND_TO, "second"


def _amount(number: int, unit: str) -> str:
    if number == 60 and unit == "second":
        number, unit = 1, "minute"
    if number == 1:
        return f"{'an' if unit == 'hour' else 'a'} {unit}"
    return f"{number} {unit}s"
