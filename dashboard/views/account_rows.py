"""The rows of the accounts page: the key's health at a glance, never the key. Each is rendered once per change."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from sys import getsizeof
from types import SimpleNamespace
from typing import NamedTuple
from zlib import crc32

from django.db.models import Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from dashboard import units
from dashboard.clock import HOUR, iso, short
from dashboard.models.keyring import Ring
from dashboard.models.rights import Right, may
from dashboard.models.seen import STILL, SeenAccount
from dashboard.models.syncing import key_state
from dashboard.models.tally import Tally
from dashboard.usage import read
from dashboard.views.account_words import advice_of, sentence_of, since_of, words_of
from dashboard.views.board_words import percent_imported
from dashboard.views.kept import Kept
from dashboard.views.sparkline import bars

# These move on without a change, so kept rows have places for them.
LAST, NEXT = "\ufdd0", "\ufdd1"
_PLACES = re.compile(f"(>?[{LAST}{NEXT}]<?)")


class Row(NamedTuple):
    """A rendered row in parts, with a place for each time; `digest` is the same in every process."""

    parts: tuple[str, ...]
    digest: bytes


_rows: Kept[tuple[object, ...], Row] = Kept(6, lambda row: sum(map(getsizeof, row.parts)))


class KeptRows:
    """The rows of these accounts, in their order."""

    def __init__(self, accounts: Sequence[SeenAccount], rings: dict[int, Ring], now: int) -> None:
        self.held = [account for account in accounts if account.id in rings]
        self._rings, self._now = rings, now

    @cached_property
    def states(self) -> list[str]:
        """What `key_state` says of each."""
        return [key_state(account, self._now) for account in self.held]

    @property
    def signs(self) -> list[object]:
        """All that they show."""
        times = [(account.last_success_at, account.next_sync_at) for account in self.held]
        return [b"".join(row.digest for row in self._rows), times]

    def by_team(self) -> dict[int, SafeString]:
        """All rows of a team as one text, by the team's id."""
        told: dict[int, list[str]] = defaultdict(list)
        for account, row in zip(self.held, self._rows, strict=True):
            times = {**_told_at(LAST, account.last_success_at), **_told_at(NEXT, account.next_sync_at)}
            told[account.team_id] += [times.get(part, part) for part in row.parts]
        return {team: mark_safe("".join(parts)) for team, parts in told.items()}  # noqa: S308  rendered by our template

    @cached_property
    def _rows(self) -> list[Row]:
        held = zip(self.held, self.states, strict=True)
        signs = [sign_of(account, state, self._rings[account.id], self._now) for account, state in held]
        found = _rows.find(signs)
        missing = {sign: account for sign, account in zip(signs, self.held, strict=True) if sign not in found}
        if missing:
            tasks = task_counts([account.id for account in missing.values()])
            made = {sign: self._render(account, tasks.get(account.id, 0)) for sign, account in missing.items()}
            _rows.put(made)
            found |= made
        return [found[sign] for sign in signs]

    def _render(self, account: SeenAccount, tasks: int) -> Row:
        row = facts_of(account, self._rings[account.id], tasks, self._now)
        row.last_success_iso = LAST if row.last_success_iso else ""
        row.next_sync_iso = NEXT if row.next_sync_iso else ""
        text = render_to_string("accounts/_row.html", {"row": row})
        parts = tuple(part if _PLACES.fullmatch(part) else _ascii(part) for part in _PLACES.split(text))
        return Row(parts, blake2b(text.encode(), digest_size=8).digest())


def _told_at(place: str, at: int | None) -> dict[str, str]:
    """As a text short, in an attribute whole."""
    return {place: iso(at), f">{place}<": f">{short(at)}<"}


def _ascii(html: str) -> str:
    """The same for a reader. One letter beyond Latin-1 doubles a text, and the rows are most of a large page."""
    return html.encode("ascii", "xmlcharrefreplace").decode()


def sign_of(account: SeenAccount, state: str, ring: Ring, now: int) -> tuple[object, ...]:
    """All that a row shows but the two times. The calls of a day are shown by the hour, so the hour is part of it;
    a checksum stands for them, because they are long."""
    times = account.last_success_at is None, account.next_sync_at is None
    calls = len(ring.usage), crc32(ring.usage.encode()), now // HOUR
    return (*account[:STILL], state, *ring[:-1], *calls, *times)


def task_counts(account_ids: list[int]) -> dict[int, int]:
    """How many tasks each account holds; nothing for one without."""
    sums = Tally.objects.filter(account__in=account_ids).values_list("account").annotate(n=Sum("number"))
    return dict(sums.order_by())


def facts_of(account: SeenAccount, ring: Ring, tasks: int, now: int) -> SimpleNamespace:
    """What is told of one account, on the list and on its own page."""
    state = key_state(account, now)
    words = words_of(account, state)
    rests = state in ("paused", "archived")
    importing = account.import_done_at is None and account.import_total and not rests
    return SimpleNamespace(
        id=account.id,
        name=account.name,
        team=account.team,
        url=reverse("account", args=[account.id]),
        state=state,
        hue=words.hue,
        icon=words.icon,
        word=words.word,
        since_iso=iso(since_of(account, state)),
        sentence=sentence_of(account, state),
        advice=advice_of(account, state),
        can_manage=may(account.role, Right.MANAGE_KEYS),
        base_url=ring.url,
        hint=hint_of(ring.hint),
        previous_hint=hint_of(ring.previous_hint),
        studio_user=ring.studio_user,
        project=ring.project_id,
        last_success_iso=iso(account.last_success_at),
        next_sync_iso="" if rests else iso(account.next_sync_at),
        tasks=units.count(tasks),
        imported=units.count(account.imported) if importing else None,
        total=units.count(account.import_total) if importing and account.import_total else None,
        percent=percent_imported(account) if importing else None,
        unreadable=account.unreadable,
        day=day_of(ring.usage, now),
    )


def hint_of(hint: str | None) -> str:
    """`…a91f`, only the dots where a key is too short to spare them, nothing where there is no key."""
    return "" if hint is None else f"…{hint}"


def day_of(usage: str, now: int) -> SimpleNamespace:
    """The last 24 hours in numbers and as bars."""
    day = read(usage, now)
    return SimpleNamespace(
        calls=units.count(day.calls),
        errors=units.count(day.errors),
        has_errors=day.errors > 0,
        median=f"{units.count(round(day.median_ms))}{units.NBSP}ms" if day.median_ms is not None else "",
        bars=bars(day.by_hour),
        by_hour=day.by_hour,
        most=units.count(max(day.by_hour, default=0)),
    )
