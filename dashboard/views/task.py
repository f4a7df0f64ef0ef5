"""The task page: everything that is known about one task."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard.clock import now_ms
from dashboard.models.look import Look
from dashboard.models.seen import Sight
from dashboard.models.syncing import WATCH_NOTE_MS
from dashboard.models.task import Task
from dashboard.views.held import Held
from dashboard.views.kept import Kept, as_of_now
from dashboard.views.polling import (
    SignedIn,
    in_passing,
    note_watched,
    polled,
    signed_in,
    tell_time,
    told_by,
    unchanged,
)
from dashboard.views.task_ipfs import with_gateways
from dashboard.views.task_missing import missing
from dashboard.views.task_page import TaskPage

_regions: Kept[tuple[str, str, int], str] = Kept(16)


@signed_in
@require_safe
def page(request: SignedIn, upstream_id: str) -> HttpResponse:
    sight = Sight.of(request.user.pk, now_ms())
    held = Held.find(sight, upstream_id, request.GET.get("account", ""))
    if held is None:
        return missing(request, sight, upstream_id)
    _note_watched(request, held)
    task = TaskPage(held)
    context = {"task": task, "region": _region(held, task)}
    return with_gateways(tell_time(render(request, "task/page.html", context), held.sight), held.account)


@polled
@require_safe
def live_region(request: SignedIn, look: Look, upstream_id: str) -> HttpResponse:
    told = told_by(request)
    chosen, seen = told.get("account", ""), told.get("seen")
    glance = Held.glanced(look, chosen)
    if glance and not glance.account.documented_only and glance.token == seen:
        note_watched(request, glance.sight)
        return unchanged(glance.sight)
    held = Held.find(look.sight, upstream_id, chosen)
    if held is None:
        raise Http404
    _note_watched(request, held)
    if held.token == seen:
        return unchanged(held.sight)
    return tell_time(HttpResponse(_region(held, TaskPage(held))), held.sight)


def _region(held: Held, task: TaskPage) -> SafeString:
    """The same for all who watch the task."""
    key = held.token, held.chosen, held.account.revision  # its relatives are on it too
    region = _regions.get(key, lambda: render_to_string("task/_live.html", {"task": task}))
    return as_of_now(region, held.sight)


def _note_watched(request: SignedIn, held: Held) -> None:
    """The account is watched; so is the task, if its server tells of changes only when asked by id."""
    note_watched(request, held.sight)
    now = held.sight.now
    if held.account.documented_only and held.task.watched_at < now - WATCH_NOTE_MS:
        with in_passing():
            Task.objects.filter(pk=held.task.pk).update(watched_at=now)
