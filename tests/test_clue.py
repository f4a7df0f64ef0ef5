"""Where a found task holds a word that its row does not show."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.clue import Clue, clue_of
from dashboard.folding import fold
from tests.test_haystack import searchable


def of_upload(url: str, **fields: str) -> Any:
    return searchable({"params": {"upload": {"url": url}}}, **fields)


def test_it_names_the_value_and_cuts_it_around_the_word_as_it_was_written() -> None:
    task = of_upload("https://media.example.test/in/2026/Summer-Party.mp4?part=" + "1" * 200)
    assert clue_of(task, "holiday", ["summer"]) == Clue(
        "upload.url", "…le.test/in/2026/", "Summer", "-Party.mp4?part=" + "1" * 64 + "…"
    )


def test_what_the_row_shows_needs_no_clue() -> None:
    assert clue_of(of_upload("https://h.test/holiday.mp4"), "holiday upload", ["holiday"]) is None


def test_of_several_words_the_first_that_the_row_lacks_is_told() -> None:
    task = of_upload("https://h.test/party.mp4", error="Timed out")
    assert clue_of(task, "holiday", ["holiday", "timed", "party"]) == Clue("error", "", "Timed", " out")
    assert clue_of(task, "holiday", ["nowhere", "party"]) == Clue("upload.url", "https://h.test/", "party", ".mp4")


def test_a_file_name_that_its_address_writes_otherwise_is_told_as_people_read_it() -> None:
    found = clue_of(of_upload("https://h.test/My%20Party.mp4"), "", ["my party"])
    assert found == Clue("upload.url", "", "My Party", ".mp4")


def test_ids_are_told() -> None:
    found = clue_of(searchable(output_asset_id="0f3dMADE"), "", ["3dma"])
    assert found == Clue("output asset", "0f", "3dMA", "DE")


def test_what_is_in_none_of_its_values_gives_none() -> None:
    assert clue_of(of_upload("https://h.test/party.mp4"), "", ["wedding"]) is None


def test_a_word_that_the_value_writes_with_other_characters_shows_the_values_beginning() -> None:
    assert clue_of(searchable({"params": {"name": "ﬁlm №5"}}), "", ["film no5"]) == Clue(
        "params.name", "ﬁlm №5", "", ""
    )


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(0, 59), st.integers(3, 20))
def test_each_part_of_a_value_has_a_clue(value: str, start: int, length: int) -> None:
    word = fold(fold(value)[start : start + length])
    found = clue_of(searchable({"params": {"note": value}}, title="", upstream_id=""), "", [word])
    assert word == "" or (found is not None and found.where == "params.note")
