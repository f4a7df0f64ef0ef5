"""The parts of the board's region that stay the same for as long as its filters do: the strip but for its numbers,
the heads of the columns, the pager but for its links."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from django.utils.safestring import SafeString

from dashboard.models.counting import Count
from dashboard.models.order import Order
from dashboard.models.view_query import SIZES
from dashboard.phases import OVERLAYS, PHASES
from dashboard.views.board_columns import COLUMNS, TASK, Column
from dashboard.views.board_query import Query
from dashboard.views.board_words import is_newest_first, order_in_words, shown_count
from dashboard.views.moulds import Moulds, slot

STRIP = ("running", "waiting", "retrying", "failed", "stalled", "pending", "completed", "cancelled")


def strip_of(query: Query, counts: Mapping[str, Count]) -> SafeString:
    """The phases as links; their counts obey the other filters. Words that are new to us come last."""
    unknown = sorted(set(counts) - set(PHASES) - set(OVERLAYS) - {""})
    phases = ("", *STRIP, *unknown)
    words = dict[str, str]()
    for number, phase in enumerate(phases):
        words[f"text{number}"], words[f"plain{number}"] = shown_count(counts.get(phase))
    return _strips.filled((query.filters_alone, phases), words)


def _strip(query: Query, phases: Sequence[str]) -> dict[str, Any]:
    return {"strip": [_link(query, number, phase) for number, phase in enumerate(phases)]}


def _link(query: Query, number: int, phase: str) -> SimpleNamespace:
    is_known = phase in STRIP
    return SimpleNamespace(
        word=phase.capitalize() if is_known else phase or "All",
        phase=phase,
        icon=phase if is_known else "other" if phase else "",
        text=slot(f"text{number}"),
        plain=slot(f"plain{number}"),
        url=query.url(phase=phase),
        current=phase == query.phase,
    )


def heads_of(query: Query) -> SafeString:
    """One by which the list can be ordered is a button, for the order is remembered; the present one turns it round."""
    return _heads.filled((query.filters_alone,), {})


def _head(query: Query) -> dict[str, Any]:
    chosen = (TASK, *(COLUMNS[name] for name in query.habits.columns))
    columns = [_column(query, column) for column in chosen]
    return {"columns": columns, "caption": f"Tasks, {order_in_words(query.order)}"}


def _column(query: Query, column: Column) -> SimpleNamespace:
    present = query.order
    is_present = column.sort == present.sort
    order = present.reversed if is_present else Order.read(column.sort)
    return SimpleNamespace(
        title=column.title,
        css=column.css,
        sort=order.word if column.sort else "",
        sorted=("descending" if present.descending else "ascending") if is_present else "",
    )


def pager_of(query: Query, summary: str, newer_url: str, older_url: str) -> SafeString:
    """The summary, how many stand on a page, and the ways on; a way that is empty is none."""
    words = {"summary": summary, "newer_url": newer_url, "older_url": older_url}
    shape = (query.size, is_newest_first(query.order), bool(newer_url), bool(older_url))
    return _pagers.filled(shape, words)


def _pager(size: int, is_by_time: bool, has_newer: bool, has_older: bool) -> dict[str, Any]:
    pager = SimpleNamespace(
        summary=slot("summary"),
        newer_url=slot("newer_url") if has_newer else "",
        older_url=slot("older_url") if has_older else "",
        newer_word="Newer" if is_by_time else "Previous",
        older_word="Older" if is_by_time else "Next",
        sizes=[SimpleNamespace(value=one, current=one == size) for one in SIZES],
    )
    return {"pager": pager}


_strips, _heads = Moulds("board/_strip.html", _strip), Moulds("board/_heads.html", _head)
_pagers = Moulds("board/_pager.html", _pager)
