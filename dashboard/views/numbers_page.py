"""The page of numbers: what stands at its top, its charts, its tables, the week."""

from collections.abc import Sequence
from functools import cached_property
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import DAY, MINUTE, iso
from dashboard.histogram import Histogram
from dashboard.models.day import Totals, day_totals, start_of_day
from dashboard.models.numbers import Numbers, Span, Sum, unwatched, waiting_days
from dashboard.models.seen import Freshness, SeenAccount, SeenTeam, Sight
from dashboard.models.tally import Tally
from dashboard.views.numbers_figures import Figures
from dashboard.views.numbers_query import DAYS, NumbersQuery
from dashboard.views.numbers_week import week_of
from dashboard.views.numbers_words import (
    MEDIAN,
    NEARLY_ALL,
    days_before,
    failed_at_first,
    many,
    percentile,
    percentile_of,
    rate,
    rate_before,
    roughly,
)

UNSEEN_MS = 10 * MINUTE
MOST_ROWS = 50


class NumbersPage:
    """The attributes are what `numbers/page.html` shows."""

    def __init__(self, query: NumbersQuery, sight: Sight, teams: Sequence[SeenTeam]) -> None:
        self.query, self.sight = query, sight
        self.from_at, self.to_at = query.span(sight.now)
        self.shown = sight if query.account is None else sight.only(query.account)
        self.teams = [
            SimpleNamespace(name=team.name, current=team.id == query.team, url=query.url(team=team.id, account=None))
            for team in teams
        ]
        self.all_teams_url = query.url(team=None, account=None)
        chosen = [team.name for team in self.teams if team.current or len(self.teams) == 1]
        self.team = chosen[0] if chosen else "All teams"

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers.of(self.shown.ids, self.from_at, self.to_at, self.query.type)

    @property
    def counted_iso(self) -> str:
        return iso(self.numbers.counted_at)

    @property
    def days(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(value=n, label=f"Last {n} days", current=n == self.query.days) for n in DAYS]

    @property
    def accounts(self) -> list[SimpleNamespace]:
        """The choices: all accounts in sight."""
        return [
            SimpleNamespace(value=one.id, label=self._told_apart(one), current=one.id == self.query.account)
            for one in self.sight.accounts
        ]

    def _told_apart(self, account: SeenAccount) -> str:
        """By its name, with its team where there are several."""
        return self._team_of(account) if self._has_teams else account.name

    @cached_property
    def _has_teams(self) -> bool:
        return len({account.team_id for account in self.sight.accounts}) > 1

    @property
    def types(self) -> list[SimpleNamespace]:
        """The choices: the types of all tasks that are held, and the chosen one."""
        held = {task_type for _, task_type, _ in Tally.by_kind(self.sight.ids)}
        names = sorted(name for name in {*held, self.query.type} if name)
        return [SimpleNamespace(name=name, current=name == self.query.type) for name in names]

    @property
    def notices(self) -> list[str]:
        """Why the numbers may not be complete."""
        told = []
        reading = [account.name for account in self.shown.followed if account.import_done_at is None]
        if reading:
            names = reading[0] if len(reading) == 1 else many(len(reading), "account")
            told.append(f"The history of {names} is still being read. Its numbers come after that.")
        waiting = waiting_days(self.shown.ids, self.from_at, start_of_day(self.sight.now))
        if waiting and not reading:
            told.append(f"{many(waiting, 'day')} still to be counted. Look again in a minute.")
        return told

    @property
    def sums(self) -> list[SimpleNamespace]:
        """The line of large numbers."""
        whole = self.numbers.whole
        told = (
            ("Failed tasks", units.count(whole.failed), f"of {units.count(whole.ended)} that ended", ""),
            ("Failure rate", rate(whole.rate), rate_before(self._before), days_before(self.query.days)),
            ("Saved by a retry", units.count(whole.saved), failed_at_first(whole), ""),
            ("Processing time", roughly(percentile_of(whole.runs, MEDIAN)), _nearly_all(whole.runs), ""),
            ("Queue wait", roughly(percentile_of(whole.waits, MEDIAN)), _nearly_all(whole.waits), ""),
        )
        return [SimpleNamespace(name=name, large=large, small=small, title=title) for name, large, small, title in told]

    @property
    def _before(self) -> Totals:
        """Of as many days before."""
        begin = self.from_at - self.query.days * DAY
        return day_totals(self.shown.ids, begin, self.from_at, self.query.type)

    @property
    def figures(self) -> list[SimpleNamespace]:
        places = range(self.from_at, self.to_at, DAY)
        return Figures(places, self.numbers, self._unwatched, self.query).all()

    @cached_property
    def _unwatched(self) -> dict[int, int]:
        lost = unwatched(self.shown.ids, self.from_at, min(self.to_at, self.sight.now), self._lasting)
        return {at: length for at, length in lost.items() if length >= UNSEEN_MS}

    @property
    def _lasting(self) -> list[Span]:
        """Accounts that are not read at present, since when."""
        now = self.sight.now
        unread = [one for one in self.shown.followed if one.freshness(now) is not Freshness.LIVE]
        return [(one.id, one.last_success_at, now) for one in unread if one.last_success_at]

    @property
    def tables(self) -> list[SimpleNamespace]:
        by_type = sorted(self.numbers.by_type.items(), key=lambda told: (-told[1].ended, told[0]))
        types = [self._row(name, name, part, type=name) for name, part in by_type]
        names = {account.id: account for account in self.shown.accounts}
        by_account = sorted(self.numbers.by_account.items(), key=lambda told: (-told[1].ended, told[0]))
        accounts = [self._row(names[pk].name, self._team_of(names[pk]), part, account=pk) for pk, part in by_account]
        told = (("By type", "Type", types), ("By account", "Account", accounts))
        return [
            SimpleNamespace(title=title, head=head, rows=rows[:MOST_ROWS], more=max(0, len(rows) - MOST_ROWS))
            for title, head, rows in told
        ]

    def _team_of(self, account: SeenAccount) -> str:
        return f"{account.name}, {account.team}"

    def _row(self, name: str, title: str, part: Sum, **chosen: object) -> SimpleNamespace:
        return SimpleNamespace(
            name=name,
            title=title,
            url=self.query.url(**chosen),
            ended=units.count(part.ended),
            failed=units.count(part.failed),
            failed_url=self.query.failed_url(self.from_at, self.to_at, **chosen) if part.failed else "",
            rate=rate(part.rate),
            saved=units.count(part.saved),
            wait=percentile(part.waits, MEDIAN),
            longest_wait=percentile(part.waits, NEARLY_ALL),
            waits=many(part.waits.number, "task"),
            run=percentile(part.runs, MEDIAN),
            longest_run=percentile(part.runs, NEARLY_ALL),
            runs=many(part.runs.number, "task"),
        )

    @cached_property
    def week(self) -> str:
        names = {account.id: self._told_apart(account) for account in self.shown.accounts}
        return week_of(self._where, names, self.sight.now, self.query.type)

    @property
    def _where(self) -> str:
        """Of whom the numbers are."""
        name = self.shown.accounts[0].name if self.query.account and self.shown.accounts else self.team
        return f"{name}, {self.query.type}" if self.query.type else name

    @property
    def empty(self) -> SimpleNamespace | None:
        """Why there is nothing to see, and the way on."""
        if self.numbers.whole.ended:
            return None
        if not self.sight.accounts:
            return SimpleNamespace(title="No account yet", text="Numbers come with the first tasks of an account.")
        text = f"No task {'of these ' if self.query.type or self.query.account else ''}ended in the last "
        return SimpleNamespace(title="Nothing ended", text=f"{text}{self.query.days} days, or none is counted yet.")


def _nearly_all(lengths: Histogram) -> str:
    """Beside the median: within which time 95 % are done, or of how few that is not told."""
    if percentile_of(lengths, NEARLY_ALL) is None:
        return f"{many(lengths.number, 'task')}, too few" if lengths.number else "not known"
    return f"95{units.NBSP}% within {percentile(lengths, NEARLY_ALL)}"
