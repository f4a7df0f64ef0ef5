"""How many tasks there are of each phase and type."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from dashboard.models.lanes import Kind as LaneKind
from dashboard.models.scope import Scope
from dashboard.models.seeking import Match
from dashboard.models.tally import Kind
from dashboard.phases import OVERLAYS

EXACT_TO = 10_000
"""Beyond this a number is told as `10k+`."""
Tallies = Mapping[Kind, int]
Cells = Mapping[tuple[str, str], int]


class Count(NamedTuple):
    """`is_capped`: there are more than 10,000; `number` is then one that there are at least."""

    number: int
    is_capped: bool = False

    @classmethod
    def at_least(cls, number: int) -> "Count":
        return cls(number, number > EXACT_TO)


class Counts:
    """Numbers by the words of the strip and by type. `phases` and `types`: all that the accounts have, sorted."""

    def __init__(self, held: Tallies, number_of: Callable[[str, str], int]) -> None:
        """`held`: how many tasks there are of Studio's phase, type and overlay without the condition; `number_of`: with
        it, of a word of the strip and a type, of which one may be empty."""
        self.phases = sorted({phase for (phase, _, _), number in held.items() if number > 0})
        self.types = sorted({task_type for (_, task_type, _), number in held.items() if number > 0})
        self._number_of = number_of
        self._known: dict[tuple[str, str], int] = {}

    def of(self, phase: str = "", task_type: str = "") -> Count:
        """Empty is any. `waiting` is without those that are retrying."""
        key = (phase, task_type)
        if key not in self._known:
            self._known[key] = self._number_of(phase, task_type)
        return Count.at_least(self._known[key])


def from_cells(held: Tallies, cells: Cells, overlaid: Cells) -> Counts:
    """`cells`: numbers by Studio's phase and type; `overlaid`: by overlay and type."""

    def number_of(phase: str, task_type: str) -> int:
        if phase in OVERLAYS:
            return _sum(overlaid, phase, task_type)
        retrying = _sum(overlaid, "retrying", task_type) if phase == "waiting" else 0
        return max(_sum(cells, phase, task_type) - retrying, 0)

    return Counts(held, number_of)


def _sum(cells: Cells, phase: str, task_type: str) -> int:
    return sum(n for (p, t), n in cells.items() if (not phase or p == phase) and (not task_type or t == task_type))


def from_tallies(held: Tallies, kinds: Sequence[LaneKind]) -> Counts:
    """Of scopes that ask for nothing but phases and types."""
    cells, overlaid = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (phase, task_type, overlay), number in held.items():
        if any(kind.phase in ("", phase) and kind.type in ("", task_type) for kind in kinds):
            cells[phase, task_type] += number
            overlaid[overlay, task_type] += number
    return from_cells(held, cells, overlaid)


def from_matches(held: Tallies, matches: Iterable[Match]) -> Counts:
    cells, overlaid = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (phase, task_type, overlay, is_deleted), number in Counter(map(_kind_of, matches)).items():
        if not is_deleted:
            cells[phase, task_type] += number
            overlaid[overlay, task_type] += number
    return from_cells(held, cells, overlaid)


_kind_of = attrgetter("phase", "type", "overlay", "is_deleted")


def by_counting(held: Tallies, scope_of: Callable[[str, str], Scope]) -> Counts:
    """Each number when it is asked for, and no further than 10,001. All phases together are the sum of each."""

    def number_of(phase: str, task_type: str) -> int:
        if phase:
            return scope_of(phase, task_type).counted(EXACT_TO + 1)
        phases = {p for (p, t, _), number in held.items() if number > 0 and task_type in ("", t)}
        total = 0
        for each in sorted(phases):
            total += counts.of(each, task_type).number
        return total + (counts.of("retrying", task_type).number if "waiting" in phases else 0)

    counts = Counts(held, number_of)
    return counts
