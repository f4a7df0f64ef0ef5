"""What to call a task. Real tasks carry no name of their own."""

from typing import Any
from urllib.parse import unquote

SOURCES = ("upload", "import", "clip", "transcode-file", "transcode")


def fallback_title(document: dict[str, Any], task_type: str, upstream_id: str) -> str:
    """The best name found in the document itself: `name`, the asset's name in the output, the source's file name,
    else the type and the first 8 characters of the id."""
    return (
        _text(document.get("name"))
        or _spec_name(document)
        or _file_name(document)
        or f"{task_type} {upstream_id[:8]}".strip()
    )


def _spec_name(document: dict[str, Any]) -> str:
    for part in _dict(document.get("output")).values():
        name = _text(_dict(_dict(part).get("assetSpec")).get("name"))
        if name:
            return name
    return ""


def _file_name(document: dict[str, Any]) -> str:
    params = _dict(document.get("params"))
    for source in SOURCES:
        part = _dict(params.get(source))
        url = _text(part.get("url")) or _text(_dict(part.get("input")).get("url"))
        name = last_segment(url)
        if name:
            return name
    return ""


def last_segment(url: str) -> str:
    """`holiday.mp4` of `https://host/in/holiday.mp4?x=y`; nothing for a direct upload, whose last segment is an id.
    Taken apart by hand: a host with a redacted login in it is none to the standard library."""
    path = url.split("?", 1)[0].split("#", 1)[0]
    path = path.partition("://")[2].partition("/")[2] if "://" in path else path
    if "/directUpload/" in f"/{path}":
        return ""
    return unquote(path.rstrip("/").rsplit("/", 1)[-1]).replace("\x00", "").strip()[:300]


def _text(value: object) -> str:
    return value.strip()[:300] if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
