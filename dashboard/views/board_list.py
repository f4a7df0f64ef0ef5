"""What the board's live region shows, for a page asked for the first time and for the same page again.

Again means: the same rows in the same order, changed in place; what is new waits behind a pill. So the region's
own URL carries the ids of its rows and the key of the newest one when the page was made.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db.models import Sum
from django.http import Http404, QueryDict
from django.urls import reverse

from dashboard import units
from dashboard.models.listing import Filters, Key, Line, UnreadableCursor
from dashboard.models.seen import Freshness, Sight
from dashboard.models.tally import Tally
from dashboard.phases import PHASES, UNFINISHED
from dashboard.views.board_words import empty_of, imports_of, notices_of
from dashboard.views.freshness import freshness_of
from dashboard.views.polling import link, poll_url, token_of
from dashboard.views.rows import rows_of

SIZES = (25, 50, 100)
STRIP = ("running", "waiting", "failed", "pending", "completed", "cancelled")
MOST_NEWS = 100


@dataclass(frozen=True)
class Query:
    """The board's URL, read. Raises UnreadableCursor; ids that are none are not found."""

    team: int | None = None
    account: int | None = None
    phase: str = ""
    type: str = ""
    size: int = SIZES[0]
    older: Key | None = None
    newer: Key | None = None
    rows: tuple[int, ...] = ()
    top: Key | None = None

    @classmethod
    def read(cls, told: QueryDict) -> "Query":
        size = told.get("size", "")
        return cls(
            team=_id(told.get("team", "")),
            account=_id(told.get("account", "")),
            phase=told.get("phase", "").replace("\0", "")[:100],
            type=told.get("type", "").replace("\0", "")[:100],
            size=int(size) if size in map(str, SIZES) else SIZES[0],
            older=_key(told.get("older", "")),
            newer=_key(told.get("newer", "")),
            rows=_ids(told.get("rows", "")),
            top=_key(told.get("top", "")),
        )

    @property
    def is_first_page(self) -> bool:
        return self.older is None and self.newer is None

    def url(self, **changes: object) -> str:
        """The board with these filters; a changed filter starts at the first page."""
        return link(reverse("board"), replace(self, **{**_FIRST_PAGE, **changes}).parameters)

    @property
    def parameters(self) -> dict[str, object]:
        return {
            "team": self.team,
            "account": self.account,
            "phase": self.phase,
            "type": self.type,
            "size": self.size if self.size != SIZES[0] else None,
            "older": self.older,
            "newer": self.newer,
            "rows": ".".join(map(str, self.rows)),
            "top": self.top,
        }

    def filters(self, sight: Sight) -> Filters:
        ids = sight.ids if self.account is None else [self.account]
        return Filters(tuple(ids), self.phase, self.type)

    def token(self, sight: Sight) -> str:
        return token_of(sight.signs(), self.parameters)


_FIRST_PAGE: dict[str, Any] = {"older": None, "newer": None, "rows": (), "top": None}


class BoardList:
    """The attributes are what `board/_list.html` shows."""

    def __init__(self, query: Query, sight: Sight, lines: list[Line], older: bool, newer: bool) -> None:
        shown = sight if query.account is None else sight.only(query.account)
        self._query, self._sight, self._shown, self._lines = query, sight, shown, lines
        self._has_older, self._has_newer = older, newer
        top = query.top or max((line.key for line in lines), default=None)
        self._poll = replace(query, rows=tuple(line.id for line in lines), top=top)

    @classmethod
    def first(cls, query: Query, sight: Sight) -> "BoardList":
        """The page as its link says."""
        filters, size = query.filters(sight), query.size
        if query.newer:
            lines = filters.next_newer(size + 1, query.newer)
            return cls(query, sight, lines[-size:], older=True, newer=len(lines) > size)
        lines = filters.newest(size + 1, query.older)
        return cls(query, sight, lines[:size], older=len(lines) > size, newer=query.older is not None)

    @classmethod
    def again(cls, query: Query, sight: Sight) -> "BoardList":
        """The same rows as before; a first page that was not full is filled up from below."""
        filters, size = query.filters(sight), query.size
        lines = filters.by_ids(query.rows[: max(SIZES)])
        below = filters.newest(size + 1 + MOST_NEWS) if query.is_first_page else []
        if query.is_first_page and len(lines) < size:
            shown = set(query.rows)
            fitting = [line for line in below if line.id not in shown and (not query.top or line.key <= query.top)]
            lines = [*lines, *fitting[: size - len(lines)]]
        older = len(below) > size if query.is_first_page else bool(lines)
        return cls(query, sight, lines, older=older, newer=not query.is_first_page)

    @property
    def poll_url(self) -> str:
        return poll_url(reverse("board-list"), self._poll.token(self._sight), self._poll.parameters)

    @property
    def interval(self) -> int:
        moving = any(line.phase in UNFINISHED for line in self._lines) or self.imports
        return 3 if moving and self._shown.freshness is not Freshness.STOPPED else 15

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
        ids = self._query.filters(self._sight).account_ids
        kinds = Tally.objects.filter(account__in=ids).values_list("phase", "type").annotate(n=Sum("number"))
        return {(phase, task_type): n for phase, task_type, n in kinds.order_by() if n > 0}

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
            icon=phase if phase in PHASES else "other",
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
        if not self._query.is_first_page or self._poll.top is None:
            return None
        shown = set(self._poll.rows)
        above = self._query.filters(self._sight).next_newer(MOST_NEWS + len(shown), self._poll.top)
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
        total = self._count(self._query.phase, self._query.type)
        first = self._query.is_first_page and self._lines
        keys = [line.key for line in self._lines]
        older = self._query.url(older=min(keys)) if self._has_older and keys else None
        newer = self._query.url(newer=max(keys)) if self._has_newer and keys else None
        return SimpleNamespace(
            older_url=older,
            newer_url=newer,
            summary=f"1 to {len(keys)} of {units.count(total)}" if first else f"{units.count(total)} tasks",
            sizes=[
                SimpleNamespace(label=str(size), url=self._query.url(size=size), current=size == self._query.size)
                for size in SIZES
            ],
        )

    @property
    def title_prefix(self) -> str:
        running = self._count("running", self._query.type)
        return f"({units.count(running)}) " if running else ""


def _id(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


def _ids(text: str) -> tuple[int, ...]:
    parts = text.split(".")[: max(SIZES)] if text else []
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        raise UnreadableCursor(text)
    return tuple(map(int, parts))


def _key(text: str) -> Key | None:
    return Key.read(text) if text else None
