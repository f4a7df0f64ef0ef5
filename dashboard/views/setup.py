"""The first admin of an empty installation, by the one-time link that the first start prints."""

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.forms.first_admin import FirstAdminForm
from dashboard.models.audit import Actor
from dashboard.models.roster import start_team
from dashboard.models.user import User
from dashboard.views.actor import address_of
from dashboard.views.confirmed import sign_in_confirmed

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
        return sign_in_confirmed(request, _create(request, form.cleaned_data), reverse("account-new"))
    return render(request, "setup/page.html", {"form": form})


def _create(request: HttpRequest, told: dict[str, str]) -> User:
    with transaction.atomic():
        if User.objects.exists():
            raise Http404
        user = User.objects.create_user(told["email"], told["password"])
        start_team(told["team_name"], user, Actor(user.email, user.pk, address_of(request)))
    return user
