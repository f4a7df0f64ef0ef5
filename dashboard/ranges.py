"""Numbers, ages and days as people write them in a search: `>0`, `<24h`, `2026-11-01..2026-11-07`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeVar

from dashboard.clock import DAY, HOUR, MINUTE
from dashboard.conditions import Compare, Condition, Unclear, all_of

UNITS = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_OPERATOR = re.compile(r"(<=|>=|=<|=>|<|>|=)?\s*(.*)", re.DOTALL)
_AGE = re.compile(r"([0-9]{1,6})([mhdw])")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2})(?:[t ]([0-9]{1,2}):([0-9]{2}))?)?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.[0-9]{1,3})?\s*%?")
_DAYS_AGO = {"today": 0, "yesterday": 1}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
LONGEST_QUOTED = 40
_T = TypeVar("_T")


class Written(NamedTuple):
    """A folded value of a qualifier, and where it stands in the text as typed. `exact`: with its capitals."""

    text: str
    at: int
    length: int
    exact: str = ""

    def unclear(self, sentence: str) -> Unclear:
        return Unclear(sentence, self.at, self.length)


def quoted(text: str) -> str:
    """For a sentence: not more of it than people need to know it again."""
    return f"“{text if len(text) <= LONGEST_QUOTED else text[: LONGEST_QUOTED - 1] + '…'}”"


class Span(NamedTuple):
    """From `start` up to, but not including, `end`, in ms."""

    start: int
    end: int


def whole_number(written: Written, field: str) -> Condition:
    """`2`, `>0`, `1..2`."""

    def read(text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise written.unclear(f"{quoted(text)} is no number. Write, for example, >0 or 1..2.")
        return int(text)

    op, first, last = _parts(written, read)
    if op == "..":
        return _between(written, field, first, last)
    return Compare(field, op, first if first is not None else 0)


def percent(written: Written, field: str) -> Condition:
    """`>50%`, `50..80`; a bare `42` means all that is shown as 42 %."""

    def read(text: str) -> float:
        if not _PERCENT.fullmatch(text):
            raise written.unclear(f"{quoted(text)} is no percentage. Write, for example, >50% or 50..80.")
        return float(text.rstrip("% ")) / 100

    op, first, last = _parts(written, read)
    if op == "..":
        return _between(written, field, first, last)
    share = first if first is not None else 0.0
    if op == "=":
        return all_of([Compare(field, ">=", share - 0.005), Compare(field, "<", share + 0.005)])
    return Compare(field, op, share)


def age(written: Written, field: str, now: int) -> Condition:
    """`<24h` is younger than that; so is a bare `24h`."""

    def read(text: str) -> int:
        found = _AGE.fullmatch(text)
        if found:
            return int(found[1]) * UNITS[found[2]]
        reason = "has no unit" if text.isdecimal() else "is no age"
        raise written.unclear(
            f"{quoted(text)} {reason}. Write a number and m, h, d or w (minutes, hours, days, weeks)."
        )

    op, first, last = _parts(written, read)
    if op == "..":
        _in_order(written, first, last)
        ends = [("<=", first), (">=", last)]
        return all_of([Compare(field, sign, now - ms) for sign, ms in ends if ms is not None])
    return Compare(field, _TURNED["<" if op == "=" else op], now - (first or 0))


def when(written: Written, field: str, now: int) -> Condition:
    """Days of UTC, both ends included; or an age. A month, or a minute of a day, is a span like a day."""
    if any(_AGE.fullmatch(part.strip(" <>=")) for part in written.text.split("..")):
        return age(written, field, now)
    op, first, last = _parts(written, lambda text: _span(written, text, now))
    if op == "..":
        start, end = first and first.start, last and last.end
        if start is not None and end is not None and start >= end and not _moves(written.text):
            raise written.unclear(_backwards(written.text))
        ends = [(">=", start), ("<", end)]
        return all_of([Compare(field, sign, at) for sign, at in ends if at is not None])
    span = first or Span(0, 0)
    if op == "=":
        return all_of([Compare(field, ">=", span.start), Compare(field, "<", span.end)])
    sign, at = {"<": ("<", span.start), "<=": ("<", span.end), ">": (">=", span.end), ">=": (">=", span.start)}[op]
    return Compare(field, sign, at)


def _parts(written: Written, read: Callable[[str], _T]) -> tuple[str, _T | None, _T | None]:
    """An operator and its value, or `..` and both ends, of which at least one is there."""
    first, dots, last = written.text.partition("..")
    if dots:
        ends = [read(end.strip()) if end.strip() else None for end in (first, last.lstrip("."))]
        if ends == [None, None]:
            raise written.unclear("Neither end of the range is there.")
        return "..", ends[0], ends[1]
    found = _OPERATOR.fullmatch(written.text)
    op, text = (found[1] or "=", found[2]) if found else ("=", written.text)
    if not text:
        raise written.unclear(f"There is nothing after {op}.")
    return {"=<": "<=", "=>": ">="}.get(op, op), read(text), None


def _between(written: Written, field: str, first: float | None, last: float | None) -> Condition:
    _in_order(written, first, last)
    ends = [(">=", first), ("<=", last)]
    return all_of([Compare(field, sign, value) for sign, value in ends if value is not None])


def _in_order(written: Written, first: float | None, last: float | None) -> None:
    if first is not None and last is not None and first > last:
        raise written.unclear(_backwards(written.text))


def _backwards(text: str) -> str:
    first, _, last = text.partition("..")
    return f"The range runs backwards. Turn it round: {last.strip()}..{first.strip()}."


def _moves(text: str) -> bool:
    """Whether the clock alone may turn the range round: then it holds nothing, but a text that was clear stays so."""
    return len({end.strip(" .") in _DAYS_AGO for end in text.split("..", 1)}) > 1


def _span(written: Written, text: str, now: int) -> Span:
    today = datetime.fromtimestamp(now // 1000, UTC).date()
    if text in _DAYS_AGO:
        return _of_days(today - timedelta(days=_DAYS_AGO[text]), 1)
    found = _DAY.fullmatch(text)
    if not found:
        raise written.unclear(f"{quoted(text)} is no date. Write year-month-day, for example {today}.")
    try:
        return _told(*map(int, filter(None, found.groups())))
    except (ValueError, OverflowError):
        raise written.unclear(f"There is no {text} in the calendar. Dates are year-month-day, like {today}.") from None


def _told(year: int, month: int, day: int | None = None, hour: int | None = None, minute: int = 0) -> Span:
    """Raises ValueError or OverflowError for what no calendar has."""
    first = date(year, month, 1 if day is None else day)
    if day is None:
        next_month = (first + timedelta(days=31)).replace(day=1)
        return _of_days(first, (next_month - first).days)
    if hour is None:
        return _of_days(first, 1)
    at = time(hour, minute)
    start = _at(first) + at.hour * HOUR + at.minute * MINUTE
    return Span(start, start + MINUTE)


def _of_days(first: date, number: int) -> Span:
    return Span(_at(first), _at(first) + number * DAY)


def _at(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY
