"""An answer before it becomes bytes on a socket, with the headers that the real server adds."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"

#: In the order of the recorded answers.
_FIRST_HEADERS = (
    ("X-Powered-By", "Express"),
    ("Vary", "Authorization, Origin"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "*"),
)


@dataclass
class Answer:
    """`headers` come after Express's own ones and before Content-Type."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = JSON_TYPE

    def etag(self) -> str:
        """Express's weak ETag: length in hex and the beginning of a SHA-1."""
        mark = base64.b64encode(hashlib.sha1(self.body).digest()).decode()[:27]  # noqa: S324
        return f'W/"{len(self.body):x}-{mark}"'

    def not_modified(self, if_none_match: str) -> bool:
        """Whether the caller's copy is as good (weak comparison)."""
        if self.status != 200 or not if_none_match:
            return False
        known = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
        return "*" in known or self.etag().removeprefix("W/") in known

    def all_headers(self, length: int | None) -> list[tuple[str, str]]:
        """Every header but Date and the connection's. `length` None: an answer without a body (304)."""
        headers = [*_FIRST_HEADERS, *self.headers]
        if length is not None:
            headers += [("Content-Type", self.content_type), ("Content-Length", str(length))]
        return [*headers, ("ETag", self.etag())]


def render(value: object) -> bytes:
    """JSON as Node writes it: no spaces, letters as they are, lone surrogates escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def json_answer(value: object, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Answer:
    return Answer(status, render(value), headers or [])


def refusal(status: int, text: str) -> Answer:
    """The error body that nearly every endpoint uses."""
    return json_answer({"errors": [text]}, status)


def stumble(text: str, headers: list[tuple[str, str]] | None = None) -> Answer:
    """The other error body: the filter behind the list fell over a row."""
    return json_answer({"message": text}, 500, [*(headers or []), ("content-language", "en")])
