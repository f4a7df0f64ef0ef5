"""What is one's own: how one signs in, where one is signed in, the teams. allauth's own pages do the rest."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import PasswordResetView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from dashboard.adapter import can_open
from dashboard.models.seen import teams_of
from dashboard.models.team import Role
from dashboard.views.polling import SignedIn, signed_in

LOST_CODES = "Your recovery codes cannot be opened any more. Make new ones."
SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}

sessions = ListUserSessionsView.as_view(success_url=reverse_lazy("profile"))
index = signed_in(RedirectView.as_view(pattern_name="profile"))  # where allauth has a page of second factors
password_reset = PasswordResetView.as_view(extra_context={"sends_mail": lambda: bool(settings.EMAIL_HOST)})


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    factors = {factor.type: factor for factor in Authenticator.objects.filter(user=request.user)}
    totp, codes = (factors.get(kind) for kind in SECRETS)
    context = {
        "email": request.user.email,
        "teams": [(team, Role(team.role).label) for team in teams_of(request.user.pk)],
        "totp": totp,
        "is_lost": any(is_lost(factor) for factor in factors.values()),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes and not is_lost(codes) else 0,
        "sessions": sessions_of(request),
    }
    return render(request, "profile/page.html", context)


def sessions_of(request: SignedIn) -> list[UserSession]:
    """Where the person is signed in, this browser first, then the newest."""
    held = UserSession.objects.purge_and_list(request.user)
    return sorted(held, key=lambda one: (not one.is_current(), -one.created_at.timestamp()))


def is_lost(factor: Authenticator) -> bool:
    """Sealed with a vault key that is gone, or not by us."""
    return not can_open(str(factor.data.get(SECRETS[Authenticator.Type(factor.type)], "")))


def unless_lost(view: Callable[..., Any]) -> Callable[..., Any]:
    """Recovery codes that cannot be opened are not shown: invented ones would stand in their place."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            codes = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
            if codes and is_lost(codes):
                messages.warning(request, LOST_CODES)
                return redirect("mfa_generate_recovery_codes")
        return view(request, *args, **kwargs)

    return guarded
