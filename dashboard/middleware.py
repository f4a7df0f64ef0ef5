"""Habits of every request: answering the health check first, telling the content security policy, trying a locked
database once more, saying what a link to a form's address is, and leaving nothing of a signed-in person's pages in a
browser's or a proxy's store."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import resolve

from dashboard.views.errors import form_wanted

Respond = Callable[[HttpRequest], HttpResponse]


def answer_health(get_response: Respond) -> Respond:
    """`/healthz` says that the process lives, for any Host, without session or database."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        return get_response(request)

    return answer


class KnownPolicy(CSPMiddleware):
    """django-csp, but the policy of the settings is put together once: it is the same for nearly every response, and
    cost a twentieth of a small one. What a view says of its own policy, or a nonce, is left to django-csp."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        said = (*vars(response), *vars(request))
        if settings.DEBUG or HEADER in response.headers or any(name.startswith("_csp_") for name in said):
            return super().process_response(request, response)
        response.headers[HEADER] = self._usual
        return response


def store_nothing(get_response: Respond) -> Respond:
    """Pages, errors and redirects alike, for whoever comes with a session."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def explain_refused_link(get_response: Respond) -> Respond:
    """An address that takes a form alone, met by a link: when somebody has said that it is them and the form that
    waited for it is gone, for example. For signed-in browsers, which would show an empty page."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and _is_link(request) and not response.content and request.user.is_authenticated:
            return form_wanted(request, response.headers["Allow"])
        return response

    return answer


def _is_link(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not request.headers.get("HX-Request")


class RetryLocked:
    """SQLite lets one writer in at a time. A request that found the door shut tries once more, then says so."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_locked(exception) or request.resolver_match is None:
            return None
        match = resolve(request.path_info)  # a form that waited stands in the place of the one that confirmed it
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except OperationalError as again:
            if not is_locked(again):
                raise
            return render(request, "busy.html", _what_happened(request), status=503)


def _what_happened(request: HttpRequest) -> dict[str, str]:
    message = "The database is being written to for longer than usual. Nothing was changed."
    return {"message": message, "back_url": request.get_full_path() if request.method == "GET" else "/"}


def is_locked(exception: Exception) -> bool:
    return isinstance(exception, OperationalError) and "locked" in str(exception)
