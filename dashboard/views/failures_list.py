"""What the live region of the list of causes shows: sums, states as filters, rows.

Asked again it shows the same rows in the same order, changed in place, so its own URL carries their ids; what is new
waits behind a link.
"""

from dataclasses import replace
from functools import cached_property
from types import SimpleNamespace

from django.urls import reverse
from django.utils.safestring import SafeString

from dashboard import units
from dashboard.clock import iso
from dashboard.models.seen import Freshness, Sight
from dashboard.views.board_words import imports_of
from dashboard.views.failures_empty import empty_of
from dashboard.views.failures_found import Found
from dashboard.views.failures_query import ALL, Query
from dashboard.views.failures_rows import rows_of
from dashboard.views.failures_words import SORTS, STATES
from dashboard.views.freshness import freshness_of
from dashboard.views.moulds import Moulds, slot
from dashboard.views.numbers_words import days_before, failed_at_first, rate, rate_before
from dashboard.views.polling import poll_url

STOPPED_SECONDS = 60


class FailuresList:
    """The attributes are what `failures/_list.html` shows."""

    def __init__(self, found: Found, sight: Sight) -> None:
        self._found, self.query, self._sight = found, found.query, sight
        self._shown = found.query.shown(sight)

    @property
    def poll_url(self) -> str:
        return poll_url(reverse("failures-list"), self.query.token(self._sight), self.query.parameters)

    @property
    def interval(self) -> int:
        """Seconds. A search that was stopped is not tried again and again."""
        if self._found.is_stopped:
            return STOPPED_SECONDS
        return 5 if self._shown.freshness is not Freshness.STOPPED else 15

    @property
    def freshness(self) -> SimpleNamespace:
        return freshness_of(self._shown)

    @cached_property
    def imports(self) -> list[SimpleNamespace]:
        return imports_of(self._shown)

    @property
    def sums(self) -> list[SimpleNamespace]:
        """The numbers above the list."""
        if self._found.counts is None or not self._sight.accounts:
            return []
        return [*self._of_tasks(), self._of_causes()]

    def _of_tasks(self) -> list[SimpleNamespace]:
        now, before, _, _, days = self._found.fared
        saved = _sum("Saved by a retry", units.count(now.saved), failed_at_first(now))
        if self.query.q:  # nobody knows how many of those that match ended well
            return [_sum("Failed tasks that match", units.count(now.failed)), saved]
        if not now.ended:
            return [_sum("Failed tasks", "–"), _sum("Failure rate", "–"), _sum("Saved by a retry", "–")]
        return [
            _sum("Failed tasks", units.count(now.failed), f"of {units.count(now.ended)} that ended"),
            _sum("Failure rate", rate(now.rate), rate_before(before), days_before(days)),
            saved,
        ]

    @property
    def counted(self) -> SimpleNamespace:
        """Of when the numbers of tasks are. Those of a search are as new as the list; the line stands there all the
        same, and empty where nothing is counted, so the box and the rows stay where they are."""
        if self.query.q:
            return SimpleNamespace(words="Counted are only the tasks that match the search.", iso="")
        told = self._found.fared
        if not told.counted_at:
            return SimpleNamespace(words=units.NBSP, iso="")
        since = "today" if told.days == 1 else "yesterday"
        words = f"Tasks of the UTC days since {since}, counted" if self.query.is_one_day else "Tasks counted"
        return SimpleNamespace(words=words, iso=iso(told.counted_at))

    def _of_causes(self) -> SimpleNamespace:
        number, alone = self._found.number_of("") or 0, self._found.unowned
        return _sum("Open causes", units.count(number), _whose(number, alone))

    @property
    def strip(self) -> SafeString:
        """The states as links; their counts obey the other filters."""
        numbers = {f"n{place}": units.count(self._found.number_of(state) or 0) for place, state in enumerate(_STRIP)}
        return _strips.filled((replace(self.query, after=None, rows=()),), numbers)

    @property
    def news(self) -> SimpleNamespace | None:
        """What came to the first page since it was made."""
        number = self._found.news
        return SimpleNamespace(text=f"{number} new: show", url=self.query.url()) if number else None

    @property
    def total(self) -> str:
        """Of the list; empty where that is not known."""
        number = self._found.number_of(self.query.state)
        return "" if number is None else units.count(number)

    @property
    def caption(self) -> str:
        return f"Causes of failures, {SORTS[self.query.sort].lower()}"

    @property
    def rows(self) -> SafeString:
        names = {account.id: account.name for account in self._sight.accounts}
        return rows_of(self.query, self._found.groups, self._found.sums or {}, names)

    @cached_property
    def empty(self) -> SimpleNamespace | None:
        return None if self._found.groups else empty_of(self._found, self._sight)

    @property
    def has_strip(self) -> bool:
        """Whether there is something to filter."""
        return not self.empty or self.empty.kind == "no-match" or bool(self._found.number_of(ALL))

    @property
    def summary(self) -> str:
        number, rows = self._found.number_of(self.query.state) or 0, len(self._found.groups)
        if self.query.after is None and number > rows:
            return f"1 to {rows} of {units.count(number)}"
        number = max(number, rows)
        return f"{units.count(number)} cause{'s' * (number != 1)}"

    @property
    def first_url(self) -> str:
        return self.query.url() if self.query.after else ""

    @property
    def next_url(self) -> str:
        return self.query.url(after=self._found.next_place) if self._found.next_place else ""


def _whose(number: int, alone: int) -> str:
    """Read after the number: `36 without owner`, `36, 4 without owner`."""
    if not alone:
        return "all owned" if number else ""
    return "without owner" if alone == number else f"{units.count(alone)} without owner"


def _sum(name: str, number: str, beside: str = "", title: str = "") -> SimpleNamespace:
    """`title` explains what stands beside the number."""
    return SimpleNamespace(name=name, number=number, beside=beside, title=title)


_STRIP: dict[str, str] = {"": "Unresolved", **{state: seen.word for state, seen in STATES.items()}, ALL: "All"}


def _strip(query: Query) -> dict[str, list[SimpleNamespace]]:
    """As a mould: with slots for the numbers."""
    items = enumerate(_STRIP.items())
    return {
        "strip": [
            SimpleNamespace(word=word, n=slot(f"n{place}"), url=query.url(state=state), current=state == query.state)
            for place, (state, word) in items
        ]
    }


_strips = Moulds("failures/_strip.html", _strip)
