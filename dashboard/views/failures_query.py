"""The URL of the list of causes, read and written."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.urls import reverse

from dashboard.clock import DAY, MINUTE, SECOND, now_ms
from dashboard.models.chosen_failures import Chosen, Span
from dashboard.models.group import PRESSING, State
from dashboard.models.listed_groups import SHOWN, Sort
from dashboard.models.listing import Key, UnreadableCursor
from dashboard.models.seen import Sight, teams_of
from dashboard.views.asked import id_or_404, ids, word
from dashboard.views.board_search import LONGEST_SHOWN, Mistake, mistake_in, moves_with_the_clock
from dashboard.views.polling import link, token_of

DAYS = (1, 7, 14, 30, 90)
USUAL_DAYS = 14
SIZE = 25
ALL = "all"
MINE, NOBODYS = "me", "nobody"
FIRST_YEAR = 1970
"""The years of the clock begin here."""
REDRAWN_MS = 5 * MINUTE
"""How often a page is drawn anew although nothing happened: its bars move with the clock."""


@dataclass(frozen=True)
class Query:
    """Raises UnreadableCursor; ids that are none are not found.

    `state` is empty for the groups that somebody should look at. `first` and `last` are days, as a person wrote them,
    empty if the span is the last `days`. `typed`, `q` and `kept` are as on the board: what the box shows, what the list
    obeys, and the last text that was clear. `owner` is MINE, NOBODYS or empty. `rows`: the groups that a page shows
    already.
    """

    team: int | None = None
    account: int | None = None
    type: str = ""
    state: str = ""
    q: str = ""
    days: int = USUAL_DAYS
    first: str = ""
    last: str = ""
    owner: str = ""
    sort: Sort = Sort.LAST
    after: Key | None = None
    rows: tuple[int, ...] = ()
    typed: str = ""
    mistake: Mistake | None = None

    @classmethod
    @lru_cache(maxsize=500)  # a poll asks with the same words again and again
    def read(cls, query_string: str) -> "Query":
        try:
            told = QueryDict(query_string)
        except TooManyFieldsSent:
            raise UnreadableCursor(query_string[:100]) from None
        typed, kept = (word(told.get(name, ""), LONGEST_SHOWN) for name in ("q", "last"))
        mistake = mistake_in(typed)
        state, days, sort, owner = (told.get(name, "") for name in ("state", "days", "sort", "owner"))
        return cls(
            team=id_or_404(told.get("team", "")),
            account=id_or_404(told.get("account", "")),
            type=word(told.get("type", "")),
            state=state if state == ALL or state in SHOWN else "",
            q=typed if mistake is None else kept if mistake_in(kept) is None else "",
            days=int(days) if days in map(str, DAYS) else USUAL_DAYS,
            first=word(told.get("from", "")),
            last=word(told.get("to", "")),
            owner=owner if owner in (MINE, NOBODYS) else "",
            sort=Sort(sort) if sort in set(Sort) else Sort.LAST,
            after=Key.read(told["after"]) if told.get("after") else None,
            rows=ids(told.get("rows", ""), SIZE),
            typed=typed,
            mistake=mistake,
        )

    @property
    def states(self) -> tuple[State, ...]:
        if self.state == ALL:
            return SHOWN
        return (State(self.state),) if self.state else PRESSING

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.type or self.account or self.state or self.owner)

    @cached_property
    def bad_day(self) -> str:
        """What was written for a day and is none."""
        return next((day for day in (self.first, self.last) if day and _start_of(day) is None), "")

    @property
    def has_days(self) -> bool:
        """Whether the span was told by its days."""
        return bool(self.first or self.last) and not self.bad_day

    @property
    def is_one_day(self) -> bool:
        """The last 24 hours."""
        return self.days == 1 and not self.has_days

    def span(self, now: int) -> Span:
        """One end may be left out: until today, or the two weeks before."""
        if not self.has_days:
            return Span.last(self.days, now)
        last = _start_of(self.last) if self.last else now - now % DAY
        first = _start_of(self.first) if self.first else max(0, (last or 0) - (USUAL_DAYS - 1) * DAY)
        ends = sorted((first or 0, last or 0))
        return Span.of_days(ends[0], ends[1], now)

    def url(self, **changes: object) -> str:
        """The list with these filters; a changed one begins at the first page."""
        return link(reverse("failures"), replace(self, **{"after": None, "rows": (), **changes}).parameters)  # type: ignore[arg-type]

    @property
    def tasks_url(self) -> str:
        """The board with the failed tasks of the same filters."""
        first, last = self._ends if self.has_days else ("", "")
        told = {"team": self.team, "account": self.account, "phase": "failed", "type": self.type}
        return link(reverse("board"), {**told, "q": f"{self._text} {self._age or f'updated:{first}..{last}'}".strip()})

    def tasks_url_of(self, group_id: int) -> str:
        """The board with all tasks of a group, of the same filters. One that recovered changed later than it failed, so
        only the first day counts."""
        told = {"team": self.team, "account": self.account, "type": self.type}
        age = self._age or f"updated:>={self._ends[0]}"
        return link(reverse("board"), {**told, "q": " ".join(filter(None, (f"group:{group_id}", self._text, age)))})

    @property
    def _text(self) -> str:
        """The search, to stand beside other words."""
        return f"({self.q})" if " OR " in self.q else self.q

    @property
    def _age(self) -> str:
        """The last days as a search; empty if the days were told."""
        return "" if self.has_days else "updated:<24h" if self.days == 1 else f"updated:<{self.days}d"

    @property
    def _ends(self) -> tuple[date, date]:
        span = self.span(now_ms())
        first, last = (datetime.fromtimestamp(at / SECOND, UTC).date() for at in (span.from_at, span.to_at - DAY))
        return first, last

    @property
    def parameters(self) -> dict[str, object]:
        """Without what is usual."""
        return {
            "team": self.team,
            "account": self.account,
            "type": self.type,
            "state": self.state,
            "q": self.q,
            "days": self.days if self.days != USUAL_DAYS else None,
            "from": self.first,
            "to": self.last,
            "owner": self.owner,
            "sort": self.sort.value if self.sort is not Sort.LAST else None,
            "after": self.after,
            "rows": ".".join(map(str, self.rows)),
        }

    def shown(self, sight: Sight) -> Sight:
        """The accounts whose failures the page tells of."""
        return sight if self.account is None else sight.only(self.account)

    def chosen(self, sight: Sight) -> Chosen:
        shown = self.shown(sight)
        teams = tuple(sorted({account.team_id for account in shown.accounts}))
        is_all = self.account is None
        owner = {MINE: sight.user_id, NOBODYS: 0}.get(self.owner)
        return Chosen(teams, tuple(shown.ids), self.span(sight.now), sight.now, self.type, is_all, owner)

    def token(self, sight: Sight) -> str:
        """What the page shows: the accounts in view as they stand, with whom the groups' states change, the names of
        all in the menu, the filters, and the time as far as it matters."""
        memberships: object = [] if sight.accounts else teams_of(sight.user_id)
        memberships = sight.user_id if self.owner == MINE else memberships
        names, shown = [(a.id, a.name) for a in sight.accounts], self.shown(sight).signs()
        moves = bool(self.q) and moves_with_the_clock(self.q)
        return token_of(shown, names, memberships, self._digest, sight.now // (MINUTE if moves else REDRAWN_MS))

    @cached_property
    def _digest(self) -> str:
        return token_of(self.parameters)


def _start_of(day: str) -> int | None:
    """Of a day as `2026-11-23`; None for what is none."""
    try:
        read = date.fromisoformat(day)
        if read.year < FIRST_YEAR:
            return None
        return int(datetime(read.year, read.month, read.day, tzinfo=UTC).timestamp()) * SECOND
    except (ValueError, OverflowError):
        return None
