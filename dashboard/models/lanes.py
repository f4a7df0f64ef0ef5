"""Pages of a list by keyset, without reading more of it than they show.

The tasks of one account that share a phase and a type, or an overlay, stand in order in an index of their own: a lane.
Each lane gives its own first rows, and the few that are left are merged; so a page costs the same at 1,000 and at
1,000,000 tasks, first or deep.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from dashboard.models.compiling import ALWAYS, Sql, Value, among, joined, of_ids
from dashboard.models.order import Order, Place, Sort
from dashboard.phases import OVERLAYS

MOST_LANES_A_QUERY = 100

_INDEXES = {
    Sort.CREATED: "task_oldest",
    Sort.TITLE: "task_by_title",
    Sort.TOOK: "task_by_took",
    Sort.PROGRESS: "task_by_progress",
    Sort.RETRIES: "task_by_retries",
}


class Line(NamedTuple):
    """One task's place in the list and which version of it stands there."""

    id: int
    version: int
    account_id: int
    phase: str
    overlay: str
    value: int | float | str

    @property
    def place(self) -> Place:
        return Place(self.value, self.id)


@dataclass(frozen=True)
class Kind:
    """What the tasks of a lane have in common; empty is anything. `without` is an overlay that they do not have."""

    phase: str = ""
    type: str = ""
    overlay: str = ""
    without: str = ""

    @classmethod
    def of(cls, phase: str, task_type: str) -> "Kind":
        """By the words of the strip."""
        if phase in OVERLAYS:
            return cls(type=task_type, overlay=phase)
        return cls(phase, task_type, without="retrying" if phase == "waiting" else "")

    def index(self, sort: Sort) -> str:
        """The one in which such tasks of an account stand in this order."""
        if sort is not Sort.UPDATED:
            return _INDEXES[sort]
        if self.overlay:
            return "task_overlay_newest"
        if self.phase and self.type:
            return "task_both_newest"
        return "task_phase_newest" if self.phase else "task_type_newest" if self.type else "task_newest"

    @property
    def where(self) -> Sql:
        parts = [("t.phase = %s", self.phase), ("t.type = %s", self.type), ("t.overlay <> %s", self.without)]
        found = [Sql(text, (value,)) for text, value in parts if value]
        if self.overlay:
            found.append(Sql(f"t.overlay IN {OVERLAYS} AND t.overlay = %s", (self.overlay,)))  # the index's own words
        return joined("AND", found)


class Part(NamedTuple):
    """So many of one lane's tasks, after the place if there is one."""

    account_id: int
    kind: Kind
    limit: int
    beyond: Place | None


def tasks(index: str) -> str:
    """The tasks, read by this index: SQLite knows nothing of how many rows there are, PostgreSQL finds it itself."""
    return f"dashboard_task t INDEXED BY {index}" if connection.vendor == "sqlite" else "dashboard_task t"


@dataclass(frozen=True)
class Lanes:
    """The tasks of these accounts that are of one of these kinds. `bounds`: on the column of the order."""

    account_ids: tuple[int, ...]
    kinds: tuple[Kind, ...] = (Kind(),)
    bounds: Sql = ALWAYS

    @property
    def pairs(self) -> list[tuple[int, Kind]]:
        """Each is one lane."""
        return [(account_id, kind) for account_id in self.account_ids for kind in self.kinds]

    def lines(self, order: Order, limit: int, beyond: Place | None = None) -> list[Line]:
        """The first in the order, or the first after the place."""
        asked = [Part(account_id, kind, limit, beyond) for account_id, kind in self.pairs]
        found = [Line(*row[1:]) for row in self.read(asked, columns_of(order), order)]
        found.sort(key=lambda line: line.place, reverse=order.descending)
        return found[:limit]

    def read(self, asked: Sequence["Part"], columns: str, order: Order) -> Iterator[tuple[Any, ...]]:
        """The rows of these parts, each in the order: the number of the part, and the columns."""
        for start in range(0, len(asked), MOST_LANES_A_QUERY):
            queries, values = list[str](), list[Value]()
            for number, (account_id, kind, limit, beyond) in enumerate(
                asked[start : start + MOST_LANES_A_QUERY], start
            ):
                lane = _lane(kind, self.bounds, columns, order, beyond is not None, connection.vendor)
                queries.append(f"SELECT {number}, part.* FROM ({lane.text}) AS part")  # noqa: S608  words of ours
                values += _values(lane, account_id, limit, beyond, order)
            yield from rows_of(" UNION ALL ".join(queries), values)

    def ids(self, sort: Sort, limit: int) -> list[int]:
        """So many of them, in no order."""
        found = list[int]()
        for kind in self.kinds:
            where = joined("AND", [among("t.account_id", self.account_ids), kind.where, self.bounds])
            query = f"SELECT t.id FROM {tasks(kind.index(sort))} WHERE {where.text} LIMIT %s"  # noqa: S608
            found += [row[0] for row in rows_of(query, [*where.values, limit - len(found)])]
        return found

    def count(self, sort: Sort, test: Sql, limit: int) -> int:
        """How many of them pass the test and were not deleted at Studio; no more than `limit`."""
        number = 0
        join = "LEFT JOIN dashboard_haystack h ON h.task_id = t.id" if test.needs_text else ""
        for kind in self.kinds:
            told = test if kind.overlay else _present(test)  # no overlay of ours lies over what was deleted
            where = joined("AND", [among("t.account_id", self.account_ids), kind.where, self.bounds, told])
            query = (
                f"SELECT COUNT(*) FROM (SELECT 1 FROM {tasks(kind.index(sort))} {join} "  # noqa: S608  words of ours
                f"WHERE {where.text} LIMIT %s) AS part"
            )
            number += rows_of(query, [*where.values, limit - number])[0][0]
        return number


