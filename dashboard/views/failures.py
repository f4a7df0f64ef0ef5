"""The list of causes: what fails, since when, for whom, and whether retrying helps."""

import gzip
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.models.deadline import TooBroad
from dashboard.models.listing import UnreadableCursor
from dashboard.models.seen import Sight
from dashboard.views.asked import sight_or_404
from dashboard.views.board_search import note_on_breadth
from dashboard.views.failures_evidence import evidence_of
from dashboard.views.failures_found import Found
from dashboard.views.failures_head import FailuresHead
from dashboard.views.failures_list import FailuresList
from dashboard.views.failures_query import Query
from dashboard.views.kept import Kept, as_of_now
from dashboard.views.polling import SignedIn, note_watched, signed_in, tell_time, unchanged
from dashboard.views.squeezing import EFFORT, squeezed, told_packed

_pages: Kept[str, str] = Kept(4)
_regions: Kept[str, bytes] = Kept(3)


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    try:
        query = Query.read(request.META["QUERY_STRING"])
    except UnreadableCursor:
        told = {"message": "This link to a page of the list cannot be read.", "first_url": reverse("failures")}
        return render(request, "400.html", told, status=400)
    sight = sight_or_404(request, query.team, query.account)
    note_watched(request, query.shown(sight))
    shown, region, note = _results(query, sight)
    context = {
        "region": as_of_now(region, shown.shown(sight)),
        "head": FailuresHead(query, shown, sight, note) if sight.accounts else None,
    }
    answer = render(request, "failures/page.html", context)
    return squeezed(request, tell_time(answer, shown.shown(sight)))


def _results(query: Query, sight: Sight) -> tuple[Query, str, SimpleNamespace | None]:
    """The list, and what to say if the search takes too long."""
    query = replace(query, rows=())
    try:
        return query, _pages.get(query.token(sight), lambda: _render(Found.first(query, sight), sight)), None
    except TooBroad:
        return query, _render(Found.stopped(query), sight), note_on_breadth("")


def _render(found: Found, sight: Sight) -> str:
    return render_to_string("failures/_list.html", {"list": FailuresList(found, sight)})


@signed_in
@require_safe
def list_region(request: SignedIn) -> HttpResponse:
    """The live region. Many who watch the same list share one rendering, kept compressed. A hidden tab is told when
    somebody sees it again."""
    try:
        query = Query.read(request.META["QUERY_STRING"])
    except UnreadableCursor:
        return HttpResponse("This list cannot be read.", status=400, content_type="text/plain")
    sight = sight_or_404(request, query.team, query.account)
    shown = query.shown(sight)
    note_watched(request, shown)
    token = query.token(sight)
    if token == request.GET.get("seen") or request.headers.get("X-Hidden"):
        return unchanged(shown)
    try:
        body = _regions.get(token, partial(_compressed, query, sight))
    except TooBroad:
        body = _compress(Found.stopped(query), sight)
    return tell_time(told_packed(request, body), shown)


def _compressed(query: Query, sight: Sight) -> bytes:
    return _compress(Found.again(query, sight), sight)


def _compress(found: Found, sight: Sight) -> bytes:
    region = as_of_now(_render(found, sight), found.query.shown(sight))
    return gzip.compress(region.encode(), EFFORT, mtime=0)


@signed_in
@require_safe
def evidence(request: SignedIn, pk: int) -> HttpResponse:
    """What a row says when it is opened: the same filters as its list."""
    try:
        query = Query.read(request.META["QUERY_STRING"])
    except UnreadableCursor:
        raise Http404 from None
    told = evidence_of(query, sight_or_404(request, query.team, query.account), pk)
    if told is None:
        raise Http404
    return render(request, "failures/_evidence.html", {"told": told})
