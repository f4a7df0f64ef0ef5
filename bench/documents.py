"""Task documents as Studio would send them, from the sandbox."""

import json
from typing import Any

from dashboard.sandbox import Sandbox

LARGE_BYTES = 2500
SIZES = [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]
Document = dict[str, Any]


def documents_of(sandbox: Sandbox, tasks: int) -> list[Document]:
    """So many documents, newest first, without the few that the sandbox made huge on purpose."""
    found = [sandbox.document(task_id) for task_id in reversed(sandbox.ids())]
    return [document for document in found if len(json.dumps(document)) < LARGE_BYTES][:tasks]


def large_document(documents: list[Document], weight: int = LARGE_BYTES) -> Document:
    """A completed upload with as many renditions as it takes to weigh so many bytes."""
    done = [d for d in documents if d["type"] == "upload" and d["status"]["phase"] == "completed"]
    large: Document = json.loads(json.dumps(max(done, key=lambda document: len(json.dumps(document)))))
    profiles = large["params"]["upload"].setdefault("profiles", [])
    left = weight - len(json.dumps(large, separators=(",", ":"), ensure_ascii=False))
    while left > 0:
        width, height = SIZES[len(profiles) % len(SIZES)]
        name = f"{height}p-{len(profiles)}"
        profiles.append({"fps": 30, "name": name, "width": width, "height": height, "bitrate": width * 3000})
        left -= len(json.dumps(profiles[-1], separators=(",", ":"))) + 1
    return large
