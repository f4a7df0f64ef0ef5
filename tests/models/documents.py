"""Snapshots as Studio would send them, told in the words of a test."""

from typing import Any

from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot

BORN_AT = 1_790_000_000_000
_REDACTOR = Redactor("00000000-0000-4000-8000-000000000000")


def document(phase: str = "waiting", at: int = 0, upstream_id: str = "task-1", **fields: Any) -> dict[str, Any]:
    """A task's document, `at` seconds after its birth. `retries`, `progress` and `errorMessage` go to the status."""
    status = {name: fields.pop(name) for name in ("retries", "progress", "errorMessage") if name in fields}
    return {
        "id": upstream_id,
        "type": "upload",
        "createdAt": BORN_AT,
        "scheduledAt": BORN_AT,
        "params": {"upload": {"url": "https://media.example.test/in/holiday.mp4"}},
        "status": {"phase": phase, "updatedAt": BORN_AT + at * 1000, **status},
        **fields,
    }


def snapshot(phase: str = "waiting", at: int = 0, upstream_id: str = "task-1", **fields: Any) -> Snapshot:
    return read(document(phase, at, upstream_id, **fields))


def read(raw: dict[str, Any]) -> Snapshot:
    return Snapshot.read(raw, _REDACTOR)


def life_with_retries(error: str = "file download failed") -> list[Snapshot]:
    """Two tries that fail, a third that works, as the real server tells it: each status replaces the one before."""
    return [
        snapshot("pending", 0),
        snapshot("waiting", 1, retries=0),
        snapshot("running", 5, retries=0, progress=0),
        snapshot("running", 20, retries=0, progress=0.36),
        snapshot("waiting", 30, retries=1, errorMessage=error),
        snapshot("waiting", 60, retries=1),
        snapshot("running", 65, retries=1, progress=0),
        snapshot("running", 80, retries=1, progress=0.81),
        snapshot("waiting", 90, retries=2, errorMessage="execution timeout"),
        snapshot("waiting", 270, retries=2),
        snapshot("running", 275, retries=2, progress=0.2),
        snapshot("completed", 300),
    ]
