"""When so many failures in so short a time are more than chance: pure arithmetic on counts and times.

A count is compared with what is usual in a WINDOW_MS: how many come in one on average. Times are ms.
"""

import math
from collections.abc import Sequence

from dashboard.clock import DAY, MINUTE, SECOND

WINDOW_MS = 10 * MINUTE
"""What happens within it is judged."""
USUAL_MS = 14 * DAY
"""So far back is looked for what is usual."""
FEWEST = 5
TIMES = 3
"""So many times the usual, at least: failures come in bunches, so where many are usual chance is a poor measure."""
RAREST, COMMON = 1e-6, 0.01
"""How improbable it must be by chance to begin, and how probable again to be over."""


def is_unusual(count: int, usual: float) -> bool:
    return count >= max(FEWEST, TIMES * usual) and tail(count, usual) < RAREST


def is_usual_again(count: int, usual: float) -> bool:
    return count == 0 or tail(count, usual) > COMMON


def tail(count: int, expected: float) -> float:
    """The probability of so many or more where `expected` come on average and independently (Poisson), for a count
    above the average; for others 1, which is more than it is."""
    if count <= expected:
        return 1.0
    if expected <= 0:
        return 0.0
    term = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    total, number = 0.0, count
    while term > total * 1e-12:
        total += term
        number += 1
        term *= expected / number
    return min(total, 1.0)


def begun_at(times: Sequence[int], usual: float) -> int:
    """Since when it is unusual: from which of these times (in their order, at least one) to the last of them there were
    more than is usual by the greatest likelihood. A pause as long as the window ends whatever was before."""
    rate, last, first = max(usual / WINDOW_MS, 1 / USUAL_MS), len(times) - 1, len(times) - 1
    best, greatest = last, 0.0
    while first > 0 and times[first] - times[first - 1] < WINDOW_MS:
        first -= 1
        surprise = _surprise(last - first + 1, rate, times[last] - times[first])
        if surprise >= greatest:
            best, greatest = first, surprise
    return times[best]


def _surprise(count: int, rate: float, length: int) -> float:
    """By how much (in nats) a rate of its own explains so many in this length better than the usual one."""
    expected = rate * max(length, SECOND)
    return count * math.log(count / expected) - count + expected if count > expected else 0.0
