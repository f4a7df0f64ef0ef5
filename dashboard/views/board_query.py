"""The board's URL, read and written."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.urls import reverse

from dashboard.clock import MINUTE
from dashboard.models.finding import Filters
from dashboard.models.listing import UnreadableCursor
from dashboard.models.order import NEWEST, Order, Place
from dashboard.models.seen import Sight, teams_of
from dashboard.models.user import User
from dashboard.models.view_query import SIZES
from dashboard.views.asked import id_or_404, ids, word
from dashboard.views.board_columns import USUAL, columns_of
from dashboard.views.board_search import LONGEST_SHOWN, Mistake, condition_of, mistake_in, moves_with_the_clock
from dashboard.views.polling import link, token_of


@dataclass(frozen=True)
class Habits:
    """How the person likes the board, where the URL says nothing."""

    columns: tuple[str, ...] = USUAL
    order: Order = NEWEST
    size: int = SIZES[0]

    @classmethod
    def of(cls, user: User) -> "Habits":
        size = user.board_size if user.board_size in SIZES else SIZES[0]
        return cls(columns_of(user.board_columns), Order.read(user.board_sort), size)


@dataclass(frozen=True)
class Query:
    """Raises UnreadableCursor; ids that are none are not found.

    `typed` is what the search box shows; `q` what the list obeys: the same if it is clear, else `last`, the last text
    that was. `older` and `newer` are what a link asks for. `rows`, `top` and `bottom` are what a page shows already:
    its tasks, and where it began and ended when it was made.
    """

    habits: Habits = Habits()
    team: int | None = None
    account: int | None = None
    phase: str = ""
    type: str = ""
    q: str = ""
    order: Order = NEWEST
    size: int = SIZES[0]
    older: Place | None = None
    newer: Place | None = None
    rows: tuple[int, ...] = ()
    top: Place | None = None
    bottom: Place | None = None
    typed: str = ""
    last: str = ""
    mistake: Mistake | None = None

    @classmethod
    @lru_cache(maxsize=500)  # a poll asks with the same words again and again
    def read(cls, query_string: str, habits: Habits = Habits()) -> "Query":
        try:
            told = QueryDict(query_string)
        except TooManyFieldsSent:
            raise UnreadableCursor(query_string[:100]) from None
        typed, last = (word(told.get(name, ""), LONGEST_SHOWN) for name in ("q", "last"))
        mistake = mistake_in(typed)
        last = last if mistake_in(last) is None else ""
        order = Order.read(told["sort"]) if told.get("sort") else habits.order
        size = told.get("size", "")
        return cls(
            habits=habits,
            team=id_or_404(told.get("team", "")),
            account=id_or_404(told.get("account", "")),
            phase=word(told.get("phase", "")),
            type=word(told.get("type", "")),
            q=typed if mistake is None else last,
            order=order,
            size=int(size) if size in map(str, SIZES) else habits.size,
            older=_place(told.get("older", ""), order),
            newer=_place(told.get("newer", ""), order),
            rows=ids(told.get("rows", ""), max(SIZES)),
            top=_place(told.get("top", ""), order),
            bottom=_place(told.get("bottom", ""), order),
            typed=typed,
            last=last,
            mistake=mistake,
        )

    @property
    def is_first_page(self) -> bool:
        return self.older is None and self.newer is None

    @cached_property
    def filters_alone(self) -> "Query":
        """Without a place in the list, and without what is said of the text."""
        return replace(self, **_FIRST_PAGE, typed=self.q, last="", mistake=None)

    @property
    def filters_told(self) -> dict[str, object]:
        """Which tasks and in which order, as a URL that means the same to everybody has it."""
        told = {"q": self.q, "phase": self.phase, "type": self.type, "account": self.account, "team": self.team}
        return {name: value for name, value in {**told, "sort": str(self.order)}.items() if value not in (None, "")}

    def url(self, **changes: object) -> str:
        """The board with these filters; a changed filter starts at the first page."""
        return link(reverse("board"), replace(self, **{**_FIRST_PAGE, **changes}).told)

    @property
    def told(self) -> dict[str, object]:
        """As the person's own URL has it: without what is their habit."""
        told = self.parameters
        if self.order == self.habits.order and self.is_first_page:  # a place can be read in its own order only
            told["sort"] = None
        if self.size == self.habits.size:
            told["size"] = None
        return told

    @property
    def parameters(self) -> dict[str, object]:
        return {
            "team": self.team,
            "account": self.account,
            "phase": self.phase,
            "type": self.type,
            "q": self.q,
            "sort": self.order.word,
            "size": self.size,
            "older": self.older,
            "newer": self.newer,
            "rows": ".".join(map(str, self.rows)),
            "top": self.top,
            "bottom": self.bottom,
        }

    def reaching(self, places: list[Place]) -> "Query":
        """A page that also shows rows in these places."""
        known = [place for place in (self.top, self.bottom) if place]
        reach = [*known, *places]
        return replace(self, top=self.order.first_of(reach), bottom=self.order.last_of(reach))

    def shown(self, sight: Sight) -> Sight:
        """The accounts whose tasks the page shows."""
        return sight if self.account is None else sight.only(self.account)

    def poll_url(self, sight: Sight) -> str:
        """Where the region asks for its next self."""
        return f"{self._region_url}&seen={self.token(sight)}"

    def filters(self, sight: Sight) -> Filters:
        ids = tuple(self.shown(sight).ids)
        if not self.q:
            return Filters(ids, self.phase, self.type, order=self.order)
        return Filters(ids, self.phase, self.type, condition_of(self.q, sight), self.order)

    def token(self, sight: Sight) -> str:
        """What the page shows: the accounts in view as they stand, the names of all in the menu, the filters, and for
        an age the minute. Who sees no account is told what to do next by the memberships."""
        memberships = [] if sight.accounts else teams_of(sight.user_id)
        names, shown = [(a.id, a.name) for a in sight.accounts], self.shown(sight).signs()
        minute = sight.now // MINUTE if self._moves else 0
        return token_of(shown, names, memberships, self._digest, minute)

    @cached_property
    def _moves(self) -> bool:
        return bool(self.q) and moves_with_the_clock(self.q)

    @cached_property
    def _region_url(self) -> str:
        return link(reverse("board-list"), self.parameters)

    @cached_property
    def _digest(self) -> str:
        return token_of(self.parameters, self.habits)


_FIRST_PAGE: dict[str, Any] = {"older": None, "newer": None, "rows": (), "top": None, "bottom": None}


def _place(text: str, order: Order) -> Place | None:
    return Place.read(text, order) if text else None
