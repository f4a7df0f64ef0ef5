"""Settings and URLs of the bare view: Django without any middleware, on the same server."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY = "nothing is signed here"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.bare"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", headers={"Content-Length": "2"})


urlpatterns = [path("", bare)]
