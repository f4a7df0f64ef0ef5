"""One leaf of a document as HTML: its key, its value, what a number means, what was removed, a link that can be opened.

Whatever a stranger wrote is escaped; what could hide or turn the line around is shown as a mark. The raw text
stays in `data-value`, from where it is copied.
"""

import json
import re
from html import escape
from typing import Any

from django.templatetags.static import static

from dashboard import units
from dashboard.meanings import meaning_of
from dashboard.upstream.marks import MARK, marks_in
from dashboard.visible import visible

URL = re.compile(r"https?://[^\s\"<>\\^`{|}]+\Z")
STAND_INS = re.compile("(?:[\u2400-\u2421]|⟨U\\+[0-9A-F]{4,6}⟩)+")
LONG, HEAD = 200, 120  # characters
LONGEST_URL = 2000


def shown(text: str) -> str:
    """Escaped, on one side of its own; what nobody could see has a stand-in."""
    if _is_plain(text):
        return escape(text)
    told = visible(text)
    return f"<bdi>{escape(told) if told == text else STAND_INS.sub(_quiet, escape(told))}</bdi>"


def attribute(raw: str) -> str:
    """Escaped for an attribute. A browser would read a lone carriage return as a line feed."""
    told = escape(raw)
    return told.replace("\r", "&#13;") if "\r" in told else told


def path_attribute(path: str) -> str:
    """Only a path with a quoted key holds anything to escape."""
    return attribute(path) if '"' in path else path


def kind_of(value: Any) -> tuple[str, str]:
    """Class and raw text of a leaf."""
    if isinstance(value, str):
        return "s", value
    if isinstance(value, bool):
        return "b", "true" if value else "false"
    if isinstance(value, int):
        return "n", repr(value)
    return "n" if isinstance(value, float) else "z", json.dumps(value)


class Leaves:
    """Draws leaves. `is_open` shows long strings whole."""

    def __init__(self, is_open: bool = False) -> None:
        self.icons, self.is_open = static("icons.svg"), is_open
        self._keys: dict[str, tuple[str, str]] = {}

    def leaf(self, key: str, value: Any, path: str, kind: str, raw: str) -> str:
        """`kind` and `raw` are what `kind_of` says of the value."""
        if kind == "s":
            lost, told, said = self._string(raw)
        else:
            lost, told, said = "", raw, f'<span class="{kind}">{raw}</span>'
            if kind == "n":
                said += _meaning(key, path, value)
        name, label = self._keys.get(key) or self._name(key)
        return (
            f'<div class="leaf" data-path="{path_attribute(path)}" data-value="{told}"{lost}>'
            f'<b>{name}</b> {said}<button class="ico" aria-label="Copy {label}"></button></div>'
        )

    def value(self, value: Any) -> str:
        """The value alone."""
        kind, raw = kind_of(value)
        return self._string(raw)[2] if kind == "s" else f'<span class="{kind}">{raw}</span>'

    def _name(self, key: str) -> tuple[str, str]:
        """A key as it is shown and as it is read aloud. Keys come again and again."""
        self._keys[key] = name = shown(key), escape(visible(key))
        return name

    def _string(self, raw: str) -> tuple[str, str, str]:
        """An attribute that tells of a redaction, the raw text as an attribute, and what is shown."""
        if _is_plain(raw) and len(raw) <= LONG and "[redacted: " not in raw:
            text = escape(raw)
            return "", text, f'<span class="s">{text}</span>{_link(raw, text) if raw.startswith("http") else ""}'
        kinds = marks_in(raw)
        told, said = attribute(raw), f'<span class="s">{self._marked(raw) if kinds else shown(raw)}</span>'
        if len(raw) > LONG:
            said = self._folded(raw, said)
        if kinds:
            return f' data-redacted="{escape(kinds[0])}"', told, said
        return "", told, said + _link(raw, told)

    def _folded(self, raw: str, said: str) -> str:
        head = raw[:HEAD]
        opened = head.rfind("[")
        if opened >= 0 and "]" not in head[opened:] and raw.startswith("[redacted: ", opened):
            head = raw[:opened]
        size = units.size(len(raw.encode(errors="replace")))
        is_open = " open" if self.is_open else ""
        return (
            f'<details class="long"{is_open}><summary><span class="s">{self._marked(head)}…</span> '
            f'<span class="z">{size}</span></summary>{said}</details>'
        )

    def _marked(self, raw: str) -> str:
        """Escaped text whose redaction marks explain themselves."""
        parts = MARK.split(raw)
        return "".join(self._mark(part) if index % 2 else shown(part) for index, part in enumerate(parts) if part)

    def _mark(self, kind: str) -> str:
        return (
            f'<span class="gone" title="Removed before it was stored: {escape(kind)}">'
            f'<svg aria-hidden="true"><use href="{self.icons}#lock"/></svg>redacted: {escape(kind)}</span>'
        )


def _meaning(key: str, path: str, value: float) -> str:
    meaning = meaning_of(key, path, value)
    if meaning is None:
        return ""
    if meaning.at:
        return f' <time class="z" datetime="{meaning.at}" data-clock>{meaning.text}</time>'
    return f' <span class="z">{meaning.text}</span>'


def _link(raw: str, told: str) -> str:
    if len(raw) > LONGEST_URL or not URL.match(raw) or visible(raw) != raw:
        return ""
    return f' <a class="open" href="{told}" rel="noopener noreferrer nofollow" target="_blank">open</a>'


def _is_plain(text: str) -> bool:
    """Nothing but printable ASCII: the usual case, and fast to tell."""
    return text.isascii() and text.isprintable()


def _quiet(match: re.Match[str]) -> str:
    return f'<i class="gone">{match[0]}</i>'
