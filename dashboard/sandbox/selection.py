"""Finds the page that a query asks for, without looking at every row when the order or a range allows it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from dashboard.sandbox.index import Index, Placed
from dashboard.sandbox.queries import Query

_CREATED, _UPDATED = attrgetter("created_at"), attrgetter("updated_at")
Reader = Callable[[Placed, str], object]


def select(index: Index, query: Query, read: Reader) -> tuple[Sequence[Placed], int]:
    """The rows of the page and the number of all matching rows. `read(row, field)` gives a field's value."""
    rows, reverse, is_ordered = _candidates(index, query)
    if _has_conditions(query, is_ordered):
        rows = [row for row in rows if _matches(row, query, read)]
    if not is_ordered:
        rows = _sorted(rows, query, read)
        reverse = False
    total = len(rows)
    if reverse:
        stop = max(total - query.skip, 0)
        return rows[max(stop - query.limit, 0) : stop][::-1], total
    return rows[query.skip : query.skip + query.limit], total


def _candidates(index: Index, query: Query) -> tuple[Sequence[Placed], bool, bool]:
    """Rows narrowed by one range; whether to read them backwards; whether they are in order already."""
    field, descending = query.order[0]
    same = len({direction for _, direction in query.order}) == 1
    if field == "updatedAt" and same and [name for name, _ in query.order[1:]] in ([], ["createdAt"]):
        return _slice(index.by_updated, query.ranges.get("updatedAt"), _UPDATED), descending, True
    if field == "createdAt" and len(query.order) == 1 and "updatedAt" not in query.ranges:
        return _slice(index.by_created, query.ranges.get("createdAt"), _CREATED), descending, True
    if "updatedAt" in query.ranges:
        return _slice(index.by_updated, query.ranges["updatedAt"], _UPDATED), False, False
    return _slice(index.by_created, query.ranges.get("createdAt"), _CREATED), False, False


def _slice(rows: list[Placed], bounds: tuple[int, int] | None, key: Callable[[Placed], int]) -> Sequence[Placed]:
    if bounds is None:
        return rows
    return rows[bisect_left(rows, bounds[0], key=key) : bisect_right(rows, bounds[1], key=key)]


def _has_conditions(query: Query, is_ordered: bool) -> bool:
    used = query.order[0][0] if is_ordered else ("updatedAt" if "updatedAt" in query.ranges else "createdAt")
    return bool(query.equals or query.likes or query.after_id or set(query.ranges) - {used})


def _matches(row: Placed, query: Query, read: Reader) -> bool:
    for name, (low, high) in query.ranges.items():
        if not low <= (row.created_at if name == "createdAt" else row.updated_at) <= high:
            return False
    if query.after_id and not row.id > query.after_id:
        return False
    for name, value in query.equals:
        if read(row, name) != value:
            return False
    return all(part in str(read(row, name) or "").lower() for name, part in query.likes)


def _sorted(rows: Sequence[Placed], query: Query, read: Reader) -> list[Placed]:
    """Sorted by the last field first, as a stable sort allows; equal rows by id, rows without it last."""
    ordered = sorted(rows, key=attrgetter("id"))
    for name, descending in reversed(query.order):
        known = [row for row in ordered if read(row, name) is not None]
        known.sort(key=partial(_sortable, read, name), reverse=descending)
        ordered = known + [row for row in ordered if read(row, name) is None]
    return ordered


def _sortable(read: Reader, name: str, row: Placed) -> Any:
    return read(row, name)
