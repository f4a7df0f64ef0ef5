"""People at the door, as tests let them in: through the sign-in page itself, with a second factor if they have one."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from dashboard.models import AuditEntry, User
from tests.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def come_in(email: str, password: str = PASSWORD, **environ: Any) -> Client:
    """A browser in which the person signed in with the password. `environ` is what the server tells of the request."""
    client = Client(**environ)
    client.post("/auth/login/", {"login": email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def give_second_factor(user: User) -> list[str]:
    """An authenticator app with SECRET. The recovery codes."""
    TOTP.activate(user, SECRET)
    return list(RecoveryCodes.activate(user).generate_codes())


def factors_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def told_of(user: User) -> list[tuple[str, dict[str, Any]]]:
    """What the audit tells of the person, the oldest first: the word and what was after."""
    entries = AuditEntry.objects.filter(user_id=user.pk, team_id=None).order_by("id")
    return [(entry.what, json.loads(entry.after)) for entry in entries]


def words_about(user: User) -> list[str]:
    return [what for what, after in told_of(user)]
