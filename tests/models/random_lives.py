"""Random lives of tasks as Studio would tell them: tries that fail for various causes, retries, completions, deletions,
several tasks that make the same asset; and the order in which we happen to hear of them."""

import random
from collections.abc import Iterator

from dashboard.clock import MINUTE
from dashboard.upstream.snapshots import Snapshot
from tests.models.documents import BORN_AT, document, read

MESSAGES = (
    "",
    "execution timeout",
    "file download failed",
    "error on export request: http status 401 body=no",
    "External transcoder error: segment 17 failed",
    "External transcoder error: segment 4 failed",
    "Unsupported codec: h265",
    "Unsupported codec: vp6",
    "panic at 0x7f3a",
    "panic at 0x99",
)
TYPES = ("upload", "export", "transcode-file")
ASSETS = 40
SPAN = 4 * 24 * 60 * MINUTE


class Life:
    """One task. `told` is all that Studio ever said of it, in the order of time."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.chance, self.id = chance, f"task-{number:04}"
        self.type = chance.choice(TYPES)
        self.asset = f"asset-{chance.randrange(ASSETS)}" if chance.random() < 0.5 else ""
        self.at = BORN_AT + chance.randrange(SPAN)
        self.told: list[Snapshot] = []
        self._live()

    def _live(self) -> None:
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            phase = self._schedule()
            if phase not in ("failed", "cancelled"):
                break
        if self.chance.random() < 0.1:
            last = self.told[-1].document
            self.told.append(read(last | {"deleted": True, "status": last["status"] | {"updatedAt": self._later()}}))

    def _schedule(self) -> str:
        """Up to four tries; how they end."""
        scheduled_at = self._later()
        self._tell("waiting", scheduled_at, retries=0)
        for retries in range(4):
            if self.chance.random() < 0.8:
                self._tell("running", scheduled_at, retries=retries, progress=0.5)
            end = self.chance.choice(("completed", "retry", "retry", "failed", "failed", "cancelled", "running"))
            if end != "retry" or retries == 3:
                phase = "failed" if end == "retry" else end
                error = {"errorMessage": self.chance.choice(MESSAGES)} if phase == "failed" else {}
                if phase != "running":
                    self._tell(phase, scheduled_at, retries=retries, **error)
                return phase
            message = self.chance.choice(MESSAGES)
            self._tell("waiting", scheduled_at, retries=retries + 1, errorMessage=message)
            if self.chance.random() < 0.5:
                self._tell("waiting", scheduled_at, retries=retries + 1)
        raise AssertionError("four tries end somehow")

    def _tell(self, phase: str, scheduled_at: int, **fields: object) -> None:
        told = document(phase, 0, self.id, type=self.type, scheduledAt=scheduled_at, outputAssetId=self.asset, **fields)
        told["status"]["updatedAt"] = self._later()
        self.told.append(read(told))

    def _later(self) -> int:
        self.at += self.chance.randrange(1, 20 * MINUTE)
        return self.at


def heard(lives: list[Life], chance: random.Random) -> Iterator[list[Snapshot]]:
    """All that is told, mostly in the order of time but each up to hours late, in batches of various sizes. Some of it
    is never heard."""
    told = [(each.updated_at + chance.randrange(6 * 60 * MINUTE), each) for life in lives for each in life.told]
    told = sorted((pair for pair in told if chance.random() < 0.9), key=lambda pair: (pair[0], pair[1].upstream_id))
    while told:
        size = chance.choice((1, 3, 20, 60))
        yield [each for _, each in told[:size]]
        told = told[size:]
