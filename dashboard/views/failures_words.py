"""What the list of causes says: titles with their marks, advice in a few words with its evidence, states, spans."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from dashboard import units
from dashboard.clock import DAY, HOUR, MONTHS, SECOND, iso
from dashboard.families import Family, family_named
from dashboard.models.chosen_failures import Span, Summed
from dashboard.models.group import State
from dashboard.models.listed_groups import Listed, Sort
from dashboard.views.failures_query import Query
from dashboard.visible import visible

_MARK = re.compile("⟨([a-z ]{1,20})⟩")
MARKED = {"body": "remote body"}
"""Marks whose own words are too short for people."""
ENOUGH_TRIES = 5
RARELY, MOSTLY = 0.2, 0.5
SORTS = {Sort.LAST: "Newest first", Sort.TASKS: "Most tasks first", Sort.FIRST: "Newest cause first"}


@lru_cache(maxsize=1000)
def title_html(title: str) -> SafeString:
    """The title with its marks as <mark>."""
    text = _MARK.sub(lambda found: f"<mark>{MARKED.get(found[1], found[1])}</mark>", escape(visible(title)))
    return mark_safe(text)  # noqa: S308  escaped


@lru_cache(maxsize=1000)
def plain_title(title: str) -> str:
    """For a place that takes no HTML."""
    return _MARK.sub(lambda found: f"‹{MARKED.get(found[1], found[1])}›", visible(title))


def advice_of(family_name: str, sums: Summed) -> str:
    """What to do, and whether retries help: as they did, where enough have ended."""
    family = family_named(family_name)
    return f"{_ACTS.get(family_name) or _act_of(family)}. {_of_retries(family, sums)}"


def _act_of(family: Family) -> str:
    return _DO[family.action] if family.known else "Not known here"


_DO = {
    "retry": "Retry",
    "fix-file": "Fix the file",
    "check-url": "Check the URL",
    "check-destination": "Check the destination",
    "report": "Report to Livepeer",
}
_ACTS = {
    "destination-refused": "Check the destination’s credentials",
    "pinning-refused": "Check the Pinata credentials",
    "outside-refused": "Read what the server answered",
    "outside-unreachable": "Check the address",
    "silent": "Studio gave no reason",
}


def _of_retries(family: Family, sums: Summed) -> str:
    if sums.retried >= ENOUGH_TRIES:
        share = sums.worked / sums.retried
        if sums.worked == 0:
            return f"None of {units.count(sums.retried)} retries worked"
        if share < RARELY:
            return "Retries rarely help"
        return f"{units.percent(share)} succeed at the next attempt"
    if not family.retry_helps:
        return "A retry cannot help"
    if not family.known:
        return "A retry may help"
    return "It often passes" if family.action == "retry" else "Then a retry can help"


class Seen(NamedTuple):
    """How a state looks: `dot` is the class of a dot, or `icon` an icon; `hue` the class of its colour."""

    word: str
    dot: str = ""
    icon: str = ""
    hue: str = ""


STATES = {
    State.OPEN: Seen("Open", dot="dead"),
    State.OWNED: Seen("Owned", dot="late"),
    State.REGRESSED: Seen("Regressed", icon="retry", hue="failed"),
    State.IGNORED: Seen("Ignored", dot="off", hue="quiet"),
    State.RESOLVED: Seen("Resolved", icon="completed", hue="quiet completed"),
    State.RECOVERED: Seen("Recovered", icon="completed", hue="quiet completed"),
}


def until_of(group: Listed) -> tuple[str, str]:
    """How long a group is ignored: words, and the time that follows them as ISO; both may be empty."""
    if group.state != State.IGNORED:
        return "", ""
    if group.ignored_until:
        return "until ", iso(group.ignored_until)
    if group.ignored_more:
        return f"until {group.ignored_more} in {group.ignored_hours or 24}{units.NBSP}h", ""
    return "", ""


def gone_for(resolved_at: int, came_at: int) -> str:
    """Of a group that regressed, after how long."""
    gone = max(0, came_at - resolved_at)
    number, unit = (round(gone / DAY), "day") if gone >= DAY else (max(1, round(gone / HOUR)), "hour")
    return f"Came back after {number} {unit}{'s' * (number > 1)}"


def span_in_words(query: Query, span: Span) -> str:
    """`Last 14 days`, `9 to 12 Nov`: on a button, at the head of a sentence."""
    if not query.has_days:
        return "Last 24 hours" if query.days == 1 else f"Last {query.days} days"
    first, last = (datetime.fromtimestamp(at / SECOND, UTC) for at in (span.from_at, span.to_at - HOUR))
    ends = _day(first, last), _day(last)
    return ends[1] if first.date() == last.date() else f"{ends[0]} to {ends[1]}"


def _day(day: datetime, before: datetime | None = None) -> str:
    """`9 Nov`, or `9` before another day of its month."""
    if before and (day.year, day.month) == (before.year, before.month):
        return str(day.day)
    year = "" if day.year == datetime.now(UTC).year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def note_on_days(query: Query) -> SimpleNamespace | None:
    if not query.bad_day:
        return None
    sentence = f"“{visible(query.bad_day[:40])}” is no day: write it as 2026-11-09."
    return SimpleNamespace(kind="broad", sentence=sentence, rest="Shown are the usual days.")
