"""A board with a search in its box."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from tests.views.html import Page
from tests.views.test_board import board

SignIn = Callable[[str], Client]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


def search(client: Client, text: str, rest: str = "") -> Page:
    return board(client, f"?q={quote(text)}{rest}")


def note(page: Page) -> dict[str, str]:
    return page.one("id", "q-note")
