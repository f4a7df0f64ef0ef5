"""Secrets that stand behind a name inside a text: `token=x`, `"apiSecret":"x"`, `Authorization: x`.

One road for URLs, query strings, forms, header lines, JSON, JSON quoted inside JSON, and Go's
`map[Cookie:[x]]`, because error messages quote all of these and cut them anywhere.
Texts come with their marks as codes (see marks). Every function here is linear in the text's length.
"""

from __future__ import annotations

import re

from . import marks
from .opaque import is_opaque
from .secret_names import (
    holds_headers,
    is_azure_sas,
    kind_by_holder,
    may_announce,
    only_in_queries,
    query_kind,
    secret_kind,
)

_FIELD = re.compile(
    r"(?<![A-Za-z0-9_\-])([A-Za-z0-9_\-]++)"  # the name
    r"((?:\\*+[\"'])?+)\]?+\s*+(=>|[=:])\s*+"  # its closing quote, the sign between
)
_ESCAPED_START = re.compile(r"u[0-9a-fA-F]{4}|[nrtbf]")
_ENOUGH = 64
"""Characters that tell a key from language."""
_QUOTES = ('"', "'", "\\")
_OPENING_QUOTE = re.compile(r"(\\*+)([\"'])")
_IN_QUOTES = {'"': re.compile(r'(?:[^"\\]|\\.)*+', re.S), "'": re.compile(r"(?:[^'\\]|\\.)*+", re.S)}
_ESCAPED = r"\\(?![\"'nrt\\]|u00)"
_IN_A_QUERY = re.compile(rf"(?:[^\s&\"<>\\#]++|{_ESCAPED})*+")
_IN_A_TEXT = re.compile(rf"(?:[^\s&\"<>\\]++|{_ESCAPED}|&(?![A-Za-z0-9_\-.%]+=))*+")
_IN_JSON = re.compile(r"[^\s,}\]\"\\]*+")
_HEADER_VALUE = re.compile(rf"(?:[A-Za-z0-9\-]{{2,20}}\s+)?(?:[^\s\"<>\\]++|{_ESCAPED})*+")
_LINE = re.compile(rf"(?:[^\r\n\"<>\\]++|{_ESCAPED})*+")
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.S)
_ESCAPED_BRACKET = re.compile(r'\\"(?:[^"\\]|\\[^"])*+\\"|[\[\]{}]', re.S)
_FIRST_QUOTE = re.compile(r"[\[{\s]*+\\")
_IS_HIDDEN = re.compile("\x00[A-Z]\x00(?:[\\s&\"'<>\\\\#]|$)").match
_NO_SECRETS = frozenset(("", "{}", "[]", "null", "none", "nil", "<nil>", "true", "false", "undefined"))
_QUERY_SIGNS = frozenset("?&;#")
_QUERY_ESCAPES = ("\\u0026", "\\u003f", "%26", "%3f", "%23")

Span = tuple[int, int, str]
"""Start and end of a secret in its text, and its kind."""


def hide_fields(text: str) -> str:
    """The text with a code in place of every value behind a name that announces a secret."""
    pieces: list[str] = []
    done = position = 0
    azure = "sig=" in text.lower()
    while match := _FIELD.search(text, position):
        position = match.end()
        if not may_announce(match[1]) or _IS_HIDDEN(text, position):
            continue
        span = _secret_span(text, match, azure)
        if span is not None:
            start, position, kind = span
            pieces += text[done:start], marks.CODES[kind]
            done = position
    return "".join((*pieces, text[done:])) if done else text


def _secret_span(text: str, match: re.Match[str], azure: bool) -> Span | None:
    start, name = match.start(1), match[1]
    before = text[start - 1] if start else " "
    if before in "\\%":
        start, name = _name_behind_escape(text, match)
    if match[3] == "=":
        in_query = before in _QUERY_SIGNS or (before in "\\%" and _follows_escaped_sign(text, start))
        span = _assigned(text, match.end(), name, in_query, azure)
    else:
        span = _described(text, match.end(), name, bool(match[2]))
    if span is None or not _is_worth_hiding(text[span[0] : span[1]]):
        return None
    return span


