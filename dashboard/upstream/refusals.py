"""Answers that are no success, as named errors with a sentence for people."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from .errors import (
    BadAnswer,
    BadRequest,
    KeyLimited,
    KeyRejected,
    NotFound,
    RateLimited,
    Redirected,
    ServerError,
    UpstreamError,
)
from .redact import Redactor

LONGEST_WAIT_SECONDS = 3600.0
LONGEST_QUOTE = 300
LARGEST_REFUSAL = 64 * 1024


def refusal(status: int, headers: Mapping[str, str], body: bytes, redactor: Redactor) -> UpstreamError:
    """The error for an answer with this status, never for a 2xx. `headers` with lower-case names."""
    said = _quoted(body, redactor)
    wait = retry_after_seconds(headers.get("retry-after", ""))
    if status == 401:
        return KeyRejected(f"Studio rejected the key: it is unknown or was revoked.{said}", status)
    if status == 403:
        return KeyLimited(f"Studio knows the key, but it may not ask this.{said}", status)
    if status == 404:
        return NotFound(f"Studio has nothing here.{said}", status)
    if status == 429:
        return RateLimited(f"Studio asks us to slow down.{said}", status, wait)
    if 400 <= status < 500:
        return BadRequest(f"Studio refused the question with status {status}.{said}", status)
    if status >= 500:
        return _server_error(status, body, said, wait)
    if 300 <= status < 400 and status != 304:
        return Redirected(f"The address answers with a redirect (status {status}), which is not followed.", status)
    return BadAnswer(f"The address answered with the unexpected status {status}.", status)


def _server_error(status: int, body: bytes, said: str, wait: float | None) -> ServerError:
    document = _document(body)
    broken = status == 500 and "errors" not in document and isinstance(document.get("message"), str)
    sentence = f"Studio has a problem of its own and answered with status {status}.{said}"
    return ServerError(sentence, status, wait, broken)


def retry_after_seconds(header: str, now: float | None = None) -> float | None:
    """Seconds to wait, at most an hour, from seconds or an HTTP date; None for nothing usable."""
    header = header.strip()
    seconds = _as_seconds(header)
    if seconds is None:
        return None
    return min(LONGEST_WAIT_SECONDS, max(0.0, seconds - (0.0 if _is_number(header) else now or time.time())))


def _as_seconds(header: str) -> float | None:
    """The number, or the moment in seconds since 1970."""
    if _is_number(header):
        return float(header)
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _is_number(header: str) -> bool:
    try:
        return len(header) < 40 and math.isfinite(float(header))
    except ValueError:
        return False


def _quoted(body: bytes, redactor: Redactor) -> str:
    """Studio's own words, redacted first and cut then."""
    words = " ".join(redactor.text(error_words(body)).split())
    if not words:
        return ""
    return f" It says: {words[:LONGEST_QUOTE]}{'…' if len(words) > LONGEST_QUOTE else ''}"


def error_words(body: bytes) -> str:
    """The text in either kind of error body, `{"errors": [...]}` and `{"message": ...}`; not yet redacted."""
    document = _document(body)
    errors = document.get("errors")
    if isinstance(errors, list):
        return "; ".join(error for error in errors if isinstance(error, str))
    message = document.get("message")
    return message if isinstance(message, str) else ""


def _document(body: bytes) -> dict[str, object]:
    """A body too large for an error is not looked at."""
    if len(body) > LARGEST_REFUSAL:
        return {}
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
