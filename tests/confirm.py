"""A person who gave the password lately, or a while ago."""

import time

from django.test import Client


def confirm(client: Client, seconds_ago: float = 0) -> None:
    """The signed-in person gave the password so long ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
