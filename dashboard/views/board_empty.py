"""Why a list is empty. Different on purpose: each empty board says what is true and what to do next."""

from types import SimpleNamespace

from django.urls import reverse

from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight
from dashboard.models.syncing import Health
from dashboard.models.tally import Tally
from dashboard.models.team import Membership
from dashboard.phases import OVERLAYS, PHASES
from dashboard.views.board_query import Query
from dashboard.views.board_search import echo
from dashboard.views.board_words import imports_of
from dashboard.visible import visible

DEAD = (Health.REJECTED, Health.UNOPENABLE)


def empty_of(query: Query, sight: Sight, shown: Sight, is_stopped: bool) -> SimpleNamespace:
    """`is_stopped`: the search took too long."""
    if not sight.accounts:
        return _no_account(query, sight.user_id)
    if is_stopped:
        return _too_broad(query)
    if query.q or (query.phase and query.phase not in (*PHASES, *OVERLAYS)):
        return _no_match(query, sight)
    if Tally.counts_of(shown.ids):
        if query.phase or query.type:
            return _no_match(query, sight)
        return _empty("no-match", "This page is empty", "", _action("To the first page", query.url()))
    if imports_of(shown):
        return _empty("importing", "Importing, newest first", "The first tasks appear here in a moment.")
    if not shown.followed:
        names = " and ".join(account.name for account in shown.accounts[:3])
        return _empty("no-tasks", "No tasks are held", f"{names} is not read any more. See the accounts’ page.")
    if all(account.health in (*DEAD, Health.LIMITED) for account in shown.followed):
        return _dead_key(shown.followed[0])
    unread = [account.name for account in shown.followed if account.import_done_at is None]
    if unread:
        text = f"{' and '.join(unread[:3])} could not be read yet. Tasks appear here by themselves."
        return _empty("no-tasks", "No tasks seen yet", text)
    names = " and ".join(account.name for account in shown.followed[:3])
    text = f"{names} was asked and has none. New tasks appear here by themselves."
    return _empty("no-tasks", "No tasks yet", text)


def _no_account(query: Query, user_id: int) -> SimpleNamespace:
    teams = Membership.objects.filter(user_id=user_id)
    if query.team:
        teams = teams.filter(team_id=query.team)
    roles = set(teams.values_list("role", flat=True))
    if not roles:
        text = "Ask an admin of your team for an invitation, or begin a team of your own."
        return _empty("no-team", "You are not in a team yet", text, _action("New team", reverse("team-new")))
    if not any(may(role, Right.MANAGE_ACCOUNTS) for role in roles):
        text = "An admin of your team has to add a Studio account first."
        return _empty("no-account", "No Studio account yet", text, _action("See who that is", reverse("team")))
    return _empty(
        "no-account",
        "See your tasks move in two minutes",
        "",
        _action("Add account", reverse("account-new"), primary=True),
    )


def _dead_key(account: SeenAccount) -> SimpleNamespace:
    """Nothing comes by itself: a key that does not work, or may not list, has to be replaced."""
    why = "may not list tasks" if account.health == Health.LIMITED else "does not work"
    if not may(account.role, Right.MANAGE_KEYS):
        text = f"The key of {account.name} {why}. An admin of {account.team} can replace it."
        return _empty("dead-key", "No tasks seen yet", text)
    text = f"The key of {account.name} {why}, so nothing appears here until it is replaced."
    return _empty(
        "dead-key", "No tasks seen yet", text, _action("Replace the key", reverse("account", args=[account.id]), True)
    )


def _no_match(query: Query, sight: Sight) -> SimpleNamespace:
    """What nothing matches, and each way to look further."""
    words = " ".join(visible(word) for word in (query.phase, query.type) if word)
    title = f"No {words} task" if words else "No task"
    if query.q:
        title += f" matches “{echo(query.q)}”"
    known = not query.phase or query.phase in (*PHASES, *OVERLAYS)
    text = "" if known else f"“{visible(query.phase)}” is no phase that any of these tasks has."
    if not query.is_first_page:
        return _empty("no-match", "This page is empty", "", _action("To the first page", query.url()))
    return _empty("no-match" if known else "unknown-filter", title, text, *_ways_out(query, sight))


def _ways_out(query: Query, sight: Sight) -> list[SimpleNamespace]:
    """One for each filter that may be in the way."""
    ways = [_action("Clear the search", query.url(q=""))] if query.q else []
    if query.phase:
        ways.append(_action("Search all phases" if query.q else "Show all phases", query.url(phase="")))
    if query.type:
        ways.append(_action("Search all types" if query.q else "Show all types", query.url(type="")))
    if query.account and len(sight.accounts) > 1:
        ways.append(_action("Search all accounts", query.url(account=None)))
    if query.team:
        ways.append(_action("Search all teams", query.url(team=None, account=None)))
    return ways


def _too_broad(query: Query) -> SimpleNamespace:
    text = "Add a date, such as created:>2026-11-01, or more letters."
    return _empty("too-broad", "This search takes too long", text, _action("Clear the search", query.url(q="")))


def _empty(kind: str, title: str, text: str, *actions: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, title=title, text=text, actions=list(actions))


def _action(label: str, url: str, primary: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=label, url=url, primary=primary)
