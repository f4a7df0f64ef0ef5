"""The state of a task's asset, as the syncer read it, and a word where it disagrees with the task's."""

from types import SimpleNamespace
from typing import Any

from dashboard import units
from dashboard.clock import iso
from dashboard.models.asset import Asset
from dashboard.models.task import Task
from dashboard.visible import visible

LAMPS = {
    "uploading": "pending",
    "waiting": "waiting",
    "processing": "running",
    "ready": "completed",
    "failed": "failed",
    "deleting": "deleted",
    "deleted": "deleted",
}
NOT_READ = "Not read since the task changed."


def asset_of(task: Task, asset: Asset | None) -> SimpleNamespace | None:
    """Its phase and lamp, as of when, its error and progress; `note` where task and asset do not agree."""
    if asset is None or not asset.heard_at or not asset.phase:
        return None
    status = asset.opened().get("status")
    told: dict[str, Any] = status if isinstance(status, dict) else {}
    error, progress = told.get("errorMessage"), told.get("progress")
    is_ratio = isinstance(progress, int | float) and 0 <= progress <= 1 and asset.phase == "processing"
    return SimpleNamespace(
        word=visible(asset.phase).capitalize(),
        lamp=LAMPS.get(asset.phase, "other"),
        as_of_iso=iso(asset.heard_at),
        error=visible(error) if isinstance(error, str) and asset.phase == "failed" and error != task.error else "",
        progress=units.percent(progress) if is_ratio else "",  # type: ignore[arg-type]
        note=_note(task, asset),
    )


def _note(task: Task, asset: Asset) -> str:
    """Only the asset that a task makes can disagree with it. What was read before the task changed proves nothing."""
    if asset.phase in ("deleting", "deleted"):
        return "Studio is deleting it." if asset.phase == "deleting" else "It was deleted at Studio."
    if asset.upstream_id != task.output_asset_id or task.deleted_at:
        return ""
    if not task.is_final:
        is_new = asset.heard_at >= (task.scheduled_at or task.created_at)
        normal = "Normal: the asset stays failed until the task completes."
        return "" if asset.phase != "failed" else normal if is_new else NOT_READ
    if task.phase == "completed" and asset.phase != "ready":
        told = (
            "The task is done, yet its asset has failed."
            if asset.phase == "failed"
            else "Studio has not marked it ready yet."
        )
        return told if asset.heard_at >= task.updated_at else NOT_READ
    if task.phase == "failed" and asset.phase == "ready":
        told = "The task failed, yet its asset is ready: try whether it plays."
        return told if asset.heard_at >= task.updated_at else NOT_READ
    return ""
