"""What the board says in sentences: notices above the list, imports under way, and why a list is empty."""

from itertools import chain
from types import SimpleNamespace
from typing import NamedTuple

from django.urls import reverse

from dashboard import units
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight
from dashboard.models.syncing import Health
from dashboard.models.team import Membership
from dashboard.phases import PHASES
from dashboard.views.board_query import Query


def notices_of(sight: Sight) -> list[SimpleNamespace]:
    """What everybody who misses data must know: the keys that are not used, then what is missing in part."""
    followed = [account for account in sight.accounts if account.archived_at is None]
    by_state: dict[str, list[SeenAccount]] = {}
    for account in followed:
        by_state.setdefault(account.key_state(sight.now), []).append(account)
    told = (_told_of(state, by_state.get(state, [])) for state in TROUBLES)
    return [*chain.from_iterable(told), *chain.from_iterable(map(_notices_of_rows, followed))]


class Trouble(NamedTuple):
    """What is said of one account (`{name}`), and of several (`{number}`). Without `title` a single one is named by
    the freshness line already."""

    kind: str
    title: str
    titles: str
    text: str
    label: str
    way_out: str


TROUBLES = {
    "rejected": Trouble(
        "rejected",
        "Studio rejects the key of {name}",
        "Studio rejects {number} keys:",
        "Its tasks no longer update.",
        "Replace the key",
        "An admin of the team can replace it.",
    ),
    "unopenable": Trouble(
        "rejected",
        "The key of {name} cannot be opened",
        "{number} keys cannot be opened:",
        "Its tasks no longer update.",
        "Replace the key",
        "An admin of the team can paste it again.",
    ),
    "limited": Trouble(
        "limited",
        "The key of {name} may not list tasks",
        "{number} keys may not list tasks:",
        "Studio lets it read single tasks only, so new tasks do not appear here.",
        "Use another key",
        "",
    ),
    "duplicate": Trouble(
        "limited",
        "{name} is connected twice",
        "{number} accounts are connected twice:",
        "",
        "Look at it",
        "",
    ),
    "paused": Trouble(
        "limited",
        "{name} is paused",
        "{number} accounts are paused:",
        "Its tasks no longer update.",
        "Look at it",
        "An admin of the team can resume it.",
    ),
    "unreachable": Trouble("failing", "", "{number} accounts do not answer:", "", "", ""),
}
DEAD = (Health.REJECTED, Health.UNOPENABLE)
MOST_APART, MOST_NAMES = 2, 5


def _told_of(state: str, accounts: list[SeenAccount]) -> list[SimpleNamespace]:
    """One line for each account, or one for all when there are many."""
    if len(accounts) <= MOST_APART and TROUBLES[state].title:
        return [_told_of_one(state, account) for account in accounts]
    return [_told_of_many(state, accounts)] if len(accounts) > 1 else []


def _told_of_one(state: str, account: SeenAccount) -> SimpleNamespace:
    trouble, is_admin = TROUBLES[state], may(account.role, Right.MANAGE_KEYS)
    what = account.error if state == "duplicate" else trouble.text
    who = f"By {account.paused_by}." if state == "paused" and account.paused_by else ""
    text = " ".join(filter(None, (who, what, "" if is_admin else trouble.way_out)))
    url = reverse("account", args=[account.id]) if is_admin else None
    return _notice(trouble.kind, trouble.title.format(name=account.name), text, url, trouble.label)


def _told_of_many(state: str, accounts: list[SeenAccount]) -> SimpleNamespace:
    trouble, rest = TROUBLES[state], len(accounts) - MOST_NAMES
    names = ", ".join(account.name for account in accounts[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
    after = "They are asked again by themselves." if state == "unreachable" else "See the accounts’ page."
    url = None if state == "unreachable" else reverse("accounts")
    return _notice(trouble.kind, trouble.titles.format(number=len(accounts)), f"{names}. {after}", url, "Accounts")


def _notices_of_rows(account: SeenAccount) -> list[SimpleNamespace]:
    found = []
    if account.unreadable:
        number = f"{units.count(account.unreadable)} {'row' if account.unreadable == 1 else 'rows'}"
        text = "Studio sent something that is no task; everything else is shown."
        found.append(_notice("unreadable", f"{number} of {account.name} could not be read", text))
    if account.documented_only:
        text = "Its server cannot say what changed, so older changes show up a little later."
        found.append(_notice("documented-only", f"{account.name} is read page by page", text))
    return found


def _notice(kind: str, title: str, text: str, url: str | None = None, label: str = "") -> SimpleNamespace:
    return SimpleNamespace(kind=kind, title=title, text=text, url=url, url_label=label)


def imports_of(sight: Sight) -> list[SimpleNamespace]:
    """Accounts whose history is still being read."""
    return [
        SimpleNamespace(
            account=account.name,
            done=units.count(account.imported),
            total=units.count(account.import_total) if account.import_total else None,
            percent=percent_imported(account),
        )
        for account in sight.accounts
        if account.import_done_at is None and account.key_state(sight.now) in ("new", "working")
    ]


def percent_imported(account: SeenAccount) -> int | None:
    """Rounded down: 100 means all. None while Studio has not said how many there are."""
    return min(100, account.imported * 100 // account.import_total) if account.import_total else None


def empty_of(query: Query, sight: Sight, shown: Sight, total: int) -> SimpleNamespace:
    """Different on purpose: each says what is true and what to do next."""
    if not sight.accounts:
        return _no_account(query, sight.user_id)
    if total and (query.phase or query.type):
        return _no_match(query)
    if query.phase and query.phase not in PHASES:
        return _no_match(query)
    if total:
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


def _no_match(query: Query) -> SimpleNamespace:
    words = " ".join(word for word in (query.phase, query.type) if word)
    known = not query.phase or query.phase in PHASES
    text = "Other tasks are there." if known else f"“{query.phase}” is no phase that any of these tasks has."
    actions = [_action("Show all tasks", query.url(phase="", type=""))]
    if query.phase and query.type:
        actions.append(_action("Search all phases", query.url(phase="")))
    return _empty("no-match" if known else "unknown-filter", f"No {words} task", text, *actions)


def _empty(kind: str, title: str, text: str, *actions: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, title=title, text=text, actions=list(actions))


def _action(label: str, url: str, primary: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=label, url=url, primary=primary)
