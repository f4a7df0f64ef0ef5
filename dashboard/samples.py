"""Those of many messages that differ most from each other, so that a few tell what there is."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from dashboard.fingerprint import fingerprint_of

MOST_READ = 200
MOST = 5
SHOWN = 500
LONGEST_READ = 5_000
LONGEST_SHAPED = 1_000
VALUES_COUNT = 0.1
BODY = "⟨body⟩"

_TOKEN = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")
_HAS_DIGIT = re.compile(r"[0-9]")


class Sample(NamedTuple):
    """A message, and how many of those that were read say the same. `is_shape`: they differ in values."""

    text: str
    times: int
    is_shape: bool = False

    @property
    def head(self) -> str:
        """As much as is shown at once."""
        return self.text[:SHOWN]

    @property
    def rest(self) -> str:
        return self.text[SHOWN:]


class _Read(NamedTuple):
    """`words` of a message, and its `values`: what has a digit in it and so says little about the cause."""

    sample: Sample
    words: frozenset[str]
    values: frozenset[str]

    @classmethod
    def of(cls, sample: Sample) -> "_Read":
        tokens = set(_TOKEN.findall(sample.text[:LONGEST_READ].lower()))
        values = {token for token in tokens if _HAS_DIGIT.search(token)}
        return cls(sample, frozenset(tokens - values), frozenset(values))


def samples_of(messages: Iterable[str], most: int = MOST) -> list[Sample]:
    """At most so many, the most frequent first, then always the one that is farthest from all chosen ones. Equal ones,
    and those that differ in values only, come once; of those that are equally far the more frequent, then the earlier.
    Only the first 200 are read."""
    left = [_Read.of(sample) for sample in _shapes(Counter(islice(messages, MOST_READ)))]
    chosen, farness = list[_Read](), [float("inf")] * len(left)
    while left and len(chosen) < most and max(farness) > 0:
        at = farness.index(max(farness))
        chosen.append(left.pop(at))
        farness.pop(at)
        farness = [min(far, _distance(read, chosen[-1])) for far, read in zip(farness, left, strict=True)]
    return [read.sample for read in chosen]


def _shapes(counts: Counter[str]) -> list[Sample]:
    """One for all messages that differ in values only, the most frequent of them."""
    shapes = dict[object, Sample]()
    for text, times in counts.most_common():
        shape = _shape_of(text)
        held = shapes.get(shape)
        shapes[shape] = Sample(held.text, held.times + times, True) if held else Sample(text, times)
    return sorted(shapes.values(), key=lambda sample: sample.times, reverse=True)


def _shape_of(text: str) -> object:
    """Answers of other servers stay apart: they may say why, and a title has but a mark for them."""
    title = fingerprint_of(text[:LONGEST_SHAPED]).title
    return (title, _Read.of(Sample(text, 1)).words) if BODY in title else title


def _distance(one: _Read, other: _Read) -> float:
    """0 for messages of the same words and values. Other words count more than other values."""
    return _difference(one.words, other.words) + VALUES_COUNT * _difference(one.values, other.values)


def _difference(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all tokens that only one of them has."""
    either = len(one | other)
    return len(one ^ other) / either if either else 0.0
