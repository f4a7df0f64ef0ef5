"""Bytes to JSON, so that one strange row costs that row and not the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_LONGEST_NUMBER = 300
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.S)


def parsed(body: bytes) -> Any:
    """The JSON value of a body. ValueError for what is none; it may hold the body, so never chain it.

    Damaged UTF-8 becomes U+FFFD, integers of over 300 digits become texts (Python refuses those of over
    4300), and a row of a list that is nested too deeply for Python becomes None.
    """
    try:
        return json.loads(body)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return _tolerantly(body.decode("utf-8", "replace"))
    except RecursionError:
        return list(_rows(body.decode("utf-8", "replace")))


def _tolerantly(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        return list(_rows(text))


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _rows(text: str) -> Iterator[Any]:
    """The rows of a list, each parsed alone."""
    if text.lstrip()[:1] != "[":
        raise ValueError("not a list")
    for row in _raw_rows(text):
        try:
            yield json.loads(row, parse_int=_integer)
        except RecursionError:
            yield None


def _raw_rows(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for sign in _SIGN.finditer(text):
        if sign[0] in "[{":
            depth += 1
            start = sign.end() if depth == 1 else start
        elif sign[0] in "]}":
            depth -= 1
        if (sign[0] == "," and depth == 1) or depth == 0:
            yield text[start : sign.start()]
            start = sign.end()
    if depth:
        raise ValueError("cut off")