def _present(test: Sql) -> Sql:
    """The test, and that the task was not deleted at Studio: looked up only for what passes, as no index tells it."""
    return Sql(f"CASE WHEN {test.text} THEN t.deleted_at IS NULL ELSE 1 = 0 END", test.values, test.needs_text)


@lru_cache(maxsize=1000)
def _lane(kind: Kind, bounds: Sql, columns: str, order: Order, is_beyond: bool, vendor: str) -> Sql:
    column, way, sign = f"t.{order.sort.column}", *(("DESC", "<") if order.descending else ("ASC", ">"))
    where = joined("AND", [kind.where, bounds])

    def part(beyond: str) -> str:
        return (
            f"SELECT {columns} FROM {tasks(kind.index(order.sort))} WHERE t.account_id = %s AND {where.text}{beyond} "  # noqa: S608
            f"ORDER BY {column} {way}, t.id {way} LIMIT %s"
        )

    if not is_beyond:
        return Sql(part(""), where.values)
    if not _is_in_two(order, vendor):
        return Sql(part(f" AND ({column}, t.id) {sign} (%s, %s)"), where.values)
    same, other = part(f" AND {column} = %s AND t.id {sign} %s"), part(f" AND {column} {sign} %s")
    both = f"SELECT * FROM ({same}) AS same UNION ALL SELECT * FROM ({other}) AS other"  # noqa: S608
    return Sql(f"SELECT * FROM ({both}) AS beyond LIMIT %s", where.values)  # noqa: S608


def _is_in_two(order: Order, vendor: str) -> bool:
    """Whether what is beyond a place is read in two parts. SQLite finds the value in an index but not the id with it,
    and would read all of the same value; only times differ nearly always."""
    return vendor == "sqlite" and order.sort not in (Sort.UPDATED, Sort.CREATED)


def _values(lane: Sql, account_id: int, limit: int, beyond: Place | None, order: Order) -> list[Value]:
    first = [account_id, *lane.values, *(beyond or ()), limit]
    if beyond is None or not _is_in_two(order, connection.vendor):
        return first
    return [*first, account_id, *lane.values, beyond.value, limit, limit]


def columns_of(order: Order) -> str:
    return f"t.id, t.version, t.account_id, t.phase, t.overlay, t.{order.sort.column}"


def by_ids(ids: Sequence[int], account_ids: Iterable[int], order: Order) -> list[Line]:
    """These tasks in the order of their ids, as far as they are of the accounts."""
    if not ids:
        return []
    these = of_ids("t.id", ids)
    query = f"SELECT {columns_of(order)} FROM dashboard_task t WHERE {these.text}"  # noqa: S608  words of ours
    ours, place = set(account_ids), {task_id: index for index, task_id in enumerate(ids)}
    found = [Line(*row) for row in rows_of(query, these.values)]
    return sorted((line for line in found if line.account_id in ours), key=lambda line: place[line.id])


def rows_of(query: str, values: Sequence[Value]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
