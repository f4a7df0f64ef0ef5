"""A plain HTTP caller for tests: one kept-alive connection, nothing hidden."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Reply:
    """What came back. `headers` by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cursor(self) -> str | None:
        """The cursor of the Link header, None without one."""
        link = self.headers.get("link")
        return link.split("cursor=")[1].split(">")[0].split("&")[0] if link else None


class Asker:
    """Asks one base URL with one key. `filters` may be a list: it is turned into JSON."""

    def __init__(self, url: str, key: str | None, timeout: float = 10) -> None:
        split = urlsplit(url)
        self.key, self._base = key, split.path
        self._connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=timeout)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **query: object) -> Reply:
        if isinstance(query.get("filters"), list):
            query["filters"] = json.dumps(query["filters"], separators=(",", ":"))
        target = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        said = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self._connection.request(method, target, headers=said | (headers or {}))
        answer = self._connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read())

    def get(self, path: str, headers: dict[str, str] | None = None, **query: object) -> Reply:
        return self.ask("GET", path, headers, **query)

    def close(self) -> None:
        self._connection.close()
