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

MOST_SKIPPED = 50


@dataclass(frozen=True)
class Step:
    """What to ask next: rows from this time on (None: from the end of the list), `offset` rows further."""

    position: int | None
    offset: int
    limit: int


@dataclass(frozen=True)
class Reached:
    """One page and where the walk stands after it."""

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
    offset = 0
    while True:
        page, offset, skipped = await _around(fetch, Step(position, offset, limit))
        times = [time_of(snapshot) for snapshot in page.snapshots if time_of(snapshot)]
        _check_order(times, position, ascending)
        end = times[-1] if times else position
        offset = offset + page.rows if end == position else 0
        position = end
        yield Reached(page, position, skipped, page.cursor is None)
        if page.cursor is None:
            return


async def _around(fetch: Fetch, step: Step) -> tuple[TaskPage, int, int]:
    """The page, the offset at which it was had, and how many rows had to be left out."""
    offset, size, skipped = step.offset, step.limit, 0
    while True:
        try:
            return await fetch(Step(step.position, offset, size)), offset, skipped
        except (ServerError, TooLarge) as error:
            if isinstance(error, ServerError) and not error.broken_row:
                raise
            if size > 1:
                size //= 2
            elif skipped < MOST_SKIPPED:
                offset, skipped, size = offset + 1, skipped + 1, step.limit
            else:
                raise


def _check_order(times: list[int], position: int | None, ascending: bool) -> None:
    if not times:
        return
    outside = position is not None and any((at < position) if ascending else (at > position) for at in times)
    backwards = (times[0] > times[-1]) if ascending else (times[0] < times[-1])
    if outside or backwards:
        raise FiltersIgnored
