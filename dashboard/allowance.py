"""How often somebody may call: so many times a minute, or a longer while, counted in the memory of this process."""

import time
from collections.abc import Hashable
from threading import Lock
from typing import ClassVar

from cachetools import LRUCache


class Allowance:
    """`most` calls in so many seconds for each caller. The least seen callers are forgotten first."""

    all: ClassVar["list[Allowance]"] = []

    def __init__(self, most: int, seconds: float = 60, callers: int = 10_000) -> None:
        self.most, self.seconds = most, seconds
        self._windows: LRUCache[Hashable, tuple[float, int]] = LRUCache(callers)
        self._lock = Lock()
        Allowance.all.append(self)

    def take(self, caller: Hashable) -> int:
        """Count one call. 0: go on; else the seconds to wait."""
        now = time.monotonic()
        with self._lock:
            began, count = self._window(caller, now)
            self._windows[caller] = (began, count + 1)
        return self._wait(began, now) if count >= self.most else 0

    def is_used_up(self, caller: Hashable) -> int:
        """The same without counting."""
        now = time.monotonic()
        with self._lock:
            began, count = self._window(caller, now)
        return self._wait(began, now) if count >= self.most else 0

    def knows(self, caller: Hashable) -> bool:
        """Whether the caller took something lately."""
        with self._lock:
            return self._window(caller, time.monotonic())[1] > 0

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()

    def _window(self, caller: Hashable, now: float) -> tuple[float, int]:
        began, count = self._windows.get(caller, (now, 0))
        return (began, count) if now - began < self.seconds else (now, 0)

    def _wait(self, began: float, now: float) -> int:
        return max(1, round(began + self.seconds - now))
