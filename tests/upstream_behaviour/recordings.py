"""Recorded answers: a folder of .http files, each a request, an empty line, and the answer to it.

The files hold made-up ids, keys and names in the shape of what the real server was seen to send.
"""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

FOLDER = Path(__file__).parent / "recorded"
Question = tuple[str, str, tuple[tuple[str, str], ...], str, str]


@dataclass(frozen=True)
class Recording:
    """`question` tells requests apart; `answer` is what goes on the wire, byte by byte."""

    name: str
    question: Question
    answer: bytes


def read_recording(path: Path) -> Recording:
    """One file. ValueError when the body is shorter than its Content-Length says."""
    request, head, body = path.read_bytes().split(b"\n\n", 2)
    first, *lines = request.decode().split("\n")
    method, target = first.split(" ", 1)
    said = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    length = int(_header(head, "content-length") or 0)
    if len(body) < length:
        raise ValueError(f"{path.name} is cut off")
    answer = head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body[:length]
    return Recording(path.stem, question_of(method, target, said), answer)


def read_all() -> list[Recording]:
    return [read_recording(path) for path in sorted(FOLDER.glob("*.http"))]


def question_of(method: str, target: str, said: dict[str, str]) -> Question:
    """What makes two requests the same: the order of query parameters does not."""
    split = urlsplit(target)
    query = tuple(sorted(parse_qsl(split.query, keep_blank_values=True)))
    return method, split.path, query, said.get("authorization", ""), said.get("if-none-match", "")


def _header(head: bytes, name: str) -> str | None:
    for line in head.decode().split("\n")[1:]:
        found, value = line.split(": ", 1)
        if found.lower() == name:
            return value
    return None


class Player(ThreadingHTTPServer):
    """Plays the recordings over HTTP; a question that is not recorded gets 501."""

    daemon_threads = True

    def __init__(self) -> None:
        self.answers = {recording.question: recording.answer for recording in read_all()}
        super().__init__(("127.0.0.1", 0), _Connection)

    def start(self) -> str:
        """The base URL."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self.server_address[1]}/api"

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Player

    def do_GET(self) -> None:
        said = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.answers.get(question_of(self.command, self.path, said))
        self.wfile.write(answer or b"HTTP/1.1 501 Not Recorded\r\nContent-Length: 0\r\n\r\n")

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
