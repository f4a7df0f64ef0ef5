"""What a search asks of a task, as a tree of frozen values that can be compared, kept and read by anything."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

SHORT = 3
"""Texts with fewer characters have no trigram: they are looked for in titles and ids only."""


class Unclear(ValueError):
    """A text that cannot be read. `sentence`: for people, without a position; `at` and `length`: what it is about, in
    characters of the text as it was typed."""

    def __init__(self, sentence: str, at: int, length: int) -> None:
        super().__init__(f"{sentence} (at {at}, {length} long)")
        self.sentence, self.at, self.length = sentence, at, length


@dataclass(frozen=True)
class All:
    """Every part holds. Without parts: any task."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Any:
    """At least one part holds. Without parts: no task."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class Words:
    """The folded text stands somewhere in the haystack; a short one in its title or ids."""

    text: str

    @property
    def is_short(self) -> bool:
        return len(self.text) < SHORT


@dataclass(frozen=True)
class Titled:
    """The folded text stands in the title."""

    text: str


@dataclass(frozen=True)
class Failing:
    """The folded text stands in the error."""

    text: str


@dataclass(frozen=True)
class Is:
    """`field` (`phase`, `type` or `overlay`) is one of these. The values are folded: a stored word is meant if its own
    fold is the same. `phase` is Studio's: `waiting` holds those that are retrying too."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Compare:
    """`field` (`retries`, `progress`, `created_at` or `updated_at`) `op` (`= < <= > >=`) `value`: a number, a share
    from 0 to 1, or a time in ms."""

    field: str
    op: str
    value: int | float


@dataclass(frozen=True)
class Named:
    """The task has a Name of one of these kinds that is the folded text, or begins with it."""

    kinds: tuple[str, ...]
    text: str
    is_prefix: bool = False


@dataclass(frozen=True)
class Lacks:
    """The task has no Name of this kind."""

    kind: str


@dataclass(frozen=True)
class To:
    """An export that goes there: `ipfs` or `custom`."""

    value: str


@dataclass(frozen=True)
class Of:
    """Of an `account` or `project` that is called so, folded. Must be settled: who searches decides what they see."""

    kind: str
    text: str


@dataclass(frozen=True)
class InAccounts:
    ids: tuple[int, ...]


@dataclass(frozen=True)
class InProject:
    """The project's id is the folded text or begins with it."""

    text: str


@dataclass(frozen=True)
class InGroup:
    """The task failed for the cause of the group with this key, or of one that was merged into it."""

    id: int


_Leaf = Words | Titled | Failing | Is | Compare | Named | Lacks | To | Of | InAccounts | InProject | InGroup
Condition = All | Any | Not | _Leaf


def all_of(parts: Iterable[Condition]) -> Condition:
    """As flat as can be."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,)))
    return flat[0] if len(flat) == 1 else All(flat)


def any_of(parts: Iterable[Condition]) -> Condition:
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Any) else (part,)))
    return flat[0] if len(flat) == 1 else Any(flat)


def negated(part: Condition) -> Condition:
    """What is negated twice is itself."""
    return part.part if isinstance(part, Not) else Not(part)


def settle(condition: Condition, resolve: Callable[[Of], Condition]) -> Condition:
    """The same with every `Of` answered."""
    match condition:
        case All(parts):
            return all_of([settle(part, resolve) for part in parts])
        case Any(parts):
            return any_of([settle(part, resolve) for part in parts])
        case Not(part):
            return Not(settle(part, resolve))
        case Of():
            return resolve(condition)
    return condition


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """What is asked, without All, Any and Not."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves_of(part)
        case Not(part):
            yield from leaves_of(part)
        case _:
            yield condition


def wanted_in(condition: Condition) -> tuple[str, ...]:
    """The texts that a found task may hold anywhere: none that is negated, and not the short ones."""
    match condition:
        case All(parts) | Any(parts):
            return tuple(dict.fromkeys(text for part in parts for text in wanted_in(part)))
        case Words() if not condition.is_short:
            return (condition.text,)
    return ()


def texts_of(condition: Condition) -> tuple[str, ...]:
    """The short texts, which are looked for in titles and ids only."""
    return tuple(dict.fromkeys(leaf.text for leaf in leaves_of(condition) if isinstance(leaf, Words) and leaf.is_short))
