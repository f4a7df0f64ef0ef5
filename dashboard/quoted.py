"""What other servers answered, inside a message: XML, HTML, JSON and whatever stands in quotes behind an HTTP status.

Such an answer is long, differs each time and says less than the status before it, so ⟨body⟩ stands in its place. What
Studio's own transcoder did not like about a request is the exception: those words are the cause.
"""

import re

from dashboard.naming import is_named
from dashboard.statuses import PHRASES, STATUSES

BODY = "⟨body⟩"
_MOST_TRIES = 20  # openings that may turn out to have no end

_ANSWER = r"(?:answer|body|content|output|payload|reply|resp|response|stderr|stdout)"
_SPOKEN = (
    r"\b(?:answer(?:ed|s)?|repl(?:ied|ies)|respon(?:ded|ds)|return(?:ed|s)|said|says|told us|sent|wrote|printed|with)"
)
_QUOTE = re.compile(r"(?<=[\s:(=\])])[\"'`]")
_OPENED = re.compile(rf"(?:(?P<colon>:) ?|[(=\])] ?|\b{_ANSWER} |{_SPOKEN} |\d |\b(?:{PHRASES}) )$", re.I)
_LEAD = 40  # characters before a quote that tell whether an answer stands in it
_REACH = 200  # characters between a status and the answer, most of them a URL
_STATUS = re.compile(
    r"(?:status|http\S{0,4}|code|returned|received|got|error|answered|response|replied|responded|with"
    r"|said)[\s:=(]{1,3}(?P<code>\d{3})\b"
    rf"|\b(?P<reasoned>\d{{3}}) (?:{PHRASES})\b",
    re.I,
)
_NAMED = re.compile(
    rf"(?:\b{_ANSWER}\b[^\"\n]{{0,120}}(?:: ?|\()|\b{_ANSWER}(?: (?:body|was|is|said|text))?(?: ?= ?| )"
    rf"|(?!\bwith\b){_SPOKEN}:? ?(?:with )?)$",
    re.I,
)
_FIELD = re.compile(
    r"(?:codec|format|field|param(?:eter)?|option|type|encoder|decoder|container|filter|method|scheme|protocol"
    r"|header|value|argument|token|property|column|flag|command"
    r"|feature|extension|exec|setting|variable|character)s?:? ?$",
    re.I,
)
_CLOSES = re.compile(r"\s*(?:$|[,;)\]])|\.\s*$")
_BARE = re.compile(
    rf"[,;:(] ?\(?(?:(?:with|the) )?(?:response )?{_ANSWER}(?: (?:body|was|is|text))?(?:: | ?= ?)(?=[^\s\"⟨])", re.I
)
_SUSPENDED = "user is suspended"  # has a family of its own
_OWN_REFUSAL = "input error on catalyst request"
_OWN_WORDS = re.compile(
    r"(?:.{0,400}?\\*\"(?:errors?|message)\\*\"\s*:\s*\[?\s*\\*)?\"(?P<words>[^\W\d_]+(?:[ '-][^\W\d_]+){1,11})[.\\\"]",
    re.I | re.S,
)
_CLOSED = {quote: re.compile(rf"{quote}(?:[^{quote}\\]|\\.)*+{quote}(?=$|[\s:;,.)\]}}])", re.S) for quote in "\"'`"}
_BARE_QUOTE = {quote: re.compile(rf"(?<!\\){quote}") for quote in "\"'`"}
_MARKUP = re.compile(r"<(?:\?xml|!doctype|(?P<root>[a-z][\w:.-]{0,40})(?:\s[^<>]{0,300})?>)", re.I)
_ROOT = re.compile(r"<([a-z][\w:.-]{0,40})", re.I)
_SURE = re.compile(r"<(?:\?xml|!doctype|html|head|body|error)", re.I)
_INSIDE = re.compile(r"[<>{}]")
_BRACE = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.S)
_OPENING = re.compile(r"\[\s*\{|\[(?=\"(?:[^\"\\]|\\.){0,200}\"[,\]])|&?\{")
_ONE_WORD = re.compile(r"\{[^\s\":={}]{1,80}\}")
_MAP = re.compile(r"\bmap\[[^\[\]\n]{0,2000}\]")
_TRACE = re.compile(
    r"\bgoroutine \d+ \[.*|\bTraceback \(most recent call last\):(?:\r?\n[ \t]+[^\n]*)*"
    r"|(?:\r?\n\s*at [^\n]{1,300}[:(][^\n]{0,300}){1,}",
    re.S,
)
_FRAME = re.compile(r"\n\s*at ")
_LIST = re.compile(r"(invalid video outputs: )\[.*", re.S | re.I)
_REST = re.compile(r"⟨body⟩(?:\.{3}|…| ?[(\[][^)\]\n]{0,20}(?:truncated|cut|more|bytes|omitted)[^)\]\n]{0,40}[)\]])+")
_WRAPPED = re.compile(r"([\"'`]{1,4})(?:\s|\\[nrt]){0,8}⟨body⟩(?:\s|\\[nrt]){0,8}\1|[\"`]⟨body⟩$")


