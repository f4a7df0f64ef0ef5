"""The account's own keys inside a text: in any letter case, without dashes, or as base64 of `user:key`."""

from __future__ import annotations

import base64
import re
import sys

from . import marks

_SHORTEST = 3
_SHORTEST_CERTAIN = 6
_SHORTEST_BASE64 = 16


class OwnKey:
    """Finds and hides keys. Under 6 characters one must stand alone, under 3 it is no key at all."""

    def __init__(self, *keys: str | None) -> None:
        bare = {(key or "").strip() for key in keys}
        self._forms = sorted({form for key in bare for form in _plain_forms(key)}, key=lambda form: (-len(form), form))
        self._cores = [core for key in sorted(bare) for core in _base64_cores(key)]
        self._pattern = _pattern_of(self._forms)
        self._core_pattern = re.compile("(?:" + "|".join(map(re.escape, self._cores)) + r")[A-Za-z0-9+/_\-]{0,3}={0,2}")
        self._shortest_core = min(map(len, self._cores), default=0)
        self.shortest = min(map(len, self._forms), default=sys.maxsize)
        """No shorter text can hold the key."""

    def is_in(self, text: str, lowered: str) -> bool:
        """Whether the key is in the text. `lowered`: the same in lower case."""
        if len(text) < self.shortest:
            return False
        for form in self._forms:
            if form in lowered:
                return True
        if len(text) >= self._shortest_core:
            for core in self._cores:
                if core in text:
                    return True
        return False

    def hide(self, text: str) -> str:
        """The text with a code in place of the key."""
        text = self._pattern.sub(_hide, text)
        return self._core_pattern.sub(marks.CODES[marks.API_KEY], text) if self._cores else text


def _plain_forms(key: str) -> set[str]:
    if len(key) < _SHORTEST:
        return set()
    bare = key.lower().replace("-", "")
    return {key.lower(), bare} if len(bare) >= _SHORTEST_CERTAIN else {key.lower()}


def _pattern_of(forms: list[str]) -> re.Pattern[str]:
    """Codes come first, so that a key that is a letter of a code cannot break it."""
    either = "|".join(map(_alone_if_short, forms)) or r"(?!)"
    return re.compile(rf"(\x00[A-Z]\x00)|{either}", re.I)


def _alone_if_short(form: str) -> str:
    plain = re.escape(form)
    return plain if len(form) >= _SHORTEST_CERTAIN else rf"(?<![A-Za-z0-9]){plain}(?![A-Za-z0-9])"


def _hide(match: re.Match[str]) -> str:
    return match[1] or marks.CODES[marks.API_KEY]


def _base64_cores(key: str) -> list[str]:
    """What base64 of anything around the key must contain, for the three ways the key can be aligned."""
    if len(key) < _SHORTEST_BASE64:
        return []
    raw = key.encode("utf-8", "replace")
    cores = []
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode()
        cores.append(encoded[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6])
    return cores + [core.translate(_URL_SAFE) for core in cores if core.translate(_URL_SAFE) != core]


_URL_SAFE = str.maketrans("+/", "-_")
