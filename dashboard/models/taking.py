"""Tasks taken along by the thousand: read bit by bit, so that an export needs no more memory than a page.

Each bit is a short query of its own. While a slow reader takes what was read, no transaction is open.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from dashboard.models.compiling import marks

ROWS = 500
LETTERS = 2_000_000
"""The most of both that are in memory at once, but for one task that is larger by itself."""


class Taken(NamedTuple):
    """One task as a spreadsheet has it. The fields are the columns of the query."""

    id: int
    upstream_id: str
    account_id: int
    project_id: str
    type: str
    phase: str
    overlay: str
    title: str
    progress: float
    retries: int
    error: str
    input_asset_id: str
    output_asset_id: str
    created_at: int
    scheduled_at: int | None
    updated_at: int
    took: int
    deleted_at: int | None
    facts: str


_LINES = f"SELECT {', '.join(Taken._fields)} FROM dashboard_task"  # noqa: S608  the fields above
_WEIGHT = "LENGTH(title) + LENGTH(error) + LENGTH(facts)"


def lines_of(chunks: Iterable[Sequence[int]]) -> Iterator[list[Taken]]:
    """The tasks of these ids in their order, a few hundred at a time. What has gone meanwhile is left out."""
    for ids in _portions(chunks, _WEIGHT):
        rows = {row[0]: row for row in _run(_LINES, ids)}
        yield [Taken._make(rows[task_id]) for task_id in ids if task_id in rows]


def documents_of(chunks: Iterable[Sequence[int]]) -> Iterator[list[str]]:
    """Their redacted documents, each as one line of JSON."""
    weight = "OCTET_LENGTH(document)" if connection.vendor == "postgresql" else "LENGTH(document)"
    for ids in _portions(chunks, weight):
        documents = dict(_run("SELECT id, document FROM dashboard_task", ids))
        yield [documents[task_id] for task_id in ids if task_id in documents]


def _portions(chunks: Iterable[Sequence[int]], weight: str) -> Iterator[list[int]]:
    """As many ids at a time as weigh little enough together."""
    for chunk in chunks:
        for start in range(0, len(chunk), ROWS):
            ids = chunk[start : start + ROWS]
            weights = dict(_run(f"SELECT id, {weight} FROM dashboard_task", ids))  # noqa: S608  one of the two above
            portion, load = list[int](), 0
            for task_id in ids:
                if portion and load + weights.get(task_id, 0) > LETTERS:
                    yield portion
                    portion, load = [], 0
                portion.append(task_id)
                load += weights.get(task_id, 0)
            yield portion


def _run(query: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """With as many marks always. The connection keeps each different statement prepared, between the large texts that
    come and go: with many of them memory would fall to pieces, and the process would grow with each thousand rows."""
    with connection.cursor() as cursor:
        padded = [*ids, *[ids[-1]] * (ROWS - len(ids))]
        cursor.execute(f"{query} WHERE id IN ({marks(padded)})", padded)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
