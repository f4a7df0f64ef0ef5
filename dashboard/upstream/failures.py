"""What httpx raises, as one of our named errors with a sentence for people."""

from __future__ import annotations

import httpx

from .errors import BadAnswer, TimedOut, Unreachable, UpstreamError

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)
"""Everything that a call through httpx fails with, TLS and time-outs included (they are OSErrors)."""


def failure(error: Exception, host: str, seconds: float, answering: bool) -> UpstreamError:
    """The named error. `answering`: the status had arrived already. Raise it after the except block:
    httpx keeps the request, and with it the key, in its errors, which must not become our context."""
    if isinstance(error, httpx.RemoteProtocolError) and answering:
        return BadAnswer("The answer was cut off.")
    kind = TimedOut if isinstance(error, (httpx.TimeoutException, TimeoutError)) else Unreachable
    return kind(f"{host} {_reason(error, seconds)}")


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "could not be reached in time."
    if isinstance(error, (httpx.ConnectError, httpx.InvalidURL)):
        return _why_no_connection(str(error))
    if isinstance(error, httpx.ReadTimeout):
        return "did not answer in time."
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return f"did not answer completely within {seconds:g} s."
    if isinstance(error, httpx.ProtocolError):
        return "does not speak HTTP as agreed."
    return "broke the connection off."


def _why_no_connection(text: str) -> str:
    lowered = text.lower()
    if "resolved" in lowered or "no address" in lowered:
        return "could not be reached: the name is unknown."
    if "certificate" in lowered:
        return "could not be reached: its TLS certificate is not trusted."
    if "ssl" in lowered or "tls" in lowered:
        return "could not be reached: it does not speak TLS as agreed."
    if "refused" in lowered or "connection attempts failed" in lowered:
        return "could not be reached: the connection was refused."
    return "could not be reached."
