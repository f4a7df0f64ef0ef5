"""The tree of a document: every leaf has a path that finds it again, and no answer grows without bounds."""

import json
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.views.tree import BYTES, OVERDRAFT, Tree, find, step
from tests.views.html import Page

KEYS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "items", "__class__", "a.b", "[0]", '"', '["x"]', "\\", "\n", "0", "-1", "<b>", "‮"]),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
JSON = st.recursive(
    SCALARS, lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(KEYS, inside, max_size=4))
)
DOCUMENTS = st.dictionaries(KEYS, JSON, max_size=5)


def leaves_of(value: Any, path: str = "") -> dict[str, Any]:
    """All leaves by path, told by a second, simpler program."""
    if not isinstance(value, dict | list) or not value:
        return {path: value}
    found = {}
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        found |= leaves_of(child, step(path, key))
    return found


def url_of(path: str, start: int) -> str:
    return f"/branch/?{urlencode({'path': path, 'start': start})}"


def shown(html: str) -> Page:
    return Page(SimpleNamespace(content=html.encode()))


def raw(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def read_all(document: Any) -> tuple[dict[str, str], int]:
    """The leaves of a document as somebody sees them who opens every branch; and the size of the largest answer."""
    found: dict[str, str] = {}
    asked, largest = [("", 0)], 0
    while asked:
        path, start = asked.pop()
        html = Tree(url_of).render(find(document, path), path, start)
        largest = max(largest, len(html))
        page = shown(html)
        assert not set(page.leaves) & set(found)
        found |= page.leaves
        for branch in page.all("hx-get"):
            told = parse_qs(urlsplit(branch["hx-get"]).query, keep_blank_values=True)
            asked.append((told["path"][0], int(told["start"][0])))
    return found, largest


@given(DOCUMENTS)
@settings(max_examples=60, deadline=None)
def test_every_leaf_of_any_document_is_found_again_by_its_path(document: dict[str, Any]) -> None:
    for path, value in leaves_of(document).items():
        assert find(document, path) == value


@given(DOCUMENTS.filter(bool))
@settings(max_examples=30, deadline=None)
def test_every_leaf_of_any_document_is_shown_with_its_raw_value(document: dict[str, Any]) -> None:
    leaves = shown(Tree(url_of).render(document, "")).leaves
    expected = {path: raw(value) for path, value in leaves_of(document).items()}
    assert {path: value.replace("\r\n", "\n") for path, value in leaves.items()} == {
        path: value.replace("\r\n", "\n") for path, value in expected.items()
    }


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (["status", "phase"], "status.phase"),
        (["output", "export", "ipfs", "videoFileCid"], "output.export.ipfs.videoFileCid"),
        (["output", "transcode-file"], "output.transcode-file"),
        (["params", "profiles", 0, "gop"], "params.profiles[0].gop"),
        (["a", ""], 'a[""]'),
        ([""], '[""]'),
        (["-a"], '["-a"]'),
        (["0"], '["0"]'),
        (["a.b", "c"], '["a.b"].c'),
        (['say "hi"'], '["say \\"hi\\""]'),
        (["ключ"], '["ключ"]'),
        (["a\n"], '["a\\n"]'),
        (["_x", "__class__"], "_x.__class__"),
    ],
)
def test_a_path_is_written_in_one_way(keys: list[str | int], path: str) -> None:
    built = ""
    for key in keys:
        built = step(built, key)
    assert built == path


