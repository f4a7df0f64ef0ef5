"""A text is found in paths and values alike, in whatever case, within a bounded time."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.hits import around, hits_in, text_of
from dashboard.paths import find, step
from tests.views.test_tree import DOCUMENTS, leaves_of

DOCUMENT = {
    "id": "AbC",
    "params": {"upload": {"url": "https://x.test/Straße.mp4", "profiles": [{"name": "720p"}, {"name": None}]}},
    "odd": {"a.b": True, "": 2.5, "empty": []},
}


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("abc", ["id"]),
        ("STRASSE", ["params.upload.url"]),
        ("profiles[1]", ["params.upload.profiles[1].name"]),
        ("upload.profiles", ["params.upload.profiles[0].name", "params.upload.profiles[1].name"]),
        ("s[0].na", ["params.upload.profiles[0].name"]),
        ("null", ["params.upload.profiles[1].name"]),
        ("true", ['odd["a.b"]']),
        ('["a.b"]', ['odd["a.b"]']),
        ("2.5", ['odd[""]']),
        ("[]", ["odd.empty"]),
        (".id", []),
        ("nowhere", []),
    ],
)
def test_a_text_is_found_in_paths_and_values(text: str, paths: list[str]) -> None:
    found = hits_in(DOCUMENT, text)
    assert [hit.path for hit in found.rows] == paths
    assert found.total == len(paths)


@given(DOCUMENTS, st.sampled_from(["a", "0", "tem", ".", "[", "ß", "null", "é", '"]', "b["]))
@settings(max_examples=80, deadline=None)
def test_it_finds_what_a_simpler_program_finds(document: dict[str, Any], text: str) -> None:
    wanted = text.casefold()
    expected = [
        path
        for path, value in leaves_of(document).items()
        if path and (wanted in path.casefold() or wanted in text_of(value).casefold())
    ]
    found = hits_in(document, text)
    assert [hit.path for hit in found.rows] == expected[:100]
    assert found.total == len(expected)
    for hit in found.rows:
        assert find(document, hit.path) == hit.value
        holder = find(document, hit.parent)
        assert hit.path == step(hit.parent, int(hit.key) if isinstance(holder, list) else hit.key)


def test_of_many_only_the_first_are_shown_and_all_are_counted() -> None:
    found = hits_in({"list": ["same"] * 250}, "same")
    assert (len(found.rows), found.total, found.is_cut) == (100, 250, False)


def test_a_document_deeper_than_the_stack_is_searched() -> None:
    document: Any = "needle"
    for _ in range(5_000):
        document = {"k": document}
    assert hits_in(document, "needle").total == 1


def test_a_document_without_end_is_searched_for_a_bounded_time() -> None:
    document = {"numbers": [7] * 3_000_000}
    began = time.thread_time()
    found = hits_in(document, "nothing of it", seconds=0.1)
    assert found.is_cut
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "wanted", "parts"),
    [
        ("one two three", "TWO", ("one ", "two", " three")),
        ("die Straße dort", "strasse", ("die ", "Straße", " dort")),
        ("x" * 500 + "needle" + "y" * 500, "needle", ("…" + "x" * 60, "needle", "y" * 140 + "…")),
        ("z" * 500, "needle", ("z" * 200 + "…", "", "")),
        ("short", "needle", ("short", "", "")),
    ],
)
def test_a_value_is_cut_around_the_hit(text: str, wanted: str, parts: tuple[str, str, str]) -> None:
    assert around(text, wanted) == parts


@given(st.text(max_size=300), st.text(min_size=1, max_size=10))
def test_nothing_of_a_short_text_is_lost_around_a_hit(text: str, wanted: str) -> None:
    assert "".join(around(text, wanted, 1000, 1000)) == text
    assert json.dumps(around(text, wanted))


def test_absurdly_long_keys_do_not_make_a_search_long() -> None:
    document = hostile()
    began = time.thread_time()
    assert hits_in(document, "x1").is_cut
    assert time.thread_time() - began < 1


def hostile() -> dict[str, Any]:
    """Keys of 50,000 letters, one inside the other, and many leaves below them."""
    document: dict[str, Any] = {}
    bottom = document
    for _ in range(60):
        bottom = bottom.setdefault("k" * 50_000, {})
    bottom |= {f"x{number}": number for number in range(20_000)}
    return document