def _name_behind_escape(text: str, match: re.Match[str]) -> tuple[int, str]:
    """The name without the rest of an escape that ran into it: `\\u0026token`, `\\nCookie`, `%26sig`."""
    start, end = match.span(1)
    if text[start - 1] == "%":
        start += 2
    elif escape := _ESCAPED_START.match(text, start, end):
        start = escape.end()
    return start, text[start:end]


def _follows_escaped_sign(text: str, start: int) -> bool:
    return text[max(0, start - 6) : start].lower().endswith(_QUERY_ESCAPES)


def _assigned(text: str, start: int, name: str, in_query: bool, azure: bool) -> Span | None:
    """The value of `name=value`."""
    if not in_query:
        return _assigned_in_text(text, start, name)
    kind = query_kind(name)
    if kind is None and not (azure and is_azure_sas(name)):
        return None
    return *(_quoted(text, start) or _span(_IN_A_QUERY, text, start)), marks.QUERY_VALUE


def _assigned_in_text(text: str, start: int, name: str) -> Span | None:
    kind = secret_kind(name)
    if kind is None and not only_in_queries(name):
        return None
    quoted = _quoted(text, start)
    if kind is None and not is_opaque(_beginning(text, quoted or (start, len(text)))):
        return None
    return *(quoted or _span(_IN_A_TEXT, text, start)), kind or marks.QUERY_VALUE


def _beginning(text: str, span: tuple[int, int]) -> str:
    """As much of an unquoted value as tells a key from language."""
    match = _IN_A_TEXT.match(text, span[0], min(span[1], span[0] + _ENOUGH))
    return match[0] if match else ""


def _described(text: str, start: int, name: str, name_is_quoted: bool) -> Span | None:
    """The value of `"name": value`, `name: value` and `name => value`."""
    kind = secret_kind(name)
    if text[start : start + 1] in ("{", "["):
        kind = marks.HEADER if holds_headers(name) else kind or kind_by_holder(name)
        return (start, _closing_bracket(text, start), kind) if kind else None
    if kind is None:
        return None
    if span := _quoted(text, start):
        return *span, kind
    if name_is_quoted:
        return *_span(_IN_JSON, text, start), kind
    return _header_line(text, start, name, kind)


def _header_line(text: str, start: int, name: str, kind: str) -> Span | None:
    if kind == marks.HEADER:
        return *_span(_LINE if "cookie" in name.lower() else _HEADER_VALUE, text, start), kind
    if not is_opaque(_beginning(text, (start, len(text)))):
        return None
    return *_span(_IN_A_TEXT, text, start), kind


def _span(pattern: re.Pattern[str], text: str, start: int) -> tuple[int, int]:
    """Where a pattern that always matches does so."""
    match = pattern.match(text, start)
    assert match is not None
    return match.span()


def _quoted(text: str, start: int) -> tuple[int, int] | None:
    """What stands between the quotes that open at `start`; to the end of a text that was cut off."""
    if text[start : start + 1] not in _QUOTES:
        return None
    opening = _OPENING_QUOTE.match(text, start)
    if opening is None:
        return None
    if not opening[1]:
        return _span(_IN_QUOTES[opening[2]], text, opening.end())
    end = text.find(opening[0], opening.end())
    while end > 0 and text[end - 1] == "\\":
        end = text.find(opening[0], end + 1)
    return opening.end(), len(text) if end < 0 else end


def _closing_bracket(text: str, start: int) -> int:
    pattern = _ESCAPED_BRACKET if _FIRST_QUOTE.match(text, start) else _BRACKET
    depth = 0
    for match in pattern.finditer(text, start):
        if match[0] in ("{", "["):
            depth += 1
        elif match[0] in ("}", "]"):
            depth -= 1
        if depth == 0:
            return match.end()
    return len(text)


def _is_worth_hiding(value: str) -> bool:
    if value.startswith("\x00"):
        return not marks.is_codes(value)
    return len(value) > 9 or value.lower() not in _NO_SECRETS
