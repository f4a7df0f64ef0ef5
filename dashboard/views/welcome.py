"""Somebody who has just become known here, by an invitation or as the first admin, comes in."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dashboard.models.user import User
from dashboard.views.confirmed import sign_in_confirmed
from dashboard.views.polling import link

SIGN_IN = "Sign in with the password that you have just chosen."


def welcome(request: HttpRequest, user: User, then: str) -> HttpResponse:
    """Sign them in and lead to `then`; over the sign-in page where the database is locked just now. They are saved
    already, so the view must not run again: it would find them and say that the link was used."""
    try:
        return sign_in_confirmed(request, user, then)
    except OperationalError:
        request.session.modified = False  # it is of a sign-in that broke off, and saving it may meet the lock too
        messages.warning(request, SIGN_IN)
        return redirect(link(reverse("account_login"), {"next": then}))
