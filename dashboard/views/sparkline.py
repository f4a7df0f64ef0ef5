"""Numbers by hour as small bars, drawn on the server: one path of strokes, so that 200 of them stay light."""

from collections.abc import Sequence

LEVELS = 10


def bars(numbers: Sequence[int], levels: int = LEVELS) -> str:
    """The `d` of a path in a box as wide as they are many and `levels` high: the tallest bar fills it, an hour without
    calls is a line. A stroke draws the bars, as wide as the style says."""
    most = max(numbers, default=0)
    return "".join(f"M{place} {levels}v-{_height(number, most, levels)}" for place, number in enumerate(numbers))


def _height(number: int, most: int, levels: int) -> str:
    return str(max(1, round(number * levels / most))) if number > 0 else ".4"
