"""Studio's words for a task's phase, and what the clock adds to them."""

from dashboard.clock import DAY, HOUR, MINUTE

PHASES = ("pending", "waiting", "running", "failed", "completed", "cancelled")
FINAL = frozenset({"failed", "completed", "cancelled"})
UNFINISHED = ("pending", "waiting", "running")

# Studio's own limits: a running task without an update for 5 min no longer counts, a waiting one after 6 h,
# an upload link lives less than a day (read in the server's source).
STALLED_AFTER = {"running": 5 * MINUTE, "waiting": 6 * HOUR, "pending": DAY}


def is_stalled(phase: str, updated_at: int, now: int) -> bool:
    limit = STALLED_AFTER.get(phase)
    return limit is not None and now - updated_at > limit


def overlay_of(phase: str, retries: int, updated_at: int, is_deleted: bool, now: int) -> str:
    """What lies over the phase: `deleted`, `stalled`, `retrying` or nothing."""
    if is_deleted:
        return "deleted"
    if is_stalled(phase, updated_at, now):
        return "stalled"
    return "retrying" if phase == "waiting" and retries > 0 else ""
