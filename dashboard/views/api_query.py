"""What the API understands of a query string: Studio's own words, and `phase`, `type` and `updated_since` beside them.

Oddities are kept where a client may rely on them: the text of `filters` is percent-decoded a second time, a limit that
makes no sense is 20, an unknown field of `order` is dropped (observed on the real server). Where that stumbles with a
500, we refuse with a 400.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from dashboard.models.api_page import COMPARISONS, FIELDS, LARGEST, NUMBERS, Condition, Wanted

USUAL_LIMIT, GREATEST_LIMIT = 20, 1000
MOST_PARAMETERS, MOST_FILTERS, MOST_WORDS = 100, 50, 50
LONGEST_ECHO = 200
Pairs = list[tuple[str, str]]


class Refused(Exception):
    """A query that is answered with a 400. `sentence` is for `errors[0]`."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_pairs(query_string: str) -> Pairs:
    """The parameters in their order; `query_string` as WSGI has it, which is bytes as Latin-1. Raises Refused, also for
    `projectId`: the account is the project, as it is for a key of Studio's (observed on the real server)."""
    text = query_string.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Refused("too many query parameters") from None
    if any(name == "projectId" and value for name, value in pairs):
        raise Refused("projectId as query param not supported")
    return pairs


def read_query(pairs: Pairs) -> Wanted:
    """What is wanted. Raises Refused."""
    said = _joined(pairs)
    skip, after_id = _read_cursor(said.get("cursor", ""))
    filters = tuple(_read_filters(said.get("filters", "")))
    return Wanted(
        limit=_read_limit(said.get("limit", "")),
        skip=skip,
        after_id=after_id,
        order=_read_order(said["order"]) if said.get("order") else Wanted.order,
        conditions=(*filters, *_read_words(said)),
        count=bool(said.get("count")),
    )


def next_query(pairs: Pairs, wanted: Wanted) -> str:
    """The query string of the next page: the same with another cursor."""
    others = [(name, value) for name, value in pairs if name != "cursor"]
    return urlencode([*others, ("cursor", f"skip{wanted.skip + wanted.limit}")], errors="replace")


def _joined(pairs: Pairs) -> dict[str, str]:
    """Repeated parameters are joined by commas, as the real server does."""
    said: dict[str, str] = {}
    for name, value in pairs:
        said[name] = f"{said[name]},{value}" if name in said else value
    return said


def _read_limit(text: str) -> int:
    match = re.match(r"\s*\+?0*(\d{1,18})", text, re.ASCII)
    number = int(match[1]) if match else 0
    return min(number, GREATEST_LIMIT) if number else USUAL_LIMIT


def _read_cursor(text: str) -> tuple[int, str]:
    """How many rows to skip, and the id to begin after: what holds no "skip" is one (observed on the real server)."""
    if "skip" not in text:
        if not _can_be_looked_for(text):
            raise Refused("error parsing cursor: it is none of ours")
        return 0, text
    match = re.fullmatch(r"\s*\+?(\d{1,18})\s*", text.replace("skip", "", 1), re.ASCII)
    if match is None:
        raise Refused("error parsing cursor: expected skip and a number")
    return int(match[1]), ""


def _read_order(text: str) -> tuple[tuple[str, bool], ...]:
    """Fields that nobody knows are dropped; if none is left the order is by id."""
    order: dict[str, bool] = {}
    for part in text.split(","):
        field, dash, direction = part.partition("-")
        if dash and "-" not in direction and field in FIELDS:
            order.setdefault(field, direction == "true")
    return tuple(order.items()) or (("id", False),)


def _read_words(said: dict[str, str]) -> Iterator[Condition]:
    """What Studio lacks."""
    for name in ("phase", "type"):
        words = {word.strip() for word in said.get(name, "").split(",")} - {""}
        if len(words) > MOST_WORDS:
            raise Refused(f"error parsing {name}: too many words")
        if words:
            yield _one_of(name, tuple(sorted(words)))
    if said.get("updated_since"):
        yield Condition("updatedAt", "gte", _number(said["updated_since"], "error parsing updated_since"))


