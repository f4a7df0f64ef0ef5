"""What failed tasks share and tasks that worked do not, as far as the numbers carry it.

Both shares are known from samples only. Each is the middle of a range in which the true one lies (Wilson's score
interval); how many times as common a feature is at the least is told by the ends of the two ranges that lie nearest.
By that the features are ranked: a feature of all of 40 failures comes before one of 5 of them, however rare both are
elsewhere. That a feature is more common explains nothing by itself: tasks come in flocks, of one customer or one day.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from dashboard.features import Feature

MOST = 6
MOST_BESIDE = 4
FEW_FAILED, FEW_WORKED = 10, 20
"""Below this a sample is called small."""
FEWEST = 2
"""What one task alone has is not shared."""
SURE, LIKELY = 2.576, 1.282
"""Standard errors of the ranges: 99 %, as dozens of features are tried at once, and 80 %."""


class Share(NamedTuple):
    """So many of so many tasks."""

    number: int
    of: int

    @property
    def ratio(self) -> float:
        return self.number / self.of if self.of else 0.0

    @property
    def smoothed(self) -> float:
        """As if one more task had the feature and one more had not."""
        return (self.number + 1) / (self.of + 2)

    def range(self, errors: float) -> tuple[float, float]:
        """Where the true share lies; anywhere if there is no task."""
        if not self.of:
            return 0.0, 1.0
        square = errors * errors
        middle = self.number + square / 2
        half = errors * sqrt(self.number * (self.of - self.number) / self.of + square / 4)
        return max(0.0, (middle - half) / (self.of + square)), min(1.0, (middle + half) / (self.of + square))


class Lift(NamedTuple):
    """One feature. `failed`: of all failed tasks. `worked`: of those that worked and of which anything of the
    feature's kind is known. `beside`: other features that exactly the same failed tasks have, the strongest first."""

    feature: Feature
    failed: Share
    worked: Share
    beside: tuple["Lift", ...] = ()

    @property
    def times(self) -> float:
        """How many times as common it is among the failed; smoothed, so never without end."""
        return self.failed.smoothed / self.worked.smoothed

    def at_least(self, errors: float) -> float:
        """How many times as common it is at the least."""
        return self.failed.range(errors)[0] / self.worked.range(errors)[1]

    @property
    def may_be_chance(self) -> bool:
        return self.at_least(SURE) <= 1 or min(self.failed.number, self.worked.of) < FEW_FAILED

    @property
    def rank(self) -> tuple[float, float, str, str]:
        """The least comes first."""
        return -self.at_least(SURE), -self.times, self.feature.kind, self.feature.value


def lifts(failed: Sequence[Collection[Feature]], worked: Sequence[Collection[Feature]], most: int = MOST) -> list[Lift]:
    """The features that are more common among the failed tasks than chance likes, the strongest first. One element
    of each sequence holds the features of one task."""
    having = _having(failed)
    elsewhere = Counter(feature for task in worked for feature in set(task))
    known = Counter(kind for task in worked for kind in {feature.kind for feature in task})
    found = [
        Lift(feature, Share(len(tasks), len(failed)), Share(elsewhere[feature], known[feature.kind]))
        for feature, tasks in having.items()
        if len(tasks) >= FEWEST
    ]
    telling = sorted((lift for lift in found if lift.at_least(LIKELY) > 1), key=lambda lift: lift.rank)
    return list(_together(telling, having))[:most]


def _having(tasks: Sequence[Collection[Feature]]) -> dict[Feature, frozenset[int]]:
    """By feature the numbers of the tasks that have it."""
    found: dict[Feature, set[int]] = defaultdict(set)
    for number, task in enumerate(tasks):
        for feature in task:
            found[feature].add(number)
    return {feature: frozenset(numbers) for feature, numbers in found.items()}


def _together(ranked: Iterable[Lift], having: dict[Feature, frozenset[int]]) -> list[Lift]:
    """Features of the same failed tasks say the same: they stand beside the strongest of them."""
    alike: dict[frozenset[int], list[Lift]] = {}
    for lift in ranked:
        alike.setdefault(having[lift.feature], []).append(lift)
    return [first._replace(beside=tuple(others[:MOST_BESIDE])) for first, *others in alike.values()]


def caution(failed: int, worked: int) -> str:
    """What must be said about samples of so many tasks; "" if they are large enough."""
    if failed < FEWEST:
        return "One failure alone cannot show what failures share."
    if not worked:
        return "No task of the same accounts and types has worked, so there is nothing to compare with."
    if failed < FEW_FAILED:
        return f"Only {failed} failures: what they share may be chance."
    if worked < FEW_WORKED:
        number = "1 task" if worked == 1 else f"{worked} tasks"
        return f"Only {number} that worked to compare with: what differs may be chance."
    return ""
