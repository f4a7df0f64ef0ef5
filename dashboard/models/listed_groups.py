"""Pages of the list of groups, and what stands in their rows, by hand-written queries.

A page looks through all groups of the teams that are in these states: they are few beside their failures. It sums up
the buckets of those that it shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dashboard.models.chosen_failures import Chosen, Counted, Summed, summed, take_out
from dashboard.models.compiling import ALWAYS, Sql, among, joined
from dashboard.models.doubles import Such, between, doubled_by_root, doubles_of
from dashboard.models.group import PRESSING, Group, State
from dashboard.models.lanes import rows_of
from dashboard.models.listing import Key

SHOWN = tuple(state for state in State if state is not State.MERGED)
ALONE = "alone"
"""In counts: the pressing groups that nobody owns."""


class Sort(StrEnum):
    """What groups are ordered by, the greatest first, as a URL calls it."""

    LAST = "last"
    TASKS = "tasks"
    FIRST = "first"


class Listed(NamedTuple):
    """As much of a group as its row tells. The fields are columns."""

    id: int
    team_id: int
    title: str
    family: str
    first_at: int
    last_at: int
    open_tasks: int
    state: str
    owner_name: str
    triaged_at: int
    ignored_until: int | None
    ignored_more: int | None
    ignored_hours: int | None


_SELECT = f"SELECT {', '.join(f'g.{name}' for name in Listed._fields)} FROM dashboard_group g"  # noqa: S608
Page = list[tuple[Listed, Key]]
"""Groups with their places in the list."""


@dataclass(frozen=True)
class ListedGroups:
    """The groups with chosen failures."""

    chosen: Chosen

    def page(self, states: Sequence[str], sort: Sort, limit: int, after: Key | None = None) -> Page:
        """The first ones in these states, or the first after the place."""
        if sort is Sort.TASKS:
            return self._by_tasks(states, limit, after)
        column = "last_at" if sort is Sort.LAST else "first_at"
        parts = [among("g.team_id", self.chosen.team_ids), among("g.state", states), self._is_meant]
        if after is not None:
            parts.append(Sql(f"(g.{column}, g.id) < (%s, %s)", (after.updated_at, after.id)))
        where = joined("AND", parts)
        query = f"{_SELECT} WHERE {where.text} ORDER BY g.{column} DESC, g.id DESC LIMIT %s"
        found = map(Listed._make, rows_of(query, [*where.values, limit]))
        return [(group, Key(getattr(group, column), group.id)) for group in found]

    def counts(self) -> dict[str, int]:
        """How many there are of each state, and ALONE."""
        where = joined("AND", [among("g.team_id", self.chosen.team_ids), among("g.state", SHOWN), self._is_meant])
        came = Sql("g.state = %s AND g.owner_name = %s", (State.REGRESSED, ""))  # who is open has no owner anyway
        nobodys = joined("AND", [among("g.team_id", self.chosen.team_ids), came, self._is_meant])
        query = f"SELECT g.state, COUNT(*) FROM dashboard_group g WHERE {where.text} GROUP BY g.state"  # noqa: S608
        alone = f"SELECT '{ALONE}', COUNT(*) FROM dashboard_group g WHERE {nobodys.text}"  # noqa: S608  words of ours
        told = dict(rows_of(f"{query} UNION ALL {alone}", [*where.values, *nobodys.values]))
        return {**told, ALONE: told[ALONE] + told.get(State.OPEN, 0)}

    def by_ids(self, ids: Sequence[int]) -> list[Listed]:
        """These in this order, as far as they are groups of the teams that people see."""
        if not ids:
            return []
        where = joined("AND", [among("g.id", ids), among("g.team_id", self.chosen.team_ids), among("g.state", SHOWN)])
        found = {row[0]: Listed._make(row) for row in rows_of(f"{_SELECT} WHERE {where.text}", where.values)}
        return [found[pk] for pk in ids if pk in found]

    def sums(self, groups: Sequence[Listed]) -> dict[int, Summed]:
        """What their rows tell, by id. A task that failed for two patterns of one root counts once."""
        roots = Group.objects.patterns_of([group.id for group in groups])
        rows = list(self._buckets(list(roots)))
        told, sizes = summed(self.chosen, rows, roots), Counter[int]()
        for row in rows:
            sizes[row.group_id] += row.tasks
        start, span = min(self.chosen.first_day_drawn, self.chosen.span.from_at), self.chosen.span
        drawn = doubles_of(roots, sizes, self._such(start))
        in_span = drawn if span.is_open else doubles_of(roots, sizes, self._such(span.from_at, span.to_at))
        take_out(told, self.chosen, in_span, drawn, roots)
        return told

    def _such(self, from_at: int, to_at: int | None = None) -> Such:
        """Chosen failures, of these times instead of those of the span."""
        times = between(from_at, to_at)

        def such(table: str) -> Sql:
            chosen = self.chosen.where(table)
            # The plus keeps the index of accounts out of it.
            return joined("AND", [times(table), chosen._replace(text=chosen.text.replace(f"{table}.a", f"+{table}.a"))])

        return such

    @property
    def _is_meant(self) -> Sql:
        """Whether a group has chosen failures."""
        such, was_seen = self._in_span, Sql("g.last_at >= %s", (self.chosen.span.from_at,))
        asked = joined("AND", [was_seen, self.chosen.owned("g")])
        own = Sql(f"EXISTS (SELECT 1 FROM dashboard_bucket b WHERE b.group_id = g.id AND {such.text})", such.values)  # noqa: S608
        merged = Sql(
            "EXISTS (SELECT 1 FROM dashboard_group m WHERE m.merged_into_id = g.id AND "  # noqa: S608  words of ours
            f"EXISTS (SELECT 1 FROM dashboard_bucket b WHERE b.group_id = m.id AND {such.text}))",
            such.values,
        )
        if self.chosen.is_plain:
            return joined("AND", [asked, joined("OR", [self._has_all_accounts, own, merged])])
        began = Sql("g.first_at < %s", (self.chosen.span.to_at,))
        return joined("AND", [asked, began, joined("OR", [own, merged])])

    @property
    def _has_all_accounts(self) -> Sql:
        """Whether nothing of the teams is being removed: it is in no view any more, but what it failed for is there."""
        gone = joined("AND", [among("a.team_id", self.chosen.team_ids), Sql("a.removed_at IS NOT NULL")])
        return Sql(f"NOT EXISTS (SELECT 1 FROM dashboard_account a WHERE {gone.text})", gone.values)  # noqa: S608

    @property
    def _in_span(self) -> Sql:
        span = self.chosen.span
        times = Sql("b.hours = %s AND b.at >= %s AND b.at < %s", (span.hours, span.from_at, span.to_at))
        return joined("AND", [times, self.chosen.where("b"), Sql("b.tasks > 0")])

    def _by_tasks(self, states: Sequence[str], limit: int, after: Key | None) -> Page:
        wanted = joined("AND", [among("r.state", states), self.chosen.owned("r")])
        where = joined("AND", [among("g.team_id", self.chosen.team_ids), self._in_span, wanted])
        tasks, twice = "SUM(b.tasks)", Sql("")
        if doubled := self._doubled():
            tasks, twice = "(SUM(b.tasks) - COALESCE(MAX(d.tasks), 0))", _beside(doubled)
        beyond = Sql(f"({tasks}, r.id) < (%s, %s)", (after.updated_at, after.id)) if after else ALWAYS
        query = (
            f"SELECT r.id, {tasks} FROM dashboard_bucket b JOIN dashboard_group g ON g.id = b.group_id "  # noqa: S608
            f"JOIN dashboard_group r ON r.id = COALESCE(g.merged_into_id, g.id) {twice.text} "
            f"WHERE {where.text} GROUP BY r.id HAVING {beyond.text} ORDER BY 2 DESC, 1 DESC LIMIT %s"
        )
        found = rows_of(query, [*twice.values, *where.values, *beyond.values, limit])
        groups = {group.id: group for group in self.by_ids([pk for pk, _ in found])}
        return [(groups[pk], Key(int(tasks), pk)) for pk, tasks in found if pk in groups]

    def _doubled(self) -> dict[int, int]:
        """How many failures in the span each root has more than tasks, where it has any."""
        teams = among("team_id", self.chosen.team_ids)
        query = f"SELECT id, merged_into_id FROM dashboard_group WHERE {teams.text} AND merged_into_id IS NOT NULL"  # noqa: S608
        merged = dict(rows_of(query, teams.values))
        if not merged:
            return {}
        roots = {root: root for root in merged.values()} | merged
        such = joined("AND", [among("b.group_id", list(roots)), self._in_span])
        sized = f"SELECT b.group_id, SUM(b.tasks) FROM dashboard_bucket b WHERE {such.text} GROUP BY b.group_id"  # noqa: S608
        span = self.chosen.span
        times = self._such(span.from_at, None if span.is_open else span.to_at)
        return dict(doubled_by_root(roots, dict(rows_of(sized, such.values)), times))

    def _buckets(self, patterns: Sequence[int]) -> Iterable[Counted]:
        if not patterns:
            return ()
        chosen, these = self.chosen, joined("AND", [among("b.group_id", patterns), self.chosen.where("b")])
        starts = {24: min(chosen.first_day_drawn, chosen.span.from_at), 1: chosen.first_hour_drawn}
        columns = ", ".join(f"b.{name}" for name in Counted._fields)
        parts = [
            Sql(
                f"SELECT {columns} FROM dashboard_bucket b WHERE b.hours = %s AND b.at >= %s AND {these.text}",  # noqa: S608
                (hours, start, *these.values),
            )
            for hours, start in starts.items()
        ]
        values = [value for part in parts for value in part.values]
        return map(Counted._make, rows_of(" UNION ALL ".join(part.text for part in parts), values))


def returns_of(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By id, when a group that came back had been resolved, and when it came back last."""
    if not ids:
        return {}
    where = joined("AND", [among("group_id", ids), among("what", ("resolved", "regressed"))])
    query = f"SELECT group_id, what, at FROM dashboard_decision WHERE {where.text} ORDER BY at, id"  # noqa: S608
    told, resolved = dict[int, tuple[int, int]](), dict[int, int]()
    for group_id, what, at in rows_of(query, where.values):
        if what == "resolved":
            resolved[group_id] = at
        elif group_id in resolved:
            told[group_id] = resolved[group_id], at
    return told


def pressing_in(team_ids: Sequence[int]) -> int:
    """How many groups of these teams somebody should look at, whenever they were seen."""
    if not team_ids:
        return 0
    where = joined("AND", [among("team_id", team_ids), among("state", PRESSING)])
    return int(rows_of(f"SELECT COUNT(*) FROM dashboard_group WHERE {where.text}", where.values)[0][0])  # noqa: S608


def _beside(numbers: Mapping[int, int]) -> Sql:
    """These numbers of tasks as a table `d` beside the groups `r`."""
    pairs = ", ".join(["(%s, %s)"] * len(numbers))
    table = f"WITH twice(id, tasks) AS (VALUES {pairs}) SELECT id, tasks FROM twice"  # noqa: S608  only marks
    return Sql(f"LEFT JOIN ({table}) AS d ON d.id = r.id", tuple(value for pair in numbers.items() for value in pair))