def _one_of(field: str, words: tuple[str, ...]) -> Condition:
    findable = tuple(word for word in words if _can_be_looked_for(word))
    return Condition(field, "eq", findable[0]) if len(findable) == 1 else Condition(field, "in", findable)


def _read_filters(text: str) -> Iterator[Condition]:
    filters = _parsed(_decoded_again(text)) if text else []
    if not isinstance(filters, list):
        raise _bad_filters("Error: must be an array")
    if len(filters) > MOST_FILTERS:
        raise _bad_filters("Error: too many filters")
    for one in filters:
        if not isinstance(one, dict):
            raise _bad_filters(f"TypeError: Cannot use 'in' operator to search for 'value' in {_echo(one)}")
        yield from _conditions(one)


def _decoded_again(text: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise _bad_filters("URIError: URI malformed")
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        raise _bad_filters("URIError: URI malformed") from None


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _bad_filters(_complaint(text, error.pos)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        raise _bad_filters("SyntaxError: too large to be read") from None


def _no_constant(name: str) -> object:
    raise json.JSONDecodeError("no JSON", name, 0)


def _complaint(text: str, at: int) -> str:
    """Nearly as Node says it, which looks a few letters further into a word that begins like `null`."""
    for word in ("null", "true", "false"):
        if text[at : at + 1] == word[0]:
            at += next((n for n, (a, b) in enumerate(zip(text[at:], word, strict=False)) if a != b), 0)
    if at >= len(text):
        return "SyntaxError: Unexpected end of JSON input"
    return f"SyntaxError: Unexpected token '{text[at]}', \"{text[:LONGEST_ECHO]}\" is not valid JSON"


def _conditions(one: dict[str, Any]) -> Iterator[Condition]:
    field = one.get("id", "undefined")
    if "value" not in one:
        raise _bad_filters(f'Error: missing filter value for id "{_echo(field)}"')
    value = one["value"]
    if not isinstance(field, str) or field not in FIELDS:
        raise _bad_filters(f'Error: unknown field: "{_echo(field)}"')
    if field in NUMBERS:
        yield from _numeric(field, value if isinstance(value, dict) else {"eq": value}, isinstance(value, dict))
    elif not isinstance(value, str) or not _can_be_looked_for(value):
        yield Condition(field, "in", ())  # no task has anything but a text there
    elif field == "name":
        yield Condition("name", "like", value)
    else:
        yield Condition(field, "eq", value) if value else Condition(field, "in", ())


def _numeric(field: str, compared: dict[str, Any], by_name: bool) -> Iterator[Condition]:
    for comparison, value in compared.items():
        if comparison not in COMPARISONS or (by_name and comparison == "eq"):  # theirs forgets a `break` after eq
            raise _bad_filters(f'Error: unknown comparison: "{_echo(comparison)}"')
        yield Condition(field, comparison, _number(value, f'error parsing filters: Error: field "{field}"'))


def _number(value: object, where: str) -> int:
    """A whole number, also one in a text; what no column can hold becomes the nearest that it can."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,1000}\s*", value, re.ASCII):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{where}: expected a whole number")
    return max(-LARGEST, min(value, LARGEST))


def _can_be_looked_for(text: str) -> bool:
    """No database holds a text with a NUL or half a surrogate pair, and asking for one is an error in some."""
    try:
        return "\0" not in text and bool(text.encode() or True)
    except UnicodeEncodeError:
        return False


def _bad_filters(complaint: str) -> Refused:
    return Refused(f"error parsing filters: {complaint}")


def _echo(value: object) -> str:
    """A piece of what was said, for the error."""
    if isinstance(value, dict | list):
        return "[object Object]"
    return value[:LONGEST_ECHO] if isinstance(value, str) else str(json.dumps(value))[:LONGEST_ECHO]
