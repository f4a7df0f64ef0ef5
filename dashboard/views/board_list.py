"""What the board's live region shows, for a page asked for the first time and for the same page again.

Again means: the same rows in the same order, changed in place; what is new waits behind a pill. So the region's
own URL carries the ids of its rows, and where the page began and ended when it was made: rows that change move
away from there, the pages above and below do not.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from types import SimpleNamespace

from django.utils.safestring import SafeString, mark_safe

from dashboard.models.counting import Count
from dashboard.models.seen import Freshness, Sight
from dashboard.models.turns import turns_in
from dashboard.phases import UNFINISHED
from dashboard.views.board_empty import empty_of
from dashboard.views.board_found import Found
from dashboard.views.board_moulds import heads_of, pager_of, strip_of
from dashboard.views.board_search import words_in
from dashboard.views.board_words import (
    Shown,
    Title,
    imports_of,
    news_in_words,
    notices_of,
    shown_count,
    title_of,
)
from dashboard.views.clues import clues_of
from dashboard.views.freshness import freshness_of
from dashboard.views.rows import Row, rows_of
from dashboard.views.surge_words import surges_of

STOPPED_SECONDS = 60


class BoardList:
    """The attributes are what `board/_list.html` shows."""

    def __init__(self, found: Found, sight: Sight) -> None:
        self._found, self._query, self._sight = found, found.query, sight
        self._shown = found.query.shown(sight)
        rows = tuple(line.id for line in found.lines)
        self._poll = found.query if found.query.rows == rows else replace(found.query, rows=rows)

    @property
    def poll_url(self) -> str:
        return self._poll.poll_url(self._sight)

    @property
    def interval(self) -> int:
        """Seconds. A search that was stopped is not tried again and again."""
        if self._found.numbers is None:
            return STOPPED_SECONDS
        if self._shown.freshness is Freshness.STOPPED:
            return 15
        return 3 if self.imports or self._is_moving else 15

    @property
    def _is_moving(self) -> bool:
        """What has stalled or was deleted at Studio keeps its phase, but nobody waits for it every 3 s."""
        return any(line.phase in UNFINISHED and line.overlay in ("", "retrying") for line in self._found.lines)

    @property
    def freshness(self) -> SimpleNamespace:
        return freshness_of(self._shown)

    @cached_property
    def notices(self) -> list[SimpleNamespace]:
        return notices_of(self._shown)

    @cached_property
    def surges(self) -> list[SimpleNamespace]:
        return surges_of(self._shown)

    @cached_property
    def imports(self) -> list[SimpleNamespace]:
        return imports_of(self._shown)

    @cached_property
    def _rows(self) -> list[Row]:
        names = {account.id: account.name for account in self._sight.accounts}
        return rows_of(self._found.lines, names, self._query.habits.columns)

    @property
    def rows(self) -> SafeString:
        """Those that wait learn their places now: these change while a row stays as it is."""
        lines = self._found.lines
        turns = turns_in({line.account_id for line in lines if line.phase == "waiting" and not line.overlay})
        clues = clues_of(self._rows, self._query.habits.columns, words_in(self._query.q))
        told = [row.told(turns, clues.get(row.id, "")) for row in self._rows]
        return mark_safe("".join(told))  # noqa: S308  rendered by our templates

    @property
    def _by_phase(self) -> Mapping[str, Count]:
        return self._found.numbers.by_phase if self._found.numbers else {}

    @property
    def strip(self) -> SafeString:
        return strip_of(self._query, self._by_phase)

    @property
    def heads(self) -> SafeString:
        return heads_of(self._query)

    @property
    def news(self) -> SimpleNamespace | None:
        """What came on top since the page was made."""
        news = self._found.news
        if news is None:
            return None
        return SimpleNamespace(text=news_in_words(*news, self._query.order), failed=news.failed, url=self._query.url())

    @property
    def has_strip(self) -> bool:
        """Whether there is something to filter."""
        return not self.empty or self.empty.kind in ("no-match", "unknown-filter", "too-broad")

    @property
    def is_stopped(self) -> bool:
        return self._found.is_stopped

    @cached_property
    def empty(self) -> SimpleNamespace | None:
        return None if self._found.lines else empty_of(self._query, self._sight, self._shown, self.is_stopped)

    @property
    def pager(self) -> SafeString:
        found, query, rows, total = self._found, self._query, len(self._found.lines), self.total.text
        return pager_of(
            query,
            f"1 to {rows} of {total}" if query.is_first_page and rows and total else f"{total or rows} tasks",
            query.url(newer=query.top) if found.has_newer else "",
            query.url(older=query.bottom) if found.has_older else "",
        )

    @property
    def total(self) -> Shown:
        """Of the list. Tasks that were deleted at Studio are shown, but no longer counted."""
        return shown_count(self._by_phase.get(self._query.phase), at_least=len(self._found.lines))

    @cached_property
    def title(self) -> Title:
        running = [row.progress for row in self._rows if row.progress is not None]
        return title_of(self._by_phase.get("running"), self._by_phase.get("failed"), running)

    @property
    def types(self) -> list[str]:
        """Of the tasks in view, for the menu beside the search."""
        known = self._found.numbers.types if self._found.numbers else ()
        return sorted({*known, self._query.type} - {""})
