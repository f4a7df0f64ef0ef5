"""Marks for what differs between messages of one cause: ⟨url⟩ ⟨id⟩ ⟨number⟩ ⟨size⟩ ⟨duration⟩ ⟨time⟩ ⟨path⟩ ⟨host⟩ …

A text is read token by token, what stands between blanks, brackets and quotes. A token is judged by its shape: words of
letters stay, and so do names of codecs and HTTP statuses; whatever else holds a digit, a path, an address or letters
that nobody would say is a value. No token is read more often than a few times, so the time grows with the length.
"""

import re

from dashboard.codecs import is_technical
from dashboard.kinds import ANY_DOTTED, DOTTED, EXTENSIONS, kind_of
from dashboard.naming import is_naming, mark_names
from dashboard.randomness import is_random
from dashboard.statuses import STATUSES, is_status

_BLANK = r"\s\"'`<>|⟨⟩“”„«»"  # end URLs and paths
_ENDS = rf"{_BLANK},;()\[\]{{}}‘’"  # end any other token
_SCAN = re.compile(
    rf"(?:[^\W\d_]{{1,7}}+[,;:)]*+ )++"  # plain words, most of a message; none of them can be an id
    r"|⟨[a-z]+⟩"
    r"|[a-z_][\w.-]{0,40}=(?=[a-z][a-z0-9+.-]{0,20}://|data:|[./~]*/)"
    rf"|(?P<url>(?:[a-z][a-z0-9+.-]{{0,20}}://|data:[\w/+.-]{{1,60}};base64,)(?:⟨secret⟩|[^{_BLANK}\\])*+)"
    rf"|(?P<path>(?:~|\.\.?)?/[^{_BLANK}:;,]++|[a-z]:\\[^{_BLANK}:;,]++|\\\\[^{_BLANK}\\:;,]+\\[^{_BLANK}:;,]++"
    rf"|[\w%+~@-][^{_BLANK}:;=]*\.(?:{EXTENSIONS})(?![\w/.%+~@-]*\w)(?::\d+){{0,2}})"
    r"|(?P<host>\[[0-9a-f.]*:[0-9a-f:.]*:[0-9a-f:.]*(?:%\w+)?\](?:(?::\d{1,5})|/\d+)?)"
    r"|(?P<number>[-+−±~≈]?\d{1,3}(?:[,'’]\d{3})++(?:\.\d+)?(?!\w))"
    rf"|(?P<token>[^{_ENDS}]++)",
    re.I,
)  # fmt: skip
_LONGEST_TAIL = 12
_CLOSING = {")": "(", "]": "[", "}": "{"}


def mark_values(text: str) -> str:
    """One line with a mark in the place of every value. Marks that it holds already stay."""
    return _SCAN.sub(_marked, mark_names(text))


