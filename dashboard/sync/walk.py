"""Walking Studio's list by a time, not by its cursor.

Studio's cursor is an OFFSET: a row that is updated meanwhile shifts all others past it. So each page is asked
from the time at which the last one ended, and the offset only serves rows that share one millisecond.
Two things may stand in the way, and both are walked around with smaller pages: a row that makes Studio's own
list answer 500, and a page above the size limit (observed on the real server; see upstream/errors.py).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from dashboard.upstream.errors import ServerError, TooLarge
from dashboard.upstream.snapshots import Snapshot, TaskPage

MOST_SKIPPED = 12  # in a row; with the halvings before them fewer calls than the budget of a minute
GROWTH = 4


@dataclass(frozen=True)
class Step:
    """What to ask next: rows from this time on (None: from the end of the list), `offset` rows further."""

    position: int | None
    offset: int
    limit: int


@dataclass(frozen=True)
class Reached:
    """One page and where the walk stands after it. `skipped` rows before it could not be had."""

    page: TaskPage
    position: int | None
    skipped: int
    is_last: bool


class FiltersIgnored(Exception):
    """The server answered with rows that were not asked for: it knows only the documented API."""


Fetch = Callable[[Step], Awaitable[TaskPage]]


async def walk(
    fetch: Fetch, time_of: Callable[[Snapshot], int], position: int | None, limit: int, ascending: bool
) -> AsyncIterator[Reached]:
    """Pages from `position` on, in the order of `time_of`. Raises FiltersIgnored and what `fetch` raises."""
    offset, size = 0, _Size(limit)
    while True:
        try:
            page = await fetch(Step(position, offset, size.now))
        except (ServerError, TooLarge) as error:
            offset += size.after(error)
            continue
        times = [time_of(snapshot) for snapshot in page.snapshots if time_of(snapshot)]
        _check_order(times, position, ascending)
        end = times[-1] if times else position
        again = 0 if end == position else times.count(times[-1])
        offset = offset + page.rows if end == position else 0
        position = end
        yield Reached(page, position, size.skipped, page.cursor is None)
        if page.cursor is None:
            return
        size.passed(page.rows - again)


class _Size:
    """How many rows to ask for: fewer while a row that breaks the list is looked for, by halving.

    `suspects`: a broken row is among the next so many. Broken rows often stand together, so after one the
    walk starts with a single row and grows.
    """

    def __init__(self, limit: int) -> None:
        self.wanted = self.largest = self.now = limit
        self.suspects = self.skipped = 0

    def after(self, error: ServerError | TooLarge) -> int:
        """Ask for less; gives the number of rows to leave out, 1 if a row alone fails. Raises if that is no way."""
        if isinstance(error, ServerError) and not error.broken_row:
            raise error
        if self.now > 1:
            half = self.now // 2
            if isinstance(error, TooLarge):
                self.largest = half
            else:
                self.suspects = self.now
            self.now = half
            return 0
        # Several rows in a row that are too large each are no rows: the server sends rubbish without end.
        if self.skipped >= (1 if isinstance(error, TooLarge) else MOST_SKIPPED):
            raise error
        self.skipped += 1
        self.suspects, self.largest = 0, self.wanted
        return 1

    def passed(self, rows: int) -> None:
        """A page came, and so many of its rows will not be asked for again."""
        self.skipped = 0
        self.suspects = max(0, self.suspects - rows)
        self.now = max(1, self.suspects // 2) if self.suspects else min(self.largest, self.now * GROWTH)


def _check_order(times: list[int], position: int | None, ascending: bool) -> None:
    if not times:
        return
    outside = position is not None and any((at < position) if ascending else (at > position) for at in times)
    backwards = (times[0] > times[-1]) if ascending else (times[0] < times[-1])
    if outside or backwards:
        raise FiltersIgnored
