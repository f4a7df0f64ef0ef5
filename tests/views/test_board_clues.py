"""Why a row is among those that a search found, where the row itself does not show it."""

import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import Account, Task, User
from dashboard.models.words import LONGEST_DOCUMENT
from tests.views.conftest import hold, move
from tests.views.html import Page
from tests.views.searched import alice, search

__all__ = ["alice"]  # fixtures

_CLUE = re.compile(r'<span class="sub clue">(.*?)</span></td>', re.DOTALL)


def upload(url: str) -> dict[str, object]:
    return {"upload": {"url": url}}


def clues(page: Page) -> list[str]:
    """What is told, in the order of the rows that tell it."""
    return [unescape(re.sub("<[^>]*>", "", html)).strip() for html in _CLUE.findall(page.source)]


@pytest.fixture
def party(quiet: Account) -> Task:
    return hold(quiet, name="Interview", params=upload("https://media.example.test/in/Summer-Party.mp4"))


def test_a_row_says_which_of_its_values_has_the_word(party: Task, alice: Client) -> None:
    page = search(alice, "summer")
    assert clues(page) == ["Found in upload.url …example.test/in/Summer-Party.mp4"]
    assert "<mark>Summer</mark>" in page.source


def test_a_row_that_shows_the_word_says_nothing_more(party: Task, alice: Client) -> None:
    assert clues(search(alice, "interview")) == []
    assert clues(search(alice, "")) == []


@pytest.mark.parametrize("text", ["phase:running", "-wedding", "title:interview", "interview in", "account:acme"])
def test_only_free_text_that_is_wanted_needs_one(text: str, party: Task, alice: Client) -> None:
    page = search(alice, text)
    assert page.ids == [party.upstream_id]
    assert clues(page) == []


def test_of_alternatives_the_one_that_is_there_is_told(party: Task, alice: Client) -> None:
    assert clues(search(alice, "wedding OR summer")) == ["Found in upload.url …example.test/in/Summer-Party.mp4"]


def test_an_error_is_told_where_its_column_is_not(quiet: Account, alice: Client) -> None:
    hold(quiet, name="Interview", status={"phase": "failed", "errorMessage": "Download timed out", "updatedAt": 1})
    assert clues(search(alice, "timed")) == []
    User.objects.update(board_columns="updated")
    assert clues(search(alice, "timed")) == ["Found in error Download timed out"]


def test_what_strangers_wrote_is_escaped(quiet: Account, alice: Client) -> None:
    hold(quiet, name="Interview", params=upload("https://h.test/<b>party</b>\u202e.mp4"))
    page = search(alice, "party")
    assert "<b>party" not in page.source
    assert clues(page) == ["Found in upload.url …tps://h.test/<b>party</b>⟨U+202E⟩.mp4"]


def test_the_line_stays_while_the_row_changes(party: Task, alice: Client) -> None:
    page = search(alice, "summer")
    move(party, "running", progress=0.9)
    again = Page(alice.get(page.poll_url))
    assert "90" in again.text
    assert clues(again) == clues(page)


def test_documents_are_read_once_for_each_change_and_search(party: Task, alice: Client) -> None:
    def reads() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            search(alice, "summer")
        return sum('"document"' in query["sql"] for query in queries)

    assert [reads(), reads()] == [1, 0]
    move(party, "running", progress=0.9)
    assert [reads(), reads()] == [1, 0]


def test_a_document_beyond_measure_is_found_without_a_word_of_why(party: Task, alice: Client) -> None:
    long = {**json.loads(party.document), "output": {"text": "x" * LONGEST_DOCUMENT}}
    Task.objects.filter(pk=party.pk).update(document=json.dumps(long))
    page = search(alice, "summer")
    assert page.ids == [party.upstream_id]
    assert clues(page) == []


def test_an_unclear_search_keeps_the_lines_of_the_last_clear_one(party: Task, alice: Client) -> None:
    page = search(alice, "(summer", f"&last={quote('summer')}")
    assert clues(page) == ["Found in upload.url …example.test/in/Summer-Party.mp4"]