def _marked(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind is None:
        return match[0]
    if kind == "token":
        return _marked_token(match)
    return f"⟨{kind}⟩{_tail_of(match[0])}" if kind in ("url", "path") else f"⟨{kind}⟩"


def _tail_of(place: str) -> str:
    """The punctuation behind a URL or a path, which may hold brackets of its own."""
    end = len(place)
    for character in reversed(place[-_LONGEST_TAIL:]):
        opening = _CLOSING.get(character)
        if character not in ".,;:!?…)]}" or (opening and place.count(opening) >= place.count(character, 0, end)):
            break
        end -= 1
    return place[end:]


_LEADING = "-+−±~≈.:*@#$&=!?/\\%^_–—→"
_FOLLOWING = ".:!?…*&=/\\-–—→"


def _marked_token(match: re.Match[str]) -> str:
    token = match[0]
    if token.isdigit() and len(token) > 4:
        return "⟨number⟩"
    if token.isalpha():
        return _marked_word(token, match)
    if not token.isascii() and _UNSPACED.search(token):
        return _ASCII.sub(_marked_run, token)
    if "::" in token and _GROUPS.fullmatch(token.rstrip(":-.")):
        return f"⟨host⟩{token[len(token.rstrip(':-.')) :]}"
    body = token.strip(_LEADING + _FOLLOWING)
    start = token.find(body)
    head, tail = token[:start], token[start + len(body) :]
    if body[:1].isdigit() and head[-1:] in "-+−±~≈":
        head = head[:-1]
    if not body:
        return token
    marked = _marked_body(body, match)
    if marked.startswith("⟨"):
        head = head.rstrip("-_+/=*.%")
    if marked.endswith("⟩"):
        tail = tail.lstrip("-_+/=*")
    return f"{head}{marked}{tail}"


_LONGEST_WORD = 100  # letters
_ID_AHEAD = re.compile(
    r"(?:id|uuid|guid|cid|hash|key|token|etag|of|for|job|request|run|task|asset|session|stream|manifest|upload"
    r"|trace|playback"
    r"|name|user|process|worker|node|pod)[ :=(\"'\[]{1,3}$",
    re.I,
)


_UNSPACED = re.compile(
    r"[\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]"
)  # scripts that set no blanks between words
_ASCII = re.compile(r"[!-~]*[\d/@\\][!-~]*|[^\W\d]*\d[\d.,]*")


def _marked_run(match: re.Match[str]) -> str:
    run = match[0]
    if not run.isascii():
        return _DIGITS.sub("⟨number⟩", run)
    return run if is_technical(run) else f"⟨{'url' if '://' in run else kind_of(run)}⟩"


def _marked_word(word: str, match: re.Match[str]) -> str:
    if len(word) < 8 or not word.isascii():
        return word
    if word == "localhost":
        return "⟨host⟩"
    if len(word) > _LONGEST_WORD:
        return "⟨text⟩"
    if not is_random(word, expected=True):
        return word
    expected = _ID_AHEAD.search(match.string, max(0, match.start() - 14), match.start()) is not None
    return "⟨id⟩" if is_random(word, expected) else word


_PAIR = re.compile(r"([a-z_][\w.-]*?)([:=]=?)(?!=)(.+)", re.I | re.S)
_GROUPS = re.compile(r"(?:[0-9a-f]{0,4}:){2,}[0-9a-f:.]*", re.I)  # IPv6, MAC
_WHOLE = ("arn", "urn", "did", "localhost")  # names in which a colon is no colon
_HOST_AHEAD = re.compile(
    r"(?:\b(?:to|from|host|hostname|server|peer|tcp|udp|via|upstream|endpoint|address|addr|at|lookup|origin"
    r"|broadcaster|orchestrator):?|->) ?[\"']?$",
    re.I,
)


def _marked_body(body: str, match: re.Match[str], key: str = "", depth: int = 0) -> str:
    """`key=12` and `key:12` keep their key; what is left is one value or one word."""
    if body.isdigit():
        return _marked_number(body, match, key)
    if _DIGIT.search(body) and (is_technical(body) or _is_glued_status(body)):
        return body
    pair = _PAIR.fullmatch(body) if ":" in body or "=" in body else None
    if not pair or depth > 2 or "&" in body or _is_whole(pair, match):
        return _marked_piece(body, match)
    if pair[2] == "=" and is_naming(pair[1]):
        return f"{pair[1]}=⟨name⟩"
    return f"{pair[1]}{pair[2]}{_marked_body(pair[3], match, pair[1] + '=', depth + 1)}"


_GLUED_STATUS = re.compile(r"(?:https?|status|statuscode|err(?:or)?)[-_:/]?([1-5]\d\d)", re.I)


def _is_glued_status(body: str) -> bool:
    glued = _GLUED_STATUS.fullmatch(body)
    return glued is not None and int(glued[1]) in STATUSES


def _is_whole(pair: re.Match[str], match: re.Match[str]) -> bool:
    """Whether a colon is part of the value: `sha256:9f…`, `acme.com:443`, `redis:6379` behind `connect to`."""
    left, right = pair[1], pair[3]
    if pair[2] != ":":
        return False
    if left.lower() in _WHOLE or _GROUPS.fullmatch(pair[0]) or (_DIGIT.search(left) and is_technical(left)):
        return True
    return right.isdigit() and 2 <= len(right) <= 5 and (not left.isalpha() or _is_host_expected(match))


def _is_host_expected(match: re.Match[str]) -> bool:
    return _HOST_AHEAD.search(match.string, max(0, match.start() - 16), match.start()) is not None


def _marked_number(body: str, match: re.Match[str], key: str) -> str:
    if len(body) == 3 and int(body) in STATUSES and is_status(body, match, key):
        return body
    before = match.string[max(0, match.start() - 16) : match.start()]
    is_cause = (
        _CODE_AHEAD.search(before) if body == _SPECIAL else _OWN_CODE.fullmatch(body) and _OWN_AHEAD.search(before)
    )
    return body if is_cause else "⟨number⟩"


_FORMAT_AHEAD = re.compile(
    r"(?:codec|pixel format|pix_fmt|encoder|decoder|container|muxer|demuxer|sample format|colou?r ?space"
    r"|transfer(?: characteristics)?|primaries|protocol|cipher"
    r"|algorithm|codec tag|fourcc)s?(?: name)?[ :=(\"'\[]{1,3}$",
    re.I,
)
_SHORTENED = re.compile(r"\w+(?:…|\.{2,3})\w+")
_CAMEL_CASE = re.compile(
    r"[A-Za-z]+\d{1,3}[A-Za-z]*(?:Error|Exception|Failure|Fault|Timeout|Denied|Invalid|Found|Exceeded|Failed"
    r"|Request|Response|Warning|Required)"
)
_EMAIL = re.compile(r"[^@]+@[^@]+")
_PARTS = re.compile(r"[-_.+/:*&]+")


def _marked_piece(body: str, match: re.Match[str]) -> str:
    if not _DIGIT.search(body):
        return _marked_words(body, match)
    if not body.isascii() and not any("a" <= letter <= "z" for letter in body.lower()):
        return _DIGITS.sub("⟨number⟩", body)
    if "." in body and DOTTED.fullmatch(body):
        return "⟨host⟩"
    if all(part.isalpha() or is_technical(part) for part in _PARTS.split(body) if part):
        return _EMAIL.sub("⟨email⟩", body)
    if (
        len(body) <= 16
        and body[0].isalpha()
        and _FORMAT_AHEAD.search(match.string, max(0, match.start() - 28), match.start())
    ):
        return body
    if len(body) < 50 and _CAMEL_CASE.fullmatch(body):
        return body  # the name of an error: EC2MetadataError
    return f"⟨{kind_of(body)}⟩"


_SPECIAL = "3450"  # of MediaConvert: it could not read the source
_CODE_AHEAD = re.compile(r"(?:code|error|mediaconvert)\W{0,3}$", re.I)
_OWN_CODE = re.compile(r"\d{4,5}")  # a program's own number for a cause, as MediaConvert has them
_OWN_AHEAD = re.compile(r"(?<!exit )(?<!exit)\bcode\W{0,3}$", re.I)
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")


def _marked_words(body: str, match: re.Match[str]) -> str:
    """Without a digit: an address, a path of three names and more, random letters, or words."""
    if "@" in body and _EMAIL.fullmatch(body):
        return "⟨email⟩"
    if body.startswith("eyJ") or (("…" in body or ".." in body) and _SHORTENED.fullmatch(body)):
        return "⟨id⟩"
    if body.startswith("localhost") or (
        "." in body and (DOTTED.fullmatch(body) or (ANY_DOTTED.fullmatch(body) and _is_host_expected(match)))
    ):
        return "⟨host⟩"
    if body.count("/") > 1 and "//" not in body:
        return "⟨path⟩"
    if len(body) >= 8 and any(part.isascii() and part.isalpha() and is_random(part) for part in _PARTS.split(body)):
        return "⟨id⟩"
    return body
