"""The facts that stand beside a task: its times and its ids."""

import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.task import Task
from dashboard.upstream.json_values import part, text
from dashboard.views.polling import link
from dashboard.visible import visible

_IS_PLAIN = re.compile("[0-9A-Za-z_-]+")  # what a search takes as it is


def times_of(task: Task, attempts: list[Attempt], now: int) -> list[SimpleNamespace]:
    """Created, scheduled, updated; how long it waited and how long Studio worked on it."""
    times = [("Created", task.created_at, ""), ("Scheduled", task.scheduled_at, "")]
    times += [(label, None, text) for label, text in _spans(task, attempts, now)]
    times.append(("Updated", task.updated_at, ""))
    return [SimpleNamespace(label=label, iso=iso(at), text=text) for label, at, text in times if at or text]


def _spans(task: Task, attempts: list[Attempt], now: int) -> Iterator[tuple[str, str]]:
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
        worked = max(0, (now if task.phase == "running" else task.updated_at) - started) / 1000
        yield "Processing", about + units.duration(worked) + (" so far" if task.phase == "running" else "")


def ids_of(task: Task, playback_id: str) -> list[SimpleNamespace]:
    """Each with the way to all tasks that have it too, its own excepted."""
    ids = [
        ("Task", task.upstream_id, ""),
        ("Output asset", task.output_asset_id, "asset"),
        ("Input asset", task.input_asset_id, "asset"),
        ("Playback", playback_id, "playback"),
        ("Project", task.project_id, "project"),
    ]
    return [
        SimpleNamespace(label=label, value=value, find_url=_find_url(field, value))
        for label, value, field in ids
        if value
    ]


def _find_url(field: str, value: str) -> str:
    return link(reverse("board"), {"q": f"{field}:{value}"}) if field and _IS_PLAIN.fullmatch(value) else ""


def known_of(task: Task, document: dict[str, Any], asset: Asset | None, account_name: str) -> list[SimpleNamespace]:
    """Whose it is: account, key, creator; and how large."""
    kept = asset.opened() if asset is not None else {}
    is_its_own = asset is not None and asset.upstream_id == task.output_asset_id
    size = json.loads(task.facts).get("size") or (asset.size if asset is not None else None)
    known = [
        ("Account", account_name, ""),
        ("By key", text(kept.get("createdByTokenName"), 200) if is_its_own else "", ""),
        ("Creator", _creator(document) or _creator_value(kept.get("creatorId")), ""),
        ("Size", units.size(size), f"{size:,} bytes" if size else ""),
    ]
    return [SimpleNamespace(label=label, text=visible(value), title=title) for label, value, title in known if value]


def _creator(document: dict[str, Any]) -> str:
    """Transcodes name their creator themselves; everything else has it from its asset."""
    asked = (value for value in part(document, "params").values() if isinstance(value, dict))
    return next((found for value in asked if (found := _creator_value(value.get("creatorId")))), "")


def _creator_value(value: object) -> str:
    """A text, or an object with one under `value`."""
    return text(value.get("value") if isinstance(value, dict) else value, 300)
