"""Finding the tasks of a scope, by the way that reads the least.

Few: some way leads to so few tasks that all are read, tested, counted and sorted here. Many: the list is walked in its
order, testing one after the other, until the page is full.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from operator import itemgetter
from typing import NamedTuple

from django.db import connection

from dashboard.models.compiling import ALWAYS, Sql, of_ids
from dashboard.models.deadline import check
from dashboard.models.lanes import Line, columns_of, rows_of
from dashboard.models.merging import merged
from dashboard.models.narrowing import asks_for_text, ways_of
from dashboard.models.order import Order, Place, Sort
from dashboard.models.scope import Scope
from dashboard.models.tally import Kind

VERY_FEW, FEW, QUITE_MANY, VERY_MANY = 1_000, 20_000, 100_000, 200_000
"""Tasks read for one search: without looking for less; rather than to walk; rather than to count many times; rather
than to walk on and on."""
PATIENCE = 20_000
"""Tasks that a walk tests before other ways are tried."""
A_TEST = 1_000
"""Tasks tested by one statement."""


class Match(NamedTuple):
    """A task that was found: a Line's columns and what else is counted by."""

    id: int
    version: int
    account_id: int
    phase: str
    overlay: str
    value: int | float | str
    type: str
    is_deleted: bool

    @property
    def place(self) -> Place:
        return Place(self.value, self.id)

    @property
    def line(self) -> Line:
        return Line(*self[:6])


@dataclass(frozen=True)
class Search:
    """`tallied`: how many tasks accounts have, by phase, type and overlay."""

    scope: Scope
    order: Order
    tallied: Callable[[tuple[int, ...]], Mapping[Kind, int]]

    @cached_property
    def size(self) -> int:
        """How many tasks the scope's kinds have, as far as the tallies tell."""
        return sum(
            number
            for (phase, task_type, overlay), number in self.tallied(self.scope.account_ids).items()
            if any(
                kind.phase in ("", phase) and kind.type in ("", task_type) and kind.overlay in ("", overlay)
                for kind in self.scope.kinds
            )
        )

    def is_plain(self, sort: Sort) -> bool:
        """Whether the lanes in this order are the list."""
        return self.scope.test(sort) == ALWAYS

    def passes_over(self, sort: Sort) -> bool:
        """Whether a lane in this order holds others too, which its index only tells apart."""
        if sort is Sort.UPDATED:
            return Sort.CREATED in self.scope.bounds
        return sort is Sort.PROGRESS and any(kind.phase for kind in self.scope.kinds)

    @cached_property
    def few(self) -> list[Match] | None:
        """All tasks of the list by their places, the smallest first, unless they may be many."""
        return self._collected((VERY_FEW, FEW))

    @cached_property
    def quite_many(self) -> list[Match] | None:
        return self.few if self.few is not None else self._collected((QUITE_MANY,))

    @cached_property
    def very_many(self) -> list[Match] | None:
        return self.quite_many if self.quite_many is not None else self._collected((VERY_MANY,))

    @property
    def is_best_counted(self) -> bool:
        """Whether the database counts many faster than we read them: nothing leads to fewer, and no text is tested."""
        others = self.scope.bounds.keys() - {Sort.UPDATED, Sort.CREATED}
        return not (others or self.scope.rest.needs_text or ways_of(self.scope.condition))

    def _collected(self, limits: Sequence[int]) -> list[Match] | None:
        for most in limits:
            ids = self._ids(most)
            if ids is not None:
                return sorted(self._tested(ids, self.scope.test(None)), key=_place_of)
        return None

    def _ids(self, most: int) -> list[int] | None:
        """By names and texts only if they lead to fewer tasks than there are in all."""
        for way in ways_of(self.scope.condition):
            ids = way.ids(min(most, self.size or most))
            if ids is not None:
                return ids
        for sort in self._leading_sorts(most):
            ids = self.scope.lanes(sort).ids(sort, most + 1)
            if len(ids) <= most:
                return ids
        return None

    def _leading_sorts(self, most: int) -> list[Sort]:
        """Those whose lanes may hold no more tasks."""
        bounded = [sort for sort in self.scope.bounds if sort is not Sort.UPDATED]
        is_few = self.size <= most or Sort.UPDATED in self.scope.bounds
        return [*([Sort.UPDATED] if is_few else []), *bounded]

    def page(self, order: Order, limit: int, beyond: Place | None) -> list[Line]:
        """The first in this order, which is the search's own or its reverse, or the first after the place."""
        is_plain = self.is_plain(order.sort)
        if is_plain and not self.passes_over(order.sort):
            return self.scope.lanes(order.sort).lines(order, limit, beyond)
        if self.few is not None:
            return page_of(self.few, order, limit, beyond)
        if is_plain:
            return self.scope.lanes(order.sort).lines(order, limit, beyond)
        found = self._walked(order, limit, beyond, PATIENCE)
        if found is None and self.very_many is not None:
            return page_of(self.very_many, order, limit, beyond)
        return found if found is not None else self._walked(order, limit, beyond) or []

    def _walked(self, order: Order, limit: int, beyond: Place | None, patience: float = inf) -> list[Line] | None:
        """None if patience, a number of tasks, ends before the page is full."""
        test, found, tested = self.scope.test(order.sort), list[Match](), 0
        for places in merged(self.scope.lanes(order.sort), order, beyond):
            for start in range(0, len(places), A_TEST):
                if len(found) < limit:
                    passed = self._tested([place.id for place in places[start : start + A_TEST]], test)
                    found += sorted(passed, key=_place_of, reverse=order.descending)
            tested += len(places)
            if len(found) >= limit:
                break
            if tested > patience:
                return None
        return [match.line for match in found[:limit]]

    def _tested(self, ids: Sequence[int], test: Sql) -> list[Match]:
        """Those of the tasks that pass."""
        source, key = self._source(test)
        found = list[Match]()
        for start in range(0, len(ids), A_TEST):
            check()
            these = of_ids(key, ids[start : start + A_TEST])
            query = (
                f"SELECT {columns_of(self.order)}, t.type, t.deleted_at IS NOT NULL "  # noqa: S608  words of ours
                f"FROM {source} WHERE {these.text} AND {test.text}"
            )
            found += map(Match._make, rows_of(query, [*these.values, *test.values]))
        return found

    def _source(self, test: Sql) -> tuple[str, str]:
        """Where to read by a task's id, and the column of that. If a text must be there, haystacks are read first."""
        tasks = "dashboard_task t NOT INDEXED" if connection.vendor == "sqlite" else "dashboard_task t"
        if not test.needs_text:
            return tasks, "t.id"
        if asks_for_text(self.scope.condition):
            join = "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"  # SQLite then keeps to the order
            return f"dashboard_haystack h {join} {tasks} ON t.id = h.task_id", "h.task_id"
        return f"{tasks} LEFT JOIN dashboard_haystack h ON h.task_id = t.id", "t.id"


def page_of(matches: Sequence[Match], order: Order, limit: int, beyond: Place | None) -> list[Line]:
    """Of tasks that are sorted by their places."""
    if order.descending:
        end = len(matches) if beyond is None else bisect_left(matches, beyond, key=_place_of)
        page = matches[max(end - limit, 0) : end][::-1]
    else:
        start = 0 if beyond is None else bisect_right(matches, beyond, key=_place_of)
        page = matches[start : start + limit]
    return [match.line for match in page]


_place_of = itemgetter(Match._fields.index("value"), Match._fields.index("id"))
"""A Place, as a bare tuple: asked of each of many."""
