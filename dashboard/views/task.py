"""The task page: everything that is known about one task."""

import json
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.seen import Sight
from dashboard.models.syncing import WATCH_NOTE_MS
from dashboard.models.task import Task
from dashboard.models.team import Role
from dashboard.sync.asking import ask_now
from dashboard.sync.buttons import Busy
from dashboard.views.errors import busy
from dashboard.views.kept import Kept, as_of_now
from dashboard.views.polling import SignedIn, in_passing, note_watched, signed_in, tell_time, unchanged
from dashboard.views.task_page import Held, TaskPage, branch_url
from dashboard.views.tree import Tree, find

_regions: Kept[tuple[str, str], str] = Kept(20)


@signed_in
@require_safe
def page(request: SignedIn, upstream_id: str) -> HttpResponse:
    sight = Sight.of(request.user.pk, now_ms())
    held = Held.find(sight, upstream_id, request.GET.get("account", ""))
    if held is None:
        return _missing(request, sight, upstream_id)
    _note_watched(request, held)
    task = TaskPage(held)
    context = {"task": task, "region": _region(held, task)}
    return tell_time(render(request, "task/page.html", context), held.sight)


@signed_in
@require_safe
def live_region(request: SignedIn, upstream_id: str) -> HttpResponse:
    held = _held_or_404(request, upstream_id)
    _note_watched(request, held)
    if held.token == request.GET.get("seen"):
        return unchanged(held.sight)
    return tell_time(HttpResponse(_region(held, TaskPage(held))), held.sight)


def _region(held: Held, task: TaskPage) -> SafeString:
    """The same for all who watch the task."""
    region = _regions.get((held.token, held.chosen), lambda: render_to_string("task/_live.html", {"task": task}))
    return as_of_now(region, held.sight)


@signed_in
@require_safe
def raw(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Studio's document, redacted, as JSON."""
    document = _held_or_404(request, upstream_id).task.opened()
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@signed_in
@require_safe
def branch(request: SignedIn, upstream_id: str) -> HttpResponse:
    """One branch of the tree: its inside for htmx, a page of its own for everybody else."""
    held = _held_or_404(request, upstream_id)
    path, start = request.GET.get("path", ""), request.GET.get("start", "0")
    try:
        value = find(held.task.opened(), path)
        tree = Tree(partial(branch_url, held)).render(value, path, max(0, int(start)))
    except (KeyError, ValueError):
        raise Http404 from None
    if request.headers.get("HX-Request"):
        return HttpResponse(tree)
    context = {"tree": tree, "path": path, "title": held.task.title, "task_url": held.url}
    return render(request, "task/branch.html", context)


@signed_in
@require_POST
def ask(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Ask Studio now: through the account that holds the task, else through each that the user may use so."""
    sight = Sight.of(request.user.pk, now_ms())
    if not sight.accounts or "\0" in upstream_id:
        raise Http404
    held = Held.find(sight, upstream_id, request.GET.get("account", ""))
    usable = Account.objects.visible_to(request.user, Role.SUPPORT).select_related("api_key")
    if held is not None:
        usable = usable.filter(pk=held.account.id)
    accounts = list(usable)
    if not accounts:
        return render(request, "403.html", status=403)
    try:
        answer = ask_now(upstream_id, accounts)
    except Busy as why:
        return busy(request, held.url if held else reverse("task", args=[upstream_id]), why)
    if held is None and not answer.found:
        return _missing(request, sight, upstream_id, " ".join(answer.sentences))
    if not answer.found:
        messages.warning(request, " ".join(answer.sentences))
    return HttpResponseRedirect(held.url if held else reverse("task", args=[upstream_id]))


def _held_or_404(request: SignedIn, upstream_id: str) -> Held:
    held = Held.find(Sight.of(request.user.pk, now_ms()), upstream_id, request.GET.get("account", ""))
    if held is None:
        raise Http404
    return held


def _missing(request: SignedIn, sight: Sight, upstream_id: str, answer: str = "") -> HttpResponse:
    """The same page for what we do not hold and for what is another team's."""
    context = {
        "upstream_id": upstream_id,
        "answer": answer,
        "can_ask": any(Role(account.role).covers(Role.SUPPORT) for account in sight.accounts),
        "ask_url": reverse("task-ask", args=[upstream_id]),
    }
    return render(request, "task/missing.html", context, status=404)


def _note_watched(request: SignedIn, held: Held) -> None:
    """The account is watched; so is the task, if its server tells of changes only when asked by id."""
    note_watched(request, held.sight)
    now = held.sight.now
    if held.account.documented_only and held.task.watched_at < now - WATCH_NOTE_MS:
        with in_passing():
            Task.objects.filter(pk=held.task.pk).update(watched_at=now)
