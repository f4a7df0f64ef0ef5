"""What stands beside a task and is not of Studio's telling alone: what one can do, its relatives, notes."""

from types import SimpleNamespace
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from dashboard.clock import iso
from dashboard.models.asset import Asset
from dashboard.models.group import Group
from dashboard.models.lineage import Kin
from dashboard.models.note import Note
from dashboard.models.rights import Right
from dashboard.models.task import Task
from dashboard.phases import RETRYABLE
from dashboard.views.held import Held
from dashboard.views.polling import link
from dashboard.views.rows import lamp_of
from dashboard.visible import visible

ICONS = frozenset({"upload", "export", "export-data", "transcode-file", "transcode", "clip", "import"})


def acts_of(held: Held, asset: Asset | None, retry_helps: bool) -> SimpleNamespace:
    """The buttons. `retry_first`: retrying is the one action that helps, so it is the green one."""
    task, can_act = held.task, held.allows(Right.ASK_STUDIO)
    can_retry = can_act and task.phase in RETRYABLE and task.deleted_at is None and held.is_settled
    return SimpleNamespace(
        can_act=can_act,
        ask_url=held.path("task-ask"),
        notes_url=held.path("task-notes"),
        retry_url=held.path("task-retry"),
        bundle_url=held.path("task-bundle"),
        compare_url=held.path("task-compare"),
        can_retry=can_retry,
        retry_first=can_retry and retry_helps,
        makes_asset=bool(task.output_asset_id),
        watch_url=watch_url(task, asset),
    )


def watch_url(task: Task, asset: Asset | None) -> str:
    """Where the video plays, once there is one."""
    if not settings.PLAYER_URL or asset is None or not asset.playback_id or not task.output_asset_id:
        return ""
    is_gone = asset.phase in ("failed", "deleting", "deleted") and asset.heard_at >= task.updated_at
    is_there = task.phase == "completed" and task.deleted_at is None and not is_gone
    return settings.PLAYER_URL.replace("{playback_id}", quote(asset.playback_id, safe="")) if is_there else ""


def kin_of(kin: list["Kin"], chosen: str) -> list[SimpleNamespace]:
    """One line for each relative; the deepest are not moved in further, so that names stay readable."""
    return [_kin(one, chosen) for one in kin]


def _kin(one: Kin, chosen: str) -> SimpleNamespace:
    task = one.task
    lamp, word = lamp_of(task)
    return SimpleNamespace(
        depth=min(one.depth, 4),
        is_this=one.is_this,
        icon=task.type if task.type in ICONS else "other",
        type=visible(task.type),
        title=visible(task.title),
        url=link(reverse("task", args=[task.upstream_id]), {"account": chosen}),
        lamp=lamp,
        word=word,
    )


def owner_of(group_id: int) -> str:
    """Who has the group of failures; empty for nobody."""
    return Group.objects.filter(pk=group_id).values_list("owner_name", flat=True).first() or ""


def notes_of(notes: list[Note]) -> list[SimpleNamespace]:
    """The oldest first."""
    return [
        SimpleNamespace(text=visible(note.text), author=visible(note.author_name), iso=iso(note.created_at))
        for note in notes
    ]
