"""Messages of failures with the group each belongs to, to score the fingerprints against.

Every module here is scored apart. It has one or both of:

- `MESSAGES`: a sequence of `Message(text, type, group)`. Rows with the same `group` have one cause and should be one
  group of failures, whatever their types; rows with different labels should stay apart. Labels are free words, compared
  within their module only.
- `TEMPLATES`: a sequence of `Template(group, render)`. `render(random)` gives `(text, type)`: the same cause each time,
  with other ids, URLs, numbers, sizes, remote answers.

`score` counts pairs. `wrongly_split`: of the pairs with one label, the share with two fingerprints. `wrongly_joined`:
of the pairs with one fingerprint, the share with two labels (of the pairs with two labels it would be far less).
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A message of a failed task as Studio may say it, the type of the task, the label of its cause."""

    text: str
    type: str
    group: str


@dataclass(frozen=True)
class Template:
    """The label of a cause and a function that makes one message of it: `(text, type)`."""

    group: str
    render: Callable[[random.Random], tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1, and how many pairs each is of."""

    wrongly_joined: float
    joined: int
    wrongly_split: float
    together: int
    different: int

    def __str__(self) -> str:
        of_different = self.wrongly_joined * self.joined / max(self.different, 1)
        return (
            f"wrongly joined {self.wrongly_joined:.3%} of {self.joined} joined pairs"
            f" ({of_different:.3%} of {self.different} pairs with two labels),"
            f" wrongly split {self.wrongly_split:.3%} of {self.together} pairs with one label"
        )


def score(messages: Iterable[Message], value_of: Callable[[str, str], str]) -> Score:
    """How well `value_of(text, type)` agrees with the labels."""
    rows = [(message.group, value_of(message.text, message.type)) for message in messages]
    together = _pairs(group for group, _ in rows)
    joined = _pairs(value for _, value in rows)
    both = _pairs(rows)
    return Score(
        wrongly_joined=(joined - both) / max(joined, 1),
        joined=joined,
        wrongly_split=(together - both) / max(together, 1),
        together=together,
        different=len(rows) * (len(rows) - 1) // 2 - together,
    )


def _pairs(labels: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def rendered(templates: Iterable[Template], count: int, seed: int = 1) -> list[Message]:
    """`count` messages, as many of each template."""
    rng, known = random.Random(seed), list(templates)
    made = []
    for number in range(count):
        template = known[number % len(known)]
        text, task_type = template.render(rng)
        made.append(Message(text, task_type, template.group))
    return made


def disagreements(messages: Iterable[Message], value_of: Callable[[str, str], str]) -> list[str]:
    """Sentences about groups that were split or joined, each with an example, for a failing test."""
    texts: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, str]] = {}
    for message in messages:
        value = value_of(message.text, message.type)
        texts.setdefault(message.group, {}).setdefault(value, message.text)
        labels.setdefault(value, {}).setdefault(message.group, message.text)
    split = [f"{label!r} was split: {list(found.values())[:4]}" for label, found in texts.items() if len(found) > 1]
    joined = [found for found in labels.values() if len(found) > 1]
    return split + [f"{sorted(found)} were joined: {list(found.values())[:4]}" for found in joined]
