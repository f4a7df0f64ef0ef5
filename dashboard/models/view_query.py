"""What a view keeps of the board's URL, in one form: two URLs that show the same are kept as the same text."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.models.order import NEWEST, Order, Sort

SIZES = (25, 50, 100)
LONGEST_Q = 512
LONGEST = 2000
"""As a column holds it, with every character outside of ASCII escaped."""
LONGEST_TYPED = 8000
MOST_FIELDS = 50
_LONGEST_WORD = 100


class Unreadable(ValueError):
    """This is no filter of the board."""


@dataclass(frozen=True)
class ViewQuery:
    """The filters, the order and the size of a page: no place in the list, nothing of another site."""

    q: str = ""
    phase: str = ""
    type: str = ""
    account: int | None = None
    team: int | None = None
    sort: str = ""
    size: int | None = None

    @classmethod
    def read(cls, text: str) -> "ViewQuery":
        """Of what stands after the question mark. Raises Unreadable."""
        if len(text) > LONGEST_TYPED:
            raise Unreadable
        try:
            told = dict(parse_qsl(text.removeprefix("?"), max_num_fields=MOST_FIELDS))
        except ValueError:
            raise Unreadable from None
        told = {name: value.replace("\0", "").strip() for name, value in told.items()}
        q = " ".join(told.get("q", "").split())
        if len(q) > LONGEST_Q:
            raise Unreadable
        return cls(
            q=q,
            phase=told.get("phase", "")[:_LONGEST_WORD],
            type=told.get("type", "")[:_LONGEST_WORD],
            account=_id(told.get("account", "")),
            team=_id(told.get("team", "")),
            sort=sort_of(told.get("sort", "")),
            size=size_of(told.get("size", "")),
        )

    def __str__(self) -> str:
        """As a URL has it: always in the same order, without what is not said."""
        return urlencode({name: value for name, value in self.told.items() if value not in (None, "")})

    @property
    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing but how many stand on a page."""
        return not str(replace(self, team=None, size=None))

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves tasks out that are there."""
        return bool(self.q or self.phase or self.type or self.account)

    def of_team(self, team: int | None) -> "ViewQuery":
        """The same in this team, or in the one that it names itself."""
        return replace(self, team=team or self.team)

    def ordered(self, sort: str) -> "ViewQuery":
        """The same in this order, or in the one that it names itself."""
        return replace(self, sort=self.sort or sort)

    def settled(self, team: int | None, sort: str) -> "ViewQuery":
        """The list to which it leads somebody who is in this one team, or whose usual order is this one: two that are
        equal then show the same. How many stand on a page does not matter."""
        return replace(self.of_team(self.team or team).ordered(sort), size=None)


def sort_of(text: str) -> str:
    """An order in its shortest form, but `updated` where the usual one is meant; empty for a word that is none."""
    order = Order.read(text)
    if order != NEWEST:
        return str(order)
    return Sort.UPDATED if text.removeprefix("-").partition(".")[0] == Sort.UPDATED else ""


def size_of(text: str) -> int | None:
    return int(text) if text in map(str, SIZES) else None


def _id(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Unreadable
    return int(text)
