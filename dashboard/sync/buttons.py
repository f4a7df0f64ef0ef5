"""The only requests of a viewer that wait for Studio: explicit buttons, bounded so that they cannot tire the site out.

Two at a time per process and 10 s in all; whoever comes third is told that it is busy.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.syncing import CALLS_A_MINUTE
from dashboard.upstream.client import Studio
from dashboard.upstream.errors import NotFound, RateLimited

AT_ONCE = 2
SECONDS = 10.0
_LEFT_ALONE = "Studio asks us to slow down, and the time that it named is not over yet."

_places = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Not now: `sentence` says why, and after `seconds` it may work."""

    def __init__(self, sentence: str = "Studio is being asked by others right now.", seconds: int = 5) -> None:
        super().__init__(sentence)
        self.sentence, self.seconds = sentence, seconds


class Patience:
    """The time that one button may take in all."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self.ends - time.monotonic())

    def check(self) -> None:
        if self.left <= 0:
            raise Busy


@contextmanager
def a_place() -> Iterator[tuple[Studio, Patience]]:
    """One of the two places, with the process's one client; raises Busy at once if both are taken."""
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        yield _studio(settings.ALLOW_PRIVATE_UPSTREAMS), Patience()
    finally:
        _places.release()


@contextmanager
def a_turn(account: Account, patience: Patience, calls: int) -> Iterator[None]:
    """The account for ourselves, as a syncer has it for a round, with so many calls counted. Raises Busy, and
    RateLimited while Studio wants to be left alone."""
    name = f"button-{os.getpid()}-{threading.get_ident()}"[:40]
    while not account.claim(name, now_ms(), MINUTE):
        patience.check()
        time.sleep(0.1)
    try:
        now = now_ms()
        if account.not_before_at > now:
            raise RateLimited(_LEFT_ALONE, 429, (account.not_before_at - now) / SECOND)
        if account.calls_left(now) < calls:
            raise _used_up(account, calls, now)
        for _ in range(calls):
            account.note_call(now, aside=True)
        Account.objects.filter(pk=account.pk, claimed_by=name).update(calls=account.calls)
        yield
    finally:
        account.give_back(name, usage=account.usage)


@contextmanager
def a_call(account: Account) -> Iterator[None]:
    """Around one call: how it went is noted on the account, and written when its turn is over. Studio answers for what
    it does not have as agreed."""
    begun, failed = now_ms(), True
    try:
        yield
        failed = False
    except NotFound:
        failed = False
        raise
    finally:
        account.note_usage(begun, failed)


def _used_up(account: Account, calls: int, now: int) -> Busy:
    waits = (seconds for seconds in range(1, 62) if account.calls_left(now + seconds * SECOND) >= calls)
    seconds = next(waits, 62)
    return Busy(f"The {CALLS_A_MINUTE} calls of this minute are used up; try again in {seconds} seconds.", seconds)


@lru_cache(maxsize=2)
def _studio(allow_private: bool) -> Studio:
    """Building a client costs 20 ms (it loads the certificates), so there is one for the process."""
    return Studio(allow_private=allow_private, seconds=SECONDS)
