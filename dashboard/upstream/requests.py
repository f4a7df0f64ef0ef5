"""What we ask Studio: requests as plain values, the same for the async and the sync client."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .errors import KeyRejected, NotFound

LONGEST_ID = 200


@dataclass(frozen=True)
class Connection:
    """Where to ask and with which key. `url` is the base URL without a slash at its end. `old_keys`: not sent, but
    removed from the answers like the key itself."""

    url: str
    key: str = field(repr=False)
    old_keys: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Asking:
    """One request. `path` is encoded already and stands behind the base URL."""

    method: str
    path: str
    params: dict[str, str] = field(default_factory=dict)


def ask_list(
    what: str,
    limit: int | None,
    cursor: str | None = None,
    order: str | None = None,
    filters: list[dict[str, Any]] | None = None,
    count: bool = False,
) -> Asking:
    """A page of `what`, task or asset; without a limit as long as the server likes."""
    params = {} if limit is None else {"limit": str(limit)}
    if order:
        params["order"] = order
    if filters:
        params["filters"] = encoded_filters(filters)
    if count:
        params["count"] = "true"
    if cursor:
        params["cursor"] = cursor
    return Asking("GET", f"/{what}", params)


def encoded_filters(filters: list[dict[str, Any]]) -> str:
    """The JSON of filters, a `%` as `%25`. Observed on the real server: it decodes the value twice."""
    return json.dumps(filters, separators=(",", ":")).replace("%", "%25")


def ask_one(what: str, upstream_id: str) -> Asking:
    return Asking("GET", f"/{what}/{_segment(upstream_id)}")


def ask_me() -> Asking:
    return Asking("GET", "/user/me")


def ask_retry(upstream_id: str) -> Asking:
    return Asking("POST", f"/task/{_segment(upstream_id)}/retry")


def headers_for(connection: Connection) -> dict[str, str]:
    """Never an Origin, which Studio judges a key by. KeyRejected for a key that no header can hold."""
    key = connection.key
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise KeyRejected("This is no API key: it is empty, or holds blanks or characters that no key has.")
    return {
        "Authorization": f"Bearer {key}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": "studio-tasks",
    }


def _segment(upstream_id: str) -> str:
    """An id as one piece of a path. What cannot be one is not found, without asking."""
    if not upstream_id.strip(". ") or len(upstream_id) > LONGEST_ID:
        raise NotFound("Studio has nothing under this id.")
    return quote(upstream_id, safe="", errors="replace")
