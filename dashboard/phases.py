"""Studio's words for a task's phase, and what the clock adds to them."""

from dashboard.clock import DAY, HOUR, MINUTE

PHASES = ("pending", "waiting", "running", "failed", "completed", "cancelled")
FINAL = frozenset({"failed", "completed", "cancelled"})
RETRYABLE = frozenset({"failed", "cancelled"})
OVERLAYS = ("retrying", "stalled")
"""Those that people look for; the third is `deleted`."""
UNFINISHED = ("pending", "waiting", "running")

# Studio's own limits: a running task without an update for 5 min no longer counts, a waiting one after 6 h,
# an upload link lives less than a day (read in the server's source).
STALLED_AFTER = {"running": 5 * MINUTE, "waiting": 6 * HOUR, "pending": DAY}


SHORTEST_STALL = 5 * MINUTE


def stalled_limit(phase: str, wait_ms: int | None = None) -> int | None:
    """The ms without an update after which a task of this phase counts as stalled; None: never. `wait_ms`: what
    nearly all tasks of its account and type waited at most, where that is known."""
    limit = STALLED_AFTER.get(phase)
    if phase != "waiting" or limit is None or wait_ms is None:
        return limit
    return min(limit, max(SHORTEST_STALL, wait_ms))


def is_stalled(phase: str, updated_at: int, now: int) -> bool:
    limit = stalled_limit(phase)
    return limit is not None and now - updated_at > limit


def overlay_of(phase: str, retries: int, updated_at: int, is_deleted: bool, now: int) -> str:
    """What lies over the phase: `deleted`, `stalled`, `retrying` or nothing."""
    if is_deleted:
        return "deleted"
    if is_stalled(phase, updated_at, now):
        return "stalled"
    return "retrying" if phase == "waiting" and retries > 0 else ""
