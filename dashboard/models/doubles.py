"""Tasks that failed for several patterns of one root: for people they are one task, which stands where it failed last.

Its other failures are doubles. A double shares its task with a failure of another pattern, so one of the two is not of
the root's largest pattern: looking for doubles costs as much as all patterns but the largest, not as much as that.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dashboard.clock import HOUR
from dashboard.models.compiling import ALWAYS, Sql, among, joined
from dashboard.models.lanes import rows_of

Such = Callable[[str], Sql]
"""Which failures are meant, as a condition on a table with this name."""


class Doubles(NamedTuple):
    """How many failures of a pattern within an hour, which begins at `at`, are doubles; how many of those have
    recovered, and how many are not open."""

    group_id: int
    account_id: int
    type: str
    at: int
    tasks: int
    recovered: int
    closed: int = 0


class Tasks(NamedTuple):
    """How many tasks failed for a root, how many still are, how many have recovered."""

    all: int
    open: int
    recovered: int


def any_failure(table: str) -> Sql:
    return ALWAYS


def between(from_at: int, to_at: int | None = None) -> Such:
    """Those from `from_at` on, until before `to_at`."""

    def such(table: str) -> Sql:
        if to_at is None:
            return Sql(f"{table}.at >= %s", (from_at,))
        return Sql(f"{table}.at >= %s AND {table}.at < %s", (from_at, to_at))

    return such


def doubles_of(roots: Mapping[int, int], sizes: Mapping[int, int], such: Such = any_failure) -> list[Doubles]:
    """`roots`: the root of each pattern. `sizes`: about how many such failures each pattern has; none if it is missing.
    A failure is a double if its task failed later for another pattern of the root, and both failures are such."""
    smaller = _smaller(roots, sizes)
    if not smaller:
        return []
    # A join from left to right: each failure of a smaller pattern, then by an index those of the same task.
    where = joined("AND", [among("f.group_id", smaller), such("f"), such("o")])
    older = (
        "SELECT CASE WHEN (o.at, o.id) < (f.at, f.id) THEN o.id ELSE f.id END FROM dashboard_failure f "  # noqa: S608
        "CROSS JOIN dashboard_failure o CROSS JOIN dashboard_group g CROSS JOIN dashboard_group p "
        "WHERE o.task_id = f.task_id AND o.id <> f.id AND g.id = f.group_id AND p.id = o.group_id "
        f"AND COALESCE(p.merged_into_id, p.id) = COALESCE(g.merged_into_id, g.id) AND {where.text}"
    )
    query = (
        f"SELECT d.group_id, d.account_id, d.type, d.at - d.at %% {HOUR}, COUNT(*), "  # noqa: S608  words of ours
        "SUM(CASE WHEN d.recovered_at IS NULL THEN 0 ELSE 1 END), SUM(CASE WHEN d.is_open THEN 0 ELSE 1 END) "
        f"FROM dashboard_failure d WHERE d.id IN ({older}) GROUP BY 1, 2, 3, 4"
    )
    return [Doubles._make(row) for row in rows_of(query, where.values)]


def _smaller(roots: Mapping[int, int], sizes: Mapping[int, int]) -> list[int]:
    """All patterns with failures, but the largest of each root."""
    patterns = defaultdict[int, list[tuple[int, int]]](list)
    for pattern, root in roots.items():
        if (size := sizes.get(pattern, 0)) > 0:
            patterns[root].append((size, pattern))
    return sorted(pattern for sized in patterns.values() for _, pattern in sorted(sized)[:-1])


def doubled_by_root(roots: Mapping[int, int], sizes: Mapping[int, int], such: Such) -> Counter[int]:
    """How many doubles each root has."""
    numbers = Counter[int]()
    for one in doubles_of(roots, sizes, such):
        numbers[roots[one.group_id]] += one.tasks
    return numbers


_KINDS = ("f.is_open", "NOT f.is_open", "f.recovered_at IS NOT NULL")
"""Each has an index of its own."""


def open_tasks_of(patterns: Sequence[int]) -> int:
    """How many tasks are open in groups that are shown as one."""
    sizes = _sizes(patterns, ["f.is_open"])[0]
    roots = dict.fromkeys(patterns, patterns[0])
    doubled = doubles_of(roots, sizes, lambda table: Sql(f"{table}.is_open"))
    return sizes.total() - sum(one.tasks for one in doubled)


def tasks_of(patterns: Sequence[int], account_ids: Sequence[int] | None = None) -> Tasks:
    """Of groups that are shown as one. Without accounts all that the team has, which indexes count by themselves."""
    such = any_failure if account_ids is None else lambda table: among(f"{table}.account_id", account_ids)
    open_ones, closed, recovered = _sizes(patterns, _KINDS, such)
    doubled = doubles_of(dict.fromkeys(patterns, patterns[0]), open_ones + closed, such)
    still = open_ones.total() - sum(one.tasks - one.closed for one in doubled)
    ended = closed.total() - sum(one.closed for one in doubled)
    return Tasks(still + ended, still, recovered.total() - sum(one.recovered for one in doubled))


def _sizes(patterns: Sequence[int], kinds: Sequence[str], such: Such = any_failure) -> list[Counter[int]]:
    """How many failures of each kind the patterns have."""
    where = joined("AND", [among("f.group_id", patterns), such("f")])
    parts = (
        f"SELECT {place}, f.group_id, COUNT(*) FROM dashboard_failure f WHERE {where.text} AND {kind} "  # noqa: S608
        "GROUP BY f.group_id"
        for place, kind in enumerate(kinds)
    )
    counted = [Counter[int]() for _ in kinds]
    for place, pattern, number in rows_of(" UNION ALL ".join(parts), where.values * len(kinds)):
        counted[place][pattern] = number
    return counted
