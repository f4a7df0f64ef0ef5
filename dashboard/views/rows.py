"""The rows of the board, each rendered once per change of its task and kept."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from sys import getsizeof
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import mark_safe

from dashboard import units
from dashboard.clock import SECOND, iso, short
from dashboard.models.lanes import Line
from dashboard.models.task import Task
from dashboard.models.turns import Turn
from dashboard.phases import PHASES
from dashboard.stages import stage_of
from dashboard.views.kept import Kept
from dashboard.views.moulds import Moulds, slot
from dashboard.views.turn_words import turn_in_words
from dashboard.visible import visible

ATTEMPTS = 3
DESTINATIONS = {"ipfs": "IPFS", "custom": "your own storage"}
WORDS = {"retrying": "Retrying", "stalled": "Stalled", "deleted": "Deleted"}

# The place in the queue moves on without a change of the task, so a kept row has a place for it, which no text can
# hold, as it is escaped.
TURN = "<turn>"
# It has another for what a search found in the task.
CLUE = "<clue>"


class Told(NamedTuple):
    """As much of a task as its row tells. The fields are the columns of the query."""

    id: int
    version: int
    account_id: int
    upstream_id: str
    title: str
    type: str
    phase: str
    overlay: str
    progress: float
    attempt: int
    retries: int
    error: str
    created_at: int
    updated_at: int
    took: int
    facts: str


class Row(NamedTuple):
    """A rendered row. `progress` is known while the task runs; `waits` if the row tells a place in the queue."""

    id: int
    version: int
    html: str
    progress: float | None
    waits: bool

    def told(self, turns: Mapping[int, Turn], clue: str = "") -> str:
        """`clue`: HTML."""
        html = self.html.replace(CLUE, clue, 1)
        return html.replace(TURN, escape(turn_in_words(turns.get(self.id)))) if self.waits else html


Key = tuple[int, int, str, tuple[str, ...]]
_rows: Kept[Key, Row] = Kept(16, lambda row: getsizeof(row.html))


def rows_of(lines: Sequence[Line], names: Mapping[int, str], columns: tuple[str, ...]) -> list[Row]:
    """The rows in the order of `lines`; `names` are the accounts' names by id, `columns` those that a person chose."""
    keys: list[Key] = [(line.id, line.version, names[line.account_id], columns) for line in lines]
    found = _rows.find(keys)
    missing = [key[0] for key in keys if key not in found]
    if missing:
        for task in map(Told._make, Task.objects.filter(pk__in=missing).values_list(*Told._fields)):
            name = names[task.account_id]
            found[task.id, task.version, name, columns] = _render(task, name, columns)
        _rows.put(found)
    newest = {row.id: row for row in found.values()}  # a task may have changed between the two queries
    return [newest[line.id] for line in lines if line.id in newest]


def _render(task: Told, account_name: str, columns: tuple[str, ...]) -> Row:
    lamp, word = lamp_of(task)
    pips, label = pips_of(task)
    outcome = {"word": word, "label": label, "outcome": label.capitalize()}
    words = {**_words(task, account_name), **outcome, **told_facts(task)}
    present = tuple(name for name, text in words.items() if text)
    html = _moulds.filled((lamp, tuple(pips), present, columns), words)
    is_running = task.phase == "running" and task.overlay != "deleted"
    return Row(task.id, task.version, html, task.progress if is_running else None, lamp == "waiting")


def _shape(lamp: str, pips: tuple[str, ...], present: tuple[str, ...], columns: tuple[str, ...]) -> dict[str, Any]:
    """A row with slots for what is there."""
    slots = {name: slot(name) for name in present}
    slots |= {"turn": mark_safe(TURN), "clue": mark_safe(CLUE)}  # noqa: S308  ours
    row = SimpleNamespace(lamp=lamp, pips=pips, phase_template=f"board/phases/_{lamp}.html", **slots)
    return {"row": row, "columns": columns}


_moulds = Moulds("board/_row.html", _shape)


def _words(task: Told, account_name: str) -> dict[str, str]:
    bar = bar_of(task)
    return {
        "id": str(task.id),
        "upstream_id": task.upstream_id,
        "short_id": task.upstream_id[:8],
        "url": _url_of(task.upstream_id),
        "title": task.title,
        "type": task.type,
        "account_name": account_name,
        "phase": task.phase,
        "overlay": task.overlay,
        "progress": str(task.progress).removesuffix(".0"),
        "percent": "" if bar is None else units.percent(bar / 100),
        "bar": "" if bar is None else str(bar),
        "updated_iso": iso(task.updated_at),
        "created_iso": iso(task.created_at),
        "updated": short(task.updated_at),
        "created": short(task.created_at),
        "error": task.error,
        "retries": str(task.retries),
        "took": units.duration(task.took / SECOND) if task.took >= 0 else "",
        "stage": stage_of(task.type, task.progress),
    }


def _url_of(upstream_id: str) -> str:
    """`reverse` for nearly every id; asking it costs half as much as all the rest of a row."""
    if not (upstream_id.isascii() and upstream_id.replace("-", "").isalnum()):
        return reverse("task", args=[upstream_id])
    before, after = _around_an_id()
    return f"{before}{upstream_id}{after}"


@lru_cache(1)
def _around_an_id() -> tuple[str, str]:
    before, _, after = reverse("task", args=["0id0"]).partition("0id0")
    return before, after


def lamp_of(task: Task | Told) -> tuple[str, str]:
    """The word that names icon and colour, and the word that people read."""
    if task.overlay:
        return task.overlay, WORDS[task.overlay]
    if task.phase in PHASES:
        return task.phase, task.phase.capitalize()
    return "other", visible(task.phase)


def bar_of(task: Task | Told) -> int | None:
    """0 to 100, or None where nothing has begun, or where we saw nothing of it before it ended."""
    if task.phase == "completed":
        return 100
    begun = task.phase == "running" or task.progress > 0
    return percent_undone(task.progress) if begun else None


def percent_undone(ratio: float) -> int:
    """100 is said only of what is completed."""
    return min(99, round(ratio * 100))


def pips_of(task: Task | Told) -> tuple[list[str], str]:
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


def told_facts(task: Told) -> dict[str, str]:
    """The facts in words, empty where unknown."""
    facts: dict[str, Any] = json.loads(task.facts)
    width, height = facts.get("width"), facts.get("height")
    is_clip = facts.get("clip_from") is not None and facts.get("clip_to") is not None
    cid, profiles = facts.get("cid", ""), facts.get("profiles", 0)
    return {
        "resolution": f"{width:g} × {height:g}" if width and height else "",
        "duration": units.duration(facts.get("duration")),
        "size": units.size(facts.get("size")),
        "cid": cid,
        "cid_head": cid[:-4],
        "cid_tail": cid[-4:],
        "nft_cid": facts.get("nft_cid", ""),
        "profiles": f"{profiles} profile{'' if profiles == 1 else 's'}" if profiles else "",
        "renditions": f"{profiles} rendition{'' if profiles == 1 else 's'}" if profiles else "",
        "clip": units.clock_range(facts["clip_from"], facts["clip_to"]) if is_clip else "",
        "destination": DESTINATIONS.get(facts.get("destination", ""), ""),
    }
