"""Which failures a list of groups is about, and as what their sums are told."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from dashboard.clock import DAY, HOUR
from dashboard.models.compiling import ALWAYS, Sql, among, joined
from dashboard.models.doubles import Doubles

DAYS_DRAWN, HOURS_DRAWN = 14, 24


class Span(NamedTuple):
    """From `from_at` until before `to_at`; both on whole hours or on whole days of UTC, as `hours` (1 or 24) says.
    `is_open`: its end is now."""

    from_at: int
    to_at: int
    hours: int = 24
    is_open: bool = True

    @classmethod
    def last(cls, days: int, now: int) -> "Span":
        """So many days of UTC with the one that runs; one day is the last 24 hours with the one that runs."""
        if days == 1:
            return cls(now - now % HOUR - (HOURS_DRAWN - 1) * HOUR, now - now % HOUR + HOUR, 1)
        today = now - now % DAY
        return cls(today - (days - 1) * DAY, today + DAY)

    @classmethod
    def of_days(cls, first_at: int, last_at: int, now: int) -> "Span":
        """From the first of these days to the last, both included."""
        return cls(first_at, last_at + DAY, is_open=last_at + DAY > now)

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int) and self.from_at <= at < self.to_at


@dataclass(frozen=True)
class Chosen:
    """The failures of these accounts, which are of these teams, and of the type if one is given, within the span.
    `is_all_accounts`: these are all accounts that the teams have. `owner_id`: only of groups that this person has, or,
    with 0, that nobody has; only lists of groups obey it."""

    team_ids: tuple[int, ...]
    account_ids: tuple[int, ...]
    span: Span
    now: int
    type: str = ""
    is_all_accounts: bool = True
    owner_id: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether every group that was seen since the span began has failures that are meant."""
        return self.is_all_accounts and not self.type and self.span.is_open

    @cached_property
    def first_day_drawn(self) -> int:
        return self.now - self.now % DAY - (DAYS_DRAWN - 1) * DAY

    @cached_property
    def first_hour_drawn(self) -> int:
        return self.now - self.now % HOUR - (HOURS_DRAWN - 1) * HOUR

    def owned(self, table: str) -> Sql:
        """Of the rows of groups."""
        if self.owner_id is None:
            return ALWAYS
        return Sql(f"{table}.owner_id = %s", (self.owner_id,)) if self.owner_id else Sql(f"{table}.owner_name = ''")

    def where(self, table: str) -> Sql:
        """Of the rows of a table with an account and a type, whenever they were."""
        parts = [among(f"{table}.account_id", self.account_ids)]
        return joined("AND", [*parts, Sql(f"{table}.type = %s", (self.type,))] if self.type else parts)


class Counted(NamedTuple):
    """Failures of a group's pattern that share what is told here: those of a bucket, or a single one."""

    group_id: int
    hours: int
    at: int
    account_id: int
    type: str
    tasks: int
    retried: int
    worked: int
    recovered: int


@dataclass
class Summed:
    """What a row tells of a group. `tasks` and all that follows are of the span; the bars are of the last days and
    hours, whatever the span."""

    tasks: int = 0
    retried: int = 0
    worked: int = 0
    recovered: int = 0
    accounts: set[int] = field(default_factory=set)
    types: Counter[str] = field(default_factory=Counter)
    days: list[int] = field(default_factory=lambda: [0] * DAYS_DRAWN)
    hours: list[int] = field(default_factory=lambda: [0] * HOURS_DRAWN)


def summed(chosen: Chosen, rows: Iterable[Counted], roots: Mapping[int, int]) -> dict[int, Summed]:
    """By root. `roots`: the root of each pattern; rows of others are left out. Rows of hours and of days tell of the
    same failures."""
    told = {root: Summed() for root in roots.values()}
    span, day, hour = chosen.span, chosen.first_day_drawn, chosen.first_hour_drawn
    for row in rows:
        root = roots.get(row.group_id)
        if root is None or row.tasks <= 0:
            continue
        sums = told[root]
        if row.hours == span.hours and row.at in span:
            _add(sums, row)
        if row.hours == 24 and 0 <= (place := (row.at - day) // DAY) < DAYS_DRAWN:
            sums.days[place] += row.tasks
        elif row.hours == 1 and 0 <= (place := (row.at - hour) // HOUR) < HOURS_DRAWN:
            sums.hours[place] += row.tasks
    return told


def _add(sums: Summed, row: Counted) -> None:
    sums.tasks += row.tasks
    sums.retried += row.retried
    sums.worked += row.worked
    sums.recovered += row.recovered
    sums.accounts.add(row.account_id)
    sums.types[row.type] += row.tasks


def take_out(
    told: Mapping[int, Summed],
    chosen: Chosen,
    in_span: Iterable[Doubles],
    drawn: Iterable[Doubles],
    roots: Mapping[int, int],
) -> None:
    """What counts a task twice leaves the sums of the span, and the bars. `in_span`: doubles among the failures of the
    span, maybe with others that are not in it; `drawn`: among all since the first that is drawn."""
    for one in in_span:
        if one.at in chosen.span:
            sums = told[roots[one.group_id]]
            sums.tasks -= one.tasks
            sums.recovered -= one.recovered
            sums.types[one.type] -= one.tasks
    for one in drawn:
        sums = told[roots[one.group_id]]
        if 0 <= (place := (one.at - chosen.first_day_drawn) // DAY) < DAYS_DRAWN:
            sums.days[place] -= one.tasks
        if 0 <= (place := (one.at - chosen.first_hour_drawn) // HOUR) < HOURS_DRAWN:
            sums.hours[place] -= one.tasks
