"""The place in the queue, in words. It is one among the tasks of the same account: nobody is told of Studio's own."""

from dashboard import units
from dashboard.models.turns import MOST, Turn


def turn_in_words(turn: Turn | None) -> str:
    """`3rd of 12 waiting in this account`; empty where it is not known."""
    if turn is None:
        return ""
    if turn.of == 1:
        return "The only one waiting in this account"
    total = f"{units.count(MOST)} or more" if turn.is_capped else units.count(turn.of)
    return f"{ordinal(turn.number)} of {total} waiting in this account"


def ordinal(number: int) -> str:
    """`1st`, `12th`, `1,003rd`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{units.count(number)}{ending}"
