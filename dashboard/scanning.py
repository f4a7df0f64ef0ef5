"""Where the words of a search begin and end, in the text as it was typed: phones and word processors included, which
turn quotation marks into curly ones and write parentheses, colons and commas in full width."""

from typing import NamedTuple

from dashboard.folding import fold

QUOTES = '"“”„‟＂'
OPENING, CLOSING = "(（", ")）"
COLONS, COMMAS = ":：", ",，"
_ESCAPED = '"“”„‟＂\\'


class Piece(NamedTuple):
    """One word, phrase or value: `text` as meant, without quotation marks; `at` and `end` with them."""

    text: str
    at: int
    end: int
    is_quoted: bool = False
    is_closed: bool = True


def is_blank(character: str) -> bool:
    return character.isspace() or character < " "


def skip(text: str, at: int) -> int:
    """Where the next thing stands that can be seen."""
    while at < len(text) and not fold(text[at]):
        at += 1
    return at


def skip_unseen(text: str, at: int) -> int:
    """The same, but not beyond a blank."""
    while at < len(text) and not is_blank(text[at]) and not fold(text[at]):
        at += 1
    return at


def word_from(text: str, at: int, until: str = "") -> Piece:
    """Characters up to a blank, a parenthesis, a quotation mark or one of `until`."""
    end = at
    while end < len(text) and not is_blank(text[end]) and text[end] not in QUOTES + OPENING + CLOSING + until:
        end += 1
    return Piece(text[at:end], at, end)


def phrase_from(text: str, at: int) -> Piece:
    """What stands between the quotation mark at `at` and the next one, or the end."""
    told, end = [], at + 1
    while end < len(text) and text[end] not in QUOTES:
        if text[end] == "\\" and text[end + 1 : end + 2] and text[end + 1] in _ESCAPED:
            end += 1
        told.append(text[end])
        end += 1
    is_closed = end < len(text)
    return Piece("".join(told), at, end + is_closed, True, is_closed)


def values_from(text: str, at: int, is_list: bool) -> list[Piece]:
    """The value of a qualifier; of one that takes a list, all between the commas, empty ones too."""
    found: list[Piece] = []
    while True:
        start = skip_unseen(text, at)
        is_quoted = start < len(text) and text[start] in QUOTES
        found.append(phrase_from(text, start) if is_quoted else word_from(text, start, COMMAS if is_list else ""))
        at = found[-1].end
        if not (is_list and at < len(text) and text[at] in COMMAS):
            return found
        at += 1


def colon_in(word: str) -> int:
    """Where its first colon stands, or -1."""
    return next((index for index, character in enumerate(word) if character in COLONS), -1)


def is_minus(text: str, at: int) -> bool:
    """Whether a `-` stands here that negates: something follows it at once that is no other `-`."""
    after = skip_unseen(text, at + 1)
    return text[at] == "-" and after < len(text) and not is_blank(text[after]) and text[after] not in f"-{CLOSING}"
