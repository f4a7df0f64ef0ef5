"""Tables for spreadsheets: CSV as RFC 4180 has it, in which no cell runs."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from json import loads
from typing import Any

from dashboard.clock import SECOND, iso
from dashboard.models.seen import SeenAccount
from dashboard.models.taking import Taken

CALCULATING = "=+-@＝＋－＠"
"""What makes a spreadsheet run a cell as a formula, if it comes first."""

COLUMNS = (
    "id",
    "title",
    "type",
    "phase",
    "overlay",
    "progress",
    "retries",
    "error",
    "account",
    "team",
    "project_id",
    "input_asset_id",
    "output_asset_id",
    "cid",
    "nft_cid",
    "size_bytes",
    "duration_seconds",
    "created_at",
    "scheduled_at",
    "updated_at",
    "took_seconds",
    "deleted_at",
)
"""Those of the tasks, in this order always."""


def defused(cell: str) -> str:
    """The text, with a ' before what a spreadsheet would take for a formula."""
    first = cell[:1]
    if not first or (first.isascii() and first.isalnum()):
        return cell
    is_formula = first in ("\t", "\r", "\n") or cell.strip()[:1] in tuple(CALCULATING)
    return f"'{cell}" if is_formula else cell


def written(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as CSV."""
    page = StringIO(newline="")
    csv.writer(page).writerows(rows)
    return page.getvalue().encode()


def task_rows(tasks: Iterable[Taken], accounts: Mapping[int, SeenAccount]) -> Iterator[list[object]]:
    """One row for each task. Times are UTC to the second; what is not known is empty."""
    for task in tasks:
        account, facts = accounts[task.account_id], _read(task.facts)
        yield [
            defused(task.upstream_id),
            defused(task.title),
            defused(task.type),
            defused(task.phase),
            task.overlay,
            round(task.progress, 4),
            task.retries,
            defused(task.error),
            defused(account.name),
            defused(account.team),
            defused(task.project_id),
            defused(task.input_asset_id),
            defused(task.output_asset_id),
            defused(facts.get("cid", "")),
            defused(facts.get("nft_cid", "")),
            facts.get("size", ""),
            facts.get("duration", ""),
            iso(task.created_at),
            iso(task.scheduled_at),
            iso(task.updated_at),
            task.took / SECOND if task.took >= 0 else "",
            iso(task.deleted_at),
        ]


def _read(facts: str) -> dict[str, Any]:
    found: dict[str, Any] = loads(facts) if len(facts) > len("{}") else {}
    return found
