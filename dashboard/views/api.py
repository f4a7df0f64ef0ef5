"""Studio's Task API over our own copy, for scripts: a client written for Studio works with our base URL and a token.

Reads only, and only with a token of ours: cookies open nothing here. One small query opens the door and tells
whether the caller's own copy is still good.
"""

import json
import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from dashboard.allowance import Allowance
from dashboard.clock import DAY_SECONDS, now_ms
from dashboard.models.api_page import LARGEST, ApiPage, Found, TooLarge
from dashboard.models.rights import Right, may
from dashboard.models.token import PREFIX, Opened, digest_of
from dashboard.views.actor import address_of
from dashboard.views.api_query import Refused, next_query, read_pairs, read_query
from dashboard.views.polling import in_passing, token_of

JSON = "application/json; charset=utf-8"
HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
FAILURES_A_MINUTE = 60
LONGEST_SCHEME = 10

calls = Allowance(settings.API_CALLS_A_MINUTE)
failures = Allowance(FAILURES_A_MINUTE)
notes = Allowance(1)
news = Allowance(1, seconds=DAY_SECONDS)  # a script that runs in two places is news once a day, not at every turn
Answer = Callable[..., HttpResponse]


def for_tokens(view: Answer) -> Answer:
    """The view gets what the caller's token opens; whoever may not go on is told why in Studio's shape."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, account_id: str = "0", **said: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return refuse(405, "method not allowed: this API is read-only", Allow="GET, HEAD")
        told = _opened(request, min(int(account_id), LARGEST))
        if isinstance(told, HttpResponse):
            return told
        if told.account_id is None or not may(told.effective_role, Right.SEE):
            return refuse(404, "not found")
        response = view(request, told, **said)
        if told.last_success_at:
            response["X-As-Of"] = str(told.last_success_at)
        return response

    return guarded


@for_tokens
def tasks(request: HttpRequest, opened: Opened) -> HttpResponse:
    """GET /task: the page that the query asks for. Its ETag is the account's revision and the query itself."""
    query_string = request.META.get("QUERY_STRING", "")
    base = base_of(request)
    mark = _mark("list", opened.account_id, opened.revision, base, request.path, query_string)
    if _is_known(request, mark):
        return _unchanged(mark)
    try:
        pairs = read_pairs(query_string)
        wanted = read_query(pairs)
        page = ApiPage.of(opened.account_id or 0, wanted)
    except Refused as refused:
        return refuse(400, refused.sentence)
    except TooLarge:
        return refuse(400, "the page would be larger than 32 MB: ask with a smaller limit")
    response = _answer(f"[{','.join(page.documents)}]", mark)
    if page.total is not None:
        response["X-Total-Count"] = str(page.total)
    if page.has_next:
        response["Link"] = f'<{base}{request.path}?{next_query(pairs, wanted)}>; rel="next"'
    return response


@for_tokens
def task(request: HttpRequest, opened: Opened, upstream_id: str) -> HttpResponse:
    """GET /task/{id}: also a task that was deleted at Studio, which then says so."""
    try:
        read_pairs(request.META.get("QUERY_STRING", ""))
    except Refused as refused:
        return refuse(400, refused.sentence)
    found = Found.of(opened.account_id or 0, upstream_id) if "\0" not in upstream_id else None
    if found is None:
        return refuse(404, "not found")
    mark = _mark("one", *found)
    if _is_known(request, mark):
        return _unchanged(mark)
    document = found.document()
    return _answer(_as_deleted(document) if found.deleted_at else document, mark) if document else _gone()


@for_tokens
def nothing(request: HttpRequest, opened: Opened, rest: str) -> HttpResponse:
    """Studio's other paths are not here."""
    return _gone()


def refuse(status: int, sentence: str, **headers: str) -> HttpResponse:
    """Studio's own shape of an error."""
    body = json.dumps({"errors": [sentence]}, separators=(",", ":"))
    told = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(body, status=status, content_type=JSON, headers=told)


def _gone() -> HttpResponse:
    return refuse(404, "not found")


def _opened(request: HttpRequest, account_id: int) -> Opened | HttpResponse:
    """What the token opens, or the refusal. The words are Studio's, but a token is never echoed."""
    address = address_of(request)
    match = re.match(r"\s*(\w+)\s+(\S.*)$", request.headers.get("Authorization", ""))
    if match is None:
        return _unknown(address, "request is not authenticated")
    if match[1].lower() != "bearer":
        return _unknown(address, f"unsupported authorization header scheme{_echo(match[1])}")
    digest = digest_of(match[2].strip())
    if (seconds := failures.is_used_up(address)) and not calls.knows(digest):
        return _later(seconds)
    now = now_ms()
    opened = Opened.by(digest, account_id, now) if match[2].startswith(PREFIX) else None
    if opened is None:
        return _unknown(address, "no such token found")
    if seconds := calls.take(digest):
        return _later(seconds)
    _note_use(opened, address, now)
    return opened


def _echo(scheme: str) -> str:
    """What is long, or begins as our tokens do, may be a token without the word before it."""
    return f": {scheme}" if len(scheme) <= LONGEST_SCHEME and not scheme.startswith(PREFIX) else ""


def _unknown(address: str, sentence: str) -> HttpResponse:
    if seconds := failures.take(address):
        return _later(seconds)
    return refuse(401, sentence, WWW_Authenticate="Bearer")


def _later(seconds: int) -> HttpResponse:
    return refuse(429, f"too many requests: try again in {seconds} s", Retry_After=str(seconds))


def _note_use(opened: Opened, address: str, now: int) -> None:
    """At most once a minute for each address, and not at all while somebody else writes."""
    use = opened.id, address
    if opened.account_id is None or not opened.needs_note(address, now) or notes.is_used_up(use):
        return
    with in_passing():
        opened.note_use(address, now, is_news=not news.is_used_up(use))
        notes.take(use)
        news.take(use)


def base_of(request: HttpRequest) -> str:
    """Where people reach us, as the settings say; else as the request came, through the trusted proxies."""
    return settings.BASE_URL.rstrip("/") if settings.BASE_URL else f"{request.scheme}://{request.get_host()}"


def _mark(*parts: object) -> str:
    return f'W/"{token_of(*parts)}"'


def _is_known(request: HttpRequest, mark: str) -> bool:
    """Whether the caller's own copy is as good (weak comparison)."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    return "*" in known or mark.removeprefix("W/") in known


def _unchanged(mark: str) -> HttpResponse:
    return HttpResponse(status=304, headers=HEADERS | {"ETag": mark})


def _answer(body: str, mark: str) -> HttpResponse:
    return HttpResponse(body, content_type=JSON, headers=HEADERS | {"ETag": mark})


def _as_deleted(document: str) -> str:
    """A task that Studio does not know any more never said itself that it was deleted."""
    try:
        told = json.loads(document)
    except RecursionError:
        told = {}
    return document if told.get("deleted") is True else f'{document[:-1]},"deleted":true}}'
