"""The two servers that the same checks are run against, and where each keeps what the checks ask for."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dashboard.sandbox import Sandbox
from tests.sandbox.asking import Asker
from tests.upstream_behaviour.recordings import Player, read_all

Json = dict[str, Any]
EPOCH_AT = 1_795_400_000_000


@dataclass(frozen=True)
class Stage:
    """`tasks` by the part they play, `keys` likewise; `limit` cuts the tasks of the full key into a few pages."""

    url: str
    keys: dict[str, str]
    tasks: dict[str, str]
    assets: dict[str, str]
    limit: int
    since: int
    secrets: list[str]

    def as_key(self, name: str | None = "full") -> Asker:
        return Asker(self.url, self.keys[name] if name else None)


#: The part that a task plays, and how to know one that can play it.
PARTS: dict[str, Callable[[Json], bool]] = {
    "pending": lambda task: _phase(task) == "pending",
    "waiting": lambda task: _phase(task) == "waiting" and task["status"].get("retries") == 0,
    "running": lambda task: _phase(task) == "running" and task["type"] == "upload",
    "retrying": lambda task: _phase(task) == "waiting" and "errorMessage" in task["status"],
    "completed": lambda task: _phase(task) == "completed" and task["type"] == "upload",
    "failed": lambda task: _phase(task) == "failed" and task["type"] == "upload",
    "encrypted": lambda task: "encryption" in task["params"].get("upload", {}),
    "clip": lambda task: _phase(task) == "completed" and "requesterId" in task,
    "pinata": lambda task: _phase(task) == "completed" and '"apiSecret"' in json.dumps(task),
    "custom": lambda task: '"Authorization"' in json.dumps(task["params"].get("export", {})),
    "transcode": lambda task: _phase(task) == "completed" and '"w3s://' in json.dumps(task),
    "masked": lambda task: task["type"] == "transcode-file" and _input(task).startswith("s3+https"),
    "legacy": lambda task: _phase(task) == "completed" and task["type"] == "import" and "projectId" not in task,
}


def _phase(task: Json) -> str:
    return str(task["status"]["phase"])


def _input(task: Json) -> str:
    return str(task["params"]["transcode-file"]["input"]["url"])


@contextmanager
def simulated() -> Iterator[Stage]:
    """The sandbox, its clock standing still. The sister's tasks are the ones that break a list."""
    with Sandbox(epoch_at=EPOCH_AT, clock=lambda: EPOCH_AT, pace=0) as sandbox:
        listed = Asker(sandbox.url, sandbox.key).get("/task", limit="1000").json
        tasks = {part: next(task["id"] for task in listed if plays(task)) for part, plays in PARTS.items()}
        tasks["deleted"] = next(task["id"] for task in listed if task["id"] not in tasks.values())
        sandbox.soft_delete(tasks["deleted"])
        tasks["retriable"] = [task["id"] for task in listed if PARTS["failed"](task)][-1]
        assets = {part: sandbox.document(tasks[part])["outputAssetId"] for part in ("completed", "failed")}
        sandbox.switches.broken_rows = tuple(sandbox.ids(project=1))
        yield Stage(
            url=sandbox.url,
            keys={
                "full": sandbox.key,
                "limited": sandbox.limited_key,
                "rules": sandbox.rules_key,
                "suspended": sandbox.suspended_key,
                "stranger": sandbox.stranger_key,
                "broken": sandbox.sister_key,
                "unknown": "00c0ffee-0000-4000-8000-badbadbadbad",
            },
            tasks=tasks,
            assets={part: str(identifier) for part, identifier in assets.items()},
            limit=150,
            since=sorted(task["status"]["updatedAt"] for task in listed)[-15],
            secrets=sandbox.secrets,
        )


@contextmanager
def recorded() -> Iterator[Stage]:
    """The recorded answers, played."""
    found = {recording.name: recording for recording in read_all()}
    tasks = {part: _last(found[f"task-{part}"].question[1]) for part in (*PARTS, "deleted")}
    tasks["retriable"] = found["retry-done"].question[1].split("/")[3]
    keys = {"full": "me", "limited": "me-limited-key", "rules": "me-rules-key", "suspended": "list-suspended"}
    keys |= {"stranger": "task-of-another-user", "broken": "list-broken-row", "unknown": "list-unknown-key"}
    player = Player()
    url = player.start()
    yield Stage(
        url=url,
        keys={name: found[where].question[3].removeprefix("Bearer ") for name, where in keys.items()},
        tasks=tasks,
        assets={
            "completed": _last(found["asset-ready"].question[1]),
            "failed": _last(found["asset-failed"].question[1]),
        },
        limit=4,
        since=1_795_400_008_000,
        secrets=[
            "recordedpinatakey0001",
            "recordedpinatasecret00000000000001",
            "recorded-export-bearer-0001",
            "recorded-password-1",
            "recordedtoken0000001",
            "EaJlcm9vdHOArecordedproof0001",
            "AKIARECORDEDKEY00001",
            "5e1f0c7d9a3b48e2",
        ],
    )
    player.stop()


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]
