"""The board's URL, read and written."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, QueryDict
from django.urls import reverse

from dashboard.models.listing import Filters, Key, UnreadableCursor
from dashboard.models.seen import Sight, teams_of
from dashboard.views.polling import link, token_of

SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Query:
    """Raises UnreadableCursor; ids that are none are not found.

    `older` and `newer` are what a link asks for. `rows`, `top` and `bottom` are what a page shows already: its
    tasks, and where it began and ended when it was made.
    """

    team: int | None = None
    account: int | None = None
    phase: str = ""
    type: str = ""
    size: int = SIZES[0]
    older: Key | None = None
    newer: Key | None = None
    rows: tuple[int, ...] = ()
    top: Key | None = None
    bottom: Key | None = None

    @classmethod
    @lru_cache(maxsize=500)  # a poll asks with the same words again and again
    def read(cls, query_string: str) -> "Query":
        try:
            told = QueryDict(query_string)
        except TooManyFieldsSent:
            raise UnreadableCursor(query_string[:100]) from None
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
            bottom=_key(told.get("bottom", "")),
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
            "bottom": self.bottom,
        }

    def reaching(self, keys: list[Key]) -> "Query":
        """A page that also shows rows with these keys."""
        known = [key for key in (self.top, self.bottom) if key]
        reach = [*known, *keys]
        return replace(self, top=max(reach, default=None), bottom=min(reach, default=None))

    def shown(self, sight: Sight) -> Sight:
        """The accounts whose tasks the page shows."""
        return sight if self.account is None else sight.only(self.account)

    def filters(self, sight: Sight) -> Filters:
        return Filters(tuple(self.shown(sight).ids), self.phase, self.type)

    def token(self, sight: Sight) -> str:
        """What the page shows: the accounts in view as they stand, the names of all in the menu, the filters. Who
        sees no account is told what to do next by the memberships."""
        memberships = [] if sight.accounts else teams_of(sight.user_id)
        return token_of(self.shown(sight).signs(), [(a.id, a.name) for a in sight.accounts], memberships, self._digest)

    @cached_property
    def _digest(self) -> str:
        return token_of(self.parameters)


_FIRST_PAGE: dict[str, Any] = {"older": None, "newer": None, "rows": (), "top": None, "bottom": None}


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
