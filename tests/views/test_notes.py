"""Notes about a task: support writes them, everybody who sees the task reads them."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Account, Note, Task
from tests.views.conftest import KEY, hold
from tests.views.html import Page
from tests.views.region import Region

SignIn = Callable[[str], Client]


@pytest.fixture
def task(quiet: Account) -> Task:
    return hold(quiet)


def write(browser: Client, task: Task, text: str) -> int:
    return browser.post(f"/tasks/{task.upstream_id}/notes/", {"text": text}).status_code


def test_a_note_stands_on_the_page_with_its_author(sign_in: SignIn, task: Task) -> None:
    assert write(sign_in("sam"), task, "The bucket moved on Friday.\nAsk Ben.") == 302
    page = Page(sign_in("bob").get(f"/tasks/{task.upstream_id}/"))
    assert "The bucket moved on Friday." in page.text
    assert "sam@example.com" in page.text


def test_a_viewer_reads_notes_and_writes_none(sign_in: SignIn, task: Task) -> None:
    bob = sign_in("bob")
    assert write(bob, task, "hello") == 403
    assert not Note.objects.exists()
    assert "Add note" not in bob.get(f"/tasks/{task.upstream_id}/").content.decode()


def test_another_team_cannot_even_tell_that_there_is_a_task(sign_in: SignIn, task: Task) -> None:
    assert write(sign_in("charlie"), task, "hello") == 404


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001])
def test_a_note_that_cannot_be_kept_is_given_back_with_the_reason(sign_in: SignIn, task: Task, text: str) -> None:
    response = sign_in("sam").post(f"/tasks/{task.upstream_id}/notes/", {"text": text})
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not Note.objects.exists()


def test_what_is_secret_in_a_note_is_removed_before_it_is_kept(sign_in: SignIn, task: Task) -> None:
    write(sign_in("sam"), task, "They sent Authorization: Bearer 0c6e2b1a7c1e4d0f9c551f2e3d4c5b6a with it")
    assert "0c6e2b1a7c1e4d0f" not in Note.objects.get().text
    assert "[redacted: " in Note.objects.get().text


def test_markup_in_a_note_is_text(sign_in: SignIn, task: Task) -> None:
    write(sign_in("sam"), task, "<script>alert(1)</script>")
    html = sign_in("bob").get(f"/tasks/{task.upstream_id}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_new_note_is_news_for_those_who_watch(sign_in: SignIn, task: Task) -> None:
    region = Region(sign_in("bob"), f"/tasks/{task.upstream_id}/")
    assert region.poll() == 204
    write(sign_in("sam"), task, "Look at this")
    assert region.poll() == 200
    assert "Look at this" in region.page.text


def test_a_note_outlives_its_authors_account(sign_in: SignIn, task: Task) -> None:
    write(sign_in("sam"), task, "Mine")
    note = Note.objects.get()
    assert note.author is not None
    note.author.delete()
    assert "sam@example.com" in sign_in("bob").get(f"/tasks/{task.upstream_id}/").content.decode()


def test_the_accounts_own_key_in_a_note_is_removed(sign_in: SignIn, task: Task) -> None:
    write(sign_in("sam"), task, f"I used {KEY} for it")
    assert KEY not in Note.objects.get().text


def test_what_would_turn_a_note_around_is_seen(sign_in: SignIn, task: Task) -> None:
    write(sign_in("sam"), task, "a\u202egnp.exe")
    html = sign_in("bob").get(f"/tasks/{task.upstream_id}/").content.decode()
    assert "\u202e" not in html
    assert "⟨U+202E⟩" in html
