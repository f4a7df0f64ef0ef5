"""What the board's live region shows, for a page asked for the first time and for the same page again.

Again means: the same rows in the same order, changed in place; what is new waits behind a pill. So the region's
own URL carries the ids of its rows, and where the page began and ended when it was made: rows that change move
away from there, the pages above and below do not.
"""

from dataclasses import replace
from functools import cached_property
from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.models.listing import Line
from dashboard.models.seen import Freshness, Sight
from dashboard.models.tally import Tally
from dashboard.phases import PHASES, UNFINISHED
from dashboard.views.board_query import SIZES, Query
from dashboard.views.board_words import empty_of, imports_of, notices_of
from dashboard.views.freshness import freshness_of
from dashboard.views.polling import poll_url
from dashboard.views.rows import rows_of

STRIP = ("running", "waiting", "failed", "pending", "completed", "cancelled")
MOST_NEWS = 100


class BoardList:
    """The attributes are what `board/_list.html` shows."""

    def __init__(self, query: Query, sight: Sight, lines: list[Line], older: bool, newer: bool) -> None:
        self._query, self._sight, self._lines = query, sight, lines
        self._shown = query.shown(sight)
        self._has_older, self._has_newer = older, newer
        self._poll = replace(query, rows=tuple(line.id for line in lines))

    @classmethod
    def first(cls, query: Query, sight: Sight) -> "BoardList":
        """The page as its link says."""
        filters, size = query.filters(sight), query.size
        if query.newer:
            lines = filters.next_newer(size + 1, query.newer)
            older, newer, lines = True, len(lines) > size, lines[-size:]
        else:
            lines = filters.newest(size + 1, query.older)
            older, newer, lines = len(lines) > size, query.older is not None, lines[:size]
        keys = [line.key for line in lines]
        query = replace(query, top=max(keys, default=None), bottom=min(keys, default=None))
        return cls(query, sight, lines, older, newer)

    @classmethod
    def again(cls, query: Query, sight: Sight) -> "BoardList":
        """The same rows as before; a first page that was not full is filled up from below."""
        filters, size = query.filters(sight), query.size
        lines = filters.by_ids(query.rows)
        if query.is_first_page and len(lines) < size:
            shown = set(query.rows)
            added = [line for line in filters.newest(size, query.top) if line.id not in shown][: size - len(lines)]
            lines = [*lines, *added]
            query = query.reaching([line.key for line in added])
        older = query.bottom is not None and bool(filters.newest(1, query.bottom))
        newer = not query.is_first_page and query.top is not None and bool(filters.next_newer(1, query.top))
        return cls(query, sight, lines, older, newer)

    @property
    def poll_url(self) -> str:
        return poll_url(reverse("board-list"), self._poll.token(self._sight), self._poll.parameters)

    @property
    def interval(self) -> int:
        if self._shown.freshness is Freshness.STOPPED:
            return 15
        return 3 if self.imports or self._is_moving else 15

    @property
    def _is_moving(self) -> bool:
        """What has stalled or was deleted at Studio keeps its phase, but nobody waits for it every 3 s."""
        return any(line.phase in UNFINISHED and line.overlay in ("", "retrying") for line in self._lines)

    @property
    def freshness(self) -> SimpleNamespace:
        return freshness_of(self._shown)

    @cached_property
    def notices(self) -> list[SimpleNamespace]:
        return notices_of(self._shown)

    @cached_property
    def imports(self) -> list[SimpleNamespace]:
        return imports_of(self._shown)

    @cached_property
    def rows(self) -> list[str]:
        return list(rows_of(self._lines, {account.id: account.name for account in self._sight.accounts}))

    @cached_property
    def _counts(self) -> dict[tuple[str, str], int]:
        """Numbers by phase and type, of the accounts in view."""
        return Tally.counts_of(self._query.filters(self._sight).account_ids)

    def _count(self, phase: str = "", task_type: str = "") -> int:
        return sum(
            n for (p, t), n in self._counts.items() if (not phase or p == phase) and (not task_type or t == task_type)
        )

    @property
    def strip(self) -> list[SimpleNamespace]:
        """The phases as links; their counts obey the other filters. Words that are new to us come last."""
        unknown = sorted({phase for phase, _ in self._counts} - set(PHASES) - {""})
        phases = ["", *STRIP, *unknown]
        return [self._strip_link(phase) for phase in phases]

    def _strip_link(self, phase: str) -> SimpleNamespace:
        return SimpleNamespace(
            word=phase.capitalize() if phase in PHASES else phase or "All",
            phase=phase,
            icon=phase if phase in PHASES else "other" if phase else "",
            lamp=phase if phase in PHASES else "other",
            count=units.count(self._count(phase, self._query.type)),
            url=self._query.url(phase=phase),
            current=phase == self._query.phase,
        )

    @property
    def account_filter(self) -> SimpleNamespace:
        chosen = self._query.account
        options = [(None, "All accounts"), *((a.id, a.name) for a in self._sight.accounts)]
        return SimpleNamespace(
            label=next(name for account_id, name in options if account_id == chosen),
            is_set=chosen is not None,
            options=[
                SimpleNamespace(label=name, url=self._query.url(account=i), current=i == chosen, count=None)
                for i, name in options
            ],
        )

    @property
    def type_filter(self) -> SimpleNamespace:
        chosen = self._query.type
        types = sorted({task_type for _, task_type in self._counts if task_type} | ({chosen} - {""}))
        return SimpleNamespace(
            label=chosen or "Any type",
            is_set=bool(chosen),
            options=[
                SimpleNamespace(
                    label=name or "Any type",
                    url=self._query.url(type=name),
                    current=name == chosen,
                    count=units.count(self._count(self._query.phase, name)),
                )
                for name in ["", *types]
            ],
        )

    @cached_property
    def news(self) -> SimpleNamespace | None:
        """What came on top since the page was made."""
        if not self._query.is_first_page or self._query.top is None:
            return None
        shown = set(self._poll.rows)
        above = self._query.filters(self._sight).next_newer(MOST_NEWS + len(shown), self._query.top)
        new = [line for line in above if line.id not in shown]
        if not new:
            return None
        failed = sum(line.phase == "failed" for line in new)
        return SimpleNamespace(count=len(new), failed=failed, url=self._query.url())

    @property
    def empty(self) -> SimpleNamespace | None:
        return None if self._lines else empty_of(self._query, self._sight, self._shown, self._count())

    @property
    def pager(self) -> SimpleNamespace:
        # Tasks that were deleted at Studio are shown, but no longer counted.
        total = max(len(self._lines), self._count(self._query.phase, self._query.type))
        first = self._query.is_first_page and self._lines
        older = self._query.url(older=self._query.bottom) if self._has_older else None
        newer = self._query.url(newer=self._query.top) if self._has_newer else None
        return SimpleNamespace(
            older_url=older,
            newer_url=newer,
            summary=f"1 to {len(self._lines)} of {units.count(total)}" if first else f"{units.count(total)} tasks",
            sizes=[
                SimpleNamespace(label=str(size), url=self._query.url(size=size), current=size == self._query.size)
                for size in SIZES
            ],
        )

    @property
    def title_prefix(self) -> str:
        running = self._count("running", self._query.type)
        return f"({units.count(running)}) " if running else ""
