"""Why rows of a search are in the list, where they do not show it by themselves."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from django.utils.safestring import mark_safe

from dashboard.clue import clue_of
from dashboard.folding import fold
from dashboard.haystack import Searchable
from dashboard.models.words import searchables_of
from dashboard.views.kept import Kept
from dashboard.views.leaves import shown
from dashboard.views.moulds import Moulds, slot
from dashboard.views.rows import Row

Key = tuple[int, int, tuple[str, ...], tuple[str, ...]]
_clues: Kept[Key, str] = Kept(2)
_TAG = re.compile("<[^>]*>")


def clues_of(rows: Sequence[Row], columns: tuple[str, ...], words: tuple[str, ...]) -> Mapping[int, str]:
    """By task a line of HTML about the first word that its row lacks, or nothing; kept until the task changes."""
    if not words:
        return {}
    keys = {(row.id, row.version, columns, words): row for row in rows}
    found = _clues.find(keys)
    missing = {key: row for key, row in keys.items() if key not in found}
    if missing:
        searchables = searchables_of(row.id for row in missing.values())
        made = {key: _clue(searchables.get(row.id), row, words) for key, row in missing.items()}
        _clues.put(made)
        found |= made
    return {key[0]: html for key, html in found.items()}


def _clue(searchable: Searchable | None, row: Row, words: tuple[str, ...]) -> str:
    clue = searchable and clue_of(searchable, _seen_in(row.html), words)
    if not clue:
        return ""
    told = {name: mark_safe(shown(text)) for name, text in clue._asdict().items()}  # noqa: S308  escaped
    return _moulds.filled((bool(clue.word),), told)


def _seen_in(html: str) -> str:
    return fold(unescape(_TAG.sub("", html)))


def _shape(has_word: bool) -> dict[str, Any]:
    """Without a word in it, the value is told from its beginning: what was found in it is another way to write it."""
    return {"clue": {name: slot(name) for name in ("where", "before", "word", "after")}, "has_word": has_word}


_moulds = Moulds("board/_clue.html", _shape)
