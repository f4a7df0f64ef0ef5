"""Texts made equal for a search."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Keynote", "keynote"),
        ("STRASSE straße", "strasse strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("cafe\u0301", "café"),
        ("ﬁle №１", "file no1"),
        (" a \t\r\n\x0b\u00a0\u2028b ", "a b"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u202efdp.exe\u202c", "fdp.exe"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\0b", "a b"),
        ("\ud800", "?"),
        ("", ""),
        ("\u200b\u202e", ""),
        ("سلام", "سلام"),
    ],
)
def test_a_text_folds_to(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters()))
def test_a_folded_text_is_one_line_that_every_database_takes(text: str) -> None:
    folded = fold(text)
    folded.encode()
    assert not set(folded) & set("\0\n\r\t")
    assert folded == folded.strip()
    assert "  " not in folded


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_however_a_text_is_composed_it_folds_to_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@settings(max_examples=300, deadline=None)
@given(st.text("abz019 -.äéßñøабвыσω"))
def test_capitals_make_no_difference(text: str) -> None:
    assert fold(text.upper()) == fold(text.title()) == fold(text)
