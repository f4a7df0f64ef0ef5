"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.sync.buttons import Busy


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was sent without its token, or the cookie is gone."""
    return render(request, "csrf.html", status=403)


def busy(request: HttpRequest, back_url: str, why: Busy) -> HttpResponse:
    """503: Studio cannot be asked just now."""
    message = f"{why.sentence} Nothing was changed."
    return later(render(request, "busy.html", {"back_url": back_url, "message": message}, status=503), why)


def later(response: HttpResponse, why: Busy) -> HttpResponse:
    response["Retry-After"] = str(why.seconds)
    return response
