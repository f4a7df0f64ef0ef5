"""Redaction at the door: nothing secret is stored, searched, logged or drawn.

`Redactor(key, …).document(anything)` copies a JSON document, `.text(string)` a single text. What was removed
stays as a mark that names its kind, `[redacted: jwt]`. Ids, CIDs, hashes, hosts and paths survive.
Both also make texts storable (see storable). Redacting twice is redacting once.
"""

from __future__ import annotations

import re
from typing import Any

from . import marks
from .documents import Names, redacted_copy
from .marks import KINDS, count_marks, marks_in
from .own_key import OwnKey
from .percent import hide_encoded
from .secret_fields import hide_fields
from .secret_text import hide_aws_keys, hide_jwts, hide_logins, hide_own_tokens, hide_private_keys, hide_schemes
from .storable import storable_text

__all__ = ["KINDS", "Redactor", "count_marks", "marks_in"]

_IS_PLAIN = re.compile(r"[A-Za-z0-9_\-./,]*+").fullmatch
_SHORT = 12
"""Below this no plain word can hide anything but a short key of the account's own."""
_NAME_LIKE = (
    "secret", "token", "key", "pass", "pwd", "auth", "jwt", "cookie", "header", "credential", "proof",
    "phrase", "mnemonic", "connection", "amz", "goog", "oss", "encryption", "pinata", "drm",
)  # fmt: skip
_SCHEME_LIKE = ("bearer", "basic", "token", "key", "jwt")
_ROUNDS = 5
_DEEPEST_ENCODING = 6


class Redactor:
    """Redacts what Studio says to one account. `keys`: the account's own, removed wherever they occur."""

    def __init__(self, *keys: str | None) -> None:
        self._own_key = OwnKey(*keys)
        self._short = min(_SHORT, self._own_key.shortest)
        self._names = Names(self.text)

    def __repr__(self) -> str:
        return "Redactor(…)"

    def document(self, document: Any) -> Any:
        """A deep copy of a JSON document without secrets, safe at any depth."""
        return redacted_copy(document, self.text, self._names)

    def text(self, text: str) -> str:
        """The text without secrets."""
        if _IS_PLAIN(text) and (len(text) < self._short or not self._plain_may_hold_secrets(text)):
            return text
        text = storable_text(text)
        return marks.decode_marks(self._settle(marks.encode_marks(text), 0))

    def _plain_may_hold_secrets(self, text: str) -> bool:
        """Most strings are one plain word, in which only these can hide."""
        return "eyJ" in text or "ltd_" in text or _has_aws_key(text) or self._own_key.is_in(text, text.lower())

    def _settle(self, text: str, depth: int) -> str:
        """Redacts until nothing changes: what one pattern leaves may be plain to another."""
        for _ in range(_ROUNDS):
            redacted = self._once(text, text.lower(), depth)
            if redacted == text:
                break
            text = redacted
        return text

    def _once(self, text: str, lowered: str, depth: int) -> str:
        """One round. `lowered` only decides what is worth a closer look; marks in it are still codes."""
        if self._own_key.is_in(text, lowered):
            text = self._own_key.hide(text)
        if "-----BEGIN" in text:
            text = hide_private_keys(text)
        if "@" in text or "w3s:" in lowered:
            text = hide_logins(text)
        if "=" in text or (":" in text and _has_any(_NAME_LIKE, lowered)):
            text = hide_fields(text)
        if _has_any(_SCHEME_LIKE, lowered):
            text = hide_schemes(text)
        if "eyJ" in text:
            text = hide_jwts(text)
        if _has_aws_key(text):
            text = hide_aws_keys(text)
        if "ltd_" in text:
            text = hide_own_tokens(text)
        if "%" in text:
            text = hide_encoded(text, lambda decoded: self._decoded(decoded, depth + 1))
        return text

    def _decoded(self, text: str, depth: int) -> str | None:
        return self._once(text, text.lower(), depth) if depth <= _DEEPEST_ENCODING else None


def _has_any(words: tuple[str, ...], text: str) -> bool:
    for word in words:  # noqa: SIM110 twice as fast as any(), and it runs for every second string
        if word in text:
            return True
    return False


def _has_aws_key(text: str) -> bool:
    return "AKIA" in text or "ASIA" in text or "AROA" in text or "AIDA" in text
