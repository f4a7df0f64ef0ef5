"""Any text at all in the search box, on its whole way: read, looked for, shown. Always a page, never an error."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings

from dashboard.conditions import Unclear
from dashboard.models import Account
from dashboard.phases import OVERLAYS
from dashboard.qualifiers import FIELDS, TYPES
from dashboard.search import read
from dashboard.views.suggest import PHASES_SHOWN
from tests.test_search_properties import NOW, any_text
from tests.views.conftest import hold, move

ROAD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def bob(sign_in: Callable[[str], Client], quiet: Account) -> Client:
    hold(quiet)
    move(hold(quiet, type="export"), "failed", errorMessage="timed out")
    return sign_in("bob")


def ask(client: Client, path: str, **told: object) -> str:
    query = urlencode({name: str(value).encode(errors="replace") for name, value in told.items()})
    response = client.get(f"{path}?{query}")
    assert response.status_code in (200, 302), told  # the name of one task leads there
    return response.content.decode()


@ROAD
@given(text=any_text)
@example(text="(" * 600)
@example(text='"' * 511)
@example(text="-" * 512)
@example(text="x " * 256)
def test_any_search_gives_a_page_a_region_and_suggestions(text: str, bob: Client) -> None:
    ask(bob, "/", q=text)
    ask(bob, "/board/list/", q=text)
    ask(bob, "/board/suggest/", q=text, at=len(text) // 2)


@pytest.mark.parametrize("text", [field.example for field in FIELDS.values()])
def test_every_filter_of_the_language_can_be_looked_for(text: str, bob: Client) -> None:
    for asked in (text, f"-{text}", f"({text} OR keynote) -x"):
        assert 'id="board"' in ask(bob, "/", q=asked)


@pytest.mark.parametrize("text", ["phase:(", "created:2026-13-40", '"', "statsu:x", "x" * 513])
def test_what_is_unclear_is_explained_on_the_page(text: str, bob: Client) -> None:
    with pytest.raises(Unclear) as caught:
        read(text, NOW)
    page = ask(bob, "/", q=text)
    assert re.split("[.“]", caught.value.sentence)[0] in page
    assert 'id="board"' in page


def test_every_phase_and_type_that_is_suggested_is_one_of_ours() -> None:
    for name, words in (("phase", PHASES_SHOWN), ("type", TYPES)):
        for word in words:
            assert read(f"{name}:{word}", NOW)
    assert set(OVERLAYS) < set(PHASES_SHOWN)
