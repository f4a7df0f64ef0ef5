"""The bars of a group's page: how many tasks failed so on each of the last days and in each of the last hours, and who
decided what meanwhile."""

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import DAY, HOUR, iso, short
from dashboard.models.chosen_failures import DAYS_DRAWN, HOURS_DRAWN, Summed
from dashboard.models.decision import Decision
from dashboard.models.group import Group
from dashboard.views.failure_words import deed_of
from dashboard.views.sparkline import bars

LEVELS = 48
MOST_DEEDS = 3


def days_of(sums: Summed, now: int, decisions: Sequence[Decision], group: Group) -> SimpleNamespace:
    """`marks` stand below the days on which somebody decided something; `deeds` are the last of these decisions."""
    first = now - now % DAY - (DAYS_DRAWN - 1) * DAY
    names = [_day(first + place * DAY) for place in range(DAYS_DRAWN)]
    drawn = _drawn(sums.days, names, f"{DAYS_DRAWN} days", "today", "on")
    drawn.from_iso, drawn.from_at = iso(first), names[0]
    decided = [(one.at, deed_of(one, group)) for one in decisions if one.at >= first and one.what != "noted"]
    drawn.marks, drawn.deeds = _marks(decided, first), [deed for _, deed in decided[-MOST_DEEDS:]]
    return drawn


def hours_of(sums: Summed, now: int) -> SimpleNamespace:
    first = now - now % HOUR - (HOURS_DRAWN - 1) * HOUR
    names = [f"{iso(first + place * HOUR)[11:16]} UTC" for place in range(HOURS_DRAWN)]
    return _drawn(sums.hours, names, f"{HOURS_DRAWN} hours", "in this one", "at")


def _day(at: int) -> str:
    return short(at).partition(",")[0]


def _drawn(numbers: Sequence[int], names: Sequence[str], span: str, newest: str, at: str) -> SimpleNamespace:
    """Each bar with what it says; the label tells of all of them."""
    label = f"{units.count(sum(numbers))} in {span}, {units.count(numbers[-1])} {newest}"
    if (most := max(numbers)) > max(1, numbers[-1]):
        label += f"; most {units.count(most)}, {at} {names[numbers.index(most)]}"
    paths = bars(numbers, LEVELS).split("M")[1:]
    drawn = [
        SimpleNamespace(x=place - 0.5, d=f"M{path}", says=f"{name}: {_tasks(number)}", is_hot=False)
        for place, (path, name, number) in enumerate(zip(paths, names, numbers, strict=True))
    ]
    drawn[-1].is_hot = numbers[-1] > 0
    return SimpleNamespace(label=label, bars=drawn)


def _tasks(number: int) -> str:
    return f"{units.count(number)} task{'s' * (number != 1)}"


def _marks(decided: Sequence[tuple[int, SimpleNamespace]], first: int) -> list[SimpleNamespace]:
    """One for each day."""
    said = defaultdict[int, list[str]](list)
    for at, deed in decided:
        said[(at - first) // DAY].append(f"{deed.by} {deed.words} {deed.other}".strip())
    return [
        SimpleNamespace(d=f"M{place} {LEVELS + 6}h.01", says="; ".join(says))
        for place, says in said.items()
        if place < DAYS_DRAWN
    ]
