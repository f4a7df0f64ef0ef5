"""What differs between two JSON documents, leaf by leaf, in document order.

null, `{}` and `[]` are leaves. A leaf that only one document has is MISSING in the other, which is not null. What is
a branch here and a leaf there is told as the leaves of both.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from itertools import islice, zip_longest
from typing import Any, Final, NamedTuple

from dashboard.paths import step

MOST = 2000
MOST_LEAVES = 200_000
MOST_BUILT = 30_000_000  # characters of all paths built on the way
MOST_OF_PATHS = 1_000_000  # characters of all paths told; a small document may have endless ones


class _Missing(Enum):
    MISSING = "not set"


MISSING: Final = _Missing.MISSING


Pairs = Iterator[tuple[str | int, Any, Any]]


class Difference(NamedTuple):
    """`kind` is seen from the left: `changed`, `only left` or `only right`."""

    path: str
    left: Any
    right: Any
    kind: str


class Differences(NamedTuple):
    """`more` counts what comes after the rows; `hidden` the equal leaves of which nobody can say that they are equal.
    `is_cut`: the documents are so large that their ends were not compared."""

    rows: list[Difference]
    more: int
    hidden: int
    is_cut: bool


def differences(
    left: dict[str, Any],
    right: dict[str, Any],
    parts: tuple[str, ...] = ("params", "output"),
    most: int = MOST,
    is_hidden: Callable[[Any], bool] = lambda value: False,
) -> Differences:
    """Of these parts of the documents only."""
    rows: list[Difference] = []
    more = hidden = told = 0
    walk = _Walk(left, right, parts)
    leaves = iter(walk)
    for holder, key, one, other in islice(leaves, MOST_LEAVES):
        if not _is_same(one, other):
            if len(rows) < most and told + len(holder) < MOST_OF_PATHS:
                path = step(holder, key)
                told += len(path)
                rows.append(Difference(path, one, other, _kind(one, other)))
            else:
                more += 1
        elif is_hidden(one):
            hidden += 1
    return Differences(rows, more, hidden, next(leaves, None) is not None or walk.left_to_build < 0)


class _Walk:
    """Pairs of leaves, at least one of them there: the path of their holder, their key, both. A document may be deeper
    than Python's stack, and a small one may have endless paths: each is built when its turn has come."""

    def __init__(self, left: dict[str, Any], right: dict[str, Any], parts: tuple[str, ...]) -> None:
        self.first = [(part, left.get(part, MISSING), right.get(part, MISSING)) for part in parts]
        self.left_to_build = MOST_BUILT

    def __iter__(self) -> Iterator[tuple[str, str | int, Any, Any]]:
        waiting: list[tuple[str, Pairs]] = [("", iter(self.first))]
        while waiting and self.left_to_build >= 0:
            path, pairs = waiting[-1]
            for key, one, other in pairs:
                if not _is_branch(one) and not _is_branch(other):
                    if one is not MISSING or other is not MISSING:
                        yield path, key, one, other
                    continue
                if _can_be_paired(one, other):
                    below = step(path, key)
                    self.left_to_build -= len(below)
                    waiting.append((below, _children(one, other)))
                else:
                    waiting += [(path, iter([(key, MISSING, other)])), (path, iter([(key, one, MISSING)]))]
                break
            else:
                waiting.pop()


def _can_be_paired(one: Any, other: Any) -> bool:
    return one is MISSING or other is MISSING or (type(one) is type(other) and _is_branch(one) and _is_branch(other))


def _children(one: Any, other: Any) -> Pairs:
    """In the order of the left; what only the right has comes last."""
    if isinstance(one, list) or isinstance(other, list):
        left, right = (value if isinstance(value, list) else [] for value in (one, other))
        for number, pair in enumerate(zip_longest(left, right, fillvalue=MISSING)):
            yield number, *pair
        return
    first, second = (value if isinstance(value, dict) else {} for value in (one, other))
    for key, value in first.items():
        yield key, value, second.get(key, MISSING)
    for key, value in second.items():
        if key not in first:
            yield key, MISSING, value


def _is_branch(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _is_same(one: Any, other: Any) -> bool:
    """`true` is not 1; 1 and 1.0 are one number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other or (one != one and other != other))


def _kind(one: Any, other: Any) -> str:
    return "only right" if one is MISSING else "only left" if other is MISSING else "changed"
