"""Things that were rendered once and are kept until they are the least used of too many: rows, trees, regions.

A key says everything that the thing shows, so nothing is ever out of date. One memory per process and kind; all
of them together stay below 100 MB.
"""

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from sys import getsizeof
from threading import Lock
from typing import ClassVar, Generic, TypeVar

from cachetools import LRUCache
from django.utils.safestring import SafeString, mark_safe

from dashboard.clock import iso, short
from dashboard.models.seen import Sight

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")
MEGABYTE = 1_000_000


class Kept(Generic[Key, Thing]):
    """A memory of so many megabytes that several threads may use. What a thing takes is counted as it lies in
    memory: one letter beyond Latin-1 doubles a text, one emoji makes it four times as large."""

    all: ClassVar["list[Kept]"] = []

    def __init__(self, megabytes: int, size_of: Callable[[Thing], int] = getsizeof) -> None:
        self._things: LRUCache[Key, Thing] = LRUCache(megabytes * MEGABYTE, size_of)
        self._lock = Lock()
        Kept.all.append(self)

    def get(self, key: Key, make: Callable[[], Thing]) -> Thing:
        """The thing, made now if it is not there. Two who want it at once may both make it."""
        with self._lock:
            thing = self._things.get(key)
        if thing is None:
            thing = make()
            self.put({key: thing})
        return thing

    def find(self, keys: Iterable[Key]) -> dict[Key, Thing]:
        """Those of the things that are there."""
        with self._lock:
            return {key: self._things[key] for key in keys if key in self._things}

    def put(self, things: dict[Key, Thing]) -> None:
        with self._lock, suppress(ValueError):  # larger than the whole memory
            self._things.update(things)

    @property
    def most(self) -> int:
        """Bytes."""
        return int(self._things.maxsize)

    def clear(self) -> None:
        with self._lock:
            self._things.clear()


def forget_everything() -> None:
    """For tests and benchmarks."""
    for kept in Kept.all:
        kept.clear()


# The time as of which a region is true moves on without a change, so kept regions have a place for it.
AS_OF = "as-of-\ufdd0"


def as_of_now(region: str, sight: Sight) -> SafeString:
    """The kept region with the present time in its place: as a text short, in an attribute whole."""
    at = sight.as_of_at
    region = region.replace(f">{AS_OF}<", f">{short(at)}<").replace(AS_OF, iso(at))
    return mark_safe(region)  # noqa: S308  rendered by our templates
