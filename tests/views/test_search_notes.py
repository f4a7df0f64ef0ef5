"""What is said under the search box: as much of the text as shows the place, and what else may have been meant."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Account
from dashboard.views.board_search import mistake_in, note_on_mistake
from tests.views.conftest import hold
from tests.views.searched import note, search

SignIn = Callable[[str], Client]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


def echo(text: str) -> tuple[str, str, str]:
    mistake = mistake_in(text)
    assert mistake
    told = note_on_mistake(text, mistake, "")
    return told.before, told.marked, told.after


def test_a_short_text_is_shown_whole_with_its_mark() -> None:
    assert echo("keynote phase:faild berlin") == ("keynote phase:", "faild", " berlin")


def test_of_a_long_text_only_what_is_around_the_mark_is_shown() -> None:
    before, marked, after = echo("b" * 200 + " phase:faild " + "a" * 200)
    assert (before, marked, after) == ("…" + "b" * 23 + " phase:", "faild", " " + "a" * 29 + "…")


def test_a_long_mark_is_shown_by_its_beginning() -> None:
    before, marked, after = echo("x" * 900)
    assert (before, marked, after) == ("…" + "x" * 30, "x" * 60 + "…", "")


def test_the_text_whose_results_stay_is_shown_by_its_beginning(quiet: Account, alice: Client) -> None:
    hold(quiet)
    assert f"Shown is still “{'k' * 80}…”." in search(alice, "phase:faild", f"&last={'k' * 300}").text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*.mp4", ".mp4 instead of *.mp4"),
        ("GOAL*replay", "goal replay instead of goal*replay"),
        ("phase:failed -*.mov", ".mov instead of *.mov"),
        ("name:*keynote*", "keynote instead of *keynote*"),
        ("file:*.mp4", ".mp4 instead of *.mp4"),
    ],
)
def test_a_pattern_is_said_to_be_none(text: str, written: str, quiet: Account, alice: Client) -> None:
    hold(quiet)
    page = search(alice, text)
    assert f"There are no patterns: write {written}." in page.text
    assert note(page)["role"] == "status"


@pytest.mark.parametrize("text", ["*", "* * *", "a ** b", '"*.mp4"', 'name:"5*3"', "cid:bafybei*", "-- keynote"])
def test_what_is_no_pattern_or_is_meant_as_it_stands_is_left_alone(text: str, quiet: Account, alice: Client) -> None:
    hold(quiet)
    assert "There are no patterns" not in search(alice, text).text
