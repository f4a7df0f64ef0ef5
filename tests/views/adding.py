"""The form that adds an account, filled in."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account, ApiKey
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


def add(client: Client, people: SimpleNamespace, url: str, key: str, **told: Any) -> Any:
    return client.post("/accounts/new/", {"team": people.team.pk, "name": "Live", "url": url, "key": key, **told})


def refused(response: Any, sentence: str, key: str) -> None:
    """One sentence, the right status, nothing stored, nothing secret repeated."""
    assert response.status_code == 422
    assert sentence in Page(response).text
    assert key not in response.content.decode()
    assert not Account.objects.exists()
    assert not ApiKey.objects.exists()
