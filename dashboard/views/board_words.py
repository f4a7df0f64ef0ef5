"""What the board says: notices above the list, imports under way, numbers, what is new, the place in the queue."""

from collections.abc import Sequence
from itertools import chain
from statistics import fmean
from types import SimpleNamespace
from typing import NamedTuple

from django.urls import reverse

from dashboard import units
from dashboard.models.counting import EXACT_TO, Count
from dashboard.models.order import Order, Sort
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight


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


MANY = f"{EXACT_TO // 1000}k+"


class Shown(NamedTuple):
    """A number as it is shown, `1,204`, and as an attribute has it, `1204`; `10k+` for many, empty for unknown."""

    text: str = ""
    plain: str = ""


def shown_count(count: Count | None, at_least: int = 0) -> Shown:
    if count is None:
        return Shown()
    number = max(count.number, at_least)
    return Shown(MANY, MANY) if count.is_capped or number > EXACT_TO else Shown(units.count(number), str(number))


class Title(NamedTuple):
    """What a tab tells: `prefix` is `(3) 63 % · `. `percent` is the mean of the running ones in view."""

    prefix: str = ""
    running: Shown = Shown()
    failed: Shown = Shown()
    percent: int | None = None


def title_of(running_ones: Count | None, failed_ones: Count | None, progress: Sequence[float]) -> Title:
    """`progress` of the running ones in view, each from 0 to 1."""
    running, failed = shown_count(running_ones), shown_count(failed_ones)
    if running.plain in ("", "0"):
        return Title("", running, failed)
    percent = min(99, round(fmean(progress) * 100)) if progress else None
    told = f"{units.percent(percent / 100)} · " if percent is not None else ""
    return Title(f"({running.text}) {told}", running, failed, percent)


_IN_WORDS = {
    Sort.UPDATED: ("newest change first", "oldest change first"),
    Sort.CREATED: ("newest first", "oldest first"),
    Sort.TITLE: ("by title, Z to A", "by title, A to Z"),
    Sort.TOOK: ("those that took longest first", "those that took shortest first"),
    Sort.PROGRESS: ("those nearest to their end first", "those farthest from their end first"),
    Sort.RETRIES: ("most retries first", "fewest retries first"),
}


def order_in_words(order: Order) -> str:
    return _IN_WORDS[order.sort][0 if order.descending else 1]


def is_newest_first(order: Order) -> bool:
    return order.descending and order.sort in (Sort.UPDATED, Sort.CREATED)


def news_in_words(number: int, failed: int, is_more: bool, order: Order) -> str:
    """`3 new, 1 failed: show`."""
    how_many = f"{number}+" if is_more else str(number)
    what = "new" if is_newest_first(order) or order.sort is Sort.TITLE else "moved up"
    return f"{how_many} {what}, {failed} failed: show" if failed else f"{how_many} {what}: show"
