"""Puts an answer on the wire, in good order or in one of the ways in which networks and proxies spoil it."""

import gzip
import threading
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus

from dashboard.sandbox.answers import HTML_TYPE, Answer, json_answer, refusal
from dashboard.sandbox.switches import Switches

HUGE_BYTES = 50 * 1024 * 1024
_KEEP_ALIVE_SECONDS = 5
_GATEWAY_PAGE = b"<html><head><title>Bad gateway</title></head><body><h1>502 Bad gateway</h1>cloud</body></html>"
_WRONG = {"object": b'{"tasks":{"total":0}}', "null": b"null"}


def troubled(switches: Switches) -> Answer | None:
    """The answer that a switch gives in place of the real one; None if none does."""
    later = switches.retry_after_seconds
    headers = [("Retry-After", f"{later:g}")] if later is not None else []
    if switches.redirect_to:
        return Answer(302, b"", [("Location", switches.redirect_to)], HTML_TYPE)
    if switches.rate_limited:
        return json_answer({"errors": ["too many requests"]}, 429, headers)
    if switches.failing == 500:
        return refusal(500, "Internal server error: Error")
    if switches.failing:
        return Answer(switches.failing, _GATEWAY_PAGE, headers, HTML_TYPE)
    if switches.malformed == "html":
        return Answer(200, _GATEWAY_PAGE, [], HTML_TYPE)
    return Answer(200, _WRONG[switches.malformed]) if switches.malformed else None


class Wire:
    """One answer's way to one caller. `write` sends bytes; `stopped` wakes every wait."""

    def __init__(self, write: Callable[[bytes], object], stopped: threading.Event, switches: Switches) -> None:
        self._write, self._stopped, self._switches = write, stopped, switches

    def send(self, answer: Answer, *, head_only: bool, if_none_match: str, accepts_gzip: bool) -> bool:
        """Sends it all. False if the connection is of no use any more."""
        if answer.not_modified(if_none_match):
            self._write(self._head(answer, 304, None))
            return True
        if self._switches.huge and not head_only:
            return self._send_huge(answer)
        body = answer.body
        if self._switches.compressed and accepts_gzip:
            body = gzip.compress(body, 1)
            answer.headers.append(("Content-Encoding", "gzip"))
        if self._switches.truncated and not head_only:
            self._write(self._head(answer, answer.status, len(body) + 1000) + body)
            return False
        head = self._head(answer, answer.status, len(body))
        if head_only:
            self._write(head)
            return True
        if self._switches.dripping:
            self._write(head)
            return self._drip(body)
        self._write(head + body)
        return True

    def _head(self, answer: Answer, status: int, length: int | None) -> bytes:
        lines = [f"HTTP/1.1 {status} {_phrase(status)}"]
        lines += [f"{name}: {value}" for name, value in answer.all_headers(length)]
        lines += [f"Date: {formatdate(usegmt=True)}", "Connection: keep-alive"]
        lines += [f"Keep-Alive: timeout={_KEEP_ALIVE_SECONDS}", "", ""]
        return "\r\n".join(lines).encode("latin-1", "replace")

    def _drip(self, body: bytes) -> bool:
        for at in range(len(body)):
            if self._stopped.wait(self._switches.drip_seconds):
                return False
            self._write(body[at : at + 1])
        return True

    def _send_huge(self, answer: Answer) -> bool:
        """A JSON list of 50 MB, in pieces so that a caller may hang up early."""
        row = b'{"id":"' + b"0" * 36 + b'","type":"upload","params":{},"status":{"phase":"waiting"},"padding":"%s"}'
        row = row.replace(b"%s", b"x" * 65_000) + b","
        count = HUGE_BYTES // len(row)
        self._write(self._head(answer, 200, count * len(row) + 1))
        self._write(b"[" + row)
        for _ in range(count - 2):
            if self._stopped.is_set():
                return False
            self._write(row)
        self._write(row[:-1] + b"]")
        return True


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
