"""The numbers of many days added up: by day, by type and by account. Only Days are read, never tasks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dashboard.clock import DAY
from dashboard.histogram import Histogram
from dashboard.models.day import Day, StaleDay, start_of_day
from dashboard.models.gap import Gap

Span = tuple[int, int, int]
"""An account's id, and from when until when, ms."""
_COUNTS = ("ended", "completed", "failed", "cancelled", "saved")


@dataclass
class Sum:
    """How some tasks fared. `waits` and `runs` are in ms, of those of which they are known."""

    ended: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    saved: int = 0
    waits: Histogram = field(default_factory=Histogram)
    runs: Histogram = field(default_factory=Histogram)

    @property
    def rate(self) -> float | None:
        """The share that failed, from 0 to 1; None of none."""
        return self.failed / self.ended if self.ended else None

    def add(self, other: "Sum") -> None:
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.waits.add(other.waits)
        self.runs.add(other.runs)


@dataclass
class Numbers:
    """`by_day` has the first ms of each day of UTC as its keys, and only days with numbers. `counted_at`: when the
    newest of them were counted, 0 for none."""

    whole: Sum = field(default_factory=Sum)
    by_day: dict[int, Sum] = field(default_factory=lambda: defaultdict(Sum))
    by_type: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    by_account: dict[int, Sum] = field(default_factory=lambda: defaultdict(Sum))
    counted_at: int = 0

    @classmethod
    def of(cls, account_ids: Sequence[int], from_at: int, to_at: int, task_type: str = "") -> "Numbers":
        """Of the days that begin in this time. One query."""
        days = Day.objects.filter(account__in=account_ids, at__gte=from_at, at__lt=to_at)
        days = days.filter(type=task_type) if task_type else days
        numbers, kinds, read = cls(), defaultdict[tuple[int, str], Sum](Sum), Histogram.read
        for account_id, at, of_type, counted_at, *counts, waits, runs in days.values_list(
            "account_id", "at", "type", "counted_at", *_COUNTS, "waits", "runs"
        ).iterator(chunk_size=2000):
            told = Sum(waits=read(waits), runs=read(runs), **dict(zip(_COUNTS, counts, strict=True)))
            numbers.by_day[at].add(told)
            kinds[account_id, of_type].add(told)
            numbers.counted_at = max(numbers.counted_at, counted_at)
        for (account_id, of_type), told in kinds.items():  # few, where the days are many
            for part in (numbers.whole, numbers.by_type[of_type], numbers.by_account[account_id]):
                part.add(told)
        return numbers


def waiting_days(account_ids: Sequence[int], from_at: int, to_at: int) -> int:
    """How many days of accounts are still to be counted there."""
    return StaleDay.objects.filter(account__in=account_ids, at__gte=from_at, at__lt=to_at).count()


def unwatched(account_ids: Sequence[int], from_at: int, to_at: int, lasting: Iterable[Span] = ()) -> dict[int, int]:
    """By day, for how many ms the account that was watched least was not watched. `lasting`: spans that are not over
    yet. What is over is known for 30 days."""
    gaps = Gap.objects.filter(account__in=account_ids, until_at__gt=from_at, from_at__lt=to_at)
    lost = defaultdict[tuple[int, int], int](int)
    for account_id, begin, end in [*gaps.values_list("account_id", "from_at", "until_at"), *lasting]:
        begin, end = max(begin, from_at), min(end, to_at)
        for at in range(start_of_day(begin), end, DAY):
            lost[account_id, at] += min(end, at + DAY) - max(begin, at)
    longest = defaultdict[int, int](int)
    for (_, at), length in lost.items():
        longest[at] = max(longest[at], min(length, DAY))
    return dict(longest)
