"""What the audit tells about a team: a page of it, newest first, by keyset.

Entries of the team come from one index. What concerns a person and no team, such as a sign-in, is told to the team for
as long as the person is a member, and from the day that they joined: each member's own come from a second index.
The few newest of each are merged, so a page without filters costs the same at 1,000 and at 1,000,000 entries. With
filters the database may have to read all of a team's entries to find the few that fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from dashboard.models.listing import Key

MOST_PARTS = 100  # SQLite takes 500 in one query
CHUNK = 1000


class Line(NamedTuple):
    """One entry. The fields are the columns of the query."""

    id: int
    at: int
    team_id: int | None
    user_id: int | None
    who: str
    what: str
    subject: str
    address: str
    via: str
    before: str
    after: str

    @property
    def key(self) -> Key:
        return Key(self.at, self.id)


_COLUMNS = ", ".join(Line._fields)


class Member(NamedTuple):
    """Somebody who is in the team now."""

    user_id: int
    email: str
    joined_at: int


def members_of(team_id: int) -> list[Member]:
    """The team's present members, by e-mail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, u.email, m.joined_at FROM dashboard_membership m JOIN dashboard_user u ON u.id = m.user_id "
            "WHERE m.team_id = %s ORDER BY u.email",
            [team_id],
        )
        return [Member(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Wanted:
    """Which entries: by whom (an e-mail, or a part of the name), of which words, from a time on, before a time, on what
    (a part)."""

    who: str = ""
    words: tuple[str, ...] = ()
    from_at: int | None = None
    before_at: int | None = None
    text: str = ""

    @property
    def conditions(self) -> tuple[list[str], list[str | int]]:
        """For a WHERE, with the values for its marks."""
        where, values = list[str](), list[str | int]()
        if self.words:
            where.append(f"what IN ({','.join(['%s'] * len(self.words))})")
            values += self.words
        for column, bound in (("at >= %s", self.from_at), ("at < %s", self.before_at)):
            if bound is not None:
                where.append(column)
                values.append(bound)
        for column, part, pattern in (("who", self.who, _naming), ("subject", self.text, _holding)):
            if part:
                where.append(f"UPPER({column}) LIKE UPPER(%s) ESCAPE '!'")
                values.append(pattern(part))
        return where, values


def _naming(name: str) -> str:
    """A whole e-mail is that person alone; `bob` and `@example.com` may be several."""
    return _plain(name) if "@" in name.strip("@") else _holding(name)


def _holding(part: str) -> str:
    return f"%{_plain(part)}%"


def _plain(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


@dataclass(frozen=True)
class Trail:
    """The entries that an admin of the team may read."""

    team_id: int
    members: Sequence[Member]
    wanted: Wanted = Wanted()

    def newest(self, limit: int, older_than: Key | None = None) -> list[Line]:
        return self._lines(limit, "<", older_than, "DESC")

    def next_newer(self, limit: int, newer_than: Key) -> list[Line]:
        """The entries just above, in the trail's own order."""
        return self._lines(limit, ">", newer_than, "ASC")[::-1]

    def everything(self) -> Iterator[Line]:
        """All entries, read bit by bit: what is written meanwhile is newer and not among them."""
        lines = self.newest(CHUNK)
        while lines:
            yield from lines
            lines = self.newest(CHUNK, lines[-1].key) if len(lines) == CHUNK else []

    def _lines(self, limit: int, comparison: str, beyond: Key | None, direction: str) -> list[Line]:
        parts = [("team_id = %s", [self.team_id]), *map(_of_person, self.members)]
        found: list[Line] = []
        for start in range(0, len(parts), MOST_PARTS):
            query, values = self._query(parts[start : start + MOST_PARTS], comparison, beyond, direction, limit)
            found += _run(query, values)
        found.sort(key=lambda line: line.key, reverse=direction == "DESC")
        return found[:limit]

    def _query(
        self, parts: Sequence[tuple[str, list[int]]], comparison: str, beyond: Key | None, direction: str, limit: int
    ) -> tuple[str, list[str | int]]:
        wanted, wanted_values = self.wanted.conditions
        if beyond:
            wanted.append(f"(at, id) {comparison} (%s, %s)")
            wanted_values += [beyond.updated_at, beyond.id]
        order = f"ORDER BY at {direction}, id {direction} LIMIT %s"
        queries, values = list[str](), list[str | int]()
        for condition, condition_values in parts:
            where = " AND ".join([condition, *wanted])
            queries.append(f"SELECT * FROM (SELECT {_COLUMNS} FROM dashboard_auditentry WHERE {where} {order}) AS part")  # noqa: S608
            values += [*condition_values, *wanted_values, limit]
        return f"SELECT * FROM ({' UNION ALL '.join(queries)}) AS trail {order}", [*values, limit]  # noqa: S608


def _of_person(member: Member) -> tuple[str, list[int]]:
    return "team_id IS NULL AND user_id = %s AND at >= %s", [member.user_id, member.joined_at]


def _run(query: str, values: Sequence[str | int]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Line(*row) for row in cursor.fetchall()]
