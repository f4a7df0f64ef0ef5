"""What Studio answered: status, headers and bytes in, values or named errors out. No network here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .errors import BadAnswer
from .parsing import parsed
from .redact import Redactor
from .refusals import refusal
from .snapshots import AssetCard, AssetPage, Snapshot, StudioUser, TaskPage, Unreadable

LARGEST_PAGE = 1000
"""Observed on the real server: a larger limit is silently this one."""
_LONGEST_CURSOR = 200
_NO_CURSORS = ("", "undefined", "null", "None")


@dataclass(frozen=True)
class Answer:
    """`headers` with lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"


def read_tasks(answer: Answer, redactor: Redactor, limit: int | None, asked: str | None) -> TaskPage:
    rows = _rows(answer, redactor)
    return TaskPage.read(rows, redactor, _total(answer), _next_cursor(answer, len(rows), limit, asked))


def read_assets(answer: Answer, redactor: Redactor, limit: int, asked: str | None) -> AssetPage:
    rows = _rows(answer, redactor)
    return AssetPage.read(rows, redactor, _total(answer), _next_cursor(answer, len(rows), limit, asked))


def read_task(answer: Answer, redactor: Redactor) -> Snapshot:
    try:
        return Snapshot.read(_object(answer, redactor), redactor)
    except Unreadable:
        raise _wrong_shape(answer) from None


def read_asset(answer: Answer, redactor: Redactor) -> AssetCard:
    try:
        return AssetCard.read(_object(answer, redactor), redactor)
    except Unreadable:
        raise _wrong_shape(answer) from None


def read_user(answer: Answer, redactor: Redactor) -> StudioUser:
    try:
        return StudioUser.read(_object(answer, redactor), redactor)
    except Unreadable:
        raise _wrong_shape(answer) from None


def read_retry(answer: Answer, redactor: Redactor, upstream_id: str) -> str:
    """The id of the task that runs again."""
    found = _object(answer, redactor).get("id")
    return found if isinstance(found, str) and found else upstream_id


def _rows(answer: Answer, redactor: Redactor) -> list[object]:
    found = _json(answer, redactor)
    if not isinstance(found, list):
        raise _wrong_shape(answer)
    return found


def _object(answer: Answer, redactor: Redactor) -> dict[str, Any]:
    found = _json(answer, redactor)
    if not isinstance(found, dict):
        raise _wrong_shape(answer)
    return found


def _json(answer: Answer, redactor: Redactor) -> Any:
    """The body of a success, whatever its Content-Type claims. Anything else is raised as a named error."""
    if not 200 <= answer.status < 300:
        raise refusal(answer.status, answer.headers, answer.body, redactor)
    try:
        return parsed(answer.body)
    except ValueError:
        sentence = _not_json(answer.body)
    # Raised out here, because the caught error holds the whole body, and that may hold the key.
    raise BadAnswer(sentence, answer.status)


def _not_json(body: bytes) -> str:
    if not body.strip():
        return "The answer is empty, where JSON was expected."
    if body.lstrip()[:1] == b"<":
        return "The answer is a web page, not JSON. Is this the address of a Task API?"
    return "The answer is not JSON, or was cut off. Is this the address of a Task API?"


def _wrong_shape(answer: Answer) -> BadAnswer:
    return BadAnswer("The answer is JSON, but not what a Task API says.", answer.status)


def _total(answer: Answer) -> int | None:
    found = answer.headers.get("x-total-count", "").strip()
    return int(found) if found.isascii() and found.isdigit() and len(found) < 16 else None


def _next_cursor(answer: Answer, rows: int, limit: int | None, asked: str | None) -> str | None:
    """The cursor of the next page, None at the end of the walk.

    Observed on the real server: the last page links to `cursor=undefined`, and the link is http:// and
    made of the Host header, so nothing but the cursor is taken from it. A link back to the page that was
    asked for would never end.
    """
    if limit is None or rows < min(max(limit, 1), LARGEST_PAGE):
        return None
    cursor = cursor_in_link(answer.headers.get("link", ""))
    return None if cursor == asked else cursor


def cursor_in_link(link: str) -> str | None:
    """The `cursor` value in the next link of a Link header; None for none, and for a strange one."""
    for part in link[:8192].split("<")[1:]:
        url, _, relation = part.partition(">")
        if "next" in relation.lower().replace('"', " ").replace("=", " ").replace(",", " ").split():
            return _cursor_in_url(url)
    return None


def _cursor_in_url(url: str) -> str | None:
    try:
        values = parse_qs(urlsplit(url).query).get("cursor", [""])
    except ValueError:
        return None
    cursor = values[-1]
    if cursor in _NO_CURSORS or len(cursor) > _LONGEST_CURSOR or not cursor.isprintable():
        return None
    return cursor
