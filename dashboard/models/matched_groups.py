"""The groups of the failed tasks that a search finds: as ListedGroups, but all that is told is of those tasks only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from dashboard.clock import HOUR
from dashboard.conditions import Condition
from dashboard.models.chosen_failures import Chosen, Counted, Summed, summed, take_out
from dashboard.models.compiling import Sql, Words, among, compiled, joined, of_ids
from dashboard.models.deadline import check
from dashboard.models.doubles import Doubles
from dashboard.models.group import PRESSING
from dashboard.models.lanes import rows_of
from dashboard.models.listed_groups import ALONE, Listed, ListedGroups, Page, Sort
from dashboard.models.listing import Key
from dashboard.models.order import NEWEST
from dashboard.models.scope import Scope
from dashboard.models.seeking import A_TEST, Search
from dashboard.models.tally import Tally

MOST_IDS = 500  # groups asked for by one statement
Row = tuple[Any, ...]
"""A failure's group, time, account, type, retried, worked, whether it has recovered, task, whether that ended so."""
_COLUMNS = (
    "f.group_id, f.at, f.account_id, f.type, f.retried, f.worked, "
    "CASE WHEN f.recovered_at IS NULL THEN 0 ELSE 1 END, f.task_id, f.is_final"
)


@dataclass(frozen=True)
class MatchedGroups:
    """`condition` is without an `Of`. What was read stays with the object: for one request."""

    chosen: Chosen
    condition: Condition

    def page(self, states: Sequence[str], sort: Sort, limit: int, after: Key | None = None) -> Page:
        found = [(group, self._key(group, sort)) for group in self._owned.values() if group.state in states]
        beyond = [one for one in found if after is None or one[1] < after]
        return sorted(beyond, key=lambda one: one[1], reverse=True)[:limit]

    def counts(self) -> dict[str, int]:
        groups = self._owned.values()
        alone = sum(group.state in PRESSING and not group.owner_name for group in groups)
        return {**Counter(group.state for group in groups), ALONE: alone}

    def by_ids(self, ids: Sequence[int]) -> list[Listed]:
        return ListedGroups(self.chosen).by_ids(ids)

    def sums(self, groups: Sequence[Listed]) -> dict[int, Summed]:
        return {group.id: self._sums.get(group.id, Summed()) for group in groups}

    def newest(self, root: int, limit: int) -> list[int]:
        """The ids of the tasks that failed last so, within the span."""
        rows = [row for row in self._rows if self._roots.get(row[0]) == root and row[1] in self.chosen.span]
        return list(dict.fromkeys(row[7] for row in sorted(rows, key=lambda row: (-row[1], -row[7]))))[:limit]

    @property
    def failed(self) -> int:
        """How many tasks ended as failed, within the span."""
        return len({row[7] for row in self._rows if row[8] and row[1] in self.chosen.span})

    @property
    def saved(self) -> int:
        """How many failed once and completed by themselves after all."""
        return len({row[7] for row in self._rows if row[5] and row[6] and row[1] in self.chosen.span})

    def _key(self, group: Listed, sort: Sort) -> Key:
        values = {Sort.TASKS: self._sums[group.id].tasks, Sort.FIRST: group.first_at, Sort.LAST: group.last_at}
        return Key(values[sort], group.id)

    @cached_property
    def _owned(self) -> dict[int, Listed]:
        if self.chosen.owner_id is None:
            return self._groups
        where = joined("AND", [among("g.team_id", self.chosen.team_ids), self.chosen.owned("g")])
        ids = {row[0] for row in rows_of(f"SELECT g.id FROM dashboard_group g WHERE {where.text}", where.values)}  # noqa: S608
        return {pk: group for pk, group in self._groups.items() if pk in ids}

    @cached_property
    def _groups(self) -> dict[int, Listed]:
        """Those with a task in the span."""
        listed, ids = ListedGroups(self.chosen), [pk for pk, sums in self._sums.items() if sums.tasks]
        parts = (ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS))
        return {group.id: group for part in parts for group in listed.by_ids(part)}

    @cached_property
    def _sums(self) -> dict[int, Summed]:
        told = summed(self.chosen, self._counted(), self._roots)
        drawn = list(self._doubles(self._rows))
        within = (row for row in self._rows if row[1] in self.chosen.span)
        take_out(told, self.chosen, drawn if self.chosen.span.is_open else self._doubles(within), drawn, self._roots)
        return told

    def _doubles(self, rows: Iterable[Row]) -> Iterator[Doubles]:
        """Of these failures, one by one."""
        joint = {root for pattern, root in self._roots.items() if pattern != root}
        last = dict[tuple[int, int], Row]()
        for row in sorted((row for row in rows if self._roots.get(row[0]) in joint), key=itemgetter(1)):
            task = self._roots[row[0]], row[7]
            if task in last:
                group_id, at, account_id, task_type, _, _, recovered, _, _ = last[task]
                yield Doubles(group_id, account_id, task_type, at - at % HOUR, 1, recovered)
            last[task] = row

    def _counted(self) -> Iterator[Counted]:
        """Each failure as a bucket of its own, by the day and by the hour."""
        for group_id, at, account_id, task_type, retried, worked, recovered, _, _ in self._rows:
            for hours in (24, 1):
                start = at - at % (hours * HOUR)
                yield Counted(group_id, hours, start, account_id, task_type, 1, retried, worked, recovered)

    @cached_property
    def _roots(self) -> dict[int, int]:
        """The root of every group that a failure was found of."""
        ids = sorted({row[0] for row in self._rows})
        found = dict[int, int]()
        for start in range(0, len(ids), MOST_IDS):
            these = of_ids("id", ids[start : start + MOST_IDS])
            query = f"SELECT id, COALESCE(merged_into_id, id) FROM dashboard_group WHERE {these.text}"  # noqa: S608
            found |= dict(rows_of(query, these.values))
        return found

    @cached_property
    def _rows(self) -> list[Row]:
        """The failures of all tasks that the search finds, as far back as anything is told of."""
        words = Words.of(Tally.by_kind(self.chosen.account_ids))
        scope = Scope.of(self.chosen.account_ids, "", "", self.condition, words)
        few = Search(scope, NEWEST, Tally.by_kind).few
        if few is None:
            return self._tested(compiled(self.condition, words))
        ids, found = [match.id for match in few], list[Row]()
        for start in range(0, len(ids), A_TEST):
            check()
            found += self._read("", of_ids("f.task_id", ids[start : start + A_TEST]))
        return found

    def _tested(self, test: Sql) -> list[Row]:
        haystack = "LEFT JOIN dashboard_haystack h ON h.task_id = t.id" if test.needs_text else ""
        return self._read(f"JOIN dashboard_task t ON t.id = f.task_id {haystack}", test)

    def _read(self, joins: str, test: Sql) -> list[Row]:
        span = self.chosen.span
        start = min(span.from_at, self.chosen.first_day_drawn)
        times = Sql("f.at >= %s", (start,))
        where = joined("AND", [times, self.chosen.where("f"), test])
        query = f"SELECT {_COLUMNS} FROM dashboard_failure f {joins} WHERE {where.text}"  # noqa: S608  words of ours
        return rows_of(query, where.values)
