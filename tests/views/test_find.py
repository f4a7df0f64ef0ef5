"""Searching one task's document."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Account
from tests.views.conftest import hold
from tests.views.html import Page
from tests.views.region import HTMX

SignIn = Callable[[str], Client]
PARAMS = {"upload": {"url": "https://media.example.test/Lighthouse.mp4", "profiles": [{"name": "lighthouse-720p"}]}}


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def test_leaves_are_found_by_path_and_value_with_copy_and_branch(quiet: Account, bob: Client) -> None:
    url = f"/tasks/{hold(quiet, params=PARAMS, name='x').upstream_id}/find/?q=LIGHTHOUSE"
    page = Page(bob.get(url))
    assert page.leaves == {
        "params.upload.url": "https://media.example.test/Lighthouse.mp4",
        "params.upload.profiles[0].name": "lighthouse-720p",
    }
    assert page.source.count("<mark>Lighthouse</mark>") == 1
    assert "2 values with “LIGHTHOUSE”" in page.text
    branches = [element["href"] for element in page.all("data-find")]
    assert [bob.get(branch).status_code for branch in branches] == [200, 200]
    assert "params.upload.profiles%5B0%5D" in branches[1]
    inside = Page(bob.get(url, headers=HTMX))
    assert inside.leaves == page.leaves
    assert "<html" not in inside.source


def test_the_field_on_the_tasks_page_asks_for_it(quiet: Account, bob: Client) -> None:
    task = hold(quiet, params=PARAMS)
    page = Page(bob.get(f"/tasks/{task.upstream_id}/"))
    field = page.one("hx-target", "#found")
    assert field["hx-get"] == f"/tasks/{task.upstream_id}/find/"
    assert page.one("role", "search")["action"] == field["hx-get"]
    assert "hx-morph-skip" in page.one("id", "found")


def test_without_a_text_there_is_only_the_field(quiet: Account, bob: Client) -> None:
    url = f"/tasks/{hold(quiet).upstream_id}/find/"
    for query in ("", "?q=", "?q=%20"):
        assert bob.get(url + query, headers=HTMX).content.strip() == b""
        assert Page(bob.get(url + query)).one("name", "q")["value"] == ""
    assert "Nothing with “zzz”" in Page(bob.get(f"{url}?q=zzz")).text


def test_what_was_typed_and_found_is_text(quiet: Account, bob: Client) -> None:
    task = hold(quiet, params={"<b>": "<script>x</script>\u202e", "k": "a<script>"})
    page = Page(bob.get(f"/tasks/{task.upstream_id}/find/", {"q": "<script>"}))
    assert len(page.leaves) == 2
    assert "<script>x" not in page.source
    assert "<mark>&lt;script&gt;</mark>" in page.source
    assert "⟨U+202E⟩" in page.text


def test_many_and_long_hits_make_no_huge_page(quiet: Account, bob: Client) -> None:
    task = hold(quiet, params={"list": ["needle " * 2_000] * 300})
    page = Page(bob.get(f"/tasks/{task.upstream_id}/find/?q=needle"))
    assert len(page.all("data-find")) == 100
    assert "300 values" in page.text
    assert len(page.source) < 200_000
    copied = page.all("data-copy-url")[0]["data-copy-url"]
    response = bob.get(copied)
    assert response.content.decode() == "needle " * 2_000
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("text", ["x" * 5_000, "\0", "\ud83d", "%", "ß" * 300])
def test_any_text_may_be_looked_for(text: str, quiet: Account, bob: Client) -> None:
    url = f"/tasks/{hold(quiet).upstream_id}/find/"
    assert bob.get(url, {"q": text.encode(errors="replace")}).status_code == 200
