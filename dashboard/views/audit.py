"""The audit of a team: who did what, on what, when and from where. Read by its admins, changed by nobody."""

import csv
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from dashboard.clock import iso, now_ms
from dashboard.models.audit import AuditEntry
from dashboard.models.listing import UnreadableCursor
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenTeam, teams_of
from dashboard.models.trail import Line, Trail, members_of
from dashboard.views.actor import actor_of
from dashboard.views.audit_page import AuditPage
from dashboard.views.audit_query import AuditQuery
from dashboard.views.audit_words import ACTS
from dashboard.views.polling import SignedIn, link, signed_in
from dashboard.views.sheet import defused

COLUMNS = ("when", "who", "act", "word", "subject", "address", "via", "before", "after")


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    asked = _asked(request)
    return _page(request, asked) if isinstance(asked, AuditPage) else asked


@signed_in  # type: ignore[arg-type]  # what is streamed is no HttpResponse
@require_GET
def as_csv(request: SignedIn) -> HttpResponseBase:
    """All entries that the filters let through, newest first. That somebody took them along is an entry itself."""
    asked = _asked(request)
    if not isinstance(asked, AuditPage):
        return asked
    query, team = asked.query, asked.team
    if query.mistakes:
        return _page(request, asked)
    told = {name: value for name, value in query.typed.items() if value}
    AuditEntry.note(actor_of(request), "audit.exported", team.id, team.name, after=told)
    lines = Trail(team.id, members_of(team.id), query.wanted).everything()
    response = StreamingHttpResponse(_rows(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{team.id}-{iso(now_ms())[:10]}.csv"'
    return response


def _asked(request: SignedIn) -> AuditPage | HttpResponse:
    """The page that the URL asks for, or what is wrong with the URL."""
    teams, team = _teams(request)
    try:
        return AuditPage(AuditQuery.read(request.GET, team.id), team, teams)
    except UnreadableCursor:
        return _unreadable(request, team)


def _teams(request: SignedIn) -> tuple[list[SeenTeam], SeenTeam]:
    """Those whose audit the person may read, and the one that the URL asks for, else the first."""
    mine = teams_of(request.user.pk)
    readable = [team for team in mine if may(team.role, Right.READ_AUDIT)]
    asked = request.GET.get("team", "")
    if asked and asked not in {str(team.id) for team in mine}:
        raise Http404
    chosen = [team for team in readable if not asked or str(team.id) == asked]
    if not chosen:
        raise PermissionDenied
    return readable, chosen[0]


def _page(request: SignedIn, audit: AuditPage) -> HttpResponse:
    return render(request, "audit/page.html", {"audit": audit}, status=422 if audit.query.mistakes else 200)


def _unreadable(request: SignedIn, team: SeenTeam) -> HttpResponse:
    first_url = link(reverse("audit"), {"team": team.id})
    context = {"message": "This link to a page of the audit cannot be read.", "first_url": first_url}
    return render(request, "400.html", context, status=400)


class _Echo:
    """Gives the csv module's rows back instead of keeping them."""

    def write(self, row: str) -> str:
        return row


def _rows(lines: Iterable[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for line in lines:
        act = ACTS.get(line.what)
        told = (line.who, act.label if act else line.what, line.what, line.subject, line.address, line.via)
        yield writer.writerow([iso(line.at), *map(defused, (*told, line.before, line.after))])
