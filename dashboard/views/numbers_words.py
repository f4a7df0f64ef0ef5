"""Numbers of many tasks in words: rates, percentiles, days. Percentiles are rounded to what is known of them."""

from datetime import UTC, date, datetime

from dashboard import units
from dashboard.clock import DAY, MINUTE, MONTHS, SECOND
from dashboard.histogram import Histogram
from dashboard.models.day import Totals
from dashboard.models.numbers import Sum
from dashboard.models.pace import FEWEST

UNKNOWN, FEW = "–", "few"
MEDIAN, NEARLY_ALL = 0.5, 0.95
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOUR = 60 * MINUTE
# Up to a length it is told in steps of another: what is finer is not known.
_STEPS = (
    (10 * SECOND, 100),
    (MINUTE, SECOND),
    (10 * MINUTE, 10 * SECOND),
    (_HOUR, MINUTE),
    (10 * _HOUR, 10 * MINUTE),
    (2 * DAY, _HOUR),
)


def roughly(length: float | None) -> str:
    """`3.4 s`, `2 min 20 s`, `34 min`, of ms."""
    if length is None:
        return UNKNOWN
    if 0 < length < 50:
        return f"< 0.1{units.NBSP}s"
    step = next((step for limit, step in _STEPS if length < limit), _HOUR)
    told = round(length / step) * step
    return f"{told / SECOND:.1f}{units.NBSP}s" if 0 < told < 10 * SECOND else units.duration(told / SECOND)


def percentile_of(lengths: Histogram, share: float) -> float | None:
    """In ms; None while fewer than 20 are known."""
    return lengths.percentile(share) if lengths.number >= FEWEST else None


def percentile(lengths: Histogram, share: float) -> str:
    if 0 < lengths.number < FEWEST:
        return FEW
    return roughly(percentile_of(lengths, share))


def rate(share: float | None) -> str:
    """`4.1 %` of 0.041."""
    if share is None:
        return UNKNOWN
    if 0 < share < 0.0005:
        return f"< 0.1{units.NBSP}%"
    told = f"{share * 100:.1f}"
    return f"{told.removesuffix('.0') if share in (0, 1) else told}{units.NBSP}%"


def rate_before(before: Sum | Totals) -> str:
    """Beside a rate, for people to judge it by: the one of as many days before."""
    return f"before {rate(before.rate)}" if before.ended else ""


def days_before(days: int) -> str:
    """Explains `rate_before`."""
    return "On the day before" if days == 1 else f"In the {days} days before"


def failed_at_first(numbers: Sum | Totals) -> str:
    """Beside the number of those that a retry saved: of how many."""
    once = numbers.failed + numbers.saved
    return f"of {units.count(once)} that failed at first" if once else ""


def fared(numbers: Sum) -> str:
    """`204 of 4,918 failed, 4.1 %`."""
    return f"{units.count(numbers.failed)} of {units.count(numbers.ended)} failed, {rate(numbers.rate)}"


def day_of(at: int) -> date:
    return datetime.fromtimestamp(at // SECOND, UTC).date()


def short_day(at: int) -> str:
    """`22 Nov`."""
    day = day_of(at)
    return f"{day.day} {MONTHS[day.month - 1]}"


def long_day(at: int) -> str:
    """`Sun, 22 Nov 2026`."""
    return f"{WEEKDAYS[day_of(at).weekday()]}, {short_day(at)} {day_of(at).year}"


def many(number: int, one: str, several: str = "") -> str:
    """`1 task`, `1,204 tasks`."""
    return f"{units.count(number)} {one if number == 1 else several or one + 's'}"
