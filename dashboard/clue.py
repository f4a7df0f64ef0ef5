"""Where a found task holds a word of the search that its row does not show: so people see why it is in the list."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboard.folding import fold
from dashboard.haystack import Searchable
from dashboard.hits import around

BEFORE, AFTER = 16, 80
"""Characters on either side of the word: a row has little room, and the word must stay in it."""


class Clue(NamedTuple):
    """`where`: what the value is called. The rest is the value, cut: what stands before the word, itself, and after."""

    where: str
    before: str
    word: str
    after: str


def clue_of(searchable: Searchable, shown: str, words: Sequence[str]) -> Clue | None:
    """Of the first of these folded words that the row, folded in `shown`, lacks and that the task holds."""
    lacking = [word for word in words if word not in shown]
    for word in lacking:
        for where, value in searchable.told:
            if word in fold(value):
                return Clue(where, *around(value, word, BEFORE, AFTER))
    return None
