"""What the page of tokens says."""

from types import SimpleNamespace

from django.http import HttpRequest

from dashboard.clock import iso
from dashboard.forms.tokens import TokenForm
from dashboard.models.account import Account
from dashboard.models.team import Membership, Role
from dashboard.models.token import PREFIX, Token
from dashboard.views.api import base_of
from dashboard.views.polling import SignedIn

MOST_NAMED = 3


def rows_of(request: SignedIn, now: int) -> list[SimpleNamespace]:
    """The person's tokens, those that still open something first."""
    roles = dict(Membership.objects.filter(user=request.user).values_list("team_id", "role"))
    mine = Token.objects.worth_showing(now).filter(owner=request.user).prefetch_related("accounts")
    rows = [_row(request, token, roles, now) for token in mine]
    return sorted(rows, key=lambda row: row.state != "open")


def _row(request: SignedIn, token: Token, roles: dict[int, str], now: int) -> SimpleNamespace:
    held = sorted((a for a in token.accounts.all() if a.removed_at is None), key=lambda account: account.name)
    seen = [account for account in held if account.team_id in roles]
    opened = [_opened(request, account) for account in seen]
    return SimpleNamespace(
        id=token.pk,
        name=token.name,
        hint=f"{PREFIX}…{token.hint}",
        state=_state(token, bool(seen), now),
        accounts=opened[:MOST_NAMED],
        more=opened[MOST_NAMED:],
        role=Role(token.role).label,
        less=_less(token, seen, roles),
        created_iso=iso(token.created_at),
        expires_iso=iso(token.expires_at),
        revoked_iso=iso(token.revoked_at),
        used_iso=iso(token.last_used_at),
        used_from=token.last_used_from,
    )


def _state(token: Token, opens_something: bool, now: int) -> str:
    """`open`, `revoked`, `expired`, or `closed`: good in itself, but its owner sees none of its accounts any more."""
    if token.revoked_at is not None:
        return "revoked"
    if not token.is_open(now):
        return "expired"
    return "open" if opens_something else "closed"


def _opened(request: HttpRequest, account: Account) -> SimpleNamespace:
    return SimpleNamespace(name=account.name, base=f"{base_of(request)}/api/{account.pk}")


def _less(token: Token, seen: list[Account], roles: dict[int, str]) -> str:
    """The smaller role that its owner has now, where that is smaller than the token's own."""
    own = [Role(roles[account.team_id]) for account in seen]
    smallest = min(own, key=lambda role: role.rank, default=Role(token.role))
    return "" if smallest.covers(Role(token.role)) else str(smallest.label)


def groups_of(form: TokenForm) -> list[SimpleNamespace]:
    """The accounts to choose from, by team."""
    groups: dict[int, SimpleNamespace] = {}
    for account, role in form.offers:
        blank = SimpleNamespace(team=account.team.name, role=role.label, accounts=[])
        is_chosen = str(account.pk) in form.chosen_ids
        choice = SimpleNamespace(id=account.pk, name=account.name, is_chosen=is_chosen)
        groups.setdefault(account.team_id, blank).accounts.append(choice)
    return list(groups.values())


def roles_offered(form: TokenForm) -> list[SimpleNamespace]:
    """The roles that the person has somewhere, and the smaller ones."""
    greatest = max((offer.role for offer in form.offers), key=lambda role: role.rank, default=Role.VIEWER)
    chosen = form["role"].value() or Role.VIEWER
    offered = [role for role in Role if greatest.covers(role)]
    return [SimpleNamespace(value=role.value, label=role.label, is_chosen=role == chosen) for role in offered]


def fresh_words(request: HttpRequest, token: Token, clear: str) -> SimpleNamespace:
    """The new token, and a line for a shell that uses it."""
    opened = [_opened(request, account) for account in token.accounts.order_by("name")]
    header = f'-H "Authorization: Bearer {clear}"'
    return SimpleNamespace(
        name=token.name,
        clear=clear,
        account=opened[0].name if len(opened) > 1 else "",
        base=opened[0].base,
        curl=f'curl {header} "{opened[0].base}/task?limit=5"',
        expires_iso=iso(token.expires_at),
    )
