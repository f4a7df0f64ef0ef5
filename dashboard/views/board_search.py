"""What was typed into the search box: whether it is clear, what it means to this person, and what to say of it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from dashboard import search
from dashboard.clock import DAY, now_ms
from dashboard.conditions import (
    Condition,
    Failing,
    InAccounts,
    InProject,
    Named,
    Of,
    Titled,
    Unclear,
    Words,
    leaves_of,
    settle,
    texts_of,
    wanted_in,
)
from dashboard.folding import fold
from dashboard.models.seen import SeenAccount, Sight
from dashboard.scanning import QUOTES
from dashboard.visible import visible

LONGEST_SHOWN = 2_000  # as much of an over-long text as the box shows again
LONGEST_ECHO, LONGEST_MARK, AROUND = 80, 60, 30
"""Characters of a text that is named, of a wrong part, and of what stands on either side of that."""
_QUOTED = re.compile(f"[{QUOTES}].*?[{QUOTES}]")
TOO_BROAD = "Too broad: add a date, such as created:>2026-11-01"


class Mistake(NamedTuple):
    """Why a text is unclear, and which part of it: `at` counts its characters from 0."""

    sentence: str
    at: int
    length: int


@lru_cache(maxsize=500)
def mistake_in(text: str) -> Mistake | None:
    """None for a clear text."""
    try:
        search.read(text, now_ms())
    except Unclear as unclear:
        return Mistake(unclear.sentence, unclear.at, unclear.length)
    return None


def moves_with_the_clock(text: str) -> bool:
    """Whether a clear text asks for an age or for today, so that it finds something else without any change."""
    return _standing(text) is None


@lru_cache(maxsize=500)
def _standing(text: str) -> Condition | None:
    """What a clear text means at all times, if it does."""
    now = now_ms()
    condition = search.read(text, now)
    return condition if condition == search.read(text, now + DAY) else None


def condition_of(text: str, sight: Sight) -> Condition:
    """What a clear text means to somebody who sees these accounts."""

    def resolve(of: Of) -> Condition:
        ids = tuple(account.id for account in called(of.text, sight.accounts))
        return InAccounts(ids) if ids or of.kind == "account" else InProject(of.text)

    return settle(_standing(text) or search.read(text, sight.now), resolve)


@lru_cache(maxsize=500)
def words_in(text: str) -> tuple[str, ...]:
    """What a clear text looks for anywhere in a task, whenever it is asked and by whom."""
    return wanted_in(search.read(text, now_ms())) if text else ()


def called(text: str, accounts: Sequence[SeenAccount]) -> list[SeenAccount]:
    """The accounts of this folded name; if there is none, those whose names hold the text."""
    names = [(fold(account.name), account) for account in accounts]
    exact = [account for name, account in names if name == text]
    return exact or [account for name, account in names if text in name]


def note_on_mistake(typed: str, mistake: Mistake, kept: str) -> SimpleNamespace:
    """What is wrong, where, and what is shown instead: the results of `kept`, the last text that was clear."""
    start, end = mistake.at, mistake.at + mistake.length
    return _note(
        "error",
        f"{mistake.sentence} It is at character {start + 1}.",
        before="…" * (start > AROUND) + visible(typed[max(0, start - AROUND) : start]),
        marked=echo(typed[start:end], LONGEST_MARK),
        after=echo(typed[end:], AROUND),
        rest=_still(kept),
    )


def echo(text: str, longest: int = LONGEST_ECHO) -> str:
    """As much of a text as a sentence bears."""
    return visible(text[:longest]) + "…" * (len(text) > longest)


def _still(kept: str) -> str:
    return f"Shown is still “{echo(kept)}”." if kept else ""


def note_on(q: str, sight: Sight) -> SimpleNamespace | None:
    """What people should know about a clear text, or nothing."""
    if not q:
        return None
    condition = search.read(q, sight.now)
    strangers = [leaf for leaf in leaves_of(condition) if isinstance(leaf, Of) and leaf.kind == "account"]
    for leaf in strangers:
        if not called(leaf.text, sight.accounts):
            return _note("quiet", f"None of your accounts is called “{visible(leaf.text)}”.")
    pattern = _pattern_in(condition, q)
    if pattern:
        instead = " ".join(filter(None, pattern.split("*")))
        return _note("quiet", f"There are no patterns: write {echo(instead)} instead of {echo(pattern)}.")
    short = texts_of(condition)
    if not short:
        return None
    words = " and ".join(f"“{visible(text)}”" for text in short[:3])
    return _note("quiet", f"{words}: fewer than three characters are looked for in titles and ids only.")


def _pattern_in(condition: Condition, q: str) -> str:
    """A word with a `*` that stands for something, as other tools have it; in quotation marks it is meant as it is."""
    texts = [leaf.text for leaf in leaves_of(condition) if isinstance(leaf, Words | Titled | Failing | Named)]
    meant = fold(" ".join(_QUOTED.findall(q)))
    return next((text for text in texts if "*" in text and text.strip("*") and text not in meant), "")


def note_on_breadth(kept: str) -> SimpleNamespace:
    """The search was stopped; `kept` is shown instead, if there is something."""
    return _note("broad", f"{TOO_BROAD}.", rest=_still(kept))


def _note(kind: str, sentence: str, **parts: str) -> SimpleNamespace:
    return SimpleNamespace(
        **{"kind": kind, "sentence": sentence, "before": "", "marked": "", "after": "", "rest": "", **parts}
    )
