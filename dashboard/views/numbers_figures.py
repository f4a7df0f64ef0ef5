"""The three charts of the page of numbers, each with its legend and the table behind it."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import DAY, SECOND
from dashboard.histogram import Histogram
from dashboard.models.numbers import Numbers, Sum
from dashboard.models.pace import FEWEST
from dashboard.views.numbers_charts import Plot, counts_plot, lengths_plot, rates_plot
from dashboard.views.numbers_query import NumbersQuery
from dashboard.views.numbers_words import (
    MEDIAN,
    NEARLY_ALL,
    UNKNOWN,
    day_of,
    fared,
    long_day,
    many,
    percentile,
    percentile_of,
    rate,
    short_day,
)

DATES = 4  # below a chart
Cell = str | SimpleNamespace


class Figures:
    """`places`: the first ms of each day. `unseen`: by day, how many ms were not watched, if that matters."""

    def __init__(self, places: Sequence[int], numbers: Numbers, unseen: dict[int, int], query: NumbersQuery) -> None:
        self.places, self.unseen, self.query = places, unseen, query
        self.days = [numbers.by_day.get(at, Sum()) for at in places]
        self.whole = numbers.whole
        self._said = f"{long_day(places[0])} to {long_day(places[-1])}"

    def all(self) -> list[SimpleNamespace]:
        return [self._failures(), self._runs(), self._waits()]

    def _failures(self) -> SimpleNamespace:
        tips = [f"{long_day(at)}: {fared(day) if day.ended else 'nothing ended'}" for at, day in self._with_places]
        rates, sure = [day.rate for day in self.days], [day.ended >= FEWEST for day in self.days]
        says = f"Failure rate by day, {self._said}: {fared(self.whole)}."
        legend = [("bars", "failed, of those that ended")]
        legend += [("bars pale", f"of fewer than {FEWEST} tasks")] if self._has_unsure else []
        heads = ("Ended", "Completed", "Cancelled", "Failed", "Rate", "Saved")
        return self._figure(
            "Failure rate",
            [
                rates_plot(says, rates, sure, tips),
                counts_plot(f"Tasks that ended by day: {units.count(self.whole.ended)}.", self._ended, tips),
            ],
            [*legend, ("bars count", "tasks that ended")],
            heads,
            self._failure_cells,
        )

    @property
    def _has_unsure(self) -> bool:
        return any(0 < day.ended < FEWEST for day in self.days)

    @property
    def _ended(self) -> list[int]:
        return [day.ended for day in self.days]

    @property
    def _with_places(self) -> list[tuple[int, Sum]]:
        return list(zip(self.places, self.days, strict=True))

    def _failure_cells(self, at: int, day: Sum) -> list[Cell]:
        url = self.query.failed_url(at, at + DAY) if day.failed else ""
        failed = SimpleNamespace(text=units.count(day.failed), url=url)
        counts = (day.ended, day.completed, day.cancelled)
        return [*map(units.count, counts), failed, rate(day.rate), units.count(day.saved)]

    def _runs(self) -> SimpleNamespace:
        return self._lengths("Processing time", "running", lambda day: day.runs, "that completed", "Completed")

    def _waits(self) -> SimpleNamespace:
        return self._lengths("Queue wait", "waiting", lambda day: day.waits, "whose start we saw", "Starts seen")

    def _lengths(
        self, title: str, hue: str, part: Callable[[Sum], Histogram], which: str, head: str
    ) -> SimpleNamespace:
        days = [part(day) for day in self.days]
        tips = [self._tip(at, lengths, which) for at, lengths in zip(self.places, days, strict=True)]
        unseen = [place for place, at in enumerate(self.places) if at in self.unseen]
        says = f"{title} by day, {self._said}: {_both(part(self.whole))}, of {many(part(self.whole).number, 'task')}."
        medians, nearly_all = ([percentile_of(lengths, share) for lengths in days] for share in (MEDIAN, NEARLY_ALL))
        legend = [("dots", "median"), ("dots thin", f"95{units.NBSP}% within")]
        legend += [("hatch", "not watched all day")] if unseen else []
        heads = (head, "Median", f"95{units.NBSP}% within", "Not watched")
        plots = [lengths_plot(says, medians, nearly_all, unseen, tips)]
        told = self._figure(title, plots, legend, heads, lambda at, day: self._length_cells(at, part(day)))
        told.hue = hue
        told.few = not any(value is not None for value in medians)
        return told

    def _tip(self, at: int, lengths: Histogram, which: str) -> str:
        unseen = f"; {self._not_watched(at)} not watched" if at in self.unseen else ""
        told = f"{_both(lengths)}, of {many(lengths.number, 'task')} {which}" if lengths.number else "nothing known"
        return f"{long_day(at)}: {told}{unseen}"

    def _length_cells(self, at: int, lengths: Histogram) -> list[Cell]:
        both = (percentile(lengths, share) for share in (MEDIAN, NEARLY_ALL))
        return [units.count(lengths.number), *both, self._not_watched(at)]

    def _not_watched(self, at: int) -> str:
        return units.duration(self.unseen[at] // SECOND) if at in self.unseen else UNKNOWN

    def _figure(
        self,
        title: str,
        plots: list[Plot],
        legend: list[tuple[str, str]],
        heads: Sequence[str],
        cells: Callable[[int, Sum], list[Cell]],
    ) -> SimpleNamespace:
        """Days in the table without a task are left out; the newest stands first."""
        rows = [
            SimpleNamespace(day=short_day(at), title=long_day(at), iso=day_of(at).isoformat(), cells=cells(at, day))
            for at, day in reversed(self._with_places)
        ]
        return SimpleNamespace(
            title=title, plots=plots, legend=legend, heads=heads, rows=rows, dates=self._dates, hue="failed", few=False
        )

    @property
    def _dates(self) -> list[SimpleNamespace]:
        """Some days below the chart, from its first to its last."""
        last = len(self.places) - 1
        chosen = [self.places[last * number // (DATES - 1)] for number in range(DATES)]
        return [SimpleNamespace(iso=day_of(at).isoformat(), text=short_day(at)) for at in chosen]


def _both(lengths: Histogram) -> str:
    return f"median {percentile(lengths, MEDIAN)}, 95{units.NBSP}% within {percentile(lengths, NEARLY_ALL)}"
