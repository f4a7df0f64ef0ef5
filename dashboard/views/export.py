"""The filtered list, or what was ticked in it, to take along: CSV for spreadsheets, NDJSON for programs.

What is written is read bit by bit, so an export of a million tasks needs the memory of a page.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.clock import iso, now_ms
from dashboard.conditions import Unclear
from dashboard.models.audit import AuditEntry
from dashboard.models.counting import Count
from dashboard.models.deadline import TooBroad
from dashboard.models.listing import UnreadableCursor
from dashboard.models.rights import Right
from dashboard.models.seen import SeenAccount
from dashboard.models.taking import documents_of, lines_of
from dashboard.sync.buttons import Busy
from dashboard.views.actor import actor_of
from dashboard.views.board_search import TOO_BROAD
from dashboard.views.chosen import Chosen, NoChoice
from dashboard.views.errors import busy
from dashboard.views.export_parts import Parts, take_place
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.sheet import COLUMNS, task_rows, written

CHUNK = 1000

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # some programs take them for the end of a line; JSON does not
Accounts = Mapping[int, SeenAccount]
Write = Callable[[Iterator[list[int]], Accounts], Iterator[bytes]]


@signed_in
@require_safe
def as_csv(request: SignedIn) -> HttpResponseBase:
    return _export(request, "CSV", "csv", "text/csv; charset=utf-8", _sheet)


@signed_in
@require_safe
def as_ndjson(request: SignedIn) -> HttpResponseBase:
    """Each line is the document that `/tasks/<id>.json` gives."""
    return _export(request, "NDJSON", "ndjson", "application/x-ndjson; charset=utf-8", _documents)


def _export(request: SignedIn, form: str, ending: str, content_type: str, write: Write) -> HttpResponseBase:
    try:
        chosen = Chosen.read(request, request.GET)
    except (NoChoice, Unclear) as unclear:
        return _refuse(request, unclear.sentence)
    except UnreadableCursor:
        return _refuse(request, "This address cannot be read.")
    accounts = chosen.allowing(Right.EXPORT)
    if chosen.seen.accounts and not accounts:
        raise PermissionDenied
    headers = {"Content-Disposition": f'attachment; filename="tasks-{iso(now_ms())[:10]}.{ending}"'}
    if request.method == "HEAD" or not accounts:
        nothing = b"".join(write(iter(()), accounts)) if request.method == "GET" else b""
        return HttpResponse(nothing, content_type=content_type, headers=headers)
    place = take_place(request.user.pk)
    if place is None:
        return busy(request, chosen.board_url, Busy("Other exports are under way.", 30))
    parts = Parts(write(chosen.chunks(accounts, CHUNK), accounts), place, chosen.is_searched)
    try:
        with chosen.in_time():
            parts.begin()  # while the answer can still be another one
            counts = _counts(chosen, accounts)
        _note(request, chosen, counts, form)
    except TooBroad:
        parts.close()
        return _refuse(request, f"{TOO_BROAD}.")
    except BaseException:
        parts.close()
        raise
    return StreamingHttpResponse(parts, content_type=content_type, headers=headers)


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "400.html", {"message": f"{sentence} Nothing was exported."}, status=400)


def _counts(chosen: Chosen, accounts: Accounts) -> dict[int, Count]:
    """How many tasks are taken along of each team; of a team with none nothing. The deleted are not counted."""
    teams: dict[int, list[int]] = {}
    for account in accounts.values():
        teams.setdefault(account.team_id, []).append(account.id)
    counts = {team_id: chosen.total(ids) for team_id, ids in teams.items()}
    return {team_id: count for team_id, count in counts.items() if count.number or chosen.ids(teams[team_id], 1)}


def _note(request: SignedIn, chosen: Chosen, counts: dict[int, Count], form: str) -> None:
    """In the audit of each team."""
    with transaction.atomic():
        for team_id, count in counts.items():
            counted = f"at least {count.number}" if count.is_capped else count.number
            told = {"query": chosen.words, "form": form, "number": counted}
            AuditEntry.note(actor_of(request), "tasks.exported", team_id, after=told)


def _sheet(chunks: Iterator[list[int]], accounts: Accounts) -> Iterator[bytes]:
    head = written([COLUMNS])
    for tasks in lines_of(chunks):
        yield head + written(task_rows(tasks, accounts))
        head = b""
    if head:
        yield head


def _documents(chunks: Iterator[list[int]], accounts: Accounts) -> Iterator[bytes]:
    for documents in documents_of(chunks):
        yield "".join(f"{_one_line(document)}\n" for document in documents).encode()


def _one_line(document: str) -> str:
    return document if document.isascii() else _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", document)
