"""What happens to somebody's sign-in, as the audit tells it.

allauth's adapter calls the notes about sign-ins, passwords and sessions. Rows of second factors tell of themselves by
Django's signals, for allauth sends its own only after the transaction; a refused code is allauth's own signal.
"""

import logging
import time
from collections import deque
from dataclasses import replace
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.urls import reverse

from dashboard.models.audit import COMMAND, Actor, AuditEntry
from dashboard.models.user import User
from dashboard.views.actor import address_of

FACTORS = {"totp": "authenticator app", "recovery_codes": "recovery codes"}
MOST_LINES, IN_SECONDS = 10, 60.0
BLOCKED_SECONDS = 300
logger = logging.getLogger(__name__)
_told_at: deque[float] = deque(maxlen=MOST_LINES)


def note(user: User, what: str, **after: object) -> None:
    """An entry about this person and no team. By a command it is the operator's act, told to the person's teams."""
    request = context.request
    actor = Actor(user.email, user.pk, address_of(request)) if request else replace(COMMAND, user_id=user.pk)
    AuditEntry.note(actor, what, None, user.email, after=after)


def note_signed_in(request: HttpRequest, user: User) -> None:
    """By what: `password`, `mfa`."""
    note(user, "signed_in", by=[record["method"] for record in get_authentication_records(request, user)])


def note_failed(request: HttpRequest, email: str) -> None:
    """A known person's is for the audit. An unknown e-mail may be a password typed into the wrong field: it is written
    nowhere, and the log gets a few lines a minute, however many try."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user:
        note(user, "sign_in.failed", **({"confirming": True} if request.user.is_authenticated else {}))
        return
    now = time.monotonic()
    if len(_told_at) < MOST_LINES or now - _told_at[0] > IN_SECONDS:
        _told_at.append(now)
        logger.warning("Somebody tried to sign in with an unknown e-mail, from %s", address_of(request))


def note_blocked(email: str) -> None:
    """Too many tries: once for each five minutes, so that whoever goes on trying does not fill the audit."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user and cache.add(f"sign-in-blocked:{user.pk}", True, BLOCKED_SECONDS):
        note(user, "sign_in.blocked")


def note_switched_off(user: User) -> None:
    """The password was right, so whoever tried knows it."""
    note(user, "sign_in.failed", switched_off=True)


def note_password(user: User) -> None:
    match = context.request.resolver_match if context.request else None
    is_reset = match is not None and match.url_name == "account_reset_password_from_key"
    note(user, "password.reset" if is_reset else "password.changed")


def note_refused_code(user: User, authenticator: Authenticator, **told: Any) -> None:
    note(user, "factor.failed", factor=FACTORS.get(authenticator.type, authenticator.type))


def note_new_factor(instance: Authenticator, created: bool, raw: bool, **told: Any) -> None:
    if created and not raw:
        _note_factor("factor.reset" if _makes_new_codes(instance) else "factor.added", instance)


def note_gone_factor(instance: Authenticator, **told: Any) -> None:
    if not _makes_new_codes(instance):
        _note_factor("factor.removed", instance)


def _makes_new_codes(factor: Authenticator) -> bool:
    """New recovery codes are a row that goes and one that comes: told once, as a reset."""
    request = context.request
    is_asked = request is not None and request.path == reverse("mfa_generate_recovery_codes")
    return is_asked and factor.type == Authenticator.Type.RECOVERY_CODES


def _note_factor(what: str, factor: Authenticator) -> None:
    note(factor.user, what, factor=FACTORS.get(factor.type, factor.type))


def listen() -> None:
    """Called once, when the models are there."""
    authentication_failed.connect(note_refused_code)
    post_save.connect(note_new_factor, sender=Authenticator)
    post_delete.connect(note_gone_factor, sender=Authenticator)
