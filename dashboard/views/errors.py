"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dashboard.sync.buttons import Busy

FORMS = {
    "team": ("team", "To the team"),
    "tokens": ("tokens", "To the tokens"),
    "accounts": ("accounts", "To the accounts"),
    "failures": ("failures", "To the failures"),
}
"""Pages with forms, by how the addresses begin that take them."""


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was sent without its token, or the cookie is gone."""
    return render(request, "csrf.html", status=403)


def busy(request: HttpRequest, back_url: str, why: Busy) -> HttpResponse:
    """503: Studio cannot be asked just now."""
    message = f"{why.sentence} Nothing was changed."
    return later(render(request, "busy.html", {"back_url": back_url, "message": message}, status=503), why)


def form_wanted(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: a link led to where a form is sent. The way back is to the page that most likely has the form."""
    name, label = FORMS.get(request.path.split("/")[1], ("board", "All tasks"))
    response = render(request, "405.html", {"back_url": reverse(name), "label": label}, status=405)
    response["Allow"] = allowed
    return response


def later(response: HttpResponse, why: Busy) -> HttpResponse:
    response["Retry-After"] = str(why.seconds)
    return response
