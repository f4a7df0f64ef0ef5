"""The word of a search at which somebody is typing."""

from typing import NamedTuple

from dashboard.folding import fold
from dashboard.qualifiers import FIELDS, LISTED
from dashboard.scanning import (
    CLOSING,
    OPENING,
    QUOTES,
    Piece,
    colon_in,
    is_minus,
    phrase_from,
    skip,
    values_from,
    word_from,
)


class Typed(NamedTuple):
    """`start` to `end` is what a suggestion would replace. `name`: of the qualifier whose value it is, or nothing.
    `text`: what is typed of it up to the cursor, folded."""

    start: int
    end: int
    name: str
    text: str


def word_at(text: str, cursor: int) -> Typed:
    """Never raises: what is typed need not be complete."""
    at, cursor = 0, max(0, min(cursor, len(text)))
    while True:
        at = skip(text, at)
        if at >= cursor:
            return Typed(cursor, cursor, "", "")
        if text[at] in OPENING + CLOSING or is_minus(text, at):
            at += 1
            continue
        pieces, name = _pieces_from(text, at)
        for piece in pieces:
            if cursor <= piece.end:
                return _typed(text, cursor, piece, name, piece is pieces[0])
        at = pieces[-1].end


def _pieces_from(text: str, at: int) -> tuple[list[Piece], str]:
    """A word or phrase; of a qualifier the name with its colon, then the values."""
    if text[at] in QUOTES:
        return [phrase_from(text, at)], ""
    word = word_from(text, at)
    end = at + colon_in(word.text) + 1
    name = fold(text[at : end - 1]) if end > at else ""
    if name not in FIELDS:
        return [word], ""
    return [Piece(text[at : end - 1], at, end - 1), *values_from(text, end, name in LISTED)], name


def _typed(text: str, cursor: int, piece: Piece, name: str, is_first: bool) -> Typed:
    """The colon goes with the name; what follows a quotation mark that nobody has closed yet, stays."""
    start = min(piece.at, cursor)
    end = piece.end + (is_first and bool(name)) if piece.is_closed else cursor
    return Typed(start, end, "" if is_first else name, fold(text[start + piece.is_quoted : cursor]))
