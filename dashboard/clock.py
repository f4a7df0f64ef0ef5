"""One clock. Times are integer milliseconds since 1970 UTC, like Studio's own; names end in `_at`."""

import time
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAY_SECONDS = DAY // SECOND


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
