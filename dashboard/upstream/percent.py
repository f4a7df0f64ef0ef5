"""Secrets behind percent-encoding: URLs inside URLs, whole or in part, once or several times encoded."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from . import marks

_CHUNK = re.compile(r"[^\s\"<>&?=#\\]+")
_CODE = re.compile("(\x00[A-Z]\x00)")
_MAYBE_RAW = ":/@+,;!*()'$[]|"


def hide_encoded(text: str, redact: Callable[[str], str | None]) -> str:
    """The text with each percent-encoded chunk decoded, redacted, and encoded again if it lost something.

    `redact` answers None for a chunk that is encoded too often to be honest: then all of it goes.
    """
    return _CHUNK.sub(lambda match: _hide_in_chunk(match[0], redact) if "%" in match[0] else match[0], text)


def _hide_in_chunk(chunk: str, redact: Callable[[str], str | None]) -> str:
    decoded = unquote(chunk.replace("%00", "%EF%BF%BD"))
    if decoded == chunk:
        return chunk
    redacted = redact(decoded)
    if redacted is None:
        return marks.CODES[marks.SECRET]
    return chunk if redacted == decoded else _encoded(redacted, chunk)


def _encoded(text: str, chunk: str) -> str:
    safe = "".join(sign for sign in _MAYBE_RAW if sign in chunk)
    return "".join(part if part.startswith("\x00") else quote(part, safe=safe) for part in _CODE.split(text))
