"""The board: every task of every account that the user may see, newest change first."""

import gzip
from threading import Lock

from cachetools import LRUCache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string
from django.views.decorators.http import require_safe

from dashboard.clock import now_ms
from dashboard.models.listing import UnreadableCursor
from dashboard.models.seen import Sight
from dashboard.models.team import Membership
from dashboard.views.board_list import BoardList
from dashboard.views.board_query import Query
from dashboard.views.polling import SignedIn, note_watched, signed_in, tell_time, unchanged

_regions: LRUCache[str, bytes] = LRUCache(maxsize=500)
_lock = Lock()


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    try:
        query = Query.read(request.GET)
    except UnreadableCursor:
        message = "This link to a page of the list cannot be read."
        return render(request, "400.html", {"message": message, "first_url": reverse("board")}, status=400)
    sight = _sight(request, query)
    note_watched(query.shown(sight))
    board = BoardList.first(query, sight)
    return tell_time(render(request, "board/page.html", {"board": board}), query.shown(sight))


@signed_in
@require_safe
def list_region(request: SignedIn) -> HttpResponse:
    """The live region. Many who watch the same list share one rendering, kept compressed."""
    try:
        query = Query.read(request.GET)
    except UnreadableCursor:
        return HttpResponse("This list cannot be read.", status=400, content_type="text/plain")
    sight = _sight(request, query)
    shown = query.shown(sight)
    note_watched(shown)
    token = query.token(sight)
    if token == request.GET.get("seen"):
        return unchanged(shown)
    with _lock:
        body = _regions.get(token)
    if body is None:
        board = BoardList.again(query, sight)
        body = compress_string(render_to_string("board/_list.html", {"board": board}).encode())
        with _lock:
            _regions[token] = body
    return tell_time(_compressed(request, body), shown)


def _sight(request: SignedIn, query: Query) -> Sight:
    """The accounts in view; a team or an account that is not the user's is not there."""
    sight = Sight.of(request.user.pk, now_ms(), query.team)
    if query.account is not None and query.account not in sight.ids:
        raise Http404
    if query.team is not None and not sight.accounts:
        get_object_or_404(Membership, user_id=request.user.pk, team_id=query.team)
    return sight


def _compressed(request: SignedIn, body: bytes) -> HttpResponse:
    """The kept bytes as they are for a browser that takes gzip. They hold no token that compression could betray."""
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(body))
    response = HttpResponse(body)
    response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
