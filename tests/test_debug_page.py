"""Django's debug page, which developers see and sometimes show around: without passwords, tokens and links."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.models import Account, Invitation, Membership, token
from dashboard.views import join, team_members, tokens
from tests.views.conftest import connect_quiet, quiet  # noqa: F401  fixtures

SignIn = Callable[[str], Client]
PASSWORD = "Sehr-Geheim-77"


@pytest.fixture(autouse=True)
def _debug(settings: Settings) -> None:
    settings.DEBUG = True


def boom(*args: Any, **options: Any) -> None:
    raise RuntimeError("something unforeseen")


def page_of(client: Client, path: str, **form: Any) -> str:
    client.raise_request_exception = False
    response = client.post(path, form)
    assert response.status_code == 500
    text = response.content.decode()
    assert "something unforeseen" in text
    return text


def test_it_shows_no_fresh_token(
    quiet: Account,  # noqa: F811
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fresh = token.fresh_token()
    monkeypatch.setattr(token, "fresh_token", lambda: fresh)
    monkeypatch.setattr(tokens, "fresh_words", boom)
    form = {"name": "n", "role": "viewer", "accounts": [quiet.pk], "expires": "7"}
    assert fresh not in page_of(sign_in("alice"), "/tokens/", **form)


def test_it_shows_no_link_for_a_new_password(
    people: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_members, "render", boom)
    member = Membership.objects.get(user=people.bob)
    text = page_of(sign_in("alice"), f"/team/members/{member.pk}/reset/")
    assert not re.search(r"/auth/password/reset/\w+-\w+-", text)


def test_it_shows_nothing_that_was_posted(
    people: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join, "join", boom)
    form = {"team": people.team.pk, "email": "n@example.com", "role": "viewer"}
    sign_in("alice").post("/team/invitations/", form)
    text = page_of(Client(), f"/join/{Invitation.objects.get().sign}/", password=PASSWORD, other="another-secret")
    assert PASSWORD not in text
    assert "another-secret" not in text
    assert "password" in text
