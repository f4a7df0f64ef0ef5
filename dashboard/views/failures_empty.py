"""Why there is no cause to show, and what one can do: different on purpose."""

from types import SimpleNamespace

from dashboard import units
from dashboard.models.seen import Sight
from dashboard.views.board_empty import empty_of as empty_board
from dashboard.views.board_query import Query as BoardQuery
from dashboard.views.board_search import echo
from dashboard.views.board_words import imports_of
from dashboard.views.failures_found import Found
from dashboard.views.failures_query import ALL, MINE, NOBODYS, Query
from dashboard.views.failures_words import STATES, span_in_words
from dashboard.visible import visible

MOST_STATES = 2  # that are linked one by one


def empty_of(found: Found, sight: Sight) -> SimpleNamespace:
    query = found.query
    if not sight.accounts:
        told = empty_board(BoardQuery(team=query.team), sight, sight, is_stopped=False)
        return SimpleNamespace(kind="no-account", title=told.title, text=told.text, actions=told.actions)
    if found.is_stopped:
        text = "Add a date, such as created:>2026-11-01, or more letters."
        return _empty("too-broad", "This search takes too long", text, ("Clear the search", query.url(q="")))
    if query.after:
        return _empty("no-match", "This page is empty", "", ("To the first page", query.url()))
    if query.q or query.type or query.account or query.owner:
        return _elsewhere(found) if found.number_of(ALL) else _no_match(found, sight.now)
    return _nothing(found, sight)


def _elsewhere(found: Found) -> SimpleNamespace:
    """There are such causes, but in other states than those that are asked for."""
    query = found.query
    told = [(state, seen.word, found.number_of(state) or 0) for state, seen in STATES.items()]
    others = [one for one in told if one[2]]
    numbers = ", ".join(f"{units.count(number)} in {word}" for _, word, number in others)
    text = f"“{echo(query.q)}”: {numbers}." if query.q else f"{numbers}."
    ways = [(f"Show {word.lower()}", query.url(state=state)) for state, word, _ in others]
    ways = ways if len(ways) <= MOST_STATES else [("Show all states", query.url(state=ALL))]
    return _empty(
        "no-match", f"None of the {query.state or 'unresolved'}{_WHOSE[query.owner]}", text, *ways, _clear(query)
    )


_WHOSE = {"": "", MINE: " is yours", NOBODYS: " is without owner"}


def _no_match(found: Found, now: int) -> SimpleNamespace:
    text = f"Looked at is what failed {_span(found, now)}."
    return _empty("no-match", _no_such(found.query), text, _clear(found.query))


def _no_such(query: Query) -> str:
    if query.q:
        return f"No failed task matches “{echo(query.q)}”"
    if query.type:
        return f"No failed task of the type {visible(query.type)}"
    return f"No cause{_WHOSE[query.owner]}" if query.owner else "Nothing failed in this account"


def _clear(query: Query) -> tuple[str, str]:
    return "Clear the filters", query.url(q="", type="", account=None, state="", owner="")


def _span(found: Found, now: int) -> str:
    """`in the last 14 days`, `from 9 to 12 Nov`."""
    query = found.query
    words = span_in_words(query, query.span(now))
    return f"in these days: {words}" if query.has_days else f"in the {words.lower()}"


def _nothing(found: Found, sight: Sight) -> SimpleNamespace:
    query, others = found.query, found.number_of("all") or 0
    if others:
        return _only_others(found, others)
    if imports_of(sight) and not found.fared.now.ended:
        return _empty("importing", "Importing, newest first", "What failed is grouped here as it is read.")
    ended = found.fared.now.completed
    text = f"{units.count(ended)} task{'s' * (ended != 1)} ended well." if ended else ""
    return _empty(
        "nothing",
        f"Nothing failed {_span(found, sight.now)}",
        text,
        ("Look back 90 days", query.url(days=90, first="", last="")),
    )


def _only_others(found: Found, others: int) -> SimpleNamespace:
    """There are groups, but not in the states that are asked for."""
    query = found.query
    if query.state:
        return _empty("no-match", f"No cause is {query.state}", "", ("Back to what is open", query.url(state="")))
    text = f"{units.count(others)} cause{'s' * (others != 1)} resolved, ignored or recovered."
    return _empty("nothing", "Nothing is open", text, ("Show all", query.url(state="all")))


def _empty(kind: str, title: str, text: str, *actions: tuple[str, str]) -> SimpleNamespace:
    told = [SimpleNamespace(label=label, url=url, primary=False) for label, url in actions]
    return SimpleNamespace(kind=kind, title=title, text=text, actions=told)
