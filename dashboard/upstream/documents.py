"""The walk through a JSON document: which values are secret because of where they stand.

It keeps a list of what waits instead of recursing, so no depth of nesting can break it; what lies
deeper than 200 levels becomes a short text, because json.dumps and templates could not follow.
A place announces a secret by its name (`jwt`, `apiSecret`, `encryption.key`), by being a value under
`headers`, or by a name beside it (`{"name": "apiKey", "value": ...}`). Every leaf below goes,
whatever its type; null, booleans and empty texts stay, because they tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from . import marks
from .secret_names import HELD_NAMES, LONGEST_NAME, holds_headers, kind_by_holder, secret_kind
from .storable import storable_number

_BESIDE = ("name", "key", "header", "field")
_HEADER_LINE = re.compile(r"([A-Za-z0-9\-_]{1,64}):\s*(.*)", re.S)
_SMALL = 2**63
_MOST_NAMES = 4096
DEEPEST = 200
TOO_DEEP = "(nested more than 200 levels deep)"

Text = Callable[[str], str]
Waiting = list["_Place"]


class Names(dict[Any, tuple[str, str | None]]):
    """What each key of an object is drawn as, and the kind of secret it announces. Keys repeat."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text

    def __missing__(self, key: Any) -> tuple[str, str | None]:
        name = key if isinstance(key, str) else str(key)
        drawn = self._text(name)
        found = drawn, _kind_of_name(name) or _kind_of_name(drawn)
        if len(name) <= LONGEST_NAME:
            if len(self) >= _MOST_NAMES:
                self.clear()
            self[key] = found
        return found


class _Place(NamedTuple):
    """A container to copy. `kind`: what every leaf in it is. `name`: the key it stands under.

    `headers`: it is a list of headers; `header`: it is one entry of such a list.
    """

    source: Any
    copy: Any
    level: int
    kind: str | None = None
    name: str = ""
    headers: bool = False
    header: bool = False


def redacted_copy(document: Any, text: Text, names: Names) -> Any:
    """A deep copy of `document`; `text` redacts each string. Keys that become equal are kept, numbered."""
    if not isinstance(document, (dict, list, tuple)):
        return _leaf(document, text)
    copy: Any = {} if isinstance(document, dict) else []
    waiting = [_Place(document, copy, 1)]
    while waiting:
        place = waiting.pop()
        if isinstance(place.copy, dict):
            _copy_object(place, text, names, waiting)
        else:
            _copy_list(place, text, waiting)
    return copy


def _copy_object(place: _Place, text: Text, names: Names, waiting: Waiting) -> None:
    source, copy, level, kind, holder, _, header = place
    paired = _kind_by_name_beside(source, text) if kind is None and "value" in source else None
    for key, value in source.items():
        name, below = names[key]
        if name in copy:
            name = _unused(name, copy)
        if kind is not None:
            below = None if header and key in _BESIDE and "value" in source else kind
        elif below is None and key in HELD_NAMES:
            below = kind_by_holder(holder)
        elif paired and key == "value":
            below = paired
        if isinstance(value, (dict, list, tuple)) and value and level < DEEPEST:
            child: Any = {} if isinstance(value, dict) else []
            copy[name] = child
            headers = kind is None and below == marks.HEADER and isinstance(child, list)
            held = key if isinstance(key, str) else ""
            waiting.append(_Place(value, child, level + 1, below, held, headers))
        elif below is None:
            copy[name] = text(value) if isinstance(value, str) else _leaf(value, text)
        else:
            copy[name] = _marked(value, below)


def _copy_list(place: _Place, text: Text, waiting: Waiting) -> None:
    source, copy, level, kind, holder, headers, header = place
    for position, value in enumerate(source):
        if isinstance(value, (dict, list, tuple)) and value and level < DEEPEST:
            child: Any = {} if isinstance(value, dict) else []
            copy.append(child)
            waiting.append(_Place(value, child, level + 1, kind, holder, header=headers))
        elif kind is None or (header and position == 0 and len(source) > 1):
            copy.append(_leaf(value, text))
        else:
            copy.append(_header_line(value, text) if headers else _marked(value, kind))


def _kind_of_name(name: str) -> str | None:
    if len(name) > LONGEST_NAME:
        return None
    return marks.HEADER if holds_headers(name) else secret_kind(name)


def _kind_by_name_beside(source: dict[Any, Any], text: Text) -> str | None:
    """The kind that `{"name": "apiKey", "value": ...}` gives to its value."""
    for beside in _BESIDE:
        name = source.get(beside)
        if isinstance(name, str) and (kind := _kind_of_name(name) or _kind_of_name(text(name))):
            return kind
    return None


def _header_line(line: Any, text: Text) -> Any:
    """`Authorization: Bearer x` in a list of lines keeps its name."""
    match = _HEADER_LINE.fullmatch(line) if isinstance(line, str) else None
    if match is None:
        return _marked(line, marks.HEADER)
    return f"{text(match[1])}: {_marked(match[2], marks.HEADER)}"


def _marked(value: Any, kind: str) -> Any:
    if value is None or isinstance(value, bool) or value == "":
        return value
    if isinstance(value, (dict, list, tuple)) and not value:
        return _end_of_nesting(value)
    if isinstance(value, str) and marks.is_marks(value):
        return value
    return marks.MARKS[kind]


def _leaf(value: Any, text: Text) -> Any:
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -_SMALL < value < _SMALL:
        return value
    if isinstance(value, (dict, list, tuple)):
        return _end_of_nesting(value)
    return storable_number(value) if isinstance(value, (int, float)) else text(str(value))


def _end_of_nesting(value: Any) -> Any:
    """A container with nothing in it, or one too deep for json.dumps, templates and databases to follow."""
    if value:
        return TOO_DEEP
    return {} if isinstance(value, dict) else []


def _unused(name: str, copy: dict[str, Any]) -> str:
    number = 2
    while f"{name} ({number})" in copy:
        number += 1
    return f"{name} ({number})"
