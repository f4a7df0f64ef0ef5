"""Ways to the few tasks that a search can mean, without looking at all the others.

Each way gives the ids of all tasks that a part of the Condition can hold for, and maybe of more, also of other teams;
or it says that they are too many.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from dashboard import conditions as c
from dashboard.haystack import LACKS_CID, LONGEST_NAME
from dashboard.models.compiling import Sql, among, joined
from dashboard.models.lanes import rows_of

LAST = "\U0010ffff"
Ids = list[int]


@dataclass(frozen=True)
class Way:
    """`read(most)` gives at most so many ids."""

    read: Callable[[int], Ids]

    def ids(self, most: int) -> Ids | None:
        """All of them, or None for more than `most`."""
        found = self.read(most + 1)
        return found if len(found) <= most else None


def ways_of(condition: c.Condition) -> list[Way]:
    """The ways of a Condition that must hold, the most promising first."""
    names = [Way(_reader(sql)) for sql in _names_in(condition)]
    text = _haystacks_with(_text_of(condition))
    return [*names, Way(_reader(text))] if text else names


def asks_for_text(condition: c.Condition) -> bool:
    """Whether no task without a haystack can be meant."""
    return _text_of(condition) is not None


def _reader(sql: Sql) -> Callable[[int], Ids]:
    def read(most: int) -> Ids:
        return [row[0] for row in rows_of(f"{sql.text} LIMIT %s", [*sql.values, most])]

    return read


def _names_in(condition: c.Condition) -> Iterator[Sql]:
    match condition:
        case c.All(parts):
            if c.To("ipfs") in parts and c.Lacks("cid") in parts:
                yield _named((LACKS_CID[0],), LACKS_CID[1], is_prefix=False)
            for part in parts:
                yield from _names_in(part)
        case c.Any(parts) if parts:
            either = [next(_names_in(part), None) or _haystacks_with(_text_of(part)) for part in parts]
            if _text_of(condition) is None and all(either):
                yield _united([sql for sql in either if sql])
        case c.Named(kinds, text, is_prefix):
            yield _named(kinds, text[:LONGEST_NAME], is_prefix)
        case c.To(value):
            yield _named(("to",), value, is_prefix=False)
        case c.InGroup(group_id):
            yield _failed_in(group_id)


def _named(kinds: tuple[str, ...], text: str, is_prefix: bool) -> Sql:
    by_index = " INDEXED BY name_leads_to_task" if connection.vendor == "sqlite" else ""
    value = Sql("n.value >= %s AND n.value < %s", (text, text + LAST)) if is_prefix else Sql("n.value = %s", (text,))
    where = joined("AND", [value, among("n.kind", kinds)])
    distinct = "DISTINCT " if is_prefix or len(kinds) > 1 else ""
    return Sql(f"SELECT {distinct}n.task_id FROM dashboard_name n{by_index} WHERE {where.text}", where.values)  # noqa: S608


def _failed_in(group_id: int) -> Sql:
    """By the index of each of its groups: an OR would make SQLite read all failures."""
    by_index = " INDEXED BY failure_newest" if connection.vendor == "sqlite" else ""
    groups = (
        "SELECT g.id FROM dashboard_group g WHERE g.id = %s "
        "UNION ALL SELECT g.id FROM dashboard_group g WHERE g.merged_into_id = %s"
    )
    query = f"SELECT DISTINCT f.task_id FROM dashboard_failure f{by_index} WHERE f.group_id IN ({groups})"  # noqa: S608
    return Sql(query, (group_id, group_id))


def _united(parts: list[Sql]) -> Sql:
    text = " UNION ".join(part.text for part in parts)
    return Sql(f"SELECT * FROM ({text}) AS part", tuple(value for part in parts for value in part.values))  # noqa: S608


def _text_of(condition: c.Condition) -> Sql | None:
    """On SQLite a query of FTS5, as the one value; on PostgreSQL a condition. None if no trigram must be there."""
    match condition:
        case c.All(parts):
            found = [text for text in map(_text_of, parts) if text]
            return _together("AND", found) if found else None
        case c.Any(parts) if parts:
            either = [_text_of(part) for part in parts]
            return _together("OR", [text for text in either if text]) if all(either) else None
        case c.Words(text) | c.Titled(text) | c.Failing(text) if len(text) >= c.SHORT:
            return _trigrams_of(text)
    return None


def _together(operator: str, parts: list[Sql]) -> Sql:
    if connection.vendor == "postgresql":
        return joined(operator, parts)
    return Sql("%s", (f" {operator} ".join(f"({part.values[0]})" for part in parts),))


def _trigrams_of(text: str) -> Sql:
    if connection.vendor == "postgresql":
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return Sql("h.text LIKE %s", (f"%{escaped}%",))
    trigrams = dict.fromkeys(text[start : start + 3] for start in range(len(text) - 2))
    return Sql("%s", (" AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams),))


def _haystacks_with(text: Sql | None) -> Sql | None:
    if text is None:
        return None
    if connection.vendor == "postgresql":
        return Sql(f"SELECT h.task_id FROM dashboard_haystack h WHERE {text.text}", text.values)  # noqa: S608
    return Sql("SELECT rowid FROM dashboard_trigrams WHERE dashboard_trigrams MATCH %s", text.values)
