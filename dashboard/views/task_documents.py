"""One task's document: whole or in part as JSON, and branch by branch."""

import json
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.models.audit import AuditEntry
from dashboard.models.rights import Right
from dashboard.paths import find
from dashboard.views.actor import actor_of
from dashboard.views.held import Held
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.task_page import branch_url
from dashboard.views.tree import Tree
from dashboard.visible import visible


@signed_in
@require_safe
def raw(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Studio's document, redacted, as JSON; with `path` a part of it, with `as=text` the text that stands there."""
    held, is_export = Held.or_404(request, upstream_id), "download" in request.GET
    if is_export:
        held.demand(Right.EXPORT)
    value = _at(held.task.opened(), request.GET.get("path", ""))
    if isinstance(value, str) and request.GET.get("as") == "text":
        return HttpResponse(value, content_type="text/plain; charset=utf-8")
    text = json.dumps(value, indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    if not is_export:
        return response
    if request.method == "GET":
        note_exported(request, held, "JSON")
    return as_file(response, f"{held.task.upstream_id}.json")


def note_exported(request: SignedIn, held: Held, form: str) -> None:
    """Somebody takes the task along in this form."""
    told = {"account": held.account.name, "as": form}
    AuditEntry.note(actor_of(request), "task.exported", held.account.team_id, held.task.upstream_id, after=told)


def as_file(response: HttpResponse, name: str) -> HttpResponse:
    """To be saved under this name."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name)
    response["Content-Disposition"] = f'attachment; filename="task-{plain}"'
    return response


@signed_in
@require_safe
def branch(request: SignedIn, upstream_id: str) -> HttpResponse:
    """One branch of the tree: its inside for htmx, a page of its own for everybody else."""
    held = Held.or_404(request, upstream_id)
    path, start = request.GET.get("path", ""), request.GET.get("start", "0")
    try:
        tree = Tree(partial(branch_url, held)).render(_at(held.task.opened(), path), path, max(0, int(start)))
    except ValueError:
        raise Http404 from None
    if request.headers.get("HX-Request"):
        return HttpResponse(tree)
    context = {"tree": tree, "path": visible(path), "title": visible(held.task.title), "task_url": held.url}
    return render(request, "task/branch.html", context)


def _at(document: dict[str, Any], path: str) -> Any:
    try:
        return find(document, path)
    except (KeyError, ValueError):
        raise Http404 from None
