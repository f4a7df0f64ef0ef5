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
from functools import lru_cache

from dashboard.essence import essence_of, merged
from dashboard.families import SILENT, Family, family_of
from dashboard.marking import mark_values
from dashboard.quoted import mark_bodies

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
    text = _ends_of(message or "")
    return _of_short(text, task_type) if len(text) <= _SHORT else _of_any(text, task_type)


def _of_any(text: str, task_type: str) -> Fingerprint:
    if not any(map(str.isalnum, text)) and not _is_nothing(text) and text.isprintable() and "\ufffd" not in text:
        return _settled(NO_WORDS, task_type)
    return _settled(merged(_marked(_cleaned(text))), task_type)  # before it is shortened: marks differ in length


_SHORT = 120  # characters; most of Studio's own sentences are shorter, and they come again and again
_of_short = lru_cache(maxsize=4_096)(_of_any)


@lru_cache(maxsize=4_096)
def _settled(text: str, task_type: str) -> Fingerprint:
    """The fingerprint of a text whose values were marked once: few are left of many messages, so they are kept. Marks
    are set until nothing changes, so that a title has itself as its title."""
    for _ in range(_ROUNDS):
        again = merged(_marked(_shortened(text)))
        if again == text:
            break
        text = again
    title = _named(_shortened(text))
    return Fingerprint(_value_of(title), title, _family_of(title, task_type))


def _family_of(title: str, task_type: str) -> Family:
    return SILENT if title == NO_MESSAGE else family_of(title, task_type)


def _value_of(title: str) -> str:
    text = f"{_family_of(title, _FINEST_TYPE).name}\n{essence_of(title)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _ends_of(message: str) -> str:
    if len(message) <= _HEAD + _TAIL:
        return message
    return f"{message[:_HEAD]}…{message[-_TAIL:]}"


_WORD = 8  # characters; a shorter rest of something binary is no message
_FORMATTING = ("Cf",)  # direction marks, joiners, byte order marks: they show nothing
_READABLE = re.compile(r"[ -~\n\r\t]*")
_SECRET = re.compile(
    r"\[redacted: [^\[\]]{1,60}\]|[\[<({]?\bredacted\b(?:: [a-z ]{1,30})?[\])>}]?"
    r"|[\[<](?:filtered|hidden|masked|removed|secret)[\]>]"
    r"|\*{3,}|[•●]{3,}|\bx{5,20}\b",
    re.I,
)
_ESCAPED = re.compile(
    r"\\x(?:[01][0-9a-f]|[7-9a-f][0-9a-f])|\\u(?:00[01][0-9a-f]|fffd)", re.I
)  # binary as Go quotes it
_HIDDEN = re.compile(r"redacted|\*\*\*|xxxxx|•••|●●●|[\[<](?:filtered|hidden|masked|removed|secret)", re.I)


def _cleaned(text: str) -> str:
    """The text without characters that cannot be seen, secrets as marks; UNREADABLE when most of it is binary."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\\x" in text or "\\u" in text:
        text = _ESCAPED.sub("\x00", text)
    if (not text.isprintable() and not _READABLE.fullmatch(text)) or "\ufffd" in text:
        text = _readable(mark_bodies(text))  # what a remote server answered may be anything
    return _SECRET.sub("⟨secret⟩", text) if _HIDDEN.search(text) else text


def _readable(text: str) -> str:
    """Without what only formats, and with one mark from the first broken character to the last."""
    whole = "".join(map(_seen, text))
    shown = whole.strip("\x00 \n")
    if (shown if len(shown) >= _WORD else whole).count("\x00") <= _FEW:
        return shown.replace("\x00", " ")
    marked = _JUNK.sub("⟨binary⟩", _BROKEN.sub("⟨binary⟩", shown))
    before, _, after = marked.partition("⟨binary⟩")
    if len(_LETTERS.findall(after)) < _FEW:
        marked = f"{before}⟨binary⟩"
    return marked if len(_LETTERS.findall(_ANY_MARK.sub(" ", marked))) > 1 else UNREADABLE


_FEW = 3  # characters that are broken in a text that is not
_BROKEN = re.compile(r"\S*\x00(?:.*\x00)?\S*", re.S)
_JUNK = re.compile(r"(?:(?<!\S)\S*[^\w\s:,.'-]\S*\s+){1,9}⟨binary⟩")
_LETTERS = re.compile(r"[^\W\d_]{3,}")


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
    kept = (line for line in lines if not _REPEATED.fullmatch(line))
    return list({_ANY_MARK.sub("⟨⟩", line): line for line in reversed(list(kept))}.values())[::-1]


_REPEATED = re.compile(r"\W*last message repeated \S+ times?\W*", re.I)
_ANY_MARK = re.compile(r"⟨[a-z]+⟩")
_ENDING = 140  # characters
_REST_OF_A_MARK = re.compile(r"^[a-z]*⟩")
_HALF_A_MARK = re.compile(r"⟨[a-z]*$")


def _shortened(text: str) -> str:
    """Both ends of a text that is too long: Go's errors end with the cause."""
    if len(text) <= LONGEST_TITLE:
        return text
    head = _HALF_A_MARK.sub("", text[: LONGEST_TITLE - _ENDING - 1]).rstrip("… ")
    return f"{head}…{_REST_OF_A_MARK.sub('', text[-_ENDING:]).lstrip('… ')}"


_NOTHING = frozenset(("", "no message", "null", "undefined", "none", "nil", "<nil>", "n/a", "[object object]"))


def _is_nothing(text: str) -> bool:
    return text.strip(" .\"'`").casefold() in _NOTHING and not text.strip(" ").startswith(".")


def _named(text: str) -> str:
    """Messages without words have fixed titles."""
    if _is_nothing(text):
        return NO_MESSAGE
    return text if any(map(str.isalnum, text)) else NO_WORDS
