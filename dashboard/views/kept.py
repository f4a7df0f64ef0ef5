"""Things that were rendered once and are kept until they are the least used of too many: rows, trees, regions.

A key says everything that the thing shows, so nothing is ever out of date. One memory per process and kind.
"""

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from threading import Lock
from typing import ClassVar, Generic, TypeVar

from cachetools import LRUCache
from django.utils.safestring import SafeString, mark_safe

from dashboard.clock import iso
from dashboard.models.seen import Sight

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Kept(Generic[Key, Thing]):
    """A memory for so many things, or for so much of `size_of` in all, that several threads may use."""

    all: ClassVar["list[Kept]"] = []

    def __init__(self, most: int, size_of: Callable[[Thing], int] | None = None) -> None:
        self._things: LRUCache[Key, Thing] = LRUCache(most, size_of)
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
    """The kept region with the present time in its place."""
    return mark_safe(region.replace(AS_OF, iso(sight.as_of_at)))  # noqa: S308  rendered by our templates
