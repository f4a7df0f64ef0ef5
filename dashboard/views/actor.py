"""Who acts, as the audit tells it."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from dashboard.models.audit import Actor
from dashboard.models.user import User


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person of the request, at the address that the trusted proxies tell."""
    user = request.user
    if isinstance(user, User):
        return Actor(user.email, user.pk, address_of(request))
    return Actor("somebody", None, address_of(request))


def address_of(request: HttpRequest) -> str:
    """Where the request comes from. X-Forwarded-For counts only behind TRUSTED_PROXIES."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""
