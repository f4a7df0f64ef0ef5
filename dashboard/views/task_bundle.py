"""Everything about a task as one Markdown text, to be pasted into a ticket or a mail."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dashboard import units
from dashboard.clock import iso, now_ms
from dashboard.families import family_of
from dashboard.markdown import MOST, code, fenced, heading, words
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.probe import Probe
from dashboard.models.rights import Right
from dashboard.models.task import Task
from dashboard.paths import step
from dashboard.upstream.marks import marks_in
from dashboard.views.asset_words import asset_of
from dashboard.views.held import Held
from dashboard.views.ipfs_words import cids_named
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.rows import lamp_of
from dashboard.views.task_documents import as_file, note_exported

MOST_BUILT = 4_000_000  # characters of paths; a small document may have endless ones
MOST_REDACTED = 500


@signed_in
@require_safe
def page(request: SignedIn, upstream_id: str) -> HttpResponse:
    held = Held.or_404(request, upstream_id)
    held.demand(Right.EXPORT)
    if request.method == "GET":
        note_exported(request, held, "Markdown")
    response = HttpResponse(bundle_of(held), content_type="text/markdown; charset=utf-8")
    return as_file(response, f"{held.task.upstream_id}.md") if "download" in request.GET else response


def bundle_of(held: Held) -> str:
    task, document, asset = held.task, held.task.opened(), held.task.naming_asset()
    sections = (
        _head(held),
        _error(task),
        _attempts(list(task.attempts.all())),
        _timeline(task),
        _asset(task, asset),
        _retries(task),
        _notes(task),
        _probes(task, document, asset),
        _document("Params", document, "params"),
        _document("Output", document, "output"),
        _redacted(document),
    )
    return "\n\n".join(part for section in sections for part in section) + "\n"


def _head(held: Held) -> Iterator[str]:
    task = held.task
    facts = [
        ("Phase", words(lamp_of(task)[1])),
        ("Type", code(task.type)),
        ("Task", code(task.upstream_id)),
        ("Account", code(held.account.name)),
        ("Project", code(task.project_id)),
        ("Input asset", code(task.input_asset_id)),
        ("Output asset", code(task.output_asset_id)),
        ("Created", _time(task.created_at)),
        ("Scheduled", _time(task.scheduled_at)),
        ("Updated", _time(task.updated_at)),
        ("Last heard", _time(task.heard_at)),
        ("Written", _time(now_ms())),
    ]
    yield heading(1, task.title)
    yield "\n".join(f"- {name}: {told}" for name, told in facts if told != "–")


def _error(task: Task) -> Iterator[str]:
    if not task.error:
        return
    family = family_of(task.error, task.type)
    yield "## Error"
    yield f"{family.cause} {family.advice}"
    if family.steps:
        yield "\n".join(f"{number}. {told}" for number, told in enumerate(family.steps, 1))
    yield "Studio said:"
    yield fenced(task.error)


def _attempts(attempts: list[Attempt]) -> Iterator[str]:
    """What strangers wrote stands below the table: no escape of a `|` is read in one way by all readers."""
    if not attempts:
        return
    head = "| Attempt | Phase | Started | Ended | Peak |\n|---|---|---|---|---|"
    rows = [
        f"| {a.number}{' (inferred)' if a.inferred else ''} | {words(a.phase)} | {_time(a.started_at)} | "
        f"{_time(a.ended_at)} | {'–' if a.peak is None else units.percent(a.peak)} |"
        for a in attempts
    ]
    yield "## Attempts"
    yield "\n".join([head, *rows])
    for attempt in attempts:
        if attempt.error:
            yield f"Attempt {attempt.number} said:"
            yield fenced(attempt.error)


def _timeline(task: Task) -> Iterator[str]:
    observations = list(task.observations.all())
    if not observations:
        return
    yield "## Timeline"
    yield "\n".join(
        f"- {_time(o.at)}: {words(o.phase)}"
        + (f", {units.percent(o.progress)}" if o.progress is not None else "")
        + (f", {o.retries} retries" if o.retries else "")
        + (f": {code(o.error)}" if o.error else "")
        for o in observations
    )


def _asset(task: Task, asset: Asset | None) -> Iterator[str]:
    told = asset_of(task, asset)
    if asset is None or told is None:
        return
    yield "## Asset"
    lines = [f"- Asset: {code(asset.upstream_id)}", f"- Phase: {words(asset.phase)}, read {_time(asset.heard_at)}"]
    lines += [f"- Size: {units.size(asset.size)}"] if asset.size else []
    lines += [f"- {told.note}"] if told.note else []
    yield "\n".join(lines)
    if told.error:
        yield fenced(told.error)


def _retries(task: Task) -> Iterator[str]:
    retries = list(task.asked_retries.all())
    if not retries:
        return
    now = now_ms()
    yield "## Retries by hand"
    yield "\n".join(
        f"- {_time(r.asked_at)}: {code(r.by_name)}, {words(r.outcome_at(now).label)}"
        + (f": {code(r.sentence)}" if r.sentence else "")
        for r in retries
    )


def _notes(task: Task) -> Iterator[str]:
    notes = list(task.notes.all())
    if not notes:
        return
    yield "## Notes"
    for note in notes:
        yield f"{_time(note.created_at)}, {code(note.author_name)}:"
        yield fenced(note.text)


def _probes(task: Task, document: dict[str, Any], asset: Asset | None) -> Iterator[str]:
    names = list(cids_named(document, asset))
    probes = list(Probe.objects.filter(account=task.account_id, cid__in=names).order_by("cid", "gateway"))
    if not probes:
        return
    yield "## Gateways asked"
    yield "\n".join(
        f"- {_time(p.asked_at)}: {code(p.gateway)} for {code(p.cid)}: "
        + ", ".join(str(told) for told in (p.status, p.ms and f"{p.ms} ms") if told)
        + (f" {code(p.sentence)}" if p.sentence else "")
        for p in probes
    )


def _document(title: str, document: dict[str, Any], part: str) -> Iterator[str]:
    if part not in document:
        return
    yield f"## {title}"
    yield fenced(_json(document[part]), "json")


def _json(value: Any) -> str:
    """So much of it as will be shown: writing out 5 MB would take a second."""
    parts: list[str] = []
    length = 0
    for piece in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value):
        parts.append(piece)
        length += len(piece)
        if length > MOST:
            break
    return "".join(parts)


def _redacted(document: dict[str, Any]) -> Iterator[str]:
    yield "## Redacted"
    found = _marked(document)
    lines = [f"- {code(path, 1_000)}: {', '.join(kinds)}" for path, kinds in islice(found, MOST_REDACTED)]
    if not lines:
        yield "Nothing."
        return
    yield "Removed before it was stored; nobody here can see it."
    yield "\n".join(lines)
    more = sum(1 for _ in found)
    if more:
        yield f"And {more:,} more."


def _marked(document: dict[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """Where marks stand, in keys too, and of which kinds. A document may be deeper than Python's stack."""
    waiting: list[tuple[str, Iterator[tuple[Any, Any]]]] = [("", iter(document.items()))]
    left = MOST_BUILT
    while waiting:
        path, children = waiting[-1]
        for key, value in children:
            kinds = marks_in(key) if isinstance(key, str) else ()
            kinds += marks_in(value) if isinstance(value, str) else ()
            if kinds:
                yield step(path, key), kinds
            if isinstance(value, dict | list) and value:
                below = value.items() if isinstance(value, dict) else enumerate(value)
                deeper = step(path, key)
                left -= len(deeper)
                if left < 0:
                    yield "…", ("the rest was not looked through",)
                    return
                waiting.append((deeper, iter(below)))
                break
        else:
            waiting.pop()


def _time(at: int | None) -> str:
    return iso(at).replace("T", " ").replace("Z", " UTC") or "–"
