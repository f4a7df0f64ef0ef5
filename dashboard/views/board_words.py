"""What the board says in sentences: notices above the list, imports under way, and why a list is empty."""

from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight
from dashboard.models.syncing import Health
from dashboard.models.team import Membership
from dashboard.phases import PHASES
from dashboard.views.board_query import Query


def notices_of(sight: Sight) -> list[SimpleNamespace]:
    """What everybody who misses data must know, per account."""
    return [
        *_silent_accounts(sight),
        *(notice for account in sight.accounts for notice in _notices_of_account(account)),
    ]


def _silent_accounts(sight: Sight) -> list[SimpleNamespace]:
    """One line for all that do not answer; a single one is named by the freshness line already."""
    names = [account.name for account in sight.accounts if account.health == Health.FAILING]
    if len(names) < 2:
        return []
    told = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    title, text = f"{len(names)} accounts do not answer:", f"{told}. They are asked again by themselves."
    return [SimpleNamespace(kind="failing", title=title, text=text, url=None, url_label="")]


def _notices_of_account(account: SeenAccount) -> list[SimpleNamespace]:
    is_admin = may(account.role, Right.MANAGE_KEYS)
    url = reverse("account", args=[account.id]) if is_admin else None
    found = []
    if account.health in (Health.REJECTED, Health.UNOPENABLE):
        title = f"Studio rejects the key of {account.name}"
        if account.health == Health.UNOPENABLE:
            title = f"The key of {account.name} cannot be opened"
        text = "Its tasks no longer update." + ("" if is_admin else " An admin of the team can replace it.")
        found.append(("rejected", title, text, url, "Replace the key"))
    if account.health == Health.LIMITED:
        text = "Studio lets it read single tasks only, so new tasks do not appear here."
        found.append(("limited", f"The key of {account.name} may not list tasks", text, url, "Use another key"))
    if account.unreadable:
        number = f"{units.count(account.unreadable)} {'row' if account.unreadable == 1 else 'rows'}"
        text = "Studio sent something that is no task; everything else is shown."
        found.append(("unreadable", f"{number} of {account.name} could not be read", text, None, ""))
    if account.documented_only:
        text = "Its server cannot say what changed, so older changes show up a little later."
        found.append(("documented-only", f"{account.name} is read page by page", text, None, ""))
    keys = ("kind", "title", "text", "url", "url_label")
    return [SimpleNamespace(**dict(zip(keys, notice, strict=True))) for notice in found]


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
        if account.import_done_at is None and account.health in (Health.NEW, Health.WORKING)
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
    unread = [account.name for account in shown.accounts if account.import_done_at is None]
    if unread:
        text = f"{' and '.join(unread[:3])} could not be read yet. Tasks appear here by themselves."
        return _empty("no-tasks", "No tasks seen yet", text)
    names = " and ".join(account.name for account in shown.accounts[:3])
    text = f"{names} was asked and has none. New tasks appear here by themselves."
    return _empty("no-tasks", "No tasks yet", text)


def _no_account(query: Query, user_id: int) -> SimpleNamespace:
    teams = Membership.objects.filter(user_id=user_id)
    if query.team:
        teams = teams.filter(team_id=query.team)
    roles = set(teams.values_list("role", flat=True))
    if not roles:
        text = "You can sign in, but you are in no team. Ask an admin to add you."
        return _empty("no-team", "You are not in a team yet", text)
    if not any(may(role, Right.MANAGE_ACCOUNTS) for role in roles):
        text = "An admin of your team has to add a Studio account first."
        return _empty("no-account", "No Studio account yet", text)
    return _empty(
        "no-account",
        "See your tasks move in two minutes",
        "",
        _action("Add account", reverse("account-new"), primary=True),
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
