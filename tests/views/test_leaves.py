"""How leaves look: long texts folded, long lists in groups, numbers with a meaning, nothing hidden or turned around."""

import json
from typing import Any

import pytest

from dashboard.views.tree import Tree
from tests.views.html import Page
from tests.views.test_tree import leaves_of, raw, shown, url_of


def tree(document: Any, path: str = "") -> Page:
    return shown(Tree(url_of).render(document, path))


def test_a_text_of_over_200_characters_is_folded_and_there_as_a_whole() -> None:
    text = "word " * 840
    page = tree({"long": text, "short": "y" * 200})
    assert page.source.count("<details") == 1
    assert '<span class="s">' + text[:120] + "…</span>" in page.source
    assert "4.20\u00a0kB" in page.source
    assert page.source.count(text) == 2  # once to be copied, once to be read
    assert page.leaves == {"long": text, "short": "y" * 200}


def test_a_mark_is_not_cut_in_two_where_a_text_is_folded() -> None:
    page = tree({"a": "x" * 110 + "[redacted: query value]" + "y" * 200})
    assert "x" * 110 + "…</span>" in page.source
    assert "[redacted" not in page.source.replace(page.one("data-path", "a")["data-value"], "")


@pytest.mark.parametrize(
    ("length", "groups"),
    [(50, []), (51, ["0 … 49", "50 … 50"]), (120, ["0 … 49", "50 … 99", "100 … 119"])],
)
def test_a_list_of_over_50_items_comes_in_groups_of_50(length: int, groups: list[str]) -> None:
    document = {"list": list(range(length))}
    page = tree(document)
    assert [group for group in groups if f"<summary>{group}</summary>" in page.source] == groups
    assert page.source.count('class="group"') == len(groups)
    assert page.source.count("<details") == page.source.count("</details>") == 1 + len(groups)
    assert list(page.leaves) == list(leaves_of(document))


def test_the_rest_of_a_long_list_is_grouped_too() -> None:
    page = shown(Tree(url_of).render({"list": list(range(120))}["list"], "list", 70))
    assert [f"<summary>{group}</summary>" in page.source for group in ("70 … 99", "100 … 119")] == [True, True]
    assert len(page.leaves) == 50
    assert page.source.count("<details") == page.source.count("</details>") == 2


def test_a_number_keeps_its_exact_value_beside_its_meaning() -> None:
    page = tree({"createdAt": 1_790_000_000_123, "output": {"upload": {"assetSpec": {"size": 84_934_509}}}})
    assert page.leaves["createdAt"] == "1790000000123"
    assert '<span class="n">1790000000123</span>' in page.source
    assert page.one("data-clock")["datetime"] == "2026-09-21T14:13:20Z"
    assert '<span class="n">84934509</span> <span class="z">84.9\u00a0MB</span>' in page.source


@pytest.mark.parametrize("url", ["https://a.test/x?y=1&z=2", "http://10.0.0.1/", "https://a.test/видео.mp4"])
def test_an_address_is_text_with_a_link_beside_it(url: str) -> None:
    page = tree({"url": url})
    link = page.one("href")
    assert (link["href"], link["rel"], link["target"]) == (url, "noopener noreferrer nofollow", "_blank")
    assert page.leaves == {"url": url}


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ipfs://bafy",
        "//evil.test/",
        "https://",
        "https://a b",
        "https://a.test/?token=[redacted: query value]",
        'https://a.test/"onclick="x',
        "https://a.test/\u202egpj.exe",
        "see https://a.test/",
        "HTTPS://a.test",
        "https://a.test/" + "x" * 3_000,
    ],
)
def test_what_is_no_plain_address_of_the_web_is_no_link(text: str) -> None:
    page = tree({"url": text})
    assert page.all("rel") == []
    assert page.leaves == {"url": text}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202eb", "⟨U+202E⟩"),
        ("a\x1b[2Jb", "␛"),
        ("a\u200bb", "⟨U+200B⟩"),
        ("a\x7fb", "␡"),
        ("\ufeffx", "⟨U+FEFF⟩"),
    ],
)
def test_what_nobody_could_see_has_a_stand_in_and_is_copied_as_it_is(text: str, seen: str) -> None:
    page = tree({text: text})
    assert page.source.count(f'<i class="gone">{seen}</i>') == 2
    outside = page.source.replace(f'data-value="{text}"', "").split("<b>")[1]
    assert not {"\u202e", "\x1b", "\u200b", "\x7f", "\ufeff"} & set(outside)
    assert list(page.leaves.values()) == [text]


def test_texts_of_other_scripts_stand_on_their_own() -> None:
    assert "<b><bdi>مفتاح</bdi></b>" in tree({"مفتاح": 1}).source
    assert '<span class="s"><bdi>قيمة</bdi></span>' in tree({"a": "قيمة"}).source


def test_a_carriage_return_reaches_the_copy() -> None:
    assert 'data-value="a&#13;&#13;\nb"' in tree({"a": "a\r\r\nb"}).source


@pytest.mark.parametrize("value", [1, -0.5, 1e300, 10**200, True, False, None, {}, [], "", "null"])
def test_a_value_is_shown_as_json_has_it(value: Any) -> None:
    page = tree({"a": value})
    assert page.leaves == {"a": raw(value)}
    assert f">{value if isinstance(value, str) else json.dumps(value)}</span>" in page.source
