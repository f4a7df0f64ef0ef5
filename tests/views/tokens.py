"""Tokens that are made by hand and by the form."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, Token
from dashboard.models.audit import Actor
from tests.views.conftest import Connect
from tests.views.html import Page

SignIn = Callable[[str], Client]


ACTOR = Actor("a test")


@pytest.fixture
def theirs(connect_quiet: Connect, people: SimpleNamespace) -> Account:
    """An account of a team in which nobody of Acme is."""
    return connect_quiet("Harbour Films", team=people.other)


def form(*accounts: Account, **told: Any) -> dict[str, Any]:
    return {"name": "Nightly report", "role": "viewer", "accounts": [a.pk for a in accounts], "expires": "30"} | told


def clear_in(response: Any) -> str:
    """The token that the answer shows."""
    return Page(response).one("data-fresh-token") and response.context["fresh"].clear


def give(owner: Any, *accounts: Account, name: str = "script", role: str = "viewer", days: float = 1) -> Token:
    expires_at = now_ms() + int(days * DAY)
    token, _ = Token.objects.make(owner, name, role, accounts, expires_at, ACTOR)
    return token
