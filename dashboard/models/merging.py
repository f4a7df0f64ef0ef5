"""Many lanes read as one, a bit of each at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dashboard.models.lanes import Kind, Lanes, Part
from dashboard.models.order import Order, Place

AT_FIRST, FEWEST, MOST = 2_000, 20, 1_000
"""Places read at first of all lanes together; at least, and at most, of one lane."""


@dataclass
class _Lane:
    """`waiting`: places that were read and not given out yet. `size`: how many are read the next time; twice as many
    whenever they were not enough."""

    account_id: int
    kind: Kind
    beyond: Place | None
    size: int
    is_over: bool = False
    waiting: list[Place] = field(default_factory=list)

    def take(self, places: list[Place]) -> None:
        self.waiting, self.is_over = places, len(places) < self.size
        self.beyond, self.size = places[-1] if places else self.beyond, min(self.size * 2, MOST)


def merged(lanes: Lanes, order: Order, beyond: Place | None) -> Iterator[list[Place]]:
    """All places in the order, or all after that place, in portions."""
    pairs = lanes.pairs
    size = min(max(AT_FIRST // max(len(pairs), 1), FEWEST), MOST)
    held = [_Lane(account_id, kind, beyond, size) for account_id, kind in pairs]
    while held:
        _read_on(lanes, [lane for lane in held if not lane.waiting], order)
        held = [lane for lane in held if lane.waiting]
        end = order.first_of(lane.waiting[-1] for lane in held if not lane.is_over)
        portion = [place for lane in held for place in _given_out(lane, end, order)]
        yield sorted(portion, reverse=order.descending)
        held = [lane for lane in held if lane.waiting or not lane.is_over]


def _read_on(lanes: Lanes, empty: Sequence[_Lane], order: Order) -> None:
    found: list[list[Place]] = [[] for _ in empty]
    asked = [Part(lane.account_id, lane.kind, lane.size, lane.beyond) for lane in empty]
    for number, task_id, value in lanes.read(asked, f"t.id, t.{order.sort.column}", order):
        found[number].append(Place(value, task_id))
    for lane, places in zip(empty, found, strict=True):
        lane.take(places)


def _given_out(lane: _Lane, end: Place | None, order: Order) -> list[Place]:
    """Up to the end: beyond it a lane that was not read on may have places that come before."""
    if end is None:
        number = len(lane.waiting)
    else:
        number = next((n for n, place in enumerate(lane.waiting) if order.is_beyond(place, end)), len(lane.waiting))
    given, lane.waiting = lane.waiting[:number], lane.waiting[number:]
    return given
