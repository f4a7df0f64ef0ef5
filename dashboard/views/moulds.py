"""HTML that many things share but for some words. Its template is rendered once for each shape that such a thing can
have, with slots for the words; after that it is only filled.

Filling costs a small part of rendering, and fifty rows of a board have a handful of shapes.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

MOST = 200  # a search box full makes a strip of 50 kB
_MARKUP = re.compile("[&<>\"']").search  # most words have none, and looking is cheaper than escaping
_SLOT = re.compile("<slot ([a-z_0-9]+)>")


def slot(name: str) -> SafeString:
    """Stands in the template's context for a word; the template may ask for it, and show it, but not change it."""
    return mark_safe(f"<slot {name}>")  # noqa: S308  no text of others can hold it: they are escaped


class Moulds:
    """Those of one template, the MOST that were used last; they hold nothing but what the template says. `context`
    makes the template's variables of a shape: nothing else may be in them, but for the slots."""

    def __init__(self, template: str, context: Callable[..., dict[str, Any]]) -> None:
        self._template, self._context = template, context
        self._of = lru_cache(MOST)(self._make)

    def filled(self, shape: tuple[Hashable, ...], words: Mapping[str, str]) -> SafeString:
        """`words` are plain texts, or HTML that is safe, by the names of the slots."""
        told = {name: escape(word) if _is_markup(word) else word for name, word in words.items()}
        return mark_safe(self._of(*shape) % told)  # noqa: S308  escaped

    def _make(self, *shape: Hashable) -> str:
        rendered = render_to_string(self._template, self._context(*shape))
        return _SLOT.sub(r"%(\1)s", rendered.replace("%", "%%"))


def _is_markup(word: str) -> bool:
    return not isinstance(word, SafeString) and _MARKUP(word) is not None
