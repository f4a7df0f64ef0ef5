"""Many rows of one table at once, where models' own way would take most of an import's time."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def upsert(rows: Sequence[Model], unique: Sequence[str] = (), update: Collection[str] = ()) -> None:
    """Insert the rows, of one model. Where one exists with the same values in the `unique`
    fields, its `update` fields are changed. The rows do not learn their keys."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    columns = {field.name: connection.ops.quote_name(str(field.column)) for field in fields}
    statement = (
        f"INSERT INTO {rows[0]._meta.db_table} ({', '.join(columns.values())}) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * len(fields))})"
    )
    if unique:
        news = ", ".join(f"{columns[name]} = EXCLUDED.{columns[name]}" for name in update)
        statement += f" ON CONFLICT ({', '.join(columns[name] for name in unique)}) DO UPDATE SET {news}"
    names = [field.attname for field in fields]
    execute_many(statement, [tuple(getattr(row, name) for name in names) for row in rows])


def execute_many(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement for many rows, if there are any."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
