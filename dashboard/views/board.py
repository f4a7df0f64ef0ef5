"""The board: every task of every account that the user may see, newest change first."""

import gzip
from dataclasses import replace
from functools import partial
from sys import getsizeof
from types import SimpleNamespace
from typing import NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.models.deadline import TooBroad
from dashboard.models.listing import UnreadableCursor
from dashboard.models.look import Look
from dashboard.models.seen import Sight
from dashboard.views.asked import narrowed_or_404, sight_or_404
from dashboard.views.board_found import Found
from dashboard.views.board_head import BoardHead, display_menu
from dashboard.views.board_jump import task_meant_by
from dashboard.views.board_list import BoardList
from dashboard.views.board_query import Habits, Query
from dashboard.views.board_region import region_of
from dashboard.views.board_search import note_on_breadth
from dashboard.views.board_tab import told_to_hidden
from dashboard.views.kept import Kept, as_of_now
from dashboard.views.polling import (
    SignedIn,
    is_hidden,
    note_watched,
    polled,
    signed_in,
    tell_time,
    token_apart,
    unchanged,
)
from dashboard.views.saved_views import menu_of
from dashboard.views.squeezing import told_packed


class Rendered(NamedTuple):
    """The region of a page, with what its surroundings must know of it."""

    region: str
    title_prefix: str
    types: tuple[str, ...]
    total: str


QUICKLY = 3  # a third of the time of the usual 6, and a tenth more bytes
_pages: Kept[str, Rendered] = Kept(16, lambda page: getsizeof(page.region))
_regions: Kept[str, bytes] = Kept(8)


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    try:
        query = Query.read(request.META["QUERY_STRING"], Habits.of(request.user))
    except UnreadableCursor:
        message = "This link to a page of the list cannot be read."
        return render(request, "400.html", {"message": message, "first_url": reverse("board")}, status=400)
    sight = sight_or_404(request, query.team, query.account)
    task_url = task_meant_by(query, sight)
    if task_url:
        return HttpResponseRedirect(task_url)
    note_watched(request, query.shown(sight))
    shown, rendered, note = _results(query, sight)
    if shown is query and query.last and not (note or query.mistake) and _is_visit(request):
        return HttpResponseRedirect(_without_last(request))
    context = {
        "title_prefix": rendered.title_prefix,
        "region": as_of_now(rendered.region, shown.shown(sight)),
        "head": BoardHead(query, shown, sight, rendered.types, rendered.total, note) if sight.accounts else None,
        "views": menu_of(request),
        "display": display_menu(request, query),
    }
    return tell_time(render(request, "board/page.html", context), shown.shown(sight))


def _is_visit(request: SignedIn) -> bool:
    """Rather than a script that takes another list in, and asks for HTML alone."""
    return request.headers.get("Accept") != "text/html"


def _without_last(request: SignedIn) -> str:
    """The text before it is needed no more: nobody should copy it with the link."""
    told = request.GET.copy()
    del told["last"]
    return f"{request.path}?{told.urlencode()}" if told else request.path


def _results(query: Query, sight: Sight) -> tuple[Query, Rendered, SimpleNamespace | None]:
    """The list; if the search takes too long, that of the last one, and what to say of it."""
    last = replace(query, q=query.last, older=None, newer=None)
    for shown in (query, last) if query.last else (query,):
        try:
            rendered = _pages.get(shown.token(sight), partial(_render_first, shown, sight))
        except TooBroad:
            continue
        return shown, rendered, None if shown is query else note_on_breadth(shown.q)
    stopped = _render(BoardList(Found.stopped(query, query.filters(sight)), sight))
    return query, stopped, note_on_breadth("")


def _render_first(query: Query, sight: Sight) -> Rendered:
    return _render(BoardList(Found.first(query, query.filters(sight)), sight))


def _render(board: BoardList) -> Rendered:
    return Rendered(region_of(board), board.title.prefix, tuple(board.types), board.total.plain)


@polled
@require_safe
def list_region(request: SignedIn, look: Look) -> HttpResponse:
    """The live region. Many who watch the same list share one rendering, kept compressed. A hidden tab is told what
    its title needs, and nothing else."""
    asked, seen = token_apart(request.META["QUERY_STRING"])
    try:
        query = Query.read(asked, Habits.of(request.user))
    except UnreadableCursor:
        return HttpResponse("This list cannot be read.", status=400, content_type="text/plain")
    sight = narrowed_or_404(look.sight, query.team, query.account)
    shown = query.shown(sight)
    note_watched(request, shown)
    token = query.token(sight)
    if token == seen:
        return unchanged(shown)
    if is_hidden(request):
        return told_to_hidden(query, sight, token)
    try:
        body = _regions.get(token, partial(_render_again, query, sight))
    except TooBroad:
        body = _compress(BoardList(Found.stopped(query, query.filters(sight)), sight), shown)
    return tell_time(told_packed(request, body), shown)


def _render_again(query: Query, sight: Sight) -> bytes:
    return _compress(BoardList(Found.again(query, query.filters(sight)), sight), query.shown(sight))


def _compress(board: BoardList, shown: Sight) -> bytes:
    return gzip.compress(as_of_now(region_of(board), shown).encode(), QUICKLY, mtime=0)
