"""Leaves of one task's document that contain a text: under the search field for htmx, a page of its own without it."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dashboard.hits import LONGEST_TEXT, Hit, Hits, around, hits_in, text_of
from dashboard.views.held import Held
from dashboard.views.leaves import attribute, shown
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.task_page import branch_url
from dashboard.visible import visible

NOTHING = Hits([], 0, False)
LONGEST_VALUE = 2_000  # characters that a hit carries along to be copied; longer ones are fetched


@signed_in
@require_safe
def page(request: SignedIn, upstream_id: str) -> HttpResponse:
    held = Held.or_404(request, upstream_id)
    text = request.GET.get("q", "")[:LONGEST_TEXT].strip()
    hits = hits_in(held.task.opened(), text) if text else NOTHING
    context = {
        "text": visible(text),
        "typed": text,
        "rows": [_row(held, hit, text) for hit in hits.rows],
        "hits": hits,
        "find_url": held.path("task-find"),
        "chosen": held.chosen,
        "title": visible(held.task.title),
        "task_url": held.url,
    }
    template = "task/_found.html" if request.headers.get("HX-Request") else "task/found.html"
    return render(request, template, context)


def _row(held: Held, hit: Hit, text: str) -> SimpleNamespace:
    raw = text_of(hit.value)
    is_short = len(raw) <= LONGEST_VALUE
    return SimpleNamespace(
        path=mark_safe(attribute(hit.path)),  # noqa: S308  escaped
        label=visible(hit.key),
        told=_marked(hit.path, text, 400, 400),
        said=_marked(raw, text),
        raw=mark_safe(attribute(raw)) if is_short else None,  # noqa: S308  escaped
        copy_url="" if is_short else held.path("task-raw", path=hit.path, **{"as": "text"}),
        url=branch_url(held, hit.parent, 0) if hit.parent else held.url,
    )


def _marked(raw: str, text: str, before: int = 60, after: int = 140) -> SafeString:
    head, hit, tail = around(raw, text, before, after)
    mark = f"<mark>{shown(hit)}</mark>" if hit else ""
    return mark_safe(f"{shown(head)}{mark}{shown(tail)}")  # noqa: S308  escaped
