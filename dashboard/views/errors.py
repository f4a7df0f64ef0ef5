"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was sent without its token, or the cookie is gone."""
    return render(request, "csrf.html", status=403)


def busy(request: HttpRequest, back_url: str) -> HttpResponse:
    """503: two others wait for Studio already."""
    response = render(request, "busy.html", {"back_url": back_url}, status=503)
    response["Retry-After"] = "5"
    return response
