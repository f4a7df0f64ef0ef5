"""Reading values of any type where a certain type was agreed: never an error, at worst nothing."""

from __future__ import annotations

import json
import math
from typing import Any

_LARGEST_TIME = 2**53
_LONGEST_NUMBER = 40


def number(value: object) -> float | None:
    """A finite number from a number or a numeric text; None for anything else, booleans too."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, int):
        return value if -_LARGEST_TIME <= value <= _LARGEST_TIME else None
    return value if isinstance(value, float) and math.isfinite(value) else None


def _parsed(text: str) -> float | None:
    if len(text) > _LONGEST_NUMBER or "_" in text:
        return None
    try:
        parsed = float(text)
    except ValueError:
        return None
    return parsed if math.isfinite(parsed) else None


def milliseconds(value: object) -> int | None:
    """A time in whole ms since 1970; None for nothing, before 1970 and beyond what a float can count."""
    found = number(value)
    return int(found) if found is not None and 0 <= found <= _LARGEST_TIME else None


def ratio(value: object) -> float | None:
    """A number clamped to 0..1."""
    found = number(value)
    return None if found is None else min(1.0, max(0.0, float(found)))


def count(value: object) -> int:
    """A small whole number, 0 for anything else."""
    found = number(value)
    return 0 if found is None else min(2**31 - 1, max(0, int(found)))


def text(value: object, longest: int | None = None) -> str:
    """A text as it is, a number as its digits, "" for everything else; cut to `longest` characters."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)[:longest]


def words(value: object) -> str:
    """Like text, but lists and objects become their JSON: a strange error message is shown too."""
    if isinstance(value, (list, dict)) and value:
        try:
            return json.dumps(value, ensure_ascii=False, allow_nan=False)
        except RecursionError:
            return "(nested too deeply to show)"
    return text(value)


def part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under a name, empty where something else or nothing stands there."""
    value = document.get(name)
    return value if isinstance(value, dict) else {}
