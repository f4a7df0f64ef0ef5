"""How long many things took, counted on steps that grow by a twelfth each: small to keep, quick to add up, and any
percentile of it is right within 4 %.

The counts stand side by side in one large integer, 32 bits each, the shortest lowest: so thousands of histograms are
added up in the time in which one would be walked through.
"""

import struct
from collections import Counter
from collections.abc import Iterable
from math import ceil, log

ERROR = 0.04
"""How far a percentile may be from the exact one, as a share of that."""
_GROWTH = (1 + ERROR) / (1 - ERROR)
_BITS = 32


class Histogram:
    """Durations in whole ms from 0, fewer than 2^32 of each step. Adding up histograms is the same as counting all of
    their durations in one. Kept as text: how many steps are left out below, a colon, the rest in hexadecimal digits;
    nothing of none."""

    def __init__(self, lengths: Iterable[int] = ()) -> None:
        self._counts = sum(number << _BITS * step for step, number in Counter(map(_step_of, lengths)).items())

    @classmethod
    def read(cls, text: str) -> "Histogram":
        histogram = cls()
        if text:
            below, _, digits = text.partition(":")
            histogram._counts = int(digits, 16) << _BITS * int(below)
        return histogram

    def __str__(self) -> str:
        if not self._counts:
            return ""
        below = ((self._counts & -self._counts).bit_length() - 1) // _BITS
        return f"{below}:{self._counts >> _BITS * below:x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and self._counts == other._counts

    __hash__ = None  # type: ignore[assignment]  # it can be added to

    def add(self, other: "Histogram") -> None:
        self._counts += other._counts

    @property
    def number(self) -> int:
        return sum(self._steps())

    def percentile(self, share: float) -> float | None:
        """The shortest of the durations that at least this share of them, above 0, does not exceed; None of none."""
        steps = self._steps()
        wanted, so_far = ceil(share * sum(steps)), 0
        for step, number in enumerate(steps):
            so_far += number
            if number and so_far >= wanted:
                return _length_of(step)
        return None

    def _steps(self) -> tuple[int, ...]:
        """How many of each step."""
        steps = -(-self._counts.bit_length() // _BITS)
        return struct.unpack(f"<{steps}I", self._counts.to_bytes(steps * _BITS // 8, "little"))


def _step_of(length: int) -> int:
    """Step 0 is for what took no time."""
    return 1 + ceil(log(length) / log(_GROWTH)) if length > 0 else 0


def _length_of(step: int) -> float:
    """As far from both ends of the step, as a share of each."""
    return 2 * _GROWTH ** (step - 1) / (_GROWTH + 1) if step else 0.0
