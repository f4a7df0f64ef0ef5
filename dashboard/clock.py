"""One clock. Times are integer milliseconds since 1970 UTC, like Studio's own; names end in `_at`."""

import time
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAY_SECONDS = DAY // SECOND
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def iso(at: int | None) -> str:
    """`2026-11-22T10:44:00Z` for the `datetime` attribute of a `<time>`; empty for an unknown or absurd time."""
    return _iso(at // 1000) if at else ""


@lru_cache(maxsize=10_000)  # many rows tell of the same second
def _iso(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()[:19] + "Z"
    except (ValueError, OverflowError, OSError):
        return ""


def short(at: int | None) -> str:
    """`23 Nov, 02:02` of UTC, or `31 Dec 2023` of another year, where no script tells how long ago it was."""
    return _short(at // MINUTE, datetime.now(UTC).year) if at else ""


@lru_cache(maxsize=10_000)
def _short(minutes: int, this_year: int) -> str:
    try:
        moment = datetime.fromtimestamp(minutes * 60, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    day = f"{moment.day} {MONTHS[moment.month - 1]}"
    return f"{day}, {moment:%H:%M}" if moment.year == this_year else f"{day} {moment.year}"
