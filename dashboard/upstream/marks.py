"""What stands where a secret stood: `[redacted: <kind>]`, with a small fixed vocabulary of kinds.

While a text is being redacted its marks are kept as short codes (NUL, a letter, NUL), so that no
pattern can break a mark or take one for a secret. Cleaned text holds no NUL, so codes are unmistakable.
"""

from __future__ import annotations

import re

API_KEY = "api key"
JWT = "jwt"
SECRET = "secret"  # noqa: S105 the name of a kind
HEADER = "header"
PASSWORD = "password"  # noqa: S105 the name of a kind
QUERY_VALUE = "query value"
ENCRYPTION_KEY = "encryption key"
STORAGE_CREDENTIALS = "storage credentials"
TOKEN = "token"  # noqa: S105 the name of a kind
PRIVATE_KEY = "private key"

KINDS = (
    API_KEY,
    JWT,
    SECRET,
    HEADER,
    PASSWORD,
    QUERY_VALUE,
    ENCRYPTION_KEY,
    STORAGE_CREDENTIALS,
    TOKEN,
    PRIVATE_KEY,
)
MARKS = {kind: f"[redacted: {kind}]" for kind in KINDS}
CODES = {kind: f"\x00{chr(ord('A') + position)}\x00" for position, kind in enumerate(KINDS)}

_OPENING = "[redacted: "
MARK = re.compile(r"\[redacted: (" + "|".join(KINDS) + r")\]")
_CODE = re.compile("\x00([A-Z])\x00")
_BY_LETTER = {code[1]: MARKS[kind] for kind, code in CODES.items()}


def encode_marks(text: str) -> str:
    """The text with its marks as codes. It must hold no NUL."""
    if _OPENING not in text:
        return text
    return MARK.sub(lambda match: CODES[match[1]], text)


def decode_marks(text: str) -> str:
    """The text with its codes as marks again."""
    if "\x00" not in text:
        return text
    return _CODE.sub(lambda match: _BY_LETTER[match[1]], text)


def is_codes(text: str) -> bool:
    """Whether nothing but marks is left of a value."""
    return text.startswith("\x00") and not _CODE.sub("", text)


def is_marks(text: str) -> bool:
    """Whether a value already is nothing but marks."""
    return text.startswith(_OPENING) and not MARK.sub("", text)


def marks_in(text: str) -> tuple[str, ...]:
    """The kinds of the marks found in a text, in their order."""
    if _OPENING not in text:
        return ()
    return tuple(MARK.findall(text))


def count_marks(document: object) -> int:
    """How many marks a document holds, in its keys too. A large one has a quarter of a million strings, so nothing is
    called for those without a mark."""
    count, waiting = 0, [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _OPENING in value:
                count += len(marks_in(value))
        elif isinstance(value, dict):
            waiting += value.keys()
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value
    return count
