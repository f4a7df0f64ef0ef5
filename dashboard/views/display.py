"""How somebody likes the board: which columns, in which order, how many a page; and keys as shortcuts or not.

Each is remembered when a form changes it. A column's head and a size in the pager are buttons of the page's form:
`<button form="act" formaction="{% url 'display' %}" name="sort" value="title">`.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from dashboard.models.user import User
from dashboard.models.view_query import MOST_FIELDS, SIZES, size_of, sort_of
from dashboard.views.board_columns import COLUMNS, as_text, columns_of
from dashboard.views.polling import SignedIn, own_path, signed_in
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


class Page(NamedTuple):
    """Where the form was, and what order and size it had. `query`: of the board's own URL, None on other pages."""

    url: str
    query: dict[str, str] | None
    sort: str
    size: int


@signed_in
@require_POST
def change(request: SignedIn) -> HttpResponse:
    """Remember what the form changes, and go on with it: `next` is a path of ours. What is unknown changes nothing."""
    told, user = request.POST, request.user
    page = _page(told.get("next", ""), user)
    listed = _listed(told, page)
    changes = {f"board_{name}": value for name, value in listed.items()} | _changes(told)
    if changes:
        User.objects.filter(pk=user.pk).update(**changes)
    return HttpResponseRedirect(_after(page, listed))


def _page(told: str, user: User) -> Page:
    board = reverse("board")
    url = own_path(told) or board
    parts = urlsplit(url)
    query: dict[str, str] = {}
    try:
        query = dict(parse_qsl(parts.query, max_num_fields=MOST_FIELDS))
    except ValueError:
        url = parts.path
    if parts.path != board:
        return Page(told, None, user.board_sort or USUAL, user.board_size or SIZES[0])
    sort = sort_of(query.get("sort", "")) or user.board_sort or USUAL
    return Page(url, query, sort, size_of(query.get("size", "")) or user.board_size or SIZES[0])


def _listed(told: QueryDict, page: Page) -> dict[str, str | int]:
    """The order and the size, where they are others than the page had: a link's own do not become a person's."""
    sort, size = sort_of(told.get("sort", "")), size_of(told.get("size", ""))
    listed: dict[str, str | int] = {"sort": sort} if sort and sort != page.sort else {}
    return {**listed, "size": size} if size and size != page.size else listed


def _changes(told: QueryDict) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "columns" in told:  # a hidden field tells that the boxes were there at all
        changes["board_columns"] = as_text(tuple(told.getlist("columns")))
    switch = SWITCH.get(str(told.get("shortcuts", "")))
    if switch is not None:
        changes["has_shortcuts"] = switch
    return changes


def _after(page: Page, listed: dict[str, str | int]) -> str:
    """In another order, or with more on a page, the board begins at its first page."""
    if page.query is None or not listed:
        return page.url
    kept = {name: value for name, value in page.query.items() if name not in _PLACE}
    return f"{reverse('board')}?{urlencode(kept | listed)}"