def mark_bodies(text: str) -> str:
    """The text with marks for answers of other servers, for data that was printed, and for stack traces."""
    if "goroutine" in text or "Traceback" in text or "outputs" in text or _FRAME.search(text):
        text = _LIST.sub(rf"\1{BODY}", _TRACE.sub("⟨trace⟩", text))
    if '"' in text or "'" in text or "`" in text:
        text = _mark_answers(text)
    if (match := _BARE.search(text)) and _is_answered(text[max(0, match.start() - _REACH) : match.start()]):
        text = text[: match.end()] + BODY
    if "<" in text:
        text = _mark_markup(text)
    if "{" in text:
        text = _mark_braces(text)
    if "map[" in text:
        text = _MAP.sub(BODY, text)
    return _REST.sub(BODY, _WRAPPED.sub(BODY, text)) if BODY in text else text


def _mark_answers(text: str) -> str:
    """What stands in quotes behind `http status 403 Forbidden: ` or `body: `."""
    position = tries = 0
    while (match := _QUOTE.search(text, position)) and tries < _MOST_TRIES:
        start, position, tries = match.start(), match.end(), tries + 1
        opened = _OPENED.search(text, max(0, start - _LEAD), start)
        if opened and (end := _end_of_answer(text, start, match[0])):
            before = text[max(0, start - _REACH) : start]
            if _is_answered(before) or (opened["colon"] and _is_reason(before, text, start, end)):
                body = _words_of(text[:start], text[start:end])
                text, position = f"{text[:start]}{body}{text[end:]}", start + len(body)
    return text


def _is_reason(before: str, text: str, start: int, end: int) -> bool:
    """Whether `: "…"` ends a message or a clause and is no name: somebody else's words, where no status tells so."""
    return (
        text[start] == '"'
        and _CLOSES.match(text, end) is not None
        and not _FIELD.search(before)
        and not is_named(before)
    )


def _words_of(before: str, answer: str) -> str:
    """The words of Studio's own servers without quotes; the mark for anybody else's."""
    if _SUSPENDED in answer.lower():
        return _SUSPENDED
    words = _OWN_WORDS.match(answer) if _OWN_REFUSAL in before.lower() else None
    return words["words"] if words else BODY


def _is_answered(before: str) -> bool:
    """Whether an HTTP status, or a word for an answer, stands in the line before a quote."""
    before = before[max(before.rfind('"', 0, -1), before.rfind("\n")) + 1 :]
    if before.rfind("<") > before.rfind(">"):
        return False  # an attribute of something that is marked up
    statuses = (int(found["code"] or found["reasoned"]) for found in _STATUS.finditer(before))
    return any(status in STATUSES for status in statuses) or _NAMED.search(before) is not None


def _end_of_answer(text: str, start: int, quote: str) -> int:
    """Behind the closing quote; behind the last one where the answer holds bare ones; the end where it was cut off."""
    if match := _CLOSED[quote].match(text, start):
        return match.end()
    last = max((found.end() for found in _BARE_QUOTE[quote].finditer(text, start + 1)), default=0)
    return last if last and not _INSIDE.search(text, last) else len(text)


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
        if end and match[0].startswith("["):
            end = _end_of_braces(text, end) or end
        if end and not _ONE_WORD.fullmatch(text, match.start(), end):
            text = text[: match.start()] + BODY + text[end:]
            position = match.start() + len(BODY)
    return text


def _end_of_braces(text: str, start: int) -> int:
    """`start` is behind the opening; a quoted text counts for nothing."""
    depth = end = 0
    for brace in _BRACE.finditer(text, start):
        if brace[0] in "{[":
            depth += 1
        elif brace[0] in "}]":
            depth -= 1
            if depth < 0:
                end = brace.end()
                break
    return end or (len(text) if text[start : start + 8].lstrip().lstrip("\\").startswith('"') else 0)
