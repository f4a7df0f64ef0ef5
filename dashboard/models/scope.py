"""What of a search the indexes answer by themselves, and what must be tested on each task."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboard import conditions as c
from dashboard.models.compiling import ALWAYS, Sql, Words, among, compiled, joined
from dashboard.models.lanes import Kind, Lanes
from dashboard.models.order import Sort
from dashboard.phases import OVERLAYS

_SORTS = {sort.column: sort for sort in Sort}
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_HELD = {Sort.UPDATED: (Sort.UPDATED, Sort.CREATED)}
"""Whose columns the indexes of an order hold, if not its own alone."""


@dataclass(frozen=True)
class Scope:
    """Tasks of these accounts and kinds, within the bounds of each column, for which the rest holds."""

    account_ids: tuple[int, ...]
    kinds: tuple[Kind, ...]
    bounds: dict[Sort, Sql] = field(hash=False)
    rest: Sql
    condition: c.Condition

    @classmethod
    def of(
        cls, account_ids: tuple[int, ...], phase: str, task_type: str, condition: c.Condition, words: Words
    ) -> "Scope":
        """`phase` is a word of the strip."""
        sorted_out = _Parts(account_ids, words)
        sorted_out.add_filters(phase, task_type)
        for part in condition.parts if isinstance(condition, c.All) else (condition,):
            sorted_out.add(part)
        bounds = {sort: joined("AND", compares) for sort, compares in sorted_out.bounds.items()}
        kinds = sorted_out.kinds()
        return cls(
            sorted_out.account_ids,
            kinds,
            bounds,
            joined("AND", [part for part in sorted_out.rest if part != ALWAYS]),
            condition,
        )

    def lanes(self, sort: Sort) -> Lanes:
        """The lanes in this order in which all these tasks stand, and as few others as may be."""
        told = [self.bounds[held] for held in _HELD.get(sort, (sort,)) if held in self.bounds]
        return Lanes(self.account_ids, self._kinds_in(sort), joined("AND", told))

    def _kinds_in(self, sort: Sort) -> tuple[Kind, ...]:
        """As far as the indexes of the order tell: that by progress holds the phase, as it goes with the phase so much
        that one would walk through all completed tasks to the first of another."""
        if sort is Sort.UPDATED:
            return self.kinds
        return tuple(dict.fromkeys(Kind(kind.phase if sort is Sort.PROGRESS else "") for kind in self.kinds))

    def test(self, sort: Sort | None) -> Sql:
        """What the lanes in this order do not tell by themselves; without an order everything."""
        held = () if sort is None else _HELD.get(sort, (sort,))
        parts = [bound for column, bound in self.bounds.items() if column not in held]
        if Kind() not in self.kinds and (sort is None or self._kinds_in(sort) != self.kinds):
            parts.append(joined("OR", [kind.where for kind in self.kinds]))
        if sort is None:
            parts.append(among("t.account_id", self.account_ids))
        return joined("AND", [part for part in (*parts, self.rest) if part != ALWAYS])

    @property
    def asks_for_kinds_only(self) -> bool:
        """Whether the tallies know how many they are."""
        return not self.bounds and self.rest == ALWAYS and not any(kind.overlay for kind in self.kinds)

    def counted(self, most: int) -> int:
        """How many there are and were not deleted at Studio, at most so many."""
        return self.lanes(Sort.UPDATED).count(Sort.UPDATED, self.test(Sort.UPDATED), most)


class _Parts:
    def __init__(self, account_ids: tuple[int, ...], words: Words) -> None:
        self.account_ids, self._words = account_ids, words
        self.bounds: dict[Sort, list[Sql]] = defaultdict(list)
        self.rest: list[Sql] = []
        self._among: dict[str, list[str]] = {}
        self._without = ""

    def add_filters(self, phase: str, task_type: str) -> None:
        if phase:
            self._add_words("overlay" if phase in OVERLAYS else "phase", [phase])
        if task_type:
            self._add_words("type", [task_type])
        self._without = "retrying" if phase == "waiting" else ""

    def add(self, part: c.Condition) -> None:
        match part:
            case c.InAccounts(ids):
                self.account_ids = tuple(account_id for account_id in self.account_ids if account_id in ids)
            case c.Not(c.Compare(name, op, value)) if op in _OPPOSITE:
                self.add(c.Compare(name, _OPPOSITE[op], value))  # SQLite finds no range behind NOT
            case c.Is(name, values) if name != "overlay" or set(values) <= set(OVERLAYS):
                self._add_words(name, self._words.meant(name, values))
            case _ if sort := _column_of(part):
                self.bounds[sort].append(compiled(part, self._words))
            case _:
                self.rest.append(compiled(part, self._words))

    def _add_words(self, name: str, values: Iterable[str]) -> None:
        held = self._among.get(name)
        self._among[name] = sorted(set(values) if held is None else set(values) & set(held))

    def kinds(self) -> tuple[Kind, ...]:
        """Each a lane in every account, so not all that could be put together."""
        told = [self._among.get(name, [""]) for name in ("overlay", "phase", "type")]
        overlays, phases, types = told
        if sum(len(words) > 1 for words in told) > 1:
            self.rest.append(among("t.type", types) if types != [""] else ALWAYS)
            types = [""]
        return tuple(Kind(p, t, o, self._without) for o in overlays for p in phases for t in types)


def _column_of(part: c.Condition) -> Sort | None:
    """The only column of which it asks something: an index of that tells it by itself."""
    fields = {leaf.field if isinstance(leaf, c.Compare) else "" for leaf in c.leaves_of(part)}
    return _SORTS.get(fields.pop()) if len(fields) == 1 else None
