"""The qualifiers of a search: their names, what people read about them, and what a value of each asks."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from dashboard import ranges
from dashboard.cids import bare, forms_of
from dashboard.conditions import Condition, Failing, InGroup, Is, Lacks, Named, Not, Of, Titled, To, any_of
from dashboard.folding import cleaned, fold
from dashboard.haystack import LONGEST_NAME
from dashboard.phases import OVERLAYS, PHASES
from dashboard.ranges import Written, quoted

TYPES = ("upload", "export", "export-data", "transcode-file", "clip", "import", "transcode")
"""All that Studio has made, the last two in former years (read in the server's source)."""
LISTED = frozenset({"phase", "type", "account", "project", "id", "asset"})
"""Those that take several values with commas."""
DESTINATIONS = ("ipfs", "custom")
SHOWN_OF_IDS, PLAYBACK_ID = 8, 16
"""Characters: what rows show of an id, and all of a playback id."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GROUP = re.compile(r"#?([0-9]{1,18})")
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")
_MEANT = {"status": "phase", "state": "phase", "title": "name", "kind": "type", "task": "id", "date": "created"}
_MEANT |= {"to": "destination", "hash": "cid", "message": "error", "since": "created", "before": "created"}


class Field(NamedTuple):
    example: str
    sentence: str


FIELDS = {  # the most used ones first: an empty box suggests eight
    "phase": Field("phase:failed,cancelled", "In one of these phases; also retrying and stalled."),
    "type": Field("type:export,export-data", "Of one of these types."),
    "account": Field('account:"Acme Live"', "Of the account with this name."),
    "error": Field('error:"timed out"', "With this in the error."),
    "created": Field("created:2026-11-01..2026-11-07", "Created on these days (UTC), both included."),
    "updated": Field("updated:<24h", "Last changed on these days, or so long ago."),
    "cid": Field("cid:bafybei", "With this CID, or its beginning; cid:none has no CID."),
    "stalled": Field("stalled:yes", "Without news for too long, or not."),
    "retrying": Field("retrying:yes", "Waiting for another try, or not."),
    "retries": Field("retries:>0", "Retried by Studio so often."),
    "progress": Field("progress:>50%", "So far done."),
    "age": Field("age:<24h", "Created so long ago; units m, h, d, w."),
    "name": Field("name:keynote", "With this in the title."),
    "id": Field("id:1f2e3d4c", "The task with this id, or its beginning."),
    "asset": Field("asset:09f8", "That makes or uses the asset with this id, or its beginning."),
    "playback": Field("playback:1bde4o2i6xycudoy", "Whose asset has this playback id."),
    "file": Field("file:keynote.mp4", "With a file of this name, or a name that begins so."),
    "destination": Field("destination:ipfs", "Exports to ipfs or to a custom place."),
    "group": Field("group:12", "Failed for the cause of this group of failures."),
    "project": Field("project:3a81c2f0", "Of the Studio project with this id, or its beginning."),
}


def asked(name: str, written: Written, is_quoted: bool, now: int) -> Condition:
    """What one value of a qualifier asks. Raises Unclear. What stands in quotes is meant as it is."""
    match name:
        case "phase" | "type":
            return _of_word(name, written, is_quoted)
        case "stalled" | "retrying":
            return _yes_or_no(name, written)
        case "retries":
            return ranges.whole_number(written, name)
        case "progress":
            return ranges.percent(written, name)
        case "age":
            return ranges.age(written, "created_at", now)
        case "created" | "updated":
            return ranges.when(written, f"{name}_at", now)
    return _ASKED[name](written)


def merged(conditions: list[Condition]) -> Condition:
    """Several values with commas: any of them, as one list where they are of one field."""
    values: dict[str, list[str]] = {}
    others: list[Condition] = []
    for condition in conditions:
        if isinstance(condition, Is):
            values.setdefault(condition.field, []).extend(condition.values)
        else:
            others.append(condition)
    lists = [Is(field, tuple(dict.fromkeys(words))) for field, words in values.items()]
    return any_of([*lists, *dict.fromkeys(others)])


def nearest(name: str) -> str:
    """The qualifier that was probably meant, or nothing."""
    close = get_close_matches(name, [*FIELDS, *_MEANT], 1, 0.6)
    return _MEANT.get(close[0], close[0]) if close else ""


def _of_word(name: str, written: Written, is_quoted: bool) -> Condition:
    """Words that are new to us may come from Studio, so a strange one is taken, unless it looks mistyped."""
    known = (*PHASES, *OVERLAYS) if name == "phase" else TYPES
    if written.text in known or is_quoted:
        is_overlay = name == "phase" and written.text in OVERLAYS
        return Is("overlay" if is_overlay else name, (written.text,))
    close = get_close_matches(written.text, known, 1, 0.75)
    if close:
        raise written.unclear(f"There is no {name} {quoted(written.text)}. Did you mean {name}:{close[0]}?")
    if name == "phase":
        raise written.unclear(
            f"There is no phase {quoted(written.text)}. There are {', '.join(known[:-1])} and {known[-1]}."
        )
    return Is(name, (written.text,))


def _yes_or_no(name: str, written: Written) -> Condition:
    if written.text not in (*_YES, *_NO):
        raise written.unclear(f"{quoted(written.text)} is neither yes nor no. Write {name}:yes or {name}:no.")
    condition = Is("overlay", (name,))
    return condition if written.text in _YES else Not(condition)


def _task(written: Written) -> Condition:
    """The first 8 characters of an id stand in the index by themselves: they are what rows show."""
    text = _beginning(written)
    if len(text) == SHOWN_OF_IDS:
        return Named(("id", "prefix"), text)
    return Named(("id",), text, is_prefix=not _UUID.fullmatch(text))


def _asset(written: Written) -> Condition:
    text = _beginning(written)
    return Named(("asset",), text, is_prefix=not _UUID.fullmatch(text))


def _playback(written: Written) -> Condition:
    text = _beginning(written)
    return Named(("playback",), text, is_prefix=len(text) < PLAYBACK_ID)


def _cid(written: Written) -> Condition:
    """What an export made, or a CID that a task was given as its source; a whole one in all its forms."""
    if written.text in ("none", "no"):
        return Lacks("cid")
    if written.text in ("any", "yes"):
        return Not(Lacks("cid"))
    others = [fold(form) for form in forms_of(bare(cleaned(written.exact)))[1:]]
    texts = dict.fromkeys([_beginning(written), *others])
    return any_of([Named(("cid", "source"), text, is_prefix=True) for text in texts])


def _file(written: Written) -> Condition:
    return Named(("file", "title"), _beginning(written), is_prefix=True)


def _destination(written: Written) -> Condition:
    if written.text not in DESTINATIONS:
        raise written.unclear(
            f"{quoted(written.text)} is no destination. Write destination:ipfs or destination:custom."
        )
    return To(written.text)


def _group(written: Written) -> Condition:
    found = _GROUP.fullmatch(written.text)
    if not found:
        raise written.unclear(
            f"{quoted(written.text)} is no number of a group. It stands in the address of the group’s page."
        )
    return InGroup(int(found[1]))


def _beginning(written: Written) -> str:
    """A shortened id as people copy it, `bafybei…` or `bafybei*`, without its mark."""
    text = bare(written.text).rstrip("*").removesuffix("...")
    if not text:
        raise written.unclear("There is nothing to look for but the mark of a shortened text.")
    return text[:LONGEST_NAME]


_ASKED: dict[str, Callable[[Written], Condition]] = {
    "account": lambda written: Of("account", written.text),
    "project": lambda written: Of("project", written.text),
    "name": lambda written: Titled(written.text),
    "error": lambda written: Failing(written.text),
    "id": _task,
    "asset": _asset,
    "playback": _playback,
    "cid": _cid,
    "file": _file,
    "destination": _destination,
    "group": _group,
}
