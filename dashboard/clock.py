"""One clock. Times are integer milliseconds since 1970 UTC, like Studio's own; names end in `_at`."""

import time
from datetime import UTC, datetime

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def iso(at: int | None) -> str:
    """`2026-11-22T10:44:00Z` for the `datetime` attribute of a `<time>`; empty for an unknown or absurd time."""
    if not at:
        return ""
    try:
        return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""
