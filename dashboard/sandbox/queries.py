"""What a list understands of its query string, oddities of the real one included (read in its source)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from dashboard.sandbox.rows import Json

DEFAULT_ORDER = "updatedAt-true,createdAt-true"
_INT_FIELDS = ("createdAt", "updatedAt")
_COMPARISONS = ("gt", "gte", "lt", "lte")
Predicate = Callable[[Json], bool]


class Refused(Exception):
    """A query that Studio answers with an error. `status` and the text for `errors[0]`."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


DATABASE_ERROR = "Internal server error: error"


@dataclass
class Query:
    """`order`: (field, descending) pairs; `ranges`: inclusive bounds in ms of createdAt and updatedAt;
    `equals`: (field, value) pairs that a row must match; `likes`: (field, part in lower case)."""

    limit: int = 20
    skip: int = 0
    after_id: str = ""
    count: bool = False
    order: list[tuple[str, bool]] = field(default_factory=list)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    equals: list[tuple[str, object]] = field(default_factory=list)
    likes: list[tuple[str, str]] = field(default_factory=list)


def read_query(said: Mapping[str, str], fields: frozenset[str], like_fields: frozenset[str]) -> Query:
    """The query of a list whose filterable fields are `fields`. Raises `Refused`."""
    query = Query(limit=read_limit(said.get("limit", "")), count=bool(said.get("count")))
    query.order = read_order(said.get("order") or DEFAULT_ORDER, fields | like_fields)
    _read_cursor(query, said.get("cursor", ""))
    for item in _read_filters(said.get("filters", "")):
        _add_filter(query, item, fields, like_fields)
    return query


def read_limit(text: str) -> int:
    """20 unless a positive number stands at the beginning of the text; never above 1000."""
    match = re.match(r"\s*[+-]?\d+", text)
    number = int(match[0]) if match else 0
    return min(number, 1000) if number > 0 else 20


def read_order(text: str, fields: frozenset[str]) -> list[tuple[str, bool]]:
    """Fields that the list does not know are dropped; if none is left the order is by id."""
    order = []
    for part in text.split(","):
        name, dash, direction = part.partition("-")
        if dash and "-" not in direction and name in fields:
            order.append((name, direction == "true"))
    return order or [("id", False)]


def _read_cursor(query: Query, cursor: str) -> None:
    if not cursor:
        return
    if "skip" not in cursor:
        query.after_id = cursor
        return
    text = cursor.replace("skip", "", 1)
    if not re.fullmatch(r"\s*\+?\d{1,18}\s*", text):
        raise Refused(500, DATABASE_ERROR)
    query.skip = int(text)


def _read_filters(text: str) -> list[object]:
    if not text:
        return []
    try:
        found = json.loads(_decode_again(text), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _bad_filters(_v8_complaint(_decode_again(text), error)) from None
    if not isinstance(found, list):
        raise _bad_filters("Error: must be an array")
    return found


def _no_constant(name: str) -> object:
    raise json.JSONDecodeError("no JSON", name, 0)


def _decode_again(text: str) -> str:
    """The server percent-decodes the value a second time, so a lone % is an error."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise _bad_filters("URIError: URI malformed")
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise _bad_filters("URIError: URI malformed") from None


def _v8_complaint(text: str, error: json.JSONDecodeError) -> str:
    at = error.pos
    for word in ("null", "true", "false"):
        if text[at : at + 1] == word[0]:
            at += next((n for n, (a, b) in enumerate(zip(text[at:], word, strict=False)) if a != b), 0)
    if at >= len(text):
        return "SyntaxError: Unexpected end of JSON input"
    return f"SyntaxError: Unexpected token '{text[at]}', \"{text}\" is not valid JSON"


def _bad_filters(text: str) -> Refused:
    return Refused(400, f"error parsing filters: {text}")


def _add_filter(query: Query, item: object, fields: frozenset[str], like_fields: frozenset[str]) -> None:
    if not isinstance(item, dict):
        raise _bad_filters(f"TypeError: Cannot use 'in' operator to search for 'value' in {json.dumps(item)}")
    name = item.get("id")
    if "value" not in item:
        raise _bad_filters(f'Error: missing filter value for id "{name}"')
    value = item["value"]
    if name in like_fields:
        query.likes.append((str(name), str(value).lower()))
    elif name in _INT_FIELDS:
        _add_number(query, str(name), value)
    elif isinstance(name, str) and name in fields:
        query.equals.append((name, value))
    else:
        raise _bad_filters(f'Error: unknown field: "{name}"')


def _add_number(query: Query, name: str, value: object) -> None:
    if not isinstance(value, dict):
        number = _number(value)
        _narrow(query, name, number, number)
        return
    for comparison, raw in value.items():
        if comparison not in _COMPARISONS:
            raise _bad_filters(f'Error: unknown comparison: "{comparison}"')
        number = _number(raw)
        if comparison.startswith("g"):
            _narrow(query, name, number + (comparison == "gt"), 1 << 62)
        else:
            _narrow(query, name, -(1 << 62), number - (comparison == "lt"))


def _number(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError, OverflowError):
        raise Refused(500, DATABASE_ERROR) from None


def _narrow(query: Query, name: str, low: int, high: int) -> None:
    old_low, old_high = query.ranges.get(name, (-(1 << 62), 1 << 62))
    query.ranges[name] = (max(low, old_low), min(high, old_high))
