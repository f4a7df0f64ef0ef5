"""The facts that stand beside a task: its times, its ids, the CIDs of an export."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from dashboard import units
from dashboard.clock import iso
from dashboard.models.attempt import Attempt
from dashboard.models.task import Task


def times_of(task: Task, attempts: list[Attempt]) -> list[SimpleNamespace]:
    """Created, scheduled, updated; how long it waited and how long Studio worked on it."""
    times = [("Created", task.created_at, ""), ("Scheduled", task.scheduled_at, "")]
    times += [(label, None, text) for label, text in _spans(task, attempts)]
    times.append(("Updated", task.updated_at, ""))
    return [SimpleNamespace(label=label, iso=iso(at), text=text) for label, at, text in times if at or text]


def _spans(task: Task, attempts: list[Attempt]) -> Iterator[tuple[str, str]]:
    """Queue wait and processing, parted by the first attempt's start. Where we did not see that, as Studio's own team
    tells it: waiting ends when the task is scheduled, so both are only about right."""
    series = attempts[-1].series if attempts else 0
    seen = next((a.started_at for a in attempts if a.series == series and a.number == 1), None)
    about = "" if seen else "about "
    started = seen or task.scheduled_at
    if not started:
        return
    queued = (task.scheduled_at or task.created_at) if seen else task.created_at
    waited = max(0, started - queued) / 1000
    yield "Queue wait", about + units.duration(waited) if waited >= 1 else "none"
    if task.phase in ("running", "completed", "failed"):
        worked = max(0, task.updated_at - started) / 1000
        yield "Processing", about + units.duration(worked) + (" so far" if task.phase == "running" else "")


def ids_of(task: Task, playback_id: str) -> list[SimpleNamespace]:
    ids = [
        ("Task", task.upstream_id),
        ("Output asset", task.output_asset_id),
        ("Input asset", task.input_asset_id),
        ("Playback", playback_id),
        ("Project", task.project_id),
    ]
    return [SimpleNamespace(label=label, value=value) for label, value in ids if value]


def cids_of(document: dict[str, Any]) -> list[SimpleNamespace]:
    """The CIDs of an export, each with its `ipfs://` link and gateway."""
    output = document.get("output")
    found = []
    for part in (output if isinstance(output, dict) else {}).values():
        ipfs = part.get("ipfs") if isinstance(part, dict) else None
        if isinstance(ipfs, dict):
            found += [
                _cid(ipfs, "Video", "videoFile"),
                _cid(ipfs, "NFT metadata", "nftMetadata"),
                _cid(ipfs, "Data", ""),
            ]
    return [item for item in found if item]


def _cid(ipfs: dict[str, Any], label: str, name: str) -> SimpleNamespace | None:
    cid = ipfs.get(f"{name}Cid" if name else "cid")
    if not isinstance(cid, str) or not cid:
        return None
    told = ipfs.get(f"{name}GatewayUrl" if name else "gatewayUrl")
    gateway = (
        told if isinstance(told, str) and told.startswith("https://") else f"https://ipfs.livepeer.studio/ipfs/{cid}"
    )
    return SimpleNamespace(label=label, cid=cid, ipfs_url=f"ipfs://{cid}", gateway_url=gateway)
