"""What the tables say for one page of the board: read all at once, so that a search that takes too long ends here."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashboard.models.counting import Count
from dashboard.models.deadline import TooBroad, deadline
from dashboard.models.finding import Filters
from dashboard.models.lanes import Line
from dashboard.models.order import NEWEST
from dashboard.phases import OVERLAYS, PHASES
from dashboard.views.board_query import Query

SECONDS = 2
MOST_NEWS = 100


class News(NamedTuple):
    """What has come above the first row since the page was made; `is_more`: at least so many."""

    number: int
    failed: int
    is_more: bool


class Numbers(NamedTuple):
    """How many tasks there are of each word of the strip, "" for all, under the other filters; and of which types."""

    by_phase: Mapping[str, Count]
    types: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """`query` knows where the page begins and ends. Without `numbers` counting took too long, if the search was not
    stopped itself."""

    query: Query
    lines: list[Line]
    has_older: bool = False
    has_newer: bool = False
    news: News | None = None
    numbers: Numbers | None = None
    is_stopped: bool = False

    @classmethod
    def first(cls, query: Query, filters: Filters) -> "Found":
        """The page as its link says. Raises TooBroad."""
        with _in_time(query):
            size = query.size
            if query.newer:
                lines = filters.back(size + 1, query.newer)
                older, newer, lines = True, len(lines) > size, lines[-size:]
            else:
                lines = filters.first(size + 1, query.older)
                older, newer, lines = len(lines) > size, query.older is not None, lines[:size]
            query = replace(query, top=None, bottom=None).reaching([line.place for line in lines])
            return cls(query, lines, older, newer, numbers=_numbers_in_time(query, filters))

    @classmethod
    def again(cls, query: Query, filters: Filters) -> "Found":
        """The same rows as before; a first page that was not full is filled up from below. Raises TooBroad."""
        with _in_time(query):
            lines = filters.known(query.rows)
            if query.is_first_page and len(lines) < query.size:
                added = _added(query, filters)[: query.size - len(lines)]
                lines = [*lines, *added]
                query = query.reaching([line.place for line in added]) if added else query
            older = query.bottom is not None and bool(filters.first(1, query.bottom))
            newer = not query.is_first_page and query.top is not None and bool(filters.back(1, query.top))
            shown = {line.id for line in lines}
            return cls(query, lines, older, newer, _news(query, filters, shown), _numbers_in_time(query, filters))

    @classmethod
    def stopped(cls, query: Query, filters: Filters) -> "Found":
        """The rows that are there already, and nothing that would have to be searched for."""
        return cls(query, filters.by_ids(query.rows), is_stopped=True)


def numbers_of(filters: Filters) -> Numbers:
    """Words that are new to us are counted too."""
    counts = filters.counts()
    phases = dict.fromkeys(("", *PHASES, *OVERLAYS, *counts.phases))
    return Numbers({phase: counts.of(phase, filters.type) for phase in phases}, tuple(counts.types))


def _numbers_in_time(query: Query, filters: Filters) -> Numbers | None:
    """A page that was found is shown, even if nobody has the time to count all that there is."""
    try:
        with _in_time(query):
            return numbers_of(filters)
    except TooBroad:
        return None


def _in_time(query: Query) -> AbstractContextManager[None]:
    """A phase in another order than the usual one may have to be looked for too."""
    return deadline(SECONDS) if query.q or query.order != NEWEST else nullcontext()


def _added(query: Query, filters: Filters) -> list[Line]:
    shown = set(query.rows)
    return [line for line in filters.first(query.size, query.top) if line.id not in shown]


def _news(query: Query, filters: Filters, shown: set[int]) -> News | None:
    if not query.is_first_page or query.top is None:
        return None
    most = MOST_NEWS + len(shown)
    above = filters.back(most, query.top)
    new = [line for line in above if line.id not in shown]
    failed = sum(line.phase == "failed" for line in new)
    return News(len(new), failed, len(above) == most) if new else None
