"""Texts made equal for a search: by this one function, in Python, for what is stored and what is asked, so that both
databases find the same."""

import re
import unicodedata

# What nobody sees and what comes along when an id is copied: soft hyphens, joiners, directions, no width.
_UNSEEN = re.compile("[\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_SPACE = re.compile(r"[\s\x00-\x1f]+")


def fold(text: str) -> str:
    """`casefold(NFKC(text))` without what cannot be seen, each run of white space as one blank."""
    if text.isascii() and text.isprintable():  # most are, and then blanks are all the white space that there is
        return (_SPACE.sub(" ", text) if "  " in text else text).lower().strip()
    return _SPACE.sub(" ", cleaned(text).casefold()).strip()


def cleaned(text: str) -> str:
    """The same with its capitals, for what means something else without them."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text.encode("utf-8", "replace").decode())).strip()
