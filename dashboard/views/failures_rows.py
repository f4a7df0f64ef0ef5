"""The rows of the list of causes. Their template is rendered once for each shape, and filled."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from dashboard import units
from dashboard.clock import iso, short
from dashboard.models.chosen_failures import Summed
from dashboard.models.group import State
from dashboard.models.listed_groups import Listed, returns_of
from dashboard.views.failures_query import Query
from dashboard.views.failures_words import STATES, advice_of, gone_for, plain_title, title_html, until_of
from dashboard.views.moulds import Moulds, slot
from dashboard.views.polling import link
from dashboard.views.shell import initials_of
from dashboard.views.sparkline import bars
from dashboard.visible import visible

MOST_TYPES = 3


def rows_of(query: Query, groups: Sequence[Listed], sums: Mapping[int, Summed], names: Mapping[int, str]) -> SafeString:
    """All rows as one text; `names` are the accounts' names by id."""
    returns = returns_of([group.id for group in groups if group.state == State.REGRESSED])
    gone = {pk: gone_for(*times) for pk, times in returns.items()}
    filters = link("", {**query.parameters, "after": None, "rows": None, "state": None, "sort": None})
    rows = (_row(group, sums[group.id], names, gone.get(group.id, ""), filters) for group in groups)
    return mark_safe("".join(rows))  # noqa: S308  rendered by our template


def _row(group: Listed, sums: Summed, names: Mapping[int, str], gone: str, filters: str) -> str:
    until, until_iso = until_of(group)
    (days, today), (hours, this_hour) = _drawn(tuple(sums.days)), _drawn(tuple(sums.hours))
    words = {
        "id": str(group.id),
        "state": group.state,
        "url": url_of(group.id),
        "evidence_url": f"{url_of(group.id)}evidence/{filters}",
        "title": title_html(group.title),
        "whole": plain_title(group.title),
        "advice": f"{gone}. {advice_of(group.family, sums)}" if gone else advice_of(group.family, sums),
        "types": _types(sums),
        "plain": str(sums.tasks),
        "tasks": units.count(sums.tasks),
        "days_label": f"{units.count(sum(sums.days))} in 14 days, {units.count(sums.days[-1])} today",
        "hours_label": f"{units.count(sum(sums.hours))} in 24 hours, {units.count(sums.hours[-1])} in this one",
        "days": days,
        "days_hot": today,
        "hours": hours,
        "hours_hot": this_hour,
        "accounts_word": "account" if len(sums.accounts) == 1 else "accounts",
        "accounts": units.count(len(sums.accounts)),
        "account_names": ", ".join(sorted(names[pk] for pk in sums.accounts if pk in names)[:9]),
        "last_iso": iso(group.last_at),
        "last": short(group.last_at),
        "first_iso": iso(group.first_at),
        "first": short(group.first_at).partition(",")[0],
        "retried": f"{units.count(sums.worked)} / {units.count(sums.retried)}" if sums.retried else "",
        "until": until,
        "until_iso": until_iso,
        "until_told": short(group.ignored_until),
        "owner": visible(group.owner_name) if group.owner_name else "",
        "initials": initials_of(group.owner_name) if group.owner_name else "",
    }
    return _moulds.filled((group.state, *(bool(words[name]) for name in _OPTIONAL)), words)


@lru_cache(maxsize=2000)  # most rows have few bars
def _drawn(numbers: tuple[int, ...]) -> tuple[str, str]:
    """The bars, of one scale; the newest, if it is any, is a path of its own, to be drawn in another colour."""
    whole = bars(numbers)
    before, _, newest = whole.rpartition("M")
    return (before, f"M{newest}") if numbers[-1] else (whole, "")


def url_of(pk: int) -> str:
    """Of a group's page. Asking for each row costs more than the rest of it."""
    return f"{_root()}{pk}/"


@lru_cache(1)
def _root() -> str:
    return reverse("failures")


def _types(sums: Summed) -> str:
    """The most frequent first."""
    names = list(sums.types) if len(sums.types) < 2 else [name for name, _ in sums.types.most_common()]
    more = len(names) - MOST_TYPES
    return visible(", ".join(names[:MOST_TYPES])) + (f" and {more} more" if more > 0 else "")


_OPTIONAL = ("retried", "types", "account_names", "days_hot", "hours_hot", "until", "until_iso", "owner")


def _shape(state: str, *present: bool) -> dict[str, Any]:
    """A row with slots for what is there."""
    has = dict(zip(_OPTIONAL, present, strict=True))
    slots = {name: slot(name) for name in _SLOTS if has.get(name, True)}
    return {"row": SimpleNamespace(seen=STATES[State(state)], **slots)}


_SLOTS = (
    "id", "state", "url", "evidence_url", "title", "whole", "advice", "types", "plain", "tasks", "days", "days_hot",
    "days_label", "hours", "hours_hot", "hours_label", "accounts", "account_names", "last_iso", "last", "first_iso",
    "first", "retried", "until", "until_iso", "until_told", "owner", "initials", "accounts_word",
)  # fmt: skip
_moulds = Moulds("failures/_row.html", _shape)
