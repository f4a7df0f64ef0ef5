"""An export while it is written: one of each person, two in each process, so that threads are left for the others.

Who reads nothing for a minute loses the place, and with the next part the connection: the file is cut off, not short.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from math import inf
from threading import Lock
from time import monotonic

from dashboard.models.deadline import deadline

AT_ONCE = 2
PATIENCE_SECONDS = 60
STEP_SECONDS = 30
"""For the reading of one part of a search. Others read along an index."""

_places: "dict[Place, float]" = {}  # until when each is kept, by `monotonic()`
_lock = Lock()


class Cut(Exception):
    """Whoever reads the export was away for too long."""


class Place:
    """The right to write one export."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id

    def keep(self, seconds: float) -> None:
        """For so long from now. Raises Cut if it is no longer ours."""
        with _lock:
            _forget_silent()
            if self not in _places:
                raise Cut
            _places[self] = monotonic() + seconds

    def give_back(self) -> None:
        with _lock:
            _places.pop(self, None)


def take_place(user_id: int) -> Place | None:
    """For as long as the first part takes. None if the person has one already, or all are taken."""
    with _lock:
        _forget_silent()
        if len(_places) >= AT_ONCE or any(place.user_id == user_id for place in _places):
            return None
        place = Place(user_id)
        _places[place] = inf
        return place


def _forget_silent() -> None:
    now = monotonic()
    for place in [place for place, until in _places.items() if until < now]:
        del _places[place]


class Parts:
    """The parts of an export. The server closes it, read or not; raises Cut, and TooBroad for a search whose next part
    takes too long."""

    def __init__(self, parts: Iterator[bytes], place: Place, is_searched: bool) -> None:
        self._parts, self._place, self._is_searched = parts, place, is_searched
        self._first: bytes | None = None

    def begin(self) -> None:
        """Read the first part now."""
        self._first = next(self._parts, None)
        self._place.keep(PATIENCE_SECONDS)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            self._place.keep(inf)
            part = self._next()
            self._place.keep(PATIENCE_SECONDS)
        except BaseException:
            self.close()
            raise
        return part

    def _next(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        with deadline(STEP_SECONDS) if self._is_searched else nullcontext():
            return next(self._parts)

    def close(self) -> None:
        self._place.give_back()
