"""A search's Condition as SQL over a task `t` and its haystack `h`. What somebody typed only ever becomes a parameter.

The haystack's lines: the title; the playback id and the ids; the error; then the values.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from dashboard import conditions as c
from dashboard.folding import fold
from dashboard.haystack import LONGEST_NAME
from dashboard.phases import PHASES

Value = str | int | float | list[int]
LARGEST = 2**63 - 1
_COLUMNS = {field: f"t.{field}" for field in ("retries", "progress", "created_at", "updated_at")}
_OPERATORS = {op: op for op in ("=", "<", "<=", ">", ">=")}
_WORDED = {"phase": "t.phase", "type": "t.type", "overlay": "t.overlay"}


class Sql(NamedTuple):
    """A piece of a query and the values for its marks. `needs_text`: whether it looks into the haystack."""

    text: str
    values: tuple[Value, ...] = ()
    needs_text: bool = False


ALWAYS, NEVER = Sql("1 = 1"), Sql("1 = 0")


class Words(NamedTuple):
    """The words that Studio has used for the tasks in view, for what is asked by their folds."""

    phases: frozenset[str]
    types: frozenset[str]

    @classmethod
    def of(cls, kinds: Iterable[tuple[str, str, str]]) -> "Words":
        told = list(kinds)
        return cls(frozenset({phase for phase, _, _ in told} | set(PHASES)), frozenset(kind for _, kind, _ in told))

    def meant(self, field: str, values: Sequence[str]) -> list[str]:
        """The stored words whose fold is among these, and themselves: what all tasks were deleted of is in no tally."""
        if field == "overlay":
            return list(values)
        known = self.phases if field == "phase" else self.types
        return sorted({word for word in known if fold(word) in values} | set(values))


def compiled(condition: c.Condition, words: Words) -> Sql:
    match condition:
        case c.All(parts):
            return joined("AND", [compiled(part, words) for part in parts])
        case c.Any(parts):
            return joined("OR", [compiled(part, words) for part in parts])
        case c.Not(part):
            inner = compiled(part, words)
            return Sql(f"NOT ({inner.text})", inner.values, inner.needs_text)
        case c.Is(field, values):
            return among(_WORDED[field], words.meant(field, values))
        case c.InAccounts(ids):
            return among("t.account_id", ids)
    return _LEAVES[type(condition)](condition)


def joined(operator: str, parts: Sequence[Sql]) -> Sql:
    if not parts:
        return ALWAYS if operator == "AND" else NEVER
    text = f" {operator} ".join(f"({part.text})" for part in parts)
    return Sql(text, tuple(v for part in parts for v in part.values), any(part.needs_text for part in parts))


def among(column: str, values: Sequence[Value]) -> Sql:
    return Sql(f"{column} IN ({marks(values)})", tuple(values)) if values else NEVER


def of_ids(column: str, ids: Sequence[int]) -> Sql:
    """As `among`, for as many as a thousand: PostgreSQL would plan for each of so many marks."""
    return Sql(f"{column} = ANY(%s)", (list(ids),)) if connection.vendor == "postgresql" else among(column, ids)


def marks(values: Sequence[object]) -> str:
    return ",".join(["%s"] * len(values))


def compared(condition: c.Compare) -> Sql:
    """Raises KeyError for a field or an operator that there is not."""
    value = condition.value
    if isinstance(value, int):
        value = max(-LARGEST, min(LARGEST, value))
    return Sql(f"{_COLUMNS[condition.field]} {_OPERATORS[condition.op]} %s", (value,))


def _anywhere(condition: c.Words) -> Sql:
    return _in_part("head", condition.text) if condition.is_short else _holding("h.text", condition.text)


def _holding(text: str, part: str) -> Sql:
    """A task without a haystack holds nothing."""
    function = "instr" if connection.vendor == "sqlite" else "strpos"
    return Sql(f"COALESCE({function}({text}, %s), 0) > 0", (part,), needs_text=True)


def _in_part(name: str, text: str) -> Sql:
    """Most haystacks do not hold the text at all."""
    return joined("AND", [_holding("h.text", text), _holding(_PARTS[connection.vendor][name], text)])


_FIRST_BREAK = "instr(h.text, char(10))"
_SECOND_BREAK = f"({_FIRST_BREAK} + instr(substr(h.text, {_FIRST_BREAK} + 1), char(10)))"
_REST = f"substr(h.text, {_SECOND_BREAK} + 1)"
_PARTS = {
    "sqlite": {
        "title": f"substr(h.text, 1, {_FIRST_BREAK} - 1)",
        "head": f"substr(h.text, 1, {_SECOND_BREAK} - 1)",
        "error": f"substr({_REST}, 1, instr({_REST} || char(10), char(10)) - 1)",
    },
    "postgresql": {
        "title": "split_part(h.text, chr(10), 1)",
        "head": "split_part(h.text, chr(10), 1) || chr(10) || split_part(h.text, chr(10), 2)",
        "error": "split_part(h.text, chr(10), 3)",
    },
}


def _named(condition: c.Named) -> Sql:
    kinds, text = among("n.kind", condition.kinds), condition.text[:LONGEST_NAME]
    value = beginning("n.value", text) if condition.is_prefix else Sql("n.value = %s", (text,))
    return _has_name(joined("AND", [kinds, value]))


def beginning(column: str, text: str) -> Sql:
    return Sql(f"substr({column}, 1, {len(text)}) = %s", (text,))


def _has_name(such: Sql) -> Sql:
    return Sql(f"EXISTS (SELECT 1 FROM dashboard_name n WHERE n.task_id = t.id AND {such.text})", such.values)  # noqa: S608


def _lacking(condition: c.Lacks) -> Sql:
    has = _has_name(Sql("n.kind = %s", (condition.kind,)))
    return Sql(f"NOT {has.text}", has.values)


def _going_to(condition: c.To) -> Sql:
    return _named(c.Named(("to",), condition.value))


def _failed_in(condition: c.InGroup) -> Sql:
    groups = in_group("f.group_id", condition.id)
    return Sql(
        f"EXISTS (SELECT 1 FROM dashboard_failure f WHERE f.task_id = t.id AND {groups.text})",  # noqa: S608
        groups.values,
    )


def in_group(column: str, group_id: int) -> Sql:
    """A failure's own group is that one, or was merged into it: by the index of each, which an OR would not take."""
    groups = (
        "SELECT g.id FROM dashboard_group g WHERE g.id = %s "
        "UNION ALL SELECT g.id FROM dashboard_group g WHERE g.merged_into_id = %s"
    )
    is_one = f"= ANY(ARRAY({groups}))" if connection.vendor == "postgresql" else f"IN ({groups})"
    return Sql(f"{column} {is_one}", (group_id, group_id))


_LEAVES: dict[type, Callable[..., Sql]] = {
    c.Words: _anywhere,
    c.Titled: lambda titled: _in_part("title", titled.text),
    c.Failing: lambda failing: _in_part("error", failing.text),
    c.Compare: compared,
    c.Named: _named,
    c.Lacks: _lacking,
    c.To: _going_to,
    c.InGroup: _failed_in,
    c.InProject: lambda project: beginning("lower(t.project_id)", project.text),
}
