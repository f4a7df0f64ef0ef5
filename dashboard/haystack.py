"""What a search knows of one task: a folded text for words that may stand anywhere, and names known exactly.

The text has lines: the title; the playback id, a tab, the ids; the error, maybe empty; then the string values of params
and output, each once. A folded value holds neither line break nor tab, so both part what they part without doubt, also
for SQL: what comes before the tab is all that an asset's card can change.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.facts import destination_of
from dashboard.folding import fold
from dashboard.titles import last_segment

LONGEST_TEXT = 20_000
LONGEST_VALUE = 1000
"""Characters kept of one string: longer ones are signed addresses and blobs, whose ends nobody types."""
LACKS_CID = ("lacks", "cid")
LONGEST_NAME = 200
"""A longer name is found by its first so many characters, folded."""
HEAD_END = "\t"
_PREFIX = 8
_CID = re.compile(r"\b(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|baf[a-z2-7]{50,190})\b")
_FILE = re.compile(r"\S\.[A-Za-z0-9]{1,8}$")
_TELLING = {str, dict, list}
_PARTS = ("params", "output")  # taken from the end
_UNTELLING_FILES = {"index.m3u8"}
_Told = tuple[bool, str, str, str]
"""A string: whether it stands in the output, the key of what holds it, its own key, and itself."""


@dataclass(frozen=True)
class Searchable:
    """A task as a search sees it. `playback_id`: of the asset whose name the task bears, "" while unknown.
    `document` is redacted."""

    title: str
    upstream_id: str
    input_asset_id: str
    output_asset_id: str
    playback_id: str
    error: str
    document: dict[str, Any]

    @cached_property
    def text(self) -> str:
        """At most LONGEST_TEXT characters."""
        ids = " ".join(value for _, value in self._ids)
        head = f"{fold(self.title)}\n{fold(self.playback_id)}{HEAD_END}{fold(ids)}\n{fold(self.error[:LONGEST_TEXT])}"
        values = {fold(value): None for _, value in self._values()}
        values.pop("", None)
        return "\n".join([head, *values])[:LONGEST_TEXT]

    @property
    def told(self) -> Iterator[tuple[str, str]]:
        """What the text has beside the title, as it was before it was folded, each with what it is called. A value of
        the document is called by its own key and that of what holds it."""
        yield from self._ids
        yield "playback id", self.playback_id
        yield "error", self.error
        yield from self._values()

    @cached_property
    def names(self) -> frozenset[tuple[str, str]]:
        """Pairs of a kind and a folded value: `id`, `prefix` its first 8 characters, `asset` made or worked on,
        `playback`, `cid` told by the output, `source` a CID that the params name, `file` of addresses and assets,
        `title` where that is a file's name, `to` ipfs or custom, `lacks` the CID that an export to ipfs should have."""
        params = self.document.get("params")
        found = {
            ("id", self.upstream_id),
            ("prefix", self.upstream_id[:_PREFIX]),
            ("asset", self.input_asset_id),
            ("asset", self.output_asset_id),
            ("playback", self.playback_id),
            ("title", self.title if is_file_name(self.title) else ""),
            ("to", destination_of(params) if isinstance(params, dict) else ""),
            *_names_in(self._strings),
        }
        folded = [(kind, named(value)) for kind, value in found if value]
        told = {name for name in folded if name[1]}
        lacks_cid = ("to", "ipfs") in told and not any(kind == "cid" for kind, _ in told)
        return frozenset(told | {LACKS_CID} if lacks_cid else told)

    @cached_property
    def _strings(self) -> list[_Told]:
        return _strings_of(self.document)

    @property
    def _ids(self) -> list[tuple[str, str]]:
        ids = {"task": self.upstream_id, "output asset": self.output_asset_id, "input asset": self.input_asset_id}
        return [(name, value) for name, value in ids.items() if value]

    def _values(self) -> Iterator[tuple[str, str]]:
        """File names stand percent-encoded in addresses, but people type them as they read."""
        for _, parent, key, value in self._strings:
            name = f"{parent}.{key}" if parent else key
            yield name, value[:LONGEST_VALUE]
            if key == "url" and "%" in value:
                yield name, _file_of(parent, value)


def named(value: str) -> str:
    """As a name is stored and asked for."""
    return fold(value)[:LONGEST_NAME]


def is_file_name(text: str) -> bool:
    return "." in text and len(text) <= LONGEST_NAME and _FILE.search(text) is not None


def _strings_of(document: dict[str, Any]) -> list[_Told]:
    """The strings of output and params in their order; any JSON may stand there, at any depth. No more than the text
    can hold."""
    found: list[_Told] = []
    left = LONGEST_TEXT
    waiting: list[tuple[bool, str, str, Any]] = [(name == "output", "", name, document.get(name)) for name in _PARTS]
    while waiting and left > 0:
        is_output, parent, key, value = waiting.pop()
        if isinstance(value, str):
            left -= min(len(value), LONGEST_VALUE) + 1
            found.append((is_output, parent, key, value))
        elif isinstance(value, dict):
            waiting += [
                (is_output, key, inner, value[inner]) for inner in reversed(value) if type(value[inner]) in _TELLING
            ]
        elif isinstance(value, list):
            waiting += [(is_output, parent, key, each) for each in reversed(value) if type(each) in _TELLING]
    return found


def _names_in(strings: list[_Told]) -> Iterator[tuple[str, str]]:
    for is_output, parent, key, value in strings:
        if "Qm" in value or "baf" in value:
            yield from (("cid" if is_output else "source", cid) for cid in _CID.findall(value))
        if key == "playbackId":
            yield "playback", value
        elif is_output:
            if key[-3:].lower() == "cid":
                yield "cid", value
            elif key == "name" and parent == "assetSpec" and is_file_name(value):
                yield "file", value
        elif key == "url":
            yield "file", _file_of(parent, value)


def _file_of(parent: str, url: str) -> str:
    """The last part of an address, unless it is a folder to write to, or a name that all have."""
    name = "" if parent == "storage" else last_segment(url)
    return "" if name in _UNTELLING_FILES else name
