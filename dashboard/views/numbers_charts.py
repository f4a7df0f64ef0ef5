"""Charts by day, drawn on the server. A plot is a box as wide as there are days and 100 high, that the browser pulls
to its width; the words around it are HTML and keep their size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dashboard import units
from dashboard.clock import DAY, HOUR, MINUTE, SECOND

HEIGHT = 100
MANY = 31  # days; of more, the dots would hide the line
HATCH = 10  # between the lines over a day that was not watched
LENGTHS = (
    *(n * SECOND for n in (1, 2, 4, 10, 20, 40, 60)),
    *(n * MINUTE for n in (2, 4, 10, 20, 40, 60)),
    *(n * HOUR for n in (2, 4, 8, 12, 24)),
    *(n * DAY for n in (2, 4, 10, 20, 40, 100, 400, 4000)),
)
RATES = (0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 1.0)
COUNTS = tuple(n * 10**power for power in range(9) for n in (2, 4, 6, 10))
Value = float | None


@dataclass(frozen=True)
class Shape:
    """One path; the style knows its kind: `bars`, `line`, `dots` …"""

    kind: str
    path: str


@dataclass
class Plot:
    """`says` is what it shows, for who cannot see it; `top` and `middle` are the words at its lines; `tips` belong to
    its days."""

    says: str
    width: int
    top: str
    middle: str
    tips: Sequence[str]
    is_low: bool = False
    shapes: list[Shape] = field(default_factory=list)

    @property
    def grid(self) -> str:
        lines = (0, HEIGHT) if self.is_low else (0, HEIGHT // 2, HEIGHT)
        return "".join(f"M0 {y}h{self.width}" for y in lines)


def rates_plot(says: str, values: Sequence[Value], sure: Sequence[bool], tips: Sequence[str]) -> Plot:
    """Bars of shares from 0 to 1; those that rest on few tasks are pale, and do not set the scale if others can."""
    known = [value for value, is_sure in zip(values, sure, strict=True) if is_sure and value is not None]
    scale = _scale(RATES, known or [value for value in values if value is not None])
    plot = Plot(says, len(values), *_words(lambda share: f"{share * 100:g}{units.NBSP}%", scale), tips)
    for kind, wanted in (("bars", True), ("bars pale", False)):
        told = [value if is_sure is wanted else None for value, is_sure in zip(values, sure, strict=True)]
        plot.shapes.append(Shape(kind, bars(told, scale)))
    return plot


def counts_plot(says: str, values: Sequence[int], tips: Sequence[str]) -> Plot:
    scale = _scale(COUNTS, values)
    plot = Plot(says, len(values), units.count(int(scale)), "", tips, is_low=True)
    plot.shapes.append(Shape("bars count", bars([value or None for value in values], scale)))
    return plot


def lengths_plot(
    says: str, medians: Sequence[Value], nearly_all: Sequence[Value], unseen: Sequence[int], tips: Sequence[str]
) -> Plot:
    """Two lines of ms; `unseen` are the places of days that were not watched all the time."""
    scale = _scale(LENGTHS, [value for value in (*medians, *nearly_all) if value is not None])
    plot = Plot(says, len(medians), *_words(lambda length: units.duration(length / SECOND), scale), tips)
    plot.shapes = [
        Shape("hatch", hatch(unseen)),
        Shape("line thin", line(nearly_all, scale)),
        Shape("dots thin", dots(nearly_all, scale)),
        Shape("line", line(medians, scale)),
        Shape("dots", dots(medians, scale)),
    ]
    return plot


def bars(values: Sequence[Value], scale: float) -> str:
    """Each is at least one high, so that a little differs from nothing; what is beyond the scale fills the box."""
    heights = [(place, max(1, HEIGHT - _y(value, scale))) for place, value in enumerate(values) if value]
    return "".join(f"M{place}.5 {HEIGHT}v-{height:g}" for place, height in heights)


def line(values: Sequence[Value], scale: float) -> str:
    """From day to day, with a gap where nothing is known."""
    parts, is_on = list[str](), False
    for place, value in enumerate(values):
        if value is not None:
            parts.append(f"{'L' if is_on else 'M'}{place}.5 {_y(value, scale):g}")
        is_on = value is not None
    return "".join(parts)


def dots(values: Sequence[Value], scale: float) -> str:
    """Strokes without a length, whose round ends are the dots. Of many days only those have one that no line meets."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    places = {place for place, _ in known} if len(values) > MANY else set()
    shown = [(place, value) for place, value in known if not {place - 1, place + 1} & places]
    return "".join(f"M{place}.5 {_y(value, scale):g}h0" for place, value in shown)


def hatch(places: Sequence[int]) -> str:
    return "".join(f"M{place} {y}l1-{HATCH}" for place in places for y in range(HATCH, HEIGHT + 1, HATCH))


def _y(value: float, scale: float) -> float:
    return round(HEIGHT * (1 - min(1.0, value / scale)), 1)


def _scale(steps: Sequence[float], values: Sequence[float]) -> float:
    """The first of the steps that no value exceeds."""
    most = max(values, default=0)
    return next((step for step in steps if step >= most), most)


def _words(say: Callable[[float], str], scale: float) -> tuple[str, str]:
    return say(scale), say(scale / 2)
