"""Secrets that stand behind a name inside a text: `token=x`, `"apiSecret":"x"`, `Authorization: x`.

One road for URLs, query strings, forms, header lines, JSON, JSON quoted inside JSON, and Go's
`map[Cookie:[x]]`, because error messages quote all of these and cut them anywhere.
Texts come with their marks as codes (see marks). Every function here is linear in the text's length.
"""

from __future__ import annotations

import re

from . import marks
from .secret_names import LONGEST_NAME, holds_headers, is_azure_sas, only_in_queries, query_kind, secret_kind

_FIELD = re.compile(
    r"(?<![A-Za-z0-9_\-])([A-Za-z0-9_\-]++)"  # the name
    r"((?:\\*+[\"'])?+)\]?+\s*+(=>|[=:])\s*+"  # its closing quote, the sign between
)
_ESCAPED_START = re.compile(r"u[0-9a-fA-F]{4}|[nrtbf]")
_OPENING_QUOTE = re.compile(r"(\\*+)([\"'])")
_IN_QUOTES = {'"': re.compile(r'(?:[^"\\]|\\.)*+', re.S), "'": re.compile(r"(?:[^'\\]|\\.)*+", re.S)}
_ESCAPED = r"\\(?![\"'nrt\\]|u00)"
_IN_A_QUERY = re.compile(rf"(?:[^\s&\"<>\\#]|{_ESCAPED})*+")
_IN_A_TEXT = re.compile(rf"(?:[^\s&\"<>\\]|{_ESCAPED}|&(?![A-Za-z0-9_\-.%]+=))*+")
_IN_JSON = re.compile(r"[^\s,}\]\"\\]*+")
_HEADER_VALUE = re.compile(rf"(?:[A-Za-z0-9\-]{{2,20}}\s+)?(?:[^\s\"<>\\]|{_ESCAPED})*+")
_LINE = re.compile(rf"(?:[^\r\n\"<>\\]|{_ESCAPED})*+")
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.S)
_ESCAPED_BRACKET = re.compile(r'\\"(?:[^"\\]|\\[^"])*+\\"|[\[\]{}]', re.S)
_FIRST_QUOTE = re.compile(r"[\[{\s]*+\\")
_HIDDEN_VALUE = re.compile("\x00[A-Z]\x00(?:\\s|$)")
_NO_SECRETS = frozenset(("", "null", "none", "nil", "<nil>", "true", "false", "undefined"))

Span = tuple[int, int, str]
"""Start and end of a secret in its text, and its kind."""


def hide_fields(text: str) -> str:
    """The text with a code in place of every value behind a name that announces a secret."""
    pieces: list[str] = []
    done = position = 0
    azure = "sig=" in text.lower()
    while match := _FIELD.search(text, position):
        position = match.end()
        span = _secret_span(text, match, azure)
        if span is not None:
            start, position, kind = span
            pieces += text[done:start], marks.CODES[kind]
            done = position
    return "".join((*pieces, text[done:])) if done else text


def is_opaque(value: str) -> bool:
    """Whether a word looks like a key rather than like language."""
    if len(value) < 8 or "://" in value:
        return False
    return len(value) >= 20 or any(map(str.isdigit, value)) or not (value[1:].islower() or value.isupper())


def _secret_span(text: str, match: re.Match[str], azure: bool) -> Span | None:
    start, name = _name_of(text, match)
    if len(name) > LONGEST_NAME:
        return None
    if match[3] == "=":
        span = _assigned(text, match.end(), name, _is_query(text, start), azure)
    else:
        span = _described(text, match.end(), name, bool(match[2]))
    if span is None or not _is_worth_hiding(text[span[0] : span[1]]):
        return None
    return span


def _name_of(text: str, match: re.Match[str]) -> tuple[int, str]:
    """The name without the rest of an escape that ran into it: `\\u0026token`, `\\nCookie`, `%26sig`."""
    start, end = match.span(1)
    before = text[start - 1 : start]
    if before == "\\" and (escape := _ESCAPED_START.match(text, start, end)):
        start = escape.end()
    elif before == "%":
        start += 2
    return start, text[start:end]


def _is_query(text: str, start: int) -> bool:
    before = text[max(0, start - 6) : start]
    return before[-1:] in ("?", "&", ";", "#") or before.lower().endswith(("\\u0026", "\\u003f", "%26", "%3f", "%23"))


def _assigned(text: str, start: int, name: str, in_query: bool, azure: bool) -> Span | None:
    """The value of `name=value`."""
    kind = query_kind(name) if in_query else secret_kind(name)
    if kind is None and in_query and azure and is_azure_sas(name):
        kind = marks.QUERY_VALUE
    if kind is None and (in_query or not only_in_queries(name)):
        return None
    first, last = _quoted(text, start) or _IN_A_QUERY_OR_TEXT[in_query].match(text, start).span()  # type: ignore[union-attr]
    if kind is None and not is_opaque(text[first:last]):
        return None
    return first, last, kind or marks.QUERY_VALUE


_IN_A_QUERY_OR_TEXT = {True: _IN_A_QUERY, False: _IN_A_TEXT}


def _described(text: str, start: int, name: str, name_is_quoted: bool) -> Span | None:
    """The value of `"name": value`, `name: value` and `name => value`."""
    if text[start : start + 1] in ("{", "["):
        kind = marks.HEADER if holds_headers(name) else secret_kind(name)
        return (start, _closing_bracket(text, start), kind) if kind else None
    kind = secret_kind(name)
    if kind is None:
        return None
    if span := _quoted(text, start):
        return *span, kind
    if name_is_quoted:
        return *_IN_JSON.match(text, start).span(), kind  # type: ignore[union-attr]
    return _header_line(text, start, name, kind)


def _header_line(text: str, start: int, name: str, kind: str) -> Span | None:
    if kind == marks.HEADER:
        if _HIDDEN_VALUE.match(text, start):
            return None
        pattern = _LINE if "cookie" in name.lower() else _HEADER_VALUE
        return *pattern.match(text, start).span(), kind  # type: ignore[union-attr]
    first, last = _IN_A_TEXT.match(text, start).span()  # type: ignore[union-attr]
    return (first, last, kind) if is_opaque(text[first:last]) else None


def _quoted(text: str, start: int) -> tuple[int, int] | None:
    """What stands between the quotes that open at `start`; to the end of a text that was cut off."""
    opening = _OPENING_QUOTE.match(text, start)
    if opening is None:
        return None
    if not opening[1]:
        return _IN_QUOTES[opening[2]].match(text, opening.end()).span()  # type: ignore[union-attr]
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
    if value in ("{}", "[]") or value.lower() in _NO_SECRETS:
        return False
    return not marks.is_codes(value)
