"""How the tasks that ended fared: those of a span, and those of as many days before it, to judge it by."""

from typing import NamedTuple

from dashboard.clock import DAY
from dashboard.models.chosen_failures import Chosen
from dashboard.models.compiling import Sql, joined
from dashboard.models.day import Totals
from dashboard.models.lanes import rows_of


class Fared(NamedTuple):
    """The whole days of UTC from `from_at` on, `days` of them, and as many before. `counted_at`: when the newest of
    them were counted, 0 for none."""

    now: Totals = Totals()
    before: Totals = Totals()
    counted_at: int = 0
    from_at: int = 0
    days: int = 0


def fared(chosen: Chosen) -> Fared:
    """One query."""
    span = chosen.span
    first = span.from_at - span.from_at % DAY
    days = max(1, -(-(span.to_at - first) // DAY))
    times = Sql("d.at >= %s AND d.at < %s", (first - days * DAY, span.to_at))
    where = joined("AND", [times, chosen.where("d")])
    sums = ", ".join(f"SUM(d.{name})" for name in Totals._fields)
    part = "CASE WHEN d.at >= %s THEN 1 ELSE 0 END"
    query = f"SELECT {part}, MAX(d.counted_at), {sums} FROM dashboard_day d WHERE {where.text} GROUP BY 1"  # noqa: S608
    rows = rows_of(query, [first, *where.values])
    found = {is_now: Totals(*map(int, told)) for is_now, _, *told in rows}
    counted_at = max((counted for is_now, counted, *_ in rows if is_now), default=0)
    return Fared(found.get(1, Totals()), found.get(0, Totals()), counted_at, first, days)
