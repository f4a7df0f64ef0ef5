"""The board: every task of every account that the user may see, newest change first."""

import gzip
from functools import partial
from sys import getsizeof

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
from dashboard.views.kept import Kept, as_of_now
from dashboard.views.polling import SignedIn, note_watched, signed_in, tell_time, unchanged

_pages: Kept[str, tuple[str, str]] = Kept(20, lambda page: getsizeof(page[1]))
_regions: Kept[str, bytes] = Kept(10)


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    try:
        query = Query.read(request.META["QUERY_STRING"])
    except UnreadableCursor:
        message = "This link to a page of the list cannot be read."
        return render(request, "400.html", {"message": message, "first_url": reverse("board")}, status=400)
    sight = _sight(request, query)
    shown = query.shown(sight)
    note_watched(request, shown)
    title_prefix, region = _pages.get(query.token(sight), partial(_render_first, query, sight))
    context = {"title_prefix": title_prefix, "region": as_of_now(region, shown)}
    return tell_time(render(request, "board/page.html", context), shown)


def _render_first(query: Query, sight: Sight) -> tuple[str, str]:
    board = BoardList.first(query, sight)
    return board.title_prefix, render_to_string("board/_list.html", {"board": board})


@signed_in
@require_safe
def list_region(request: SignedIn) -> HttpResponse:
    """The live region. Many who watch the same list share one rendering, kept compressed."""
    try:
        query = Query.read(request.META["QUERY_STRING"])
    except UnreadableCursor:
        return HttpResponse("This list cannot be read.", status=400, content_type="text/plain")
    sight = _sight(request, query)
    shown = query.shown(sight)
    note_watched(request, shown)
    token = query.token(sight)
    if token == request.GET.get("seen"):
        return unchanged(shown)
    body = _regions.get(token, partial(_render_again, query, sight))
    return tell_time(_compressed(request, body), shown)


def _render_again(query: Query, sight: Sight) -> bytes:
    region = render_to_string("board/_list.html", {"board": BoardList.again(query, sight)})
    return compress_string(as_of_now(region, query.shown(sight)).encode())


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
