"""What the sentences about one task are made from: its rows, read once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.clock import SECOND
from dashboard.families import Family, family_of
from dashboard.forecast import Run
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.pace import Pace, nearly_longest
from dashboard.models.task import Task
from dashboard.models.turns import Turn

PLURALS = {
    "upload": "uploads",
    "import": "imports",
    "export": "exports",
    "export-data": "data exports",
    "transcode-file": "transcodes",
    "transcode": "transcodes",
    "clip": "clips",
}


@dataclass(frozen=True)
class Story:
    """`pace` is known for unfinished tasks only, `turn` for those that wait; `now` in ms."""

    task: Task
    attempts: Sequence[Attempt]
    asset: Asset | None
    pace: Pace | None
    now: int
    turn: Turn | None = None

    @property
    def family(self) -> Family | None:
        """What the error means; None where there is none."""
        if self.task.error or self.task.phase == "failed":
            return family_of(self.task.error, self.task.type)
        return None

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.task.facts)
        return facts

    @property
    def size(self) -> int | None:
        """Bytes of what it works on, where known before its end."""
        size = self.facts.get("size")
        if size is None and self.asset is not None and self.asset.upstream_id == self.task.input_asset_id:
            size = self.asset.size
        return int(size) if size else None

    @property
    def runs(self) -> list[Run]:
        return list(self.pace.known_runs) if self.pace else []

    @property
    def others(self) -> str:
        """`exports`."""
        return PLURALS.get(self.task.type, "tasks of its type")

    @property
    def started_at(self) -> int | None:
        """When the try under way was seen to start."""
        last = self.attempts[-1] if self.attempts else None
        return last.started_at if last and last.phase == "running" else None

    @property
    def elapsed_seconds(self) -> float | None:
        """Since the task was scheduled; since the present attempt began, where others failed before it."""
        since = self.started_at if self.task.attempt > 1 else self.task.scheduled_at
        return max(0, self.now - since) / SECOND if since else None

    @property
    def wait_limit_ms(self) -> int | None:
        """What 95 of 100 of its kind waited at most."""
        return self.pace.wait_ms if self.pace else None

    @property
    def run_limit_ms(self) -> int | None:
        """What 95 of 100 of its kind took at most, where enough are known."""
        seconds = nearly_longest([seconds for seconds, _ in self.runs])
        return None if seconds is None else int(seconds * SECOND)
