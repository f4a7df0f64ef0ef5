r"""The language of the search box: a text becomes a Condition, or an Unclear that says what is wrong and where.

    query  = [ either ]
    either = each { "OR" each }
    each   = term { [ "AND" ] term }
    term   = [ "NOT" ] [ "-" ] ( "(" either ")" | filter | phrase | word )
    filter = name ":" value { "," value }         several values: phase, type, account, project, id, asset
    value  = phrase | word
    phrase = quotation mark, characters (\" is the mark, \\ a backslash), quotation mark
    word   = characters that are no blank, parenthesis or quotation mark

The names are those of FIELDS. OR binds weaker than AND; they and NOT are words in capitals. `-` and NOT negate what
follows at once; a `-` alone, or before another `-`, is a character like any other. What cannot be seen (no width,
directions) counts for nothing. A word with a colon is a filter, unless it is an address (`https://…`), or what stands
before the colon is more than letters (`10:42`), or is no name of ours and nothing follows (`failed: …`).
Numbers, ages and days: `ranges`.
"""

import re

from dashboard.cids import bare, forms_of
from dashboard.conditions import (
    All,
    Any,
    Condition,
    Unclear,
    Words,
    all_of,
    any_of,
    negated,
)
from dashboard.folding import cleaned, fold
from dashboard.qualifiers import FIELDS, LISTED, asked, merged, nearest
from dashboard.ranges import Written, quoted
from dashboard.scanning import (
    CLOSING,
    OPENING,
    QUOTES,
    Piece,
    colon_in,
    is_minus,
    phrase_from,
    skip,
    skip_unseen,
    values_from,
    word_from,
)

LONGEST = 512
MOST_TERMS = 20
DEEPEST = 20
"""Parentheses within parentheses: whoever works on a Condition may recurse."""
_NAME = re.compile(r"[a-z_]{2,}")
_ONE_NAME = re.compile(r"[0-9a-z][0-9a-z_-]{7,199}")
_QUOTE_IT = "To look for the text itself, put it in quotation marks."


def read(text: str, now: int) -> Condition:
    """What the text asks. `now`: of ages, in ms. Without anything in it: any task. Raises Unclear."""
    if len(text) > LONGEST:
        sentence = f"A search has at most {LONGEST} characters; this has {len(text)}."
        raise Unclear(sentence, LONGEST, len(text) - LONGEST)
    return _Reader(text, now).whole()


def one_name(text: str) -> tuple[str, ...]:
    """The folded text, if all of it is one plain word that may be the id of a task or an asset, or a CID, then in all
    its forms; else nothing."""
    whole = bare(cleaned(text[: 2 * LONGEST]))
    return tuple(map(fold, forms_of(whole))) if _ONE_NAME.fullmatch(fold(whole)) else ()


