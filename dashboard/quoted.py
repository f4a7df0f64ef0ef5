"""What other servers answered, inside a message: XML, HTML, JSON and whatever stands in quotes behind an HTTP status.

Such an answer is long, differs each time and says less than the status before it, so ⟨body⟩ stands in its place. Studio
itself is the exception: what its own servers say is the cause (`"no video track"`), so their words are taken out.
"""

import re

BODY = "⟨body⟩"
_MOST_TRIES = 20  # openings that may turn out to have no end

_STATUS = re.compile(r"\b(?:http )?status(?: code)?:? [1-5]\d\d[^\":\n<{\[]{0,60}(?:: ?|, ?body: ?)(?=\")", re.I)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"(?=$|[\s:;,.)\]])', re.S)
_OWN_SERVER = re.compile(r"catalyst|task execution|task context|asset output|studio", re.I)
_OWN_WORDS = re.compile(r"\\*\"(?:errors?|message)\\*\"\s*:\s*\[?\s*\\*\"((?:[^\"\\]|\\[^\"\\])*+)", re.I)
_SENTENCE = re.compile(r"[^<>{}\[\]\\\"\n]{3,160}")

_MARKUP = re.compile(r"<(?:\?xml|!doctype|(?P<root>[a-z][\w:.-]{0,40})(?:\s[^<>]{0,300})?>)", re.I)
_ROOT = re.compile(r"<([a-z][\w:.-]{0,40})", re.I)
_SURE = re.compile(r"<(?:\?xml|!doctype|html|head|body|error)", re.I)
_BRACE = re.compile(r"[{}]")
_OPENING = re.compile(r"(?:\[\s*|&)?\{")
_MAP = re.compile(r"\bmap\[[^\[\]\n]{0,2000}\]")
_TRACE = re.compile(r"\bgoroutine \d+ \[.*|\bTraceback \(most recent call last\):.*", re.S)
_LIST = re.compile(r"(invalid video outputs: )\[.*", re.S | re.I)
_WRAPPED = re.compile(r"([\"'`]{1,4})(?:\s|\\[nrt]){0,8}⟨body⟩(?:\s|\\[nrt]){0,8}\1|[\"`]⟨body⟩$")


def mark_bodies(text: str) -> str:
    """The text with marks for answers of other servers, for data that was printed, and for stack traces."""
    text = _LIST.sub(rf"\1{BODY}", _TRACE.sub("⟨trace⟩", text))
    text = _mark_answers(text)
    text = _mark_markup(text)
    text = _MAP.sub(BODY, _mark_braces(text))
    return _WRAPPED.sub(BODY, text)


def _mark_answers(text: str) -> str:
    """What stands in quotes behind `http status 403 Forbidden: `."""
    position = tries = 0
    while (match := _STATUS.search(text, position)) and tries < _MOST_TRIES:
        position, tries = match.end(), tries + 1
        end = _end_of_answer(text, position)
        words = _own_words(text[:position], text[position:end])
        text = text[:position] + words + text[end:]
        position += len(words)
    return text


def _end_of_answer(text: str, start: int) -> int:
    """Behind the closing quote; behind the last one where the answer holds bare quotes; else the end of the text."""
    if match := _QUOTED.match(text, start):
        return match.end()
    last = text.rfind('"', start + 1)
    return len(text) if last < 0 else last + 1


def _own_words(before: str, answer: str) -> str:
    """The words of Studio's own servers in quotes; the mark for anybody else's."""
    suspended = "user is suspended" in answer.lower()
    if "export request" in before.lower() or not (suspended or _OWN_SERVER.search(before)):
        return BODY
    found = _OWN_WORDS.search(answer)
    words = " ".join((found[1] if found else answer.strip('"')).split())
    return f'"{words}"' if _SENTENCE.fullmatch(words) else BODY


def _mark_markup(text: str) -> str:
    position = tries = 0
    while (match := _MARKUP.search(text, position)) and tries < _MOST_TRIES:
        position, tries = match.end(), tries + 1
        end = _end_of_markup(text, match)
        if end:
            text = text[: match.start()] + BODY + text[end:]
            position = match.start() + len(BODY)
    return text


def _end_of_markup(text: str, match: re.Match[str]) -> int:
    """Behind the closing tag of the outermost element; the end of the text where it was cut off; 0 for no markup."""
    root = match["root"]
    if not root and (found := _ROOT.search(text, match.end())):
        root = found[1]
    closing = text.lower().rfind(f"</{root.lower()}>", match.start()) if root else -1
    if closing >= 0:
        return closing + len(root or "") + 3
    return len(text) if _SURE.match(text, match.start()) else 0


def _mark_braces(text: str) -> str:
    """JSON and printed structures, `{` to its `}`. What never ends is a body only if it looks like JSON."""
    position = tries = 0
    while (match := _OPENING.search(text, position)) and tries < _MOST_TRIES:
        position, tries = match.end(), tries + 1
        end = _end_of_braces(text, position)
        if end:
            text = text[: match.start()] + BODY + text[end:]
            position = match.start() + len(BODY)
    return text


def _end_of_braces(text: str, start: int) -> int:
    depth = 1
    end = 0
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        end = brace.end()
        if not depth:
            return end + 1 if text.startswith("]", end) and text[start - 2 : start - 1] == "[" else end
    return len(text) if text[start : start + 8].lstrip().lstrip("\\").startswith('"') else 0
