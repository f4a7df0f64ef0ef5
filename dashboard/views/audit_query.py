"""The URL of the audit, read and written: the team, the filters, the place in the list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.urls import reverse

from dashboard.clock import DAY, SECOND
from dashboard.models.listing import Key
from dashboard.models.trail import Wanted
from dashboard.views.audit_words import words_of
from dashboard.views.polling import link

LONGEST = 200
FILTERS = ("who", "what", "from", "to", "q")


@dataclass(frozen=True)
class AuditQuery:
    """What was asked for. `typed` is what the form shows again; `mistakes` are sentences by the name of their field.
    Raises UnreadableCursor for a place that no page of ours has given out."""

    team_id: int
    typed: dict[str, str]
    wanted: Wanted = field(default_factory=Wanted)
    mistakes: dict[str, str] = field(default_factory=dict)
    older: Key | None = None
    newer: Key | None = None

    @classmethod
    def read(cls, told: Mapping[str, str], team_id: int) -> "AuditQuery":
        typed = {name: _clean(told.get(name, "")) for name in FILTERS}
        mistakes = dict[str, str]()
        words = _words(typed["what"], mistakes)
        first, last = (_day(name, typed[name], mistakes) for name in ("from", "to"))
        if first is not None and last is not None and first > last:
            mistakes["to"] = "The last day is before the first."
        return cls(
            team_id,
            typed,
            Wanted(typed["who"], words, first, None if last is None else last + DAY, typed["q"]),
            mistakes,
            Key.read(told["older"]) if told.get("older") else None,
            Key.read(told["newer"]) if told.get("newer") else None,
        )

    @property
    def is_filtered(self) -> bool:
        return any(self.typed.values())

    @property
    def is_first_page(self) -> bool:
        return self.older is None and self.newer is None

    def url(self, name: str = "audit", **changes: object) -> str:
        """The page, or the CSV, with these filters; changed ones start at the newest entry."""
        return link(reverse(name), {"team": self.team_id, **self.typed, **changes})

    @property
    def plain_url(self) -> str:
        """The team's audit without filters."""
        return link(reverse("audit"), {"team": self.team_id})


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST]


def _words(what: str, mistakes: dict[str, str]) -> tuple[str, ...]:
    try:
        return words_of(what)
    except KeyError:
        mistakes["what"] = "There is no such act; choose one from the list."
        return ()


def _day(name: str, text: str, mistakes: dict[str, str]) -> int | None:
    """The day's first moment in UTC, in ms since 1970."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        mistakes[name] = f"“{text}” is no day; write it as 2026-03-31."
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND
