"""The first admin of an empty installation, by the one-time link that the first start prints."""

from django.contrib.auth import login
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.forms import FirstAdminForm
from dashboard.models.team import Role, Team
from dashboard.models.user import User

SALT = "first admin"
DAY_SECONDS = 24 * 3600


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
        login(request, _create(form.cleaned_data), "allauth.account.auth_backends.AuthenticationBackend")
        return redirect("account-new")
    return render(request, "setup/page.html", {"form": form})


def _create(told: dict[str, str]) -> User:
    with transaction.atomic():
        if User.objects.exists():
            raise Http404
        user = User.objects.create_user(told["email"], told["password"])
        Team.objects.create(name=told["team_name"]).add(user, Role.ADMIN)
    return user
