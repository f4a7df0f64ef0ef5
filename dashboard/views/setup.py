"""The first admin of an empty installation, by the one-time link that the first start prints."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.clock import DAY_SECONDS
from dashboard.forms.first_admin import FirstAdminForm
from dashboard.models.roster import Refused, start_installation
from dashboard.models.user import User
from dashboard.views.actor import actor_of
from dashboard.views.welcome import welcome

SALT = "first admin"


def setup_path() -> str:
    """A link that works for a day and only while there is no user."""
    return reverse("setup", args=[signing.dumps("first admin", salt=SALT)])


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        signing.loads(token, salt=SALT, max_age=DAY_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    if User.objects.exists():
        raise Http404
    form = FirstAdminForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return welcome(request, _create(request, form.cleaned_data), reverse("account-new"))
    return render(request, "setup/page.html", {"form": form})


def _create(request: HttpRequest, told: dict[str, str]) -> User:
    user = User(email=told["email"].lower())
    user.set_password(told["password"])  # slow on purpose, so before the database is held
    try:
        start_installation(told["team_name"], user, actor_of(request))
    except Refused:  # somebody was faster
        raise Http404 from None
    return user
