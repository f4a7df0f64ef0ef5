"""What the accounts' pages tell beyond a Sight: the keys' hints, whose keys they are, the calls of the last day.

One hand-written query for all accounts of a page: 200 ORM objects with their keys would cost more than all the rest.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from dashboard.models.compiling import marks


class Ring(NamedTuple):
    """The keys of one account. The fields are the columns of the query; a hint is None where no key is held."""

    id: int
    url: str
    studio_user: str
    project_id: str
    hint: str | None
    previous_hint: str | None
    usage: str


_COLUMNS = {"hint": "k.hint", "previous_hint": "p.hint"}


def rings_of(account_ids: Sequence[int]) -> dict[int, Ring]:
    """By the accounts' ids."""
    if not account_ids:
        return {}
    columns = ", ".join(_COLUMNS.get(field, f"a.{field}") for field in Ring._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM dashboard_account a "  # noqa: S608  only marks are put in
            "LEFT JOIN dashboard_apikey k ON k.account_id = a.id "
            f"LEFT JOIN dashboard_previouskey p ON p.account_id = a.id WHERE a.id IN ({marks(account_ids)})",
            list(account_ids),
        )
        return {row[0]: Ring(*row) for row in cursor.fetchall()}
