"""Telling keys from language."""

from __future__ import annotations

_LONG = 20
_SHORT = 8


def is_opaque(word: str) -> bool:
    """Whether a word looks like a key. Its first 64 characters are enough to decide."""
    if len(word) < _SHORT or "://" in word[:_LONG]:
        return False
    return len(word) >= _LONG or any(map(str.isdigit, word)) or not (word[1:].islower() or word.isupper())
