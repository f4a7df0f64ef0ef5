"""Which failures have the same cause: a fingerprint of what Studio said, with the values taken out of it.

The title is the message with marks for values (see marking and quoted). Everything else follows from the title alone,
so the fingerprint of a title is the fingerprint of the message. Two messages are one group when their titles say the
same, whatever the kind of the values, and their families are the same. The type of the task has no part in it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.families import SILENT, Family, family_of
from dashboard.marking import mark_values
from dashboard.quoted import BODY, mark_bodies

VERSION = 1  # raise it with every change that may regroup messages
LONGEST_TITLE = 400  # characters

NO_MESSAGE = "No message"
NO_WORDS = "No words"
UNREADABLE = "Unreadable message"

_HEAD = 4_000  # characters that are looked at: a remote answer in the middle may be long,
_TAIL = 2_000  # the error that was wrapped around it ends the message
_ROUNDS = 12
_FINEST_TYPE = "export"  # the type for which `families` tells most causes apart


@dataclass(frozen=True)
class Fingerprint:
    """`value`: 32 hexadecimal digits, the same for one cause. `title`: the message with marks, at most LONGEST_TITLE
    characters, never empty. `family`: the cause, which says what to do and whether a retry can help."""

    value: str
    title: str
    family: Family


def fingerprint_of(message: str | None, task_type: str = "") -> Fingerprint:
    """The fingerprint of any message, also an empty, huge or unreadable one. `task_type` only chooses the family, in
    the one case where the same words come from different servers (see `family_of`)."""
    title = _title_of(message or "")
    return Fingerprint(_value_of(title), title, _family_of(title, task_type))


def _family_of(title: str, task_type: str) -> Family:
    return SILENT if title == NO_MESSAGE else family_of(title, task_type)


def _value_of(title: str) -> str:
    text = f"{_family_of(title, _FINEST_TYPE).name}\n{_essence_of(title)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _title_of(message: str) -> str:
    """Marks are set until nothing changes, so that a title has itself as its title."""
    text = _cleaned(_ends_of(message))
    for _ in range(_ROUNDS):
        marked = _shortened(_marked(text))
        if marked == text:
            break
        text = marked
    return _named(text)


def _ends_of(message: str) -> str:
    if len(message) <= _HEAD + _TAIL:
        return message
    return f"{message[:_HEAD]}…{message[-_TAIL:]}"


_WORD = 8  # characters; a shorter rest of something binary is no message
_FORMATTING = ("Cf",)  # direction marks, joiners, byte order marks: they show nothing
_USUAL_BLANKS = str.maketrans("\n\r\t", "   ")
_SECRET = re.compile(r"\[redacted: [a-z ]{1,30}\]|\*{3,}")


def _cleaned(text: str) -> str:
    """The text without characters that cannot be seen, secrets as marks; UNREADABLE when most of it is binary."""
    text = unicodedata.normalize("NFC", text)
    if "\ufffd" in text or not text.translate(_USUAL_BLANKS).isprintable():
        text = _readable(text)
    return _SECRET.sub("⟨secret⟩", text)


def _readable(text: str) -> str:
    shown = "".join(_seen(character) for character in text)
    words = shown.strip("\x00 \n")
    broken = words.count("\x00") or (shown.count("\x00") if len(words) < _WORD else 0)
    if broken > 3 and broken * 5 > len(words):
        return UNREADABLE
    return words.replace("\x00", " ")


def _seen(character: str) -> str:
    """NUL for what is broken, nothing for what only formats."""
    if character == "\ufffd":
        return "\x00"
    if character.isprintable():
        return character
    if character.isspace():
        return "\n" if character in "\n\r\v\f\x85\u2028\u2029" else " "
    return "" if unicodedata.category(character) in _FORMATTING else "\x00"


_LINE_ENDS = re.compile(r"(?<![\\:])(?:\\r)?\\n|\\[rt](?=[\s\"'\\]|$)")
_DRIVE = re.compile(r"\b[A-Za-z]:\\")


def _marked(text: str) -> str:
    text = mark_bodies(text)
    if "\\" in text and not _DRIVE.search(text):
        text = _LINE_ENDS.sub("\n", text)
    lines = (" ".join(mark_values(line).split()) for line in text.replace("\r", "\n").split("\n"))
    return " ".join(_without_repeats(line for line in lines if line))


def _without_repeats(lines: Iterable[str]) -> list[str]:
    """Programs that are called by Studio complain once per frame; once is enough."""
    return list(dict.fromkeys(lines))


_HALF_A_MARK = re.compile(r"⟨[a-z]*$")


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TITLE:
        return text
    return _HALF_A_MARK.sub("", text[: LONGEST_TITLE - 1].rstrip("… ")).rstrip() + "…"


_NOTHING = frozenset(("", "no message", "null", "undefined", "none", "nil", "<nil>", "n/a", "[object object]"))


def _named(text: str) -> str:
    """Messages without words have fixed titles."""
    if text.strip(" .\"'`").casefold() in _NOTHING and not text.strip(" ").startswith("."):
        return NO_MESSAGE
    return text if any(map(str.isalnum, text)) else NO_WORDS


_SAME_PLACE = re.compile(r"⟨(?:url|path)⟩")
_SAME_VALUE = re.compile(r"⟨(?:number|id|secret|size|duration|time|name|email|text)⟩")
_REWRITES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"[\"'`´‘’“”«»]", ""),
        (rf"[:,]? ?(?:(?:response )?body:? ?)?{BODY}", ""),
        (r"\b(?:bad )?(?:http )?status(?: code)?:? (\d\d\d)\b(?: [a-z-]+(?: [a-z-]+){0,3}(?=$|[:,;.]))?", r"status \1"),
        (r"(?:[,;(]? ?\b(?:request|host|extended request)[ _-]?id: ?(?:#\)?|(?=$|[,;)])))+", ""),
        (r"⟨host⟩(?:, ⟨host⟩)+", "⟨host⟩"),
        (r"lookup ⟨host⟩ on ⟨host⟩", "lookup ⟨host⟩"),
        (r"#(?:[\s,;:/._x-]{0,3}#)+", "#"),
        (r"[\s.:;,!…]+$", ""),
    )
)


def _essence_of(title: str) -> str:
    """What is compared: no case, no quotes, no kinds of values, no bodies, one way to write an HTTP status."""
    text = _SAME_PLACE.sub("⟨url⟩", _SAME_VALUE.sub("#", title.casefold()))
    for pattern, by in _REWRITES:
        text = pattern.sub(by, text)
    return text
