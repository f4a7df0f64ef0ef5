"""Pausing an account, archiving it and removing it: who did it is told, and nothing goes that was not named."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Actor, ApiKey, AuditEntry, Note, Task
from dashboard.sandbox import Sandbox
from dashboard.views import account as account_view
from dashboard.views import account_acts, account_deleting
from tests.conftest import PASSWORD, confirm
from tests.views.conftest import Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


@pytest.fixture
def path(account: Account) -> str:
    return f"/accounts/{account.pk}/"


def state(client: Client, path: str) -> str:
    return Page(client.get(path)).one("data-key-state")["data-key-state"]


def test_a_paused_account_says_by_whom_to_everybody_who_misses_data(
    account: Account, path: str, sign_in: SignIn, alice: Client
) -> None:
    hold(account)
    alice.post(f"{path}pause/", {"paused": "1"})
    alice.post(f"{path}pause/", {"paused": "1"})  # a second press is no resume
    bob = sign_in("bob")
    assert state(bob, path) == "paused"
    for page in (path, "/accounts/", "/"):
        assert "alice@example.com" in Page(bob.get(page)).text
    assert "Production is paused By alice@example.com. Its tasks no longer update." in Page(bob.get("/")).text
    assert not any(element["href"] == path for element in Page(bob.get("/")).all("href"))
    assert any(element["href"] == path for element in Page(alice.get("/")).all("href"))
    assert AuditEntry.objects.filter(what="account.paused").count() == 1


def test_a_resumed_account_is_due_at_once(account: Account, path: str, alice: Client) -> None:
    alice.post(f"{path}pause/")
    account.refresh_from_db()
    assert (account.paused, account.paused_by) == (True, "alice@example.com")
    page = Page(alice.post(f"{path}pause/", follow=True))
    assert "goes on" in page.text
    account.refresh_from_db()
    assert not account.paused
    assert account.next_sync_at is not None
    assert account.next_sync_at <= now_ms()


def test_the_page_says_exactly_what_goes_with_the_account(
    people: SimpleNamespace, account: Account, path: str, alice: Client
) -> None:
    task = hold(account)
    hold(account)
    Note.write(task, Actor("sam@example.com", people.sam.pk), "Look at this", now_ms())
    page = Page(alice.get(f"{path}delete/"))
    assert f"the key …{account.api_key.hint}" in page.text
    assert "2 tasks and 1 note" in page.text
    assert "Nothing is deleted at Studio." in page.text


def test_what_holds_nothing_says_so(account: Account, path: str, alice: Client) -> None:
    assert "no task: none is held" in Page(alice.get(f"{path}delete/")).text


def test_an_archived_account_keeps_its_tasks_and_loses_its_keys(
    account: Account, sandbox: Sandbox, path: str, sign_in: SignIn, alice: Client
) -> None:
    task = hold(account)
    response = alice.post(f"{path}delete/", {"name": "Production", "history": "keep"}, follow=True)
    assert "is archived" in Page(response).text
    assert state(alice, path) == "archived"
    assert not ApiKey.objects.exists()
    bob = sign_in("bob")
    assert task.title in Page(bob.get("/")).text
    assert bob.get(f"/tasks/{task.upstream_id}/").status_code == 200
    assert "no longer update" not in Page(bob.get("/")).text
    listed = Page(bob.get("/accounts/"))
    assert "Archived, 1" in listed.text
    assert not listed.all("data-once")
    page = Page(alice.get(path))
    assert "Test and bring back" in page.text
    assert f"{path}test/" not in page.source
    assert f"{path}pause/" not in page.source
    assert "not asked anyway" in Page(alice.post(f"{path}pause/", follow=True)).text
    again = alice.post(f"{path}delete/", {"name": "Production", "history": "keep"})
    assert "Its history is kept already." in Page(again).text


def test_a_key_of_the_same_project_brings_an_archived_account_back(
    account: Account, sandbox: Sandbox, path: str, alice: Client
) -> None:
    alice.post(f"{path}delete/", {"name": "Production", "history": "keep"})
    assert alice.post(f"{path}key/", {"key": sandbox.key}).status_code == 302
    assert state(alice, path) == "new"
    assert ApiKey.objects.get().open() == sandbox.key


def test_a_removed_account_is_gone_for_everybody_and_its_name_is_free(
    people: SimpleNamespace, account: Account, sandbox: Sandbox, path: str, sign_in: SignIn, alice: Client
) -> None:
    task = hold(account)
    response = alice.post(f"{path}delete/", {"name": "Production", "history": "remove"}, follow=True)
    assert response.redirect_chain == [("/accounts/", 302)]
    assert "Production is removed." in Page(response).text
    for client in (alice, sign_in("bob")):
        for page in (path, f"{path}live/", f"/tasks/{task.upstream_id}/", f"/?account={account.pk}"):
            assert client.get(page).status_code == 404, page
        assert task.title not in Page(client.get("/")).text
    told = {"team": people.team.pk, "name": "Production", "url": sandbox.url, "key": sandbox.key}
    assert alice.post("/accounts/new/", told).status_code == 302


@pytest.mark.parametrize(
    "told",
    [
        {"name": "production", "history": "remove"},
        {"name": "", "history": "remove"},
        {"name": "Production", "history": "shred"},
        {"name": "Production"},
        {"name": "Production\x00", "history": "remove"},
        {"name": "x" * 100_000, "history": "keep"},
        {},
    ],
)
def test_nothing_is_deleted_without_the_name_and_a_choice(
    told: dict[str, str], account: Account, path: str, alice: Client
) -> None:
    hold(account)
    response = alice.post(f"{path}delete/", told)
    assert response.status_code == 422
    assert Page(response).all("role")
    assert len(response.content) < 60_000
    assert (ApiKey.objects.count(), Task.objects.count()) == (1, 1)
    account.refresh_from_db()
    assert (account.archived_at, account.removed_at) == (None, None)


def test_the_name_is_taken_as_a_page_shows_it(connect_quiet: Connect, alice: Client) -> None:
    account = connect_quiet("Café  au lait")
    told = {"name": " Cafe\u0301 au lait ", "history": "keep"}
    assert alice.post(f"/accounts/{account.pk}/delete/", told).status_code == 302


def test_a_deletion_that_had_to_wait_for_the_password_goes_on_by_itself(
    account: Account, path: str, alice: Client
) -> None:
    confirm(alice, 700)
    asked = alice.post(f"{path}delete/", {"name": "Production", "history": "keep"})
    assert asked["Location"].startswith("/auth/confirm/")
    assert ApiKey.objects.exists()
    alice.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert not ApiKey.objects.exists()
    assert state(alice, path) == "archived"


def test_an_archived_account_is_neither_importing_nor_unread_on_the_board(
    connect_quiet: Connect, alice: Client
) -> None:
    connect_quiet("Old", archived_at=now_ms(), health="new", import_done_at=None, next_sync_at=None)
    page = Page(alice.get("/"))
    assert "No tasks are held" in page.text
    assert "Importing" not in page.text


def meanwhile(monkeypatch: pytest.MonkeyPatch, view: ModuleType, act: Callable[[], object]) -> None:
    """Somebody else acts after the account was found and before the verb begins."""

    def actor(request: HttpRequest) -> Actor:
        act()
        return Actor("alice@example.com")

    monkeypatch.setattr(view, "actor_of", actor)


@pytest.mark.parametrize(
    ("paused", "changes", "told"),
    [
        ("1", {"archived_at": 5}, "An archived account is not asked anyway."),
        ("1", {"paused": True}, "Production is paused already."),
        ("0", {"paused": False}, "Production is not paused."),
    ],
)
def test_who_was_too_late_to_pause_or_resume_is_told_what_is_so(
    account: Account, path: str, alice: Client, monkeypatch: pytest.MonkeyPatch, paused: str, changes: Any, told: str
) -> None:
    Account.objects.update(paused=paused == "0")
    meanwhile(monkeypatch, account_acts, lambda: Account.objects.update(**changes))
    text = Page(alice.post(f"{path}pause/", {"paused": paused}, follow=True)).text
    assert told in text
    assert "until somebody resumes it" not in text
    assert "It is asked now." not in text


@pytest.mark.parametrize(
    ("history", "changes", "told"),
    [("keep", {"archived_at": 5}, "was archived already"), ("remove", {"removed_at": 5}, "was removed already")],
)
def test_who_was_too_late_to_delete_is_told_so(
    account: Account, path: str, alice: Client, monkeypatch: pytest.MonkeyPatch, history: str, changes: Any, told: str
) -> None:
    meanwhile(monkeypatch, account_deleting, lambda: Account.objects.update(**changes))
    response = alice.post(f"{path}delete/", {"name": "Production", "history": history}, follow=True)
    assert told in Page(response).text


@pytest.mark.parametrize(
    ("page", "told", "view"),
    [
        ("pause/", {"paused": "1"}, account_acts),
        ("pause/", {"paused": "0"}, account_acts),
        ("delete/", {"name": "Production", "history": "keep"}, account_deleting),
    ],
)
def test_an_act_on_what_the_syncer_has_deleted_meanwhile_finds_nothing(
    account: Account, path: str, alice: Client, monkeypatch: pytest.MonkeyPatch, page: str, told: Any, view: ModuleType
) -> None:
    meanwhile(monkeypatch, view, lambda: Account.objects.all().delete())
    assert alice.post(f"{path}{page}", told).status_code == 404


def test_a_page_of_what_the_syncer_has_deleted_meanwhile_finds_nothing(
    account: Account, path: str, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = account_view._about

    def deleted(*args: Any) -> Any:
        found = about(*args)
        Account.objects.all().delete()
        return found

    monkeypatch.setattr(account_view, "_about", deleted)
    assert alice.get(path).status_code == 404
