"""Texts from outside with all that a reader cannot see made visible: terminal escapes, turned writing, no width.

HTML escaping does not touch such characters. What people need to write stays: line breaks, emoji, Persian.
"""

import re

# Controls, soft hyphen, fillers, what has no width or joins, directions, line and paragraph separators, tags, halves
# of pairs, what is no character. U+FE0F is not among them: it makes an emoji of the sign before it.
_UNSEEN = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What joins emoji, and what joins or parts the letters of some scripts.
_NEEDED = re.compile("(?<=[^\x00-\u20ff])\u200d(?=[^\x00-\u20ff])|(?<=[\u0600-\u109f])[\u200c\u200d]")
_PICTURES = 0x2400  # ␀ stands for 0, and so on


def visible(text: str) -> str:
    """The text with `␛` for an escape and `⟨U+202E⟩` for a right-to-left override."""
    if (text.isascii() and text.isprintable()) or not _UNSEEN.search(text):
        return text
    needed = {found.start() for found in _NEEDED.finditer(text)}
    return _UNSEEN.sub(lambda found: found[0] if found.start() in needed else _stand_in(ord(found[0])), text)


def _stand_in(code: int) -> str:
    if code < 0x20:
        return chr(_PICTURES + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
