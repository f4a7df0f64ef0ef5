"""The rows of the board, each rendered once per change of its task and kept."""

import json
from collections.abc import Sequence
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from dashboard import units
from dashboard.clock import iso
from dashboard.models.listing import Line
from dashboard.models.task import Task
from dashboard.phases import PHASES
from dashboard.stages import stage_of
from dashboard.views.kept import Kept
from dashboard.visible import visible

ATTEMPTS = 3
DESTINATIONS = {"ipfs": "IPFS", "custom": "your own storage"}
WORDS = {"retrying": "Retrying", "stalled": "Stalled", "deleted": "Deleted"}

_rows: Kept[tuple[int, int, str], SafeString] = Kept(16)


def rows_of(lines: Sequence[Line], names: dict[int, str]) -> list[SafeString]:
    """The rows in the order of `lines`; `names` are the accounts' names by id."""
    keys = [(line.id, line.version, names[line.account_id]) for line in lines]
    found = _rows.find(keys)
    missing = [key[0] for key in keys if key not in found]
    if missing:
        for task in Task.objects.filter(pk__in=missing).defer("document"):
            found[task.pk, task.version, names[task.account_id]] = _render(task, names[task.account_id])
        _rows.put(found)
    newest = {key[0]: row for key, row in found.items()}  # a task may have changed between the two queries
    return [newest[line.id] for line in lines if line.id in newest]


def _render(task: Task, account_name: str) -> SafeString:
    return mark_safe(render_to_string("board/_row.html", {"row": row_of(task, account_name)}))  # noqa: S308  a template


def row_of(task: Task, account_name: str) -> SimpleNamespace:
    """What a row tells of the task."""
    lamp, word = lamp_of(task)
    bar = bar_of(task)
    pips, label = pips_of(task)
    return SimpleNamespace(
        id=task.pk,
        upstream_id=task.upstream_id,
        short_id=task.upstream_id[:8],
        url=reverse("task", args=[task.upstream_id]),
        title=task.title,
        type=task.type,
        account_name=account_name,
        phase=task.phase,
        lamp=lamp,
        word=word,
        phase_template=f"board/phases/_{lamp}.html",
        overlay=task.overlay,
        progress=str(task.progress).removesuffix(".0"),
        percent=None if bar is None else units.percent(bar / 100),
        bar=bar,
        pips=pips,
        pips_label=label,
        updated_iso=iso(task.updated_at),
        updated_at=task.updated_at,
        created_iso=iso(task.created_at),
        error=task.error,
        stage=stage_of(task.type, task.progress),
        facts=told_facts(task),
    )


def lamp_of(task: Task) -> tuple[str, str]:
    """The word that names icon and colour, and the word that people read."""
    if task.overlay:
        return task.overlay, WORDS[task.overlay]
    if task.phase in PHASES:
        return task.phase, task.phase.capitalize()
    return "other", visible(task.phase)


def bar_of(task: Task) -> int | None:
    """0 to 100, or None where nothing has begun, or where we saw nothing of it before it ended."""
    if task.phase == "completed":
        return 100
    begun = task.phase == "running" or task.progress > 0
    return percent_undone(task.progress) if begun else None


def percent_undone(ratio: float) -> int:
    """100 is said only of what is completed."""
    return min(99, round(ratio * 100))


def pips_of(task: Task) -> tuple[list[str], str]:
    """One mark per attempt: x failed, on under way, w to come, ok done; nothing where it says nothing."""
    number = task.attempt
    if not number or (task.phase == "completed" and number < 2) or task.phase == "cancelled":
        return [], ""
    total = max(ATTEMPTS, number)
    if task.phase == "running":
        now, label = "on", f"attempt {number} of {total}"
    elif task.phase == "completed":
        now, label = "ok", f"done at attempt {number}"
    elif task.phase == "waiting":
        return [*["x"] * number, *["w"] * (number < total), *[""] * (total - number - 1)], (
            f"attempt {number} of {total} failed, another is to come"
        )
    else:
        now, label = "x", f"failed at attempt {number} of {total}"
    return [*["x"] * (number - 1), now, *[""] * (total - number)][:10], label


def told_facts(task: Task) -> SimpleNamespace:
    """The facts in words, empty where unknown."""
    facts = json.loads(task.facts)
    width, height = facts.get("width"), facts.get("height")
    is_clip = facts.get("clip_from") is not None and facts.get("clip_to") is not None
    took = (task.updated_at - task.scheduled_at) / 1000 if task.phase == "completed" and task.scheduled_at else None
    return SimpleNamespace(
        resolution=f"{width:g} × {height:g}" if width and height else "",
        duration=units.duration(facts.get("duration")),
        size=units.size(facts.get("size")),
        cid=facts.get("cid", ""),
        nft_cid=facts.get("nft_cid", ""),
        profiles=facts.get("profiles", 0),
        clip=units.clock_range(facts["clip_from"], facts["clip_to"]) if is_clip else "",
        destination=DESTINATIONS.get(facts.get("destination", ""), ""),
        took=units.duration(took),
    )
