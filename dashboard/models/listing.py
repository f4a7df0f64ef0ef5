"""A page of the board: the newest tasks of several accounts, by keyset.

Each account gives its own newest rows from its own index, and the few that are left are merged; so a page costs
the same at 1,000 and at 1,000,000 tasks, first or deep.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

MOST_ACCOUNTS_A_QUERY = 100


class UnreadableCursor(ValueError):
    """A cursor that no page of ours has given out."""


@dataclass(frozen=True, order=True)
class Key:
    """Where a task stands in the list: newest change first, the id breaks ties."""

    updated_at: int
    id: int

    def __str__(self) -> str:
        return f"{self.updated_at}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key":
        updated_at, _, task_id = text.partition("-")
        if not (updated_at.isdecimal() and task_id.isdecimal() and text.isascii() and len(text) <= 40):
            raise UnreadableCursor(text)
        key = cls(int(updated_at), int(task_id))
        if max(key.updated_at, key.id) >= 2**63:
            raise UnreadableCursor(text)
        return key


class Line(NamedTuple):
    """One task's place in the list and which version of it stands there."""

    id: int
    version: int
    account_id: int
    updated_at: int
    phase: str
    overlay: str

    @property
    def key(self) -> Key:
        return Key(self.updated_at, self.id)


_COLUMNS = ", ".join(Line._fields)


@dataclass(frozen=True)
class Filters:
    """Which tasks: of these accounts, and of this phase and type if given."""

    account_ids: tuple[int, ...]
    phase: str = ""
    type: str = ""

    def newest(self, limit: int, older_than: Key | None = None) -> list[Line]:
        return self._lines(limit, "<", older_than, "DESC")

    def next_newer(self, limit: int, newer_than: Key) -> list[Line]:
        """The rows just above, in the list's own order."""
        return self._lines(limit, ">", newer_than, "ASC")[::-1]

    def by_ids(self, ids: Sequence[int]) -> list[Line]:
        """These tasks in this order, whatever their phase is now; those not ours are left out."""
        if not ids or not self.account_ids:
            return []
        marks, mine = ",".join(["%s"] * len(ids)), ",".join(["%s"] * len(self.account_ids))
        found = _run(
            f"SELECT {_COLUMNS} FROM dashboard_task "  # noqa: S608
            f"WHERE id IN ({marks}) AND account_id IN ({mine})",
            [*ids, *self.account_ids],
        )
        place = {task_id: index for index, task_id in enumerate(ids)}
        return sorted(found, key=lambda line: place[line.id])

    def _lines(self, limit: int, comparison: str, beyond: Key | None, direction: str) -> list[Line]:
        found: list[Line] = []
        for start in range(0, len(self.account_ids), MOST_ACCOUNTS_A_QUERY):
            part = self.account_ids[start : start + MOST_ACCOUNTS_A_QUERY]
            found += self._of_accounts(part, limit, comparison, beyond, direction)
        found.sort(key=lambda line: line.key, reverse=direction == "DESC")
        return found[:limit]

    def _of_accounts(
        self, ids: Sequence[int], limit: int, comparison: str, beyond: Key | None, direction: str
    ) -> list[Line]:
        where, values = ["account_id = %s"], list[str | int]()
        if self.phase:
            where.append("phase = %s")
            values.append(self.phase)
        if self.type:
            where.append("type = %s")
            values.append(self.type)
        if beyond:
            where.append(f"(updated_at, id) {comparison} (%s, %s)")
            values += [beyond.updated_at, beyond.id]
        one = (
            f"SELECT * FROM (SELECT {_COLUMNS} FROM dashboard_task "  # noqa: S608
            f"WHERE {' AND '.join(where)} ORDER BY updated_at {direction}, id {direction} LIMIT %s) AS part"
        )
        everything: list[str | int] = []
        for account_id in ids:
            everything += [account_id, *values, limit]
        return _run(" UNION ALL ".join([one] * len(ids)), everything)


def _run(query: str, values: Sequence[str | int]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Line(*row) for row in cursor.fetchall()]
