"""Rows in the two orders that lists ask for, kept sorted while rows change."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, Protocol

Place = tuple[int, int, str]

_MANY = 2_000


class Placed(Protocol):
    """What an index holds. `place` belongs to the index."""

    id: str
    created_at: int
    place: Place

    @property
    def updated_at(self) -> int: ...


def _place(row: Placed) -> Place:
    return (row.updated_at, row.created_at, row.id)


def _created(row: Placed) -> tuple[int, str]:
    return (row.created_at, row.id)


_HELD = attrgetter("place")


class Index:
    """All visible rows by (createdAt, id) and by (updatedAt, createdAt, id), both ascending."""

    def __init__(self, rows: Iterable[Placed] = ()) -> None:
        self.by_created: list[Placed] = sorted(rows, key=_created)
        for row in self.by_created:
            row.place = _place(row)
        self.by_updated: list[Placed] = sorted(self.by_created, key=_HELD)

    def __len__(self) -> int:
        return len(self.by_created)

    def add(self, row: Placed) -> None:
        row.place = _place(row)
        insort(self.by_created, row, key=_created)
        insort(self.by_updated, row, key=_HELD)

    def put(self, row: Placed) -> None:
        """Adds the row, or moves it if it is here already."""
        if row.place[2]:
            self.moved([row])
        else:
            self.add(row)

    def remove(self, row: Placed) -> None:
        self._take(self.by_created, _created(row), _created)
        self._take(self.by_updated, row.place, _HELD)

    def moved(self, rows: Iterable[Placed]) -> None:
        """The rows have a new updatedAt. Many at once are sorted anew, few are moved one by one."""
        rows = [row for row in rows if row.place != _place(row)]
        if len(rows) > _MANY:
            for row in rows:
                row.place = _place(row)
            self.by_updated.sort(key=_HELD)
            return
        for row in rows:
            self._take(self.by_updated, row.place, _HELD)
            row.place = _place(row)
            insort(self.by_updated, row, key=_HELD)

    @staticmethod
    def _take(rows: list[Placed], key: tuple[object, ...], of: Callable[[Placed], Any]) -> None:
        at = bisect_left(rows, key, key=of)
        if at < len(rows) and of(rows[at]) == key:
            del rows[at]


class Agenda:
    """The rows whose script goes on, by the time of their next change."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str]] = []

    def note(self, at: int | None, identifier: str) -> None:
        if at is not None:
            heapq.heappush(self._heap, (at, identifier))

    def due(self, now: int) -> set[str]:
        """Takes out the ids of all rows with a change up to `now`."""
        identifiers = set()
        while self._heap and self._heap[0][0] <= now:
            identifiers.add(heapq.heappop(self._heap)[1])
        return identifiers
