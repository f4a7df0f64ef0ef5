"""Whether letters are somebody's random id or a word that people say."""

import re
from functools import lru_cache
from itertools import pairwise

# How unusual it is, 0 to 9, that a letter (row) is followed by another (column) in 19,000 words of technical English.
_UNUSUAL = (
    "63238637395131939121455657"
    "14451567148056248224278838"
    "18451781392367069341378959"
    "25530556067355268335366859"
    "35214447587231646112745358"
    "27552269098255168233288949"
    "27550542289343359124377867"
    "06650777196455169342387849"
    "34233439886230248322739594"
    "14551457255565135515164777"
    "25550545165354347413374847"
    "16540568086266159733369829"
    "03660778196436218736379959"
    "26222416275565359621457968"
    "44336547474220339133243578"
    "18551763296267139132377839"
    "67557587688287745435065888"
    "16440548194434158323457949"
    "37261662195455335620275848"
    "26450572097456259223376837"
    "32343449397221529121889787"
    "06560778198667369656678869"
    "05541562195462169225888979"
    "36251474199435418530677358"
    "34353447387332309412654865"
    "16970564197445369655599744"
)
_SHORTEST = 8  # letters; a shorter word tells too little
_SURELY = 3.7  # 1 of 1,000 words of eight letters is more unusual than this; of ten letters, 1 of 10 random ids is less
_PROBABLY = 3.1  # 1 of 100 words is; for places where an id is expected


@lru_cache(maxsize=4_096)
def is_random(letters: str, expected: bool = False) -> bool:
    """Whether `letters` (ASCII) look like those of an id. `expected`: an id would be no surprise here."""
    if len(letters) < _SHORTEST:
        return False
    odd = len(_ODD.findall(letters))
    if odd * 8 >= len(letters):
        return True
    limit = (_PROBABLY if expected or len(letters) >= 24 else _SURELY) - odd
    return len(letters) < 100 and _unusual(_HUMP.sub("", letters).lower()) > limit


_ODD = re.compile(r"(?<=[A-Z])[a-z](?=[A-Z])|(?<=[a-z])[A-Z]{2,}(?=[a-z]{1,2}(?:[A-Z]|$))")  # no word in such letters
_HUMP = re.compile(r"(?<=[a-z])[A-Z](?=[a-z]{2})")  # the first letter of a Word in CamelCase follows anything


def _unusual(letters: str) -> float:
    costs = [int(_UNUSUAL[(ord(one) - 97) * 26 + ord(other) - 97]) for one, other in pairwise(letters)]
    return sum(costs) / len(costs) if costs else 0
