"""The orders in which tasks can be listed, and where a task stands in one."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dashboard.models.listing import UnreadableCursor

LONGEST_CURSOR = 400
LARGEST = 2**63


class Sort(StrEnum):
    """What tasks are ordered by, as a URL calls it."""

    UPDATED = "updated"
    CREATED = "created"
    TITLE = "title"
    TOOK = "duration"
    PROGRESS = "progress"
    RETRIES = "retries"

    @property
    def column(self) -> str:
        return _COLUMNS[self]


_COLUMNS = {
    Sort.UPDATED: "updated_at",
    Sort.CREATED: "created_at",
    Sort.TITLE: "title_key",
    Sort.TOOK: "took",
    Sort.PROGRESS: "progress",
    Sort.RETRIES: "retries",
}


class Place(NamedTuple):
    """Where a task stands: its value in the order's column, then its id, which breaks ties. `str` is its cursor."""

    value: int | float | str
    id: int

    def __str__(self) -> str:
        return f"{self.value}-{self.id}"

    @classmethod
    def read(cls, text: str, order: "Order") -> "Place":
        """Raises UnreadableCursor for what no page in this order has given out."""
        value, _, task_id = text.rpartition("-")
        if len(text) > LONGEST_CURSOR or not (task_id.isascii() and task_id.isdecimal() and int(task_id) < LARGEST):
            raise UnreadableCursor(text)
        return cls(_value(value, order.sort), int(task_id))


def _value(text: str, sort: Sort) -> int | float | str:
    try:
        if sort is Sort.TITLE:
            text.encode()
            if "\0" in text:
                raise ValueError
            return text
        if not text.isascii() or "_" in text or text.strip() != text:
            raise ValueError
        number = float(text) if sort is Sort.PROGRESS else int(text)
        if not (math.isfinite(number) and abs(number) < LARGEST):
            raise ValueError
    except (ValueError, OverflowError):
        raise UnreadableCursor(text) from None
    return number


@dataclass(frozen=True)
class Order:
    """The id goes the same way as the value."""

    sort: Sort = Sort.UPDATED
    descending: bool = True

    @classmethod
    def read(cls, text: str) -> "Order":
        """`title` is its natural direction (A to Z; all others greatest first), `-title` and `title.desc` are
        descending, `title.asc` is ascending. What is unknown is the default."""
        name, _, way = text.removeprefix("-").partition(".")
        if name not in set(Sort) or way not in ("", "asc", "desc") or (way and text.startswith("-")):
            return cls()
        sort = Sort(name)
        if text.startswith("-") or way:
            return cls(sort, way != "asc")
        return cls(sort, _is_naturally_descending(sort))

    def __str__(self) -> str:
        """As short as can be: nothing for the default."""
        if self == NEWEST:
            return ""
        if self.descending == _is_naturally_descending(self.sort):
            return self.sort
        return f"-{self.sort}" if self.descending else f"{self.sort}.asc"

    @property
    def word(self) -> str:
        """In full: the default has a word too."""
        return str(self) or self.sort

    @property
    def reversed(self) -> "Order":
        return Order(self.sort, not self.descending)

    def first_of(self, places: Iterable[Place]) -> Place | None:
        """The one that comes first in a list."""
        return (max if self.descending else min)(places, default=None)

    def last_of(self, places: Iterable[Place]) -> Place | None:
        return (min if self.descending else max)(places, default=None)

    def is_beyond(self, place: Place, other: Place) -> bool:
        """Whether the place comes after the other in a list."""
        return place < other if self.descending else place > other


NEWEST = Order()


def _is_naturally_descending(sort: Sort) -> bool:
    return sort is not Sort.TITLE
