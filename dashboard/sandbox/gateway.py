"""An IPFS gateway on the sandbox's own port: `/ipfs/<cid>`, and any path where the Host is `<cid>.ipfs.localhost`.

What a task of the sandbox names as metadata or data is JSON; every other CID is a small video that no player plays.
"""

import re
from collections.abc import Iterator

from dashboard.cids import Cid, check
from dashboard.sandbox.answers import HTML_TYPE, Answer, render
from dashboard.sandbox.identity import digest
from dashboard.sandbox.rows import Json
from dashboard.sandbox.world import World

VIDEO_BYTES = 48_000
_SUBDOMAIN = re.compile(r"([A-Za-z0-9]+)\.ipfs\.localhost(?::\d+)?")
_PATH = re.compile(r"/ipfs/([^/]+)/?")
_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")
_OPEN_TO_ALL = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "Range")]
_PAGE = b"<!doctype html><title>Gateway</title><h1>Welcome</h1>"


def templates(url: str) -> str:
    """The gateway of the sandbox with this base URL in both its forms, one a line, as a team sets them."""
    origin = url.removesuffix("/api")
    return f"{origin}/ipfs/{{cid}}\nhttp://{{cid}}.ipfs.localhost:{origin.rpartition(':')[2]}"


class Gateway:
    """`trouble` is the switch of this name: "504", "html", "no-ranges" or nothing."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, method: str, host: str, path: str, span: str, trouble: str) -> Answer | None:
        """None for what is meant for Studio. `span`: the Range header."""
        found = _SUBDOMAIN.fullmatch(host) or _PATH.fullmatch(path)
        if found is None:
            return None
        if method == "OPTIONS":
            return Answer(204, b"", list(_OPEN_TO_ALL))
        cid = check(found[1])
        if not isinstance(cid, Cid):
            return Answer(400, f"invalid cid: {cid.reason}\n".encode(), list(_OPEN_TO_ALL), "text/plain")
        if trouble == "504":
            return Answer(504, b"504 Gateway Time-out\n", list(_OPEN_TO_ALL), "text/plain")
        if trouble == "html":
            return Answer(200, _PAGE, list(_OPEN_TO_ALL), HTML_TYPE)
        body, kind = self._content(cid)
        return _part(body, kind, "" if trouble == "no-ranges" else span)

    def _content(self, cid: Cid) -> tuple[bytes, str]:
        for document, ipfs, name in self._exports():
            names = {name for name, text in ipfs.items() if _is(text, cid)}
            if "nftMetadataCid" in names:
                return render(_metadata(document, ipfs, name)), "application/json"
            if "cid" in names:
                return render({"data": document.get("id"), "exportedAt": document.get("createdAt")}), "application/json"
        return _video(cid), "video/mp4"

    def _exports(self) -> Iterator[tuple[Json, Json, str]]:
        """The documents of exports, each with the `ipfs` of its output and the name of what was exported."""
        for project in self._world.projects:
            with project.lock:
                rows = [row.document() for row in project.rows.values() if row.task_type.startswith("export")]
            for document in rows:
                asset = project.assets.get(str(document.get("inputAssetId")))
                output = document.get("output")
                for part in output.values() if isinstance(output, dict) else ():
                    ipfs = part.get("ipfs") if isinstance(part, dict) else None
                    if isinstance(ipfs, dict):
                        yield document, ipfs, asset.name if asset else str(document.get("name") or "Untitled drop")


def _is(text: object, cid: Cid) -> bool:
    told = check(text) if isinstance(text, str) else None
    return isinstance(told, Cid) and told.base32 == cid.base32


def _metadata(document: Json, ipfs: Json, name: str) -> Json:
    video = f"ipfs://{ipfs.get('videoFileCid')}"
    return {
        "name": name,
        "description": "Livepeer video from asset " + str(document.get("inputAssetId", "")),
        "image": "ipfs://bafkreidmlgpjoxgvefhid2xjyqjnpmjjmq47yyrcm6ifvoovclty7sm4wm",
        "animation_url": video,
        "external_url": None,
        "properties": {"video": video},
    }


def _video(cid: Cid) -> bytes:
    """The first box of an MP4 file, then noise that is the same for ever."""
    noise = b"".join(digest(cid.base32, part) for part in range(VIDEO_BYTES // 32))
    return (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + noise)[:VIDEO_BYTES]


def _part(body: bytes, kind: str, span: str) -> Answer:
    """206 with the bytes that were asked for, else the whole."""
    headers = [*_OPEN_TO_ALL, ("Accept-Ranges", "bytes")]
    wanted = _RANGE.fullmatch(span)
    if wanted is None:
        return Answer(200, body, headers, kind)
    first, last = int(wanted[1]), min(int(wanted[2] or len(body)), len(body) - 1)
    if first > last:
        return Answer(416, b"", [*headers, ("Content-Range", f"bytes */{len(body)}")], kind)
    headers.append(("Content-Range", f"bytes {first}-{last}/{len(body)}"))
    return Answer(206, body[first : last + 1], headers, kind)