@pytest.mark.parametrize(
    "path", ["b", "a.b", "a[0]", "a[", 'a["', "list[9]", "list[-1]", "list.x", "text[0]", '["\\q"]', "..", "list[1٠]"]
)
def test_a_path_that_leads_nowhere_is_an_error_and_no_crash(path: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        find({"a": 1, "list": [1], "text": "abc"}, path)


def test_markup_in_keys_and_values_is_only_text() -> None:
    evil = {'"><script>': "<script>alert(1)</script>", "x": {"<b>": '" onload="x'}}
    html = Tree(url_of).render(evil, "")
    assert "<script>" not in html
    assert not shown(html).all("onload")
    assert shown(html).leaves == {path: raw(value) for path, value in leaves_of(evil).items()}


def test_what_was_removed_says_which_kind_it_was() -> None:
    page = shown(Tree(url_of).render({"a": "Bearer [redacted: api key]", "b": "[redacted: nonsense]", "c": "fine"}, ""))
    assert [leaf["data-path"] for leaf in page.all("data-redacted")] == ["a"]
    assert page.one("data-path", "a")["data-redacted"] == "api key"


def deep(levels: int) -> dict[str, Any]:
    document: dict[str, Any] = {"leaf": "bottom"}
    for _ in range(levels - 1):
        document = {"down": document, "side": 1}
    return document


def test_a_document_200_levels_deep_is_shown_at_once_and_a_deeper_one_on_demand() -> None:
    page = shown(Tree(url_of).render(deep(200), ""))
    assert len(page.leaves) == 200
    assert page.all("hx-get") == []
    found, _ = read_all(deep(450))
    assert len(found) == 450


def profile(number: int) -> dict[str, Any]:
    return {"name": f"rendition {number}", "width": 1920, "height": 1080, "bitrate": 6_000_000, "fps": 30,
            "gop": "2.0", "encoder": "H.264", "url": f"https://vod.example.test/hls/{number}/index.m3u8"}  # fmt: skip


def test_a_usual_document_of_64_kb_is_shown_whole() -> None:
    document = {"output": {"transcode-file": {"profiles": [profile(n) for n in range(360)]}}}
    assert 56_000 < len(json.dumps(document)) < 64_000
    page = shown(Tree(url_of).render(document, ""))
    assert len(page.leaves) == 360 * 8
    assert page.all("hx-get") == []


def size_of(document: Any) -> int:
    """Bytes of its shortest JSON."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize(
    "document",
    [
        {"output": {"sizes": [7] * 32_700}},
        {"output": {"sizes": list(range(12_000))}},
        {"params": {"flags": {f"{n:x}": n % 2 == 0 for n in range(5_200)}}},
        {"a": {"pairs": [{"x": 1, "y": None} for _ in range(3_600)]}},
        {"text": "é" * 32_000},
        {"lines": "\n" * 32_000},
        {"end": {}, "texts": ["x" * 20_000] * 3, "rest": [[], {}, [[1]]]},
    ],
    ids=["digits", "numbers", "flags", "pairs", "two-byte letters", "escapes", "long texts"],
)
def test_no_document_of_64_kb_is_folded_whatever_it_is_made_of(document: dict[str, Any]) -> None:
    assert 56_000 < size_of(document) <= 64 * 1024
    html = Tree(url_of).render(document, "")
    assert html.count(" data-path=") == len(leaves_of(document))
    assert "hx-get" not in html
    assert len(html) < 90 * BYTES


def test_a_small_document_of_numbers_makes_no_huge_page() -> None:
    document = {"output": {"sizes": [7] * 9_000}}
    assert size_of(document) < 19_000
    assert len(Tree(url_of).render(document, "")) < 1_500_000


def test_keys_that_make_paths_without_end_are_folded_before_they_fill_the_memory() -> None:
    document: Any = [1] * 5_000
    for _ in range(150):
        document = {"k" * 300: document}
    assert size_of(document) < 64 * 1024
    html = Tree(url_of).render(document, "")
    assert len(html) < 20_000_000
    assert "hx-get" in html


@pytest.mark.parametrize(
    "document",
    [
        {"list": [f"{number} " * 40 for number in range(600)]},
        {"rows": [{"name": f"row {n}", "numbers": [n, n]} for n in range(1_200)]},
        {f"key {n}": {"text": "x" * 5_000} for n in range(100)},
        {"texts": ["y" * 30_000] * 20, "after": {"all": "of it"}},
        {"one": "z" * 500_000, "two": "here"},
    ],
)
def test_beyond_the_budget_everything_can_be_reached_by_opening_branches(document: dict[str, Any]) -> None:
    found, largest = read_all(document)
    assert found == {path: raw(value) for path, value in leaves_of(document).items()}
    longest_value = max(len(raw(value)) for value in leaves_of(document).values())
    assert largest < 60 * (BYTES + OVERDRAFT) + 3 * longest_value


def test_a_document_of_4_mb_costs_no_more_than_one_of_64_kb() -> None:
    document = {"rows": [profile(n) for n in range(20_000)], "text": "x" * 500_000}
    html = Tree(url_of).render(document, "")
    assert len(html) < 40 * (BYTES + OVERDRAFT)
    assert unescape(html).count("more</span>") >= 1
