"""What a first visit weighs: the board and every asset that it needs, as they come over the wire."""

import gzip
import re
from urllib.parse import urljoin, urlsplit

from bench.installation import Installation
from bench.load import Browser, Reply

TASKS = 1000
_LINKED = {
    "text/html": re.compile(r'<(?:link|script|img|use)\b[^>]*?\s(?:href|src)="([^"]+)"'),
    "text/css": re.compile(r"(?:url\(|@import\s+)[\"']?([^\"')\s;]+)"),
    "text/javascript": re.compile(r"""\b(?:from|import)\s*\(?["']([^"']+)["']"""),
}


def weight(cluster: str | None, is_quick: bool) -> dict[str, float]:
    """Bodies only; what one asset links in turn counts too."""
    with Installation("weight", cluster) as installation:
        told = installation.run("bench.fill", "--tasks", TASKS)
        browser = Browser(installation.web().port, told["sessions"][0])
        weights: dict[str, int] = {}
        waiting = ["/"]
        for path in waiting:
            reply = browser.get(path)
            if reply.status != 200:
                raise ValueError(f"{path}: {reply.status}")
            weights[path] = len(reply.body)
            waiting += sorted(_linked(reply, path) - set(waiting))
    return {"first visit, all assets": sum(weights.values())}


def _linked(reply: Reply, path: str) -> set[str]:
    """Paths on this server; a picture inside a sprite is the sprite."""
    pattern = _LINKED.get(reply.headers.get("content-type", "").partition(";")[0])
    if pattern is None:
        return set()
    body = gzip.decompress(reply.body) if reply.headers.get("content-encoding") == "gzip" else reply.body
    found = (urlsplit(urljoin(path, link)) for link in pattern.findall(body.decode()))
    return {link.path for link in found if not link.scheme and not link.netloc and link.path != path}
