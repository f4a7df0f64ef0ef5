"""Tasks that exist in memory only, told in the words of a test: times in seconds after noon."""

import json
from typing import Any

from dashboard.clock import SECOND
from dashboard.models import Asset, Attempt, Observation, Pace, Task
from dashboard.phases import overlay_of
from dashboard.views.story import Story

NOON = 1_795_000_000_000


def at(seconds: float) -> int:
    return NOON + int(seconds * SECOND)


def task_of(phase: str, updated: float = 60, **fields: Any) -> Task:
    facts = fields.pop("facts", {})
    made: dict[str, Any] = {
        "upstream_id": "task-1",
        "account_id": 1,
        "type": "upload",
        "phase": phase,
        "created_at": at(0),
        "scheduled_at": at(0),
        "updated_at": at(updated),
        "first_seen_at": at(0),
        "heard_at": at(updated),
        "facts": json.dumps(facts),
    } | fields
    return Task(**made)


def story_of(task: Task, attempts: list[Attempt] | None = None, now: float = 60, **fields: Any) -> Story:
    task.overlay = task.overlay or overlay_of(task.phase, task.retries, task.updated_at, bool(task.deleted_at), at(now))
    told: dict[str, Any] = {"asset": None, "pace": None} | fields
    return Story(task, attempts or [], told["asset"], told["pace"], at(now))


def attempt_of(
    number: int, phase: str, started: float | None = None, ended: float | None = None, **fields: Any
) -> Attempt:
    return Attempt(
        number=number,
        phase=phase,
        started_at=None if started is None else at(started),
        ended_at=None if ended is None else at(ended),
        **{"series": at(0), **fields},
    )


def seen(phase: str, happened: float, saw: float | None = None, **fields: Any) -> Observation:
    return Observation(phase=phase, at=at(happened), seen_at=at(happened + 1 if saw is None else saw), **fields)


def pace_of(runs: list[float], wait_seconds: float | None = None) -> Pace:
    wait_ms = None if wait_seconds is None else int(wait_seconds * SECOND)
    return Pace(runs=json.dumps([[run, None] for run in runs]), wait_ms=wait_ms)


def asset_of_task(phase: str, heard: float, upstream_id: str = "asset-1", **document: Any) -> Asset:
    status = {"phase": phase, **document.pop("status", {})}
    return Asset(
        upstream_id=upstream_id, phase=phase, heard_at=at(heard), document=json.dumps({"status": status, **document})
    )
