"""How somebody likes the board: which columns, in which order, how many a page; and keys as shortcuts or not.

Each is remembered when a form says it. A column's head and a size in the pager can be buttons of the page's own form:
`<button form="act" formaction="{% url 'display' %}" name="sort" value="title">`.
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dashboard.models.user import User
from dashboard.models.view_query import MOST_FIELDS, SIZES, size_of, sort_of
from dashboard.views.board_columns import COLUMNS, as_text, columns_of
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.view_words import SORTS

USUAL = "updated"
SWITCH = {"on": True, "off": False}
_PLACE = {"older", "newer", "rows", "top", "bottom", "seen"}


def display_of(request: SignedIn) -> SimpleNamespace:
    """What `board/_display.html` shows: what this page is like, and what else there is."""
    user = request.user
    sort = sort_of(request.GET.get("sort", "")) or user.board_sort or USUAL
    size = size_of(request.GET.get("size", "")) or user.board_size or SIZES[0]
    return display_like(columns_of(user.board_columns), sort, size, request.get_full_path())


def display_like(columns: tuple[str, ...], sort: str, size: int, next_url: str) -> SimpleNamespace:
    return SimpleNamespace(
        columns=[
            SimpleNamespace(name=name, label=column.title, is_on=name in columns) for name, column in COLUMNS.items()
        ],
        sorts=[SimpleNamespace(value=value, label=label, is_on=value == sort) for value, label in SORTS.items()],
        sizes=[SimpleNamespace(value=value, is_on=value == size) for value in SIZES],
        next=next_url,
    )


@signed_in
@require_POST
def change(request: SignedIn) -> HttpResponse:
    """Remember what the form says, and go on with it: `next` is a path of ours. What is unknown changes nothing."""
    told, user = request.POST, request.user
    after = _next(told.get("next", ""), user, sort_of(told.get("sort", "")), size_of(told.get("size", "")))
    changes = _changes(told)
    if changes:
        User.objects.filter(pk=user.pk).update(**changes)
    return HttpResponseRedirect(after)


def _changes(told: QueryDict) -> dict[str, Any]:
    changes = {"board_sort": sort_of(told.get("sort", "")), "board_size": size_of(told.get("size", ""))}
    changes = {name: value for name, value in changes.items() if value}
    if "columns" in told:  # a hidden field tells that the boxes were there at all
        changes["board_columns"] = as_text(tuple(told.getlist("columns")))
    switch = SWITCH.get(str(told.get("shortcuts", "")))
    if switch is not None:
        changes["has_shortcuts"] = switch
    return changes


def _next(told: str, user: User, sort: str, size: int | None) -> str:
    """Where the form was. In another order, or with more on a page, the board begins at its first page."""
    if not told.startswith("/") or not url_has_allowed_host_and_scheme(told, allowed_hosts=None):
        return reverse("board")
    parts = urlsplit(told)
    if parts.path != reverse("board"):
        return told
    try:
        query = dict(parse_qsl(parts.query, max_num_fields=MOST_FIELDS))
    except ValueError:
        return reverse("board")
    had = sort_of(query.get("sort", "")) or user.board_sort or USUAL, size_of(query.get("size", "")) or user.board_size
    changes: dict[str, object] = {}
    if sort and sort != had[0]:
        changes["sort"] = sort
    if size and size != (had[1] or SIZES[0]):
        changes["size"] = size
    kept = {name: value for name, value in query.items() if name not in _PLACE}
    return f"{parts.path}?{urlencode(kept | changes)}" if changes else told
