"""Who polls. Recognised by Django's own rules in Django's own session, but read together with what they see: asking for
the person first, through the ORM, would be a third of a poll that finds nothing new.
"""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from dashboard.clock import now_ms
from dashboard.models.look import Look
from dashboard.models.user import User


def look_of(request: HttpRequest, upstream_id: str | None) -> Look | None:
    """None for the signed-out. What is not plainly in order is Django's to judge, which may end the session."""
    user_id = _signed_in_as(request.session)
    look = None if user_id is None else Look.of(user_id, now_ms(), upstream_id)
    if look and look.user and _is_recognised(look.user, request.session):
        request.user = look.user
        return look
    return Look.of(request.user.pk, now_ms(), upstream_id) if request.user.is_authenticated else None


def _signed_in_as(session: SessionBase) -> int | None:
    """Whose session it is, if it was begun at a door that is still open."""
    user_id = str(session.get(SESSION_KEY, ""))
    is_ours = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return int(user_id) if is_ours and user_id.isascii() and user_id.isdecimal() else None


def _is_recognised(user: User, session: SessionBase) -> bool:
    """As `django.contrib.auth.get_user`: a session ends with the password that it was begun with."""
    return user.is_active and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
