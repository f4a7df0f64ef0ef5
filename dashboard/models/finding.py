"""Which tasks a list shows: a page of them, their ids, their numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dashboard.conditions import All, Condition
from dashboard.models.compiling import Words
from dashboard.models.counting import Count, Counts, Tallies, by_counting, from_matches, from_tallies
from dashboard.models.deadline import TooBroad, deadline
from dashboard.models.lanes import Line, by_ids
from dashboard.models.order import NEWEST, Order, Place
from dashboard.models.scope import Scope
from dashboard.models.seeking import Match, Search, page_of
from dashboard.models.tally import Tally
from dashboard.phases import OVERLAYS

__all__ = ["Count", "Counts", "Filters", "Line", "Order", "Place", "TooBroad", "deadline"]

ANYTHING: Condition = All(())


@dataclass(frozen=True)
class Filters:
    """Of these accounts; of this phase and type if given; of the condition, without an `Of`. `phase` may be an overlay,
    `retrying` or `stalled`, and `waiting` is here without those that are retrying.

    What was read stays with the object: for one request."""

    account_ids: tuple[int, ...]
    phase: str = ""
    type: str = ""
    condition: Condition = ANYTHING
    order: Order = NEWEST

    def first(self, limit: int, beyond: Place | None = None) -> list[Line]:
        """The first lines of the list, or the first that come after the place."""
        return self._page(self.order, limit, beyond)

    def back(self, limit: int, before: Place) -> list[Line]:
        """The lines just before the place, in the list's own order."""
        return self._page(self.order.reversed, limit, before)[::-1]

    def by_ids(self, ids: Sequence[int]) -> list[Line]:
        """These tasks in this order, whatever they are like now; those not ours are left out."""
        return by_ids(ids, self.account_ids, self.order)

    def known(self, ids: Sequence[int]) -> list[Line]:
        """As `by_ids`, where the list is read too: what was read for that is not asked for again."""
        if self._few is None:
            return self.by_ids(ids)
        places = {task_id: place for place, task_id in enumerate(ids)}
        read = {match.id: match.line for match in self._few if match.id in places}
        others = self.by_ids([task_id for task_id in ids if task_id not in read])
        return sorted([*read.values(), *others], key=lambda line: places[line.id])

    def ids(self, most: int) -> list[int]:
        """The first ids of the list."""
        return [line.id for line in self.first(most)]

    def chunks(self, size: int) -> Iterator[list[int]]:
        """All ids in the order, bit by bit, each bit read for itself. What changes meanwhile moves to the top of the
        usual order, above what was read: it comes at the end, perhaps for the second time."""
        top = lines = self.first(size)
        while lines:
            yield [line.id for line in lines]
            lines = self.first(size, lines[-1].place) if len(lines) == size else []
        while top and self.order == NEWEST:
            top = self.back(size, top[0].place)
            if top:
                yield [line.id for line in top]

    def counts(self) -> Counts:
        """How many there are of each phase and of each type, under all the other filters. Tasks that were deleted at
        Studio are listed, but not counted."""
        return self._counts

    def total(self) -> Count:
        """How many tasks the list has; as for counts, without the deleted."""
        return self._counts.of(self.phase, self.type)

    def _page(self, order: Order, limit: int, beyond: Place | None) -> list[Line]:
        if self._few is not None:
            return page_of(self._few, order, limit, beyond)
        return self._listed.page(order, limit, beyond)

    @cached_property
    def _few(self) -> list[Match] | None:
        """All of the list, where they were read for the numbers anyway."""
        scope = self._of_any_kind.scope
        if scope.asks_for_kinds_only or (
            not scope.rest.needs_text
            and self._listed.is_plain(self.order.sort)
            and not self._listed.passes_over(self.order.sort)
        ):
            return None
        matches = self._of_any_kind.few
        return None if matches is None else self._listed_of(matches)

    def _listed_of(self, matches: list[Match]) -> list[Match]:
        if self.type:
            matches = [match for match in matches if match.type == self.type]
        if self.phase in OVERLAYS:
            return [match for match in matches if match.overlay == self.phase]
        if self.phase:
            matches = [match for match in matches if match.phase == self.phase]
        return [match for match in matches if match.overlay != "retrying"] if self.phase == "waiting" else matches

    @cached_property
    def _counts(self) -> Counts:
        search, scope = self._of_any_kind, self._of_any_kind.scope
        if scope.asks_for_kinds_only:
            return from_tallies(self._tallied(scope.account_ids), scope.kinds)
        matches = search.few if search.is_best_counted else search.quite_many
        if matches is not None:
            return from_matches(self._tallies, matches)
        return by_counting(self._tallies, self._scope)

    @cached_property
    def _listed(self) -> Search:
        return Search(self._scope(self.phase, self.type), self.order, self._tallied)

    @cached_property
    def _of_any_kind(self) -> Search:
        """Without phase and type, so that one reading of few tasks gives both the list and the numbers."""
        if not (self.phase or self.type):
            return self._listed
        return Search(self._scope("", ""), self.order, self._tallied)

    def _scope(self, phase: str, task_type: str) -> Scope:
        words = Words.of(self._tallies if self.condition != ANYTHING else ())
        return Scope.of(self.account_ids, phase, task_type, self.condition, words)

    @property
    def _tallies(self) -> Tallies:
        return self._tallied(self.account_ids)

    def _tallied(self, account_ids: tuple[int, ...]) -> Tallies:
        if account_ids not in self._tallies_read:
            self._tallies_read[account_ids] = Tally.by_kind(account_ids)
        return self._tallies_read[account_ids]

    @cached_property
    def _tallies_read(self) -> dict[tuple[int, ...], Tallies]:
        return {}
