"""A page of an account's tasks as Studio's API would list them, from our own copy: their redacted documents as they are
stored, never parsed.

Fields and comparisons are words of this file; what somebody asked for only ever becomes a parameter of the query.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from dashboard.models.compiling import marks

LARGEST_PAGE_BYTES = 32_000_000
"""As much as our own client takes from Studio in one answer."""
DOCUMENTS_A_QUERY = 200
LARGEST = 2**63 - 1
Values = Sequence[str | int]

_COLUMNS = {
    "id": "upstream_id",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "name": "name",
    "type": "type",
    "phase": "phase",
    "userId": "studio_user_id",
    "inputAssetId": "input_asset_id",
    "outputAssetId": "output_asset_id",
    "projectId": "project_id",
}
_MAY_LACK = ("name", "userId", "inputAssetId", "outputAssetId", "projectId")
NUMBERS = ("createdAt", "updatedAt")
FIELDS = ("name", "id", "type", "userId", "createdAt", "updatedAt", "inputAssetId", "outputAssetId", "projectId")
"""What Studio filters and orders tasks by (read in the server's source). `phase` is ours alone."""
COMPARISONS = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class TooLarge(Exception):
    """The page would be larger than anybody should be sent at once."""


class Condition(NamedTuple):
    """What a task must be: a comparison of `COMPARISONS`, `in` a tuple of texts, or `like`, which is part of it."""

    field: str
    comparison: str
    value: str | int | tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A query, understood. `order`: fields, True for descending. `after_id`: ids beyond this one only."""

    limit: int = 20
    skip: int = 0
    after_id: str = ""
    order: tuple[tuple[str, bool], ...] = (("updatedAt", True), ("createdAt", True))
    conditions: tuple[Condition, ...] = ()
    count: bool = False


@dataclass(frozen=True)
class ApiPage:
    """The tasks' documents as JSON texts. `total` only if it was asked for."""

    documents: list[str]
    has_next: bool
    total: int | None

    @classmethod
    def of(cls, account_id: int, wanted: Wanted) -> "ApiPage":
        """Raises TooLarge."""
        where, values = _where(account_id, wanted)
        ids = _numbers(
            f"SELECT id FROM dashboard_task WHERE {where} ORDER BY {_order(wanted.order)} LIMIT %s OFFSET %s",  # noqa: S608
            [*values, wanted.limit + 1, wanted.skip],
        )
        total = _total(account_id, wanted, where, values) if wanted.count and ids else None
        return cls(list(_documents(ids[: wanted.limit])), len(ids) > wanted.limit, total)


def _where(account_id: int, wanted: Wanted) -> tuple[str, Values]:
    parts = ["account_id = %s", "deleted_at IS NULL"]
    values: list[str | int] = [account_id]
    if wanted.after_id:
        parts.append("upstream_id > %s")
        values.append(wanted.after_id)
    for condition in wanted.conditions:
        text, value = _condition(condition)
        parts.append(text)
        values += value
    return " AND ".join(parts), values


def _condition(condition: Condition) -> tuple[str, Values]:
    field, comparison, value = condition
    if isinstance(value, tuple):
        return f"{_COLUMNS[field]} IN ({marks(value) or 'NULL'})", value
    if comparison == "like":
        return _like(_COLUMNS[field], str(value))
    return f"{_COLUMNS[field]} {COMPARISONS[comparison]} %s", [value]


def _like(column: str, part: str) -> tuple[str, Values]:
    """Whether the column has this part, in whatever case."""
    if connection.vendor == "sqlite":  # its own lower() knows ASCII only
        return f"({column} IS NOT NULL AND {column} REGEXP %s)", ["(?i)" + re.escape(part)]
    return f"position(lower(%s) in lower({column})) > 0", [part]


def _order(order: Sequence[tuple[str, bool]]) -> str:
    """What a task lacks comes last (read in the server's source); our own id makes the order the same each time, in
    the direction in which an index can be read."""
    parts = [_ordered(field, "DESC" if descending else "ASC") for field, descending in order]
    by_time = all(field in NUMBERS and descending for field, descending in order)
    return ", ".join([*parts, "id DESC" if by_time else "id ASC"])


def _ordered(field: str, direction: str) -> str:
    if field in _MAY_LACK:
        return f"NULLIF({_COLUMNS[field]}, '') {direction} NULLS LAST"
    return f"{_COLUMNS[field]} {direction}"


def _total(account_id: int, wanted: Wanted, where: str, values: Values) -> int:
    """Counted by the tallies where they know it: a large account has more rows than one should walk for a number."""
    if wanted.after_id or any(condition.field not in ("phase", "type") for condition in wanted.conditions):
        return _numbers(f"SELECT COUNT(*) FROM dashboard_task WHERE {where}", values)[0]  # noqa: S608
    tallied = where.replace("deleted_at IS NULL", "number > 0")
    return int(_numbers(f"SELECT COALESCE(SUM(number), 0) FROM dashboard_tally WHERE {tallied}", values)[0])  # noqa: S608


def _documents(ids: Sequence[int]) -> Iterator[str]:
    """In the order of the ids, some at a time; a task that went meanwhile is left out."""
    size = 0
    for start in range(0, len(ids), DOCUMENTS_A_QUERY):
        part = ids[start : start + DOCUMENTS_A_QUERY]
        found: dict[int, str] = {}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, document FROM dashboard_task WHERE id IN ({marks(part)})", list(part))  # noqa: S608
            for task_id, document in cursor:
                size += len(document)
                if size > LARGEST_PAGE_BYTES:
                    raise TooLarge
                found[task_id] = document
        yield from (found[task_id] for task_id in part if task_id in found)


def _numbers(query: str, values: Values) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


class Found(NamedTuple):
    """One task, without its document: enough for an ETag."""

    id: int
    digest: str
    version: int
    deleted_at: int | None

    @classmethod
    def of(cls, account_id: int, upstream_id: str) -> "Found | None":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, digest, version, deleted_at FROM dashboard_task WHERE account_id = %s AND upstream_id = %s",
                [account_id, upstream_id],
            )
            row = cursor.fetchone()
        return cls(*row) if row else None

    def document(self) -> str:
        """The stored text; empty if the task went meanwhile."""
        return next(_documents([self.id]), "")
