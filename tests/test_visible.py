"""What a reader cannot see becomes visible, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\u202egpj.exe", "a⟨U+202E⟩gpj.exe"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("\ufeffa\u200bb\u200fc\xad", "⟨U+FEFF⟩a⟨U+200B⟩b⟨U+200F⟩c⟨U+00AD⟩"),
        ("a\x9b1m", "a⟨U+009B⟩1m"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\rb", "a␍b"),
    ],
)
def test_the_invisible_gets_a_stand_in(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["", "plain", "a\r\n\tb\n", "ünï ключ 日本 مرحبا", "👨\u200d👩\u200d👧 ❤️", "می\u200cخواهم"]
)
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_any_text_can_be_shown_and_sent(text: str) -> None:
    shown = visible(text)
    assert shown.encode() or not text
    assert visible(shown) == shown
    assert not set(shown) & set("\x1b\x00\u202e\u2066\u061c")


def test_a_megabyte_is_done_at_once() -> None:
    assert len(visible("\u202e" * 1_000_000)) == 8_000_000
