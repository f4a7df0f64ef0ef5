"""What stands in the URL of a list: words, and ids that may be none."""

from django.http import Http404

from dashboard.models.listing import UnreadableCursor

LONGEST_ID = 18  # digits; what is longer no database holds


def word(text: str, longest: int = 100) -> str:
    return text.replace("\0", "")[:longest].strip()


def id_or_404(text: str) -> int | None:
    """None for nothing; what is no id is not found."""
    if not text:
        return None
    if not _is_id(text):
        raise Http404
    return int(text)


def ids(text: str, most: int) -> tuple[int, ...]:
    """The first of `1.2.3`. Raises UnreadableCursor."""
    parts = text.split(".")[:most] if text else []
    if not all(map(_is_id, parts)):
        raise UnreadableCursor(text)
    return tuple(map(int, parts))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
