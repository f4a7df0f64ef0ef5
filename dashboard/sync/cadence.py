"""How often an account is asked, in milliseconds, and how long it is left alone after a failure."""

import random

from django.db.models import Q

from dashboard.clock import HOUR, MINUTE, SECOND
from dashboard.models.account import Account
from dashboard.models.task import Task
from dashboard.phases import STALLED_AFTER

WATCHED_LIVELY = 3 * SECOND
WATCHED_QUIET = 15 * SECOND
RUNNING = 20 * SECOND
WAITING = 60 * SECOND
QUIET = 300 * SECOND
LIMITED = 10 * MINUTE
UNOPENABLE = 5 * MINUTE  # Looking again costs Studio nothing.
FIRST_BACK_OFF = 5 * SECOND
LONGEST_BACK_OFF = 5 * MINUTE


def next_in(is_watched: bool, something_runs: bool, something_waits: bool) -> int:
    """Milliseconds until the next round. What waits or is pending for too long counts as quiet."""
    lively = something_runs or something_waits
    if is_watched:
        return WATCHED_LIVELY if lively else WATCHED_QUIET
    if something_runs:
        return RUNNING
    return WAITING if something_waits else QUIET


def cadence_of(account: Account, now: int) -> int:
    unfinished = Task.objects.filter(account=account).unfinished()
    runs = unfinished.filter(Q(phase="running") | Q(phase="waiting", overlay="retrying"))
    # Not by the overlay: what waits longer than most of its type may begin any moment, what waits for hours will not.
    waiting = Q(phase="waiting", updated_at__gte=now - STALLED_AFTER["waiting"])
    waits = unfinished.filter(waiting | Q(phase="pending", updated_at__gte=now - STALLED_AFTER["pending"]))
    return next_in(account.is_watched(now), runs.exists(), waits.exists())


def back_off(failures: int, retry_after_seconds: float | None = None) -> int:
    """Milliseconds to wait after so many failures in a row, with ±20 % jitter; Retry-After is obeyed."""
    doubled = min(FIRST_BACK_OFF * 2 ** min(failures - 1, 20), LONGEST_BACK_OFF)
    jittered = int(doubled * random.uniform(0.8, 1.2))  # noqa: S311  spread, not secrecy
    asked = int(min(retry_after_seconds or 0, 3600) * SECOND)
    return max(jittered, asked) if asked <= HOUR else HOUR
