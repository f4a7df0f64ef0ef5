"""The load: browsers that keep their connections open, accept gzip and carry their cookies."""

import gzip
import html
import http.client
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice

CONNECTIONS = 8
IN_FLIGHT = 2
REGION = {"HX-Request": "true"}
_POLL = re.compile(rb'hx-get="([^"]+)"')


class Unexpected(Exception):
    """The server answered something else than what is being measured."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    """One connection of one signed-in person."""

    def __init__(self, port: int, session: str = "") -> None:
        self.cookies = {"sessionid": session} if session else {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        """Ask; a connection that was closed meanwhile is opened again."""
        try:
            return self._get(path, headers or {})
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            return self._get(path, headers or {})

    def _get(self, path: str, headers: dict[str, str]) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Accept-Encoding": "gzip, deflate, br", "User-Agent": "Mozilla/5.0 (bench)", **headers}
        self._connection.request("GET", path, headers={**told, "Cookie": cookie} if cookie else told)
        response = self._connection.getresponse()
        body = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


class Crowd:
    """Several browsers; `ask` keeps two requests in flight, one for each worker of the server."""

    def __init__(self, port: int, session: str = "") -> None:
        self.browsers = [Browser(port, session) for _ in range(CONNECTIONS)]

    def one(self, path: str) -> Reply:
        reply = self.browsers[0].get(path)
        if reply.status != 200:
            raise Unexpected(f"{path}: {reply.status}")
        return reply

    def plain(self, path: str) -> bytes:
        """The body, decompressed."""
        reply = self.one(path)
        return gzip.decompress(reply.body) if reply.headers.get("content-encoding") == "gzip" else reply.body

    def ask(self, paths: Sequence[str], times: int, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """So many requests in all, over the paths in turn. Any other status is an error."""
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            list(
                pool.map(
                    lambda i: _ask(self._group(i), _turned(paths, i), times // IN_FLIGHT, status, headers),
                    range(IN_FLIGHT),
                )
            )

    def _group(self, number: int) -> list[Browser]:
        share = len(self.browsers) // IN_FLIGHT
        return self.browsers[number * share : (number + 1) * share]


def _turned(paths: Sequence[str], number: int) -> Sequence[str]:
    """Each group begins elsewhere, so that as many requests as there are paths ask for each once."""
    start = number * len(paths) // IN_FLIGHT
    return [*paths[start:], *paths[:start]]


def _ask(
    browsers: Sequence[Browser], paths: Sequence[str], times: int, status: int, headers: dict[str, str] | None
) -> None:
    for browser, path in islice(zip(cycle(browsers), cycle(paths), strict=False), times):
        reply = browser.get(path, headers)
        if reply.status != status:
            raise Unexpected(f"{path}: {reply.status} instead of {status}")


def poll_path(page: bytes) -> str:
    """The URL at which the page's live region asks for itself."""
    found = _POLL.search(page)
    if found is None:
        raise Unexpected("a page without a live region")
    return html.unescape(found[1].decode())
