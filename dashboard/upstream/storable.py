"""Texts and numbers that every database and every JSON reader takes."""

from __future__ import annotations

import math
import re

_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST_NUMBER = 10**300


def storable_text(text: str) -> str:
    """The text with U+FFFD for NUL (PostgreSQL refuses it) and for lone surrogates (UTF-8 knows none)."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    return text


def storable_number(number: float) -> float | str:
    """The number, or a word for what JSON cannot hold (NaN, Infinity, integers of over 300 digits)."""
    if isinstance(number, float):
        return number if math.isfinite(number) else str(number)
    return number if -_LARGEST_NUMBER < number < _LARGEST_NUMBER else "a number of over 300 digits"
