"""Which parts of an asset's document are kept: its state, and where it came from and lies, but not its tracks."""

from __future__ import annotations

import json
from typing import Any

from .json_values import number, part, text
from .snapshots import LONGEST_ID

KEPT = (
    "id", "name", "source", "status", "storage", "playbackId", "playbackUrl", "downloadUrl", "playbackPolicy",
    "creatorId", "createdByTokenName", "createdAt", "size", "projectId",
)  # fmt: skip
LARGEST = 16 * 1024
LARGEST_SIZE = 2**53


def kept_parts(document: dict[str, Any]) -> dict[str, Any]:
    """The parts of a redacted document that pages show, as they stand: at most 16 kB of JSON, the largest left out
    first. Always the same for the same document."""
    parts = {name: document[name] for name in KEPT if document.get(name) is not None}
    sizes = {name: len(_json(value)) + len(name) + 4 for name, value in parts.items()}
    while parts and sum(sizes[name] for name in parts) > LARGEST:
        del parts[max(parts, key=sizes.__getitem__)]
    return parts


def source_id_of(document: dict[str, Any]) -> str:
    """The asset, or the stream, that a clip was cut from (read in the API's schema); "" for what is no clip."""
    source = part(document, "source")
    found = next((value for value in (source.get("sourceId"), source.get("assetId")) if _is_id(value)), "")
    return str(found)


def size_of(document: dict[str, Any]) -> int | None:
    """Bytes, where Studio tells a usable number."""
    found = number(document.get("size"))
    return int(found) if found is not None and 0 <= found <= LARGEST_SIZE else None


def _is_id(value: object) -> bool:
    return isinstance(value, str) and text(value).strip() != "" and len(value) <= LONGEST_ID


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
