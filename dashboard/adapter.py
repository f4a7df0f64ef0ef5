"""How django-allauth behaves here: people are invited, nobody signs up; second factors are sealed like keys; what
happens to somebody's sign-in is noted in the audit, in the transaction of the act."""

import base64
import logging
import secrets
from smtplib import SMTPException
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from dashboard import sign_ins
from dashboard.models.user import User
from dashboard.vault import Unopenable, seal, unseal
from dashboard.views.confirmed import is_confirmed

NO_MAIL = "The mail server does not take mail at the moment. Nothing was changed."
TO_UNKNOWN = "account/email/unknown_account"
logger = logging.getLogger(__name__)


class ClosedDoor(DefaultAccountAdapter):
    """No open sign-up. A sign-in of the last ten minutes counts as confirmed for allauth's own pages too."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Your access was switched off. An admin of your team can tell you why.",
        "email_password_mismatch": "This e-mail and this password do not go together.",
        "enter_current_password": "That is not your present password.",
        "incorrect_password": "That is not your password.",
        "rate_limited": "Too many tries for now. Wait five minutes, then try again.",
        "too_many_login_attempts": "Too many tries for now. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where `next` may lead: a path of ours, not a word that a browser would put behind the present path."""
        return bool(url and url.startswith("/") and super().is_safe_url(url))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_ins.note_blocked(str(credentials.get("email", "")))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.note_failed(request, str(credentials.get("email", "")))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        sign_ins.note_switched_off(user)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        with transaction.atomic():
            super().login(request, user)
            sign_ins.note_signed_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        with transaction.atomic():
            if isinstance(request.user, User):
                sign_ins.note(request.user, "signed_out")
            super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            sign_ins.note_password(user)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted by e-mail alone. allauth adds the host that the request names, of which a port makes a new
        one: `Host: tasks.example.com:81`, `:82` …"""
        return str(credentials.get("email", "")).strip().lower()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_confirmed(context.request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a new password is chosen: at BASE_URL, whatever host the request named."""
        url = str(super().get_reset_password_from_key_url(key))
        return urljoin(settings.BASE_URL, urlsplit(url).path) if settings.BASE_URL else url

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only where mail is set up, and to people who are known here, or anybody could have mails sent to anybody; a
        mail server that fails is a page that says so. For an unknown e-mail the server is spoken to as well, so that
        neither the page nor the time that it takes tells who is known."""
        if not settings.EMAIL_HOST:
            raise ImmediateHttpResponse(redirect("account_reset_password"))
        try:
            if template_prefix == TO_UNKNOWN:
                with get_connection():
                    pass
            else:
                super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            logger.error("The mail server failed: %s", type(error).__name__)
            page = render(self.request, "busy.html", {"message": NO_MAIL}, status=503)
            raise ImmediateHttpResponse(page) from None


class SealedFactors(DefaultMFAAdapter):
    """The secrets of second factors lie in the vault."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code does not fit. Each code works once and for 30 seconds: wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        return seal({"factor": text}, settings.VAULT_KEYS)

    def decrypt(self, encrypted_text: str) -> str:
        """What cannot be opened fits no code: a fresh secret that nobody knows stands in for it."""
        opened = _open(encrypted_text)
        return base64.b32encode(secrets.token_bytes(20)).decode() if opened is None else opened

    def build_totp_svg(self, url: str) -> str:
        """An `<svg>` to stand in a page, which our content security policy takes, without its XML prolog."""
        return str(super().build_totp_svg(url)).partition("?>")[2].strip()


class NotedSessions(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: list[UserSession]) -> None:
        with transaction.atomic():
            super().end_sessions(sessions)
            if sessions:
                sign_ins.note(sessions[0].user, "sessions.ended", sessions=len(sessions))


def can_open(sealed: str) -> bool:
    """Whether the secret of a second factor opens with the vault keys at hand."""
    return _open(sealed) is not None


def _open(sealed: str) -> str | None:
    try:
        return unseal(str(sealed), settings.VAULT_KEYS)["factor"]
    except (Unopenable, KeyError):
        return None
