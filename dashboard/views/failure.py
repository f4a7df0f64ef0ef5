"""The page of one cause of failures: what is so, whether retrying helps, which tasks, who decided what."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.models.listing import UnreadableCursor
from dashboard.views.failure_held import HeldGroup
from dashboard.views.failure_page import GroupPage
from dashboard.views.failure_tasks import Place
from dashboard.views.polling import SignedIn, note_watched, signed_in, tell_time, unchanged

LONGEST_QUERY = 2_000


@signed_in
@require_safe
def page(request: SignedIn, pk: int) -> HttpResponse:
    """One that was merged leads to the group that it is a part of now."""
    held = HeldGroup.or_404(request, pk)
    if held.asked.pk != held.group.pk:
        return HttpResponseRedirect(held.url)
    note_watched(request, held.sight)
    return group_page(request, held)


@signed_in
@require_safe
def live_region(request: SignedIn, pk: int) -> HttpResponse:
    held = HeldGroup.or_404(request, pk)
    note_watched(request, held.sight)
    if held.token == request.GET.get("seen"):
        return unchanged(held.sight)
    try:
        place = _place_of(request)
    except UnreadableCursor:
        return _unreadable(request, held)
    is_decided = request.GET.get("turn", "") != str(held.group.turn)
    context = {"group": GroupPage(held, place), "is_decided": is_decided}
    return tell_time(render(request, "failures/_group.html", context), held.sight)


def group_page(
    request: SignedIn, held: HeldGroup, refusal: SimpleNamespace | None = None, status: int = 200
) -> HttpResponse:
    """The page, with a form that was refused as it was filled in."""
    try:
        place = _place_of(request)
    except UnreadableCursor:
        return _unreadable(request, held)
    context = {"group": GroupPage(held, place, refusal), "back_url": _list_before(request)}
    return tell_time(render(request, "failures/group.html", context, status=status), held.sight)


def _list_before(request: SignedIn) -> str:
    """The list of causes, with its filters where the browser says that the person came from there."""
    root = reverse("failures")
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return root
    is_ours = came.scheme in ("http", "https") and came.netloc == request.get_host() and came.path == root
    return f"{root}?{came.query}" if is_ours and 0 < len(came.query) <= LONGEST_QUERY else root


def _place_of(request: SignedIn) -> Place:
    return Place.read(request.GET.get("show", ""), request.GET.get("after", ""))


def _unreadable(request: SignedIn, held: HeldGroup) -> HttpResponse:
    return render(request, "400.html", {"first_url": held.url}, status=400)
