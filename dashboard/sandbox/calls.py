"""The calls that the sandbox got, newest last, for tests that count them."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

_KEPT = 50_000


@dataclass
class Call:
    """One call. `at` in ms by the sandbox's clock; `status` is 0 until it is answered."""

    at: int
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    key_hint: str = ""
    status: int = 0


class Calls:
    """A bounded list of calls: iterate it, count it, index it, or ask `since`."""

    def __init__(self) -> None:
        self._kept: deque[Call] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def note(self, call: Call) -> Call:
        with self._lock:
            self._kept.append(call)
        return call

    def since(self, at: int) -> list[Call]:
        """Calls that came at `at` (ms) or later."""
        return [call for call in self.all() if call.at >= at]

    def all(self) -> list[Call]:
        with self._lock:
            return list(self._kept)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def __iter__(self) -> Iterator[Call]:
        return iter(self.all())

    def __getitem__(self, at: int) -> Call:
        return self.all()[at]

    def __len__(self) -> int:
        return len(self._kept)
