"""A text looked for in the leaves of a JSON document: in their paths and in their values, in whatever case."""

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from dashboard.paths import step

MOST = 100
MOST_OF_PATHS = 200_000  # characters of all paths told; a small document may have endless ones
MOST_BUILT = 30_000_000  # characters of all paths built on the way
SECONDS = 0.3
LONGEST_TEXT = 200
_LEAVES_A_LOOK = 2_000
_LONG_PATH = 10_000
_BRANCHES = (dict, list)


class Hit(NamedTuple):
    """`parent` is the path of the branch that holds the leaf, `key` its name there."""

    path: str
    parent: str
    key: str
    value: Any


class Hits(NamedTuple):
    """`total` counts those beyond `rows` too. `is_cut`: the end of the document was not reached, because time was up or
    its keys are absurdly long."""

    rows: list[Hit]
    total: int
    is_cut: bool


OVER = Hit("", "", "", None)


def hits_in(document: dict[str, Any], text: str, most: int = MOST, seconds: float = SECONDS) -> Hits:
    """The first leaves with the text, in document order."""
    rows: list[Hit] = []
    count, told, ends = 0, 0, time.thread_time() + seconds
    for found in _matches(document, text[:LONGEST_TEXT].casefold()):
        if found is None or found is OVER:
            if found is OVER or time.thread_time() > ends:
                return Hits(rows, count, True)
            continue
        count += 1
        told += len(found.path)
        if len(rows) < most and told < MOST_OF_PATHS:
            rows.append(found)
    return Hits(rows, count, False)


def around(text: str, wanted: str, before: int = 60, after: int = 140) -> tuple[str, str, str]:
    """The first place of `wanted` in the text: what stands before it, itself, what stands after it, both cut with an
    ellipsis. Without such a place the beginning of the text, and twice nothing."""
    start, end = _place(text, wanted[:LONGEST_TEXT].casefold())
    if end <= start:
        return text[: before + after] + "…" * (len(text) > before + after), "", ""
    head = text[max(0, start - before) : start]
    tail = text[end : end + after]
    return "…" * (start > before) + head, text[start:end], tail + "…" * (end + after < len(text))


def text_of(value: Any) -> str:
    """A leaf as the tree shows it."""
    if isinstance(value, str):
        return value
    return repr(value) if type(value) is int else json.dumps(value)


def _place(text: str, wanted: str) -> tuple[int, int]:
    folded = text.casefold()
    at = folded.find(wanted) if wanted else -1
    if at < 0:
        return 0, 0
    if len(folded) == len(text):
        return at, at + len(wanted)
    return _unfolded(text, at), _unfolded(text, at + len(wanted))


def _unfolded(text: str, at: int) -> int:
    """Where the folded text is `at`, the text itself is: ß folds to two letters."""
    length = 0
    for number, character in enumerate(text):
        if length >= at:
            return number
        length += len(character.casefold())
    return len(text)


def _matches(document: dict[str, Any], wanted: str) -> Iterator[Hit | None]:
    """None now and then, so that the caller can look at the clock; OVER when the paths grow beyond measure. Whole paths
    are built for branches and hits only, and the loop does it all itself: a document of 5 MB may have half a million
    leaves, and be deeper than the stack."""
    waiting, names, number, built = [("", "", False, _children(document))], _Names(), 0, 0
    while waiting:
        path, tail, is_in_path, children = waiting[-1]
        for key, value in children:
            if value.__class__ in _BRANCHES and value:
                below = step(path, key)
                built += len(below)
                if built > MOST_BUILT:
                    yield OVER
                    return
                folded = below.casefold()
                waiting.append((below, folded[-len(wanted) :], wanted in folded, _children(value)))
                break
            number += 1
            if len(path) > _LONG_PATH or number % _LEAVES_A_LOOK == 0:
                yield None
            text = value if value.__class__ is str else text_of(value)
            name = names[key] if path else names[key].removeprefix(".")
            if is_in_path or wanted in text.casefold() or wanted in tail + name:
                yield Hit(step(path, key), path, str(key), value)
        else:
            waiting.pop()


def _children(value: Any) -> Iterator[tuple[str | int, Any]]:
    return iter(value.items() if isinstance(value, dict) else enumerate(value))


class _Names(dict[str | int, str]):
    """What a key adds to its holder's path, folded. The same keys come again and again."""

    def __missing__(self, key: str | int) -> str:
        name = f"[{key}]" if isinstance(key, int) else step("-", key)[1:].casefold()
        if len(self) < _LEAVES_A_LOOK:
            self[key] = name
        return name
