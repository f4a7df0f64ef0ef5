"""Keys, members and tokens: who signed in longer than ten minutes ago says once more that it is them.

A POST without secrets may wait in the session for the answer and then go on by itself: `confirm_lately`. One that
carries a key must not: `ask_to_confirm` lets go of it and leads back to its form.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, perform_password_login
from allauth.account.models import Login
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from dashboard.models.user import User
from dashboard.views.polling import SignedIn, link

LOST = "Nothing was saved: say first that it is you, then send the form again."


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person gave a password or a second factor in the last ten minutes, at the door or since."""
    if not request.user.is_authenticated:
        return False
    told_at = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
    return bool(time.time() - told_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirm_lately(request: SignedIn) -> None:
    """Go on only if confirmed. Otherwise the sign-in asks and then does what was asked for here, so call it after the
    role was checked, in a view whose URL has no query, and never with a secret in the form."""
    if not is_confirmed(request):
        raise ReauthenticationRequired


def ask_to_confirm(request: SignedIn, back: str) -> HttpResponse:
    """Lead over the sign-in to the page with the form; what was posted is kept nowhere."""
    if request.method == "POST":
        messages.warning(request, LOST)
    methods = get_adapter().get_reauthentication_methods(request.user)
    where = methods[0]["url"] if methods else settings.LOGIN_URL
    return HttpResponseRedirect(link(where, {"next": back}))


def sign_in_confirmed(request: HttpRequest, user: User, then: str = "") -> HttpResponse:
    """Sign in somebody who has just chosen their password, as the sign-in page would: with a row among their sessions,
    an entry in the audit, and confirmed from now on. Somebody else who is signed in here is signed out first.

    The answer leads to `then`, else to the board; to the second factor first if the person has one.
    """
    if request.user.is_authenticated and request.user.pk != user.pk:
        get_adapter().logout(request)
    login = Login(user=user, email=user.email, redirect_url=then or None)
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return response
