"""The contract of a live region: same token, 204; else 200 with the region.

The token stands for everything that the region shows: which accounts, their revisions and freshness, the role,
the filters. It is computed at poll time and means nothing to the browser.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from dashboard.models.account import Account
from dashboard.models.seen import Sight
from dashboard.models.syncing import WATCH_NOTE_MS
from dashboard.models.user import User
from dashboard.views.recognition import look_of

View = Callable[..., HttpResponseBase]


class SignedIn(HttpRequest):
    """A request that went through `signed_in`. For types only."""

    user: User


def signed_in(view: View) -> View:
    """Pages send the signed-out to the sign-in page; a live region says 401 and stays where it is."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _signed_out(request)

    return guarded


def polled(view: View) -> View:
    """As `signed_in`, for what is asked every few seconds: one statement finds the person and what they see. The view
    gets it as a Look, with the copies of the task if its URL names one."""

    @wraps(view)
    def guarded(request: HttpRequest, **said: Any) -> HttpResponseBase:
        look = look_of(request, said.get("upstream_id"))
        return _signed_out(request) if look is None else view(request, look, **said)

    return guarded


def _signed_out(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        headers = {"Cache-Control": "no-store"}
        return HttpResponse("You were signed out.", status=401, content_type="text/plain", headers=headers)
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else _page_of_form(request))


def _page_of_form(request: HttpRequest) -> str:
    """A form cannot be sent again after a sign-in, so one goes on at the page where it was, if it says that."""
    return own_path(request.POST.get("next", "")) or reverse("board")


def own_path(told: str) -> str:
    """The path of this site that a form told of, or nothing."""
    return told if told.startswith("/") and url_has_allowed_host_and_scheme(told, allowed_hosts=None) else ""


def token_of(*parts: object) -> str:
    """An opaque word over everything that the region shows."""
    return hashlib.blake2b(repr(parts).encode(errors="replace"), digest_size=12).hexdigest()


def link(path: str, parameters: dict[str, object]) -> str:
    """The path with its parameters; empty ones are left out."""
    told = {name: value for name, value in parameters.items() if value not in (None, "")}
    return f"{path}?{urlencode(told)}" if told else path


def poll_url(path: str, token: str, parameters: dict[str, object]) -> str:
    """Where the region asks for its next self."""
    return link(path, {**parameters, "seen": token})


def told_by(request: HttpRequest) -> QueryDict:
    """`request.GET`, which a poll has in common with the one before."""
    return _read(request.META["QUERY_STRING"])


_read = lru_cache(maxsize=500)(QueryDict)


def token_apart(query_string: str) -> tuple[str, str]:
    """What a live region asks for, and the token that it shows, which our links have last: all else stays the same
    from change to change."""
    asked, _, token = query_string.rpartition("&seen=")
    return (asked, token) if asked and "&" not in token else (query_string, "")


def unchanged(sight: Sight) -> HttpResponse:
    """204, with the time as of which the page is true: that may move on without a change."""
    return tell_time(HttpResponse(status=204), sight)


def tell_time(response: HttpResponse, sight: Sight) -> HttpResponse:
    if sight.as_of_at:
        response["X-As-Of"] = str(sight.as_of_at)
    return response


def is_hidden(request: HttpRequest) -> bool:
    """Whether the tab that asks is behind others. Not by `headers`, which takes all of them apart."""
    return bool(request.META.get("HTTP_X_HIDDEN"))


def note_watched(request: HttpRequest, sight: Sight) -> None:
    """Somebody looks, unless their tab is hidden: at most one write per account and 10 s."""
    if is_hidden(request):
        return
    unnoted = [a.id for a in sight.accounts if a.watched_at < sight.now - WATCH_NOTE_MS]
    if unnoted:
        with in_passing():
            Account.objects.note_watched(unnoted, sight.now)


@contextmanager
def in_passing() -> Iterator[None]:
    """For a small write that must not hold up the page: if another writer has the database, it is left undone."""
    if connection.vendor != "sqlite":
        yield
        return
    with suppress(OperationalError):
        patience = connection.settings_dict["OPTIONS"].get("timeout", 5)
        try:
            _wait_for_writers(0)
            yield
        finally:
            _wait_for_writers(patience)


def _wait_for_writers(seconds: float) -> None:
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