class _Reader:
    """Goes through the text once; `at` is where it stands."""

    def __init__(self, text: str, now: int) -> None:
        self._text, self._now = text, now
        self._at = self._terms = 0

    def whole(self) -> Condition:
        condition = self._either(0)
        if self._at < len(self._text):
            raise Unclear("This parenthesis closes nothing.", self._at, 1)
        return condition

    def _either(self, depth: int) -> Condition:
        parts = [self._each(depth)]
        while self._operator() == "OR":
            operator = self._take_operator()
            parts.append(self._each(depth))
            if not (parts[-1] and parts[-2]):
                raise _lonely(operator)
        return any_of([all_of(part) for part in parts])

    def _each(self, depth: int) -> list[Condition]:
        parts: list[Condition] = []
        waiting: Piece | None = None
        while (operator := self._operator()) != "OR" and not self._is_at_end():
            if operator == "AND":
                between, waiting = waiting, self._take_operator()
                if between or not parts:
                    raise _lonely(waiting)
            else:
                parts.append(self._opposite(depth) if operator == "NOT" else self._term(depth))
                waiting = None
        if waiting:
            raise _lonely(waiting)
        return parts

    def _operator(self) -> str:
        """The one that stands here, or nothing."""
        self._at = skip(self._text, self._at)
        word = word_from(self._text, self._at).text
        seen = "".join(character for character in word if fold(character)) if len(word) <= LONGEST else ""
        return seen if seen in ("OR", "AND", "NOT") else ""

    def _take_operator(self) -> Piece:
        piece = word_from(self._text, self._at)
        self._at = piece.end
        return piece

    def _is_at_end(self) -> bool:
        return self._at >= len(self._text) or self._text[self._at] in CLOSING

    def _term(self, depth: int) -> Condition:
        if not is_minus(self._text, self._at):
            return self._plain(depth)
        self._at = skip_unseen(self._text, self._at + 1)
        return negated(self._plain(depth))

    def _opposite(self, depth: int) -> Condition:
        operator = self._take_operator()
        if self._operator() or self._is_at_end():
            raise Unclear("NOT needs something after it.", operator.at, len(operator.text))
        return negated(self._term(depth))

    def _plain(self, depth: int) -> Condition:
        first = self._text[self._at]
        if first in OPENING:
            return self._group(depth + 1)
        if first in QUOTES:
            return self._words(self._closed(phrase_from(self._text, self._at)))
        word = word_from(self._text, self._at)
        colon = colon_in(word.text)
        name = fold(word.text[:colon]) if colon > 0 else ""
        if not name or word.text[colon + 1 :].startswith("//"):
            return self._words(word)
        return self._qualifier(name, colon + 1) if name in FIELDS else self._strange(name, word, colon + 1)

    def _group(self, depth: int) -> Condition:
        start = self._at
        if depth > DEEPEST:
            raise Unclear(f"Parentheses stand at most {DEEPEST} deep in one another.", start, 1)
        self._at += 1
        condition = self._either(depth)
        if self._at >= len(self._text):
            raise Unclear("This parenthesis is never closed.", start, 1)
        self._at += 1
        if condition == All(()):
            raise Unclear("There is nothing between these parentheses.", start, self._at - start)
        return condition

    def _words(self, piece: Piece) -> Condition:
        self._at = piece.end
        self._count(1, piece.at, piece.end)
        forms = (piece.text,) if piece.is_quoted else forms_of(cleaned(piece.text))
        return any_of([Words(text) for text in dict.fromkeys(map(fold, forms))])

    def _strange(self, name: str, word: Piece, after_colon: int) -> Condition:
        """A word with a colon whose beginning is no name of ours: text, or a mistyped qualifier."""
        start, end = word.at, word.at + after_colon
        has_value = fold(word.text[after_colon:]) or self._text[word.end : word.end + 1] in tuple(QUOTES)
        if not (_NAME.fullmatch(name) and has_value):
            return self._words(word)
        meant = nearest(name)
        hint = f"Did you mean {meant}: instead?" if meant else ""
        sentences = (f"There is no filter {quoted(name + ':')}.", hint, _QUOTE_IT)
        raise Unclear(" ".join(filter(None, sentences)), start, end - start)

    def _qualifier(self, name: str, after_colon: int) -> Condition:
        start, end = self._at, self._at + after_colon
        pieces = [self._closed(piece) for piece in values_from(self._text, end, name in LISTED)]
        written = [(Written(fold(p.text), p.at, p.end - p.at, p.text), p.is_quoted) for p in pieces if fold(p.text)]
        if not written:
            sentence = f"Write what is wanted right after the colon, as in {FIELDS[name].example}. {_QUOTE_IT}"
            raise Unclear(sentence, start, end - start)
        self._at = pieces[-1].end
        condition = merged([asked(name, value, is_quoted, self._now) for value, is_quoted in written])
        self._count(len(condition.parts) if isinstance(condition, Any) else 1, start, self._at)
        return condition

    def _closed(self, piece: Piece) -> Piece:
        """The phrase, if it is one indeed."""
        if not piece.is_closed:
            raise Unclear("This quotation mark is never closed.", piece.at, 1)
        if piece.is_quoted and not fold(piece.text):
            raise Unclear("There is nothing between these quotation marks.", piece.at, piece.end - piece.at)
        return piece

    def _count(self, number: int, at: int, end: int) -> None:
        self._terms += number
        if self._terms > MOST_TERMS:
            raise Unclear(f"A search has at most {MOST_TERMS} words and filters.", at, end - at)


def _lonely(operator: Piece) -> Unclear:
    return Unclear(f"{fold(operator.text).upper()} needs something on both sides.", operator.at, len(operator.text))
