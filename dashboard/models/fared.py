"""How the tasks that ended fared: those of a span, and those of the weeks before it, to judge it by."""

from dashboard.clock import DAY
from dashboard.models.chosen_failures import Chosen
from dashboard.models.compiling import Sql, joined
from dashboard.models.day import Totals
from dashboard.models.lanes import rows_of

WEEKS_BEFORE_MS = 28 * DAY


def fared(chosen: Chosen) -> tuple[Totals, Totals]:
    """Of the span, and of the four weeks before. One query."""
    span = chosen.span
    first = span.from_at - span.from_at % DAY
    times = Sql("d.at >= %s AND d.at < %s", (first - WEEKS_BEFORE_MS, span.to_at))
    where = joined("AND", [times, chosen.where("d")])
    sums = ", ".join(f"SUM(d.{name})" for name in Totals._fields)
    query = f"SELECT CASE WHEN d.at >= %s THEN 1 ELSE 0 END, {sums} FROM dashboard_day d WHERE {where.text} GROUP BY 1"  # noqa: S608
    found = {is_now: Totals(*map(int, told)) for is_now, *told in rows_of(query, [first, *where.values])}
    return found.get(1, Totals()), found.get(0, Totals())
