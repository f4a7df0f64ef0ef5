"""Changing and testing an account, and what its pages tell."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client
from pytest_django import Settings

from dashboard.clock import now_ms
from dashboard.models import Account, ApiKey, Health
from dashboard.sandbox import Sandbox
from tests.views.adding import SignIn, alice
from tests.views.conftest import NOWHERE, Connect, hold
from tests.views.html import Page

__all__ = ["alice"]  # fixtures


Sync = Callable[..., Account]


def test_renaming_needs_no_key_and_asks_nobody(account: Account, sandbox: Sandbox, alice: Client) -> None:
    began = now_ms()
    assert alice.post(f"/accounts/{account.pk}/", {"name": "Renamed", "url": account.url}).status_code == 302
    account.refresh_from_db()
    assert account.name == "Renamed"
    assert sandbox.calls_since(began) == []


def test_another_server_needs_the_key_again(account: Account, sandbox: Sandbox, alice: Client) -> None:
    with Sandbox(tasks=0, pace=0) as other:
        began = now_ms()
        response = alice.post(f"/accounts/{account.pk}/", {"name": "Live", "url": other.url})
        assert response.status_code == 422
        assert "Another server needs the key again" in Page(response).text
        assert other.calls_since(began) == []
        account.refresh_from_db()
        assert (account.name, account.url) == ("Production", sandbox.url)
        told = {"name": "Live", "url": other.url, "key": other.key}
        assert alice.post(f"/accounts/{account.pk}/", told).status_code == 302
        account.refresh_from_db()
        assert account.url == other.url
        assert ApiKey.objects.get().open() == other.key


def test_another_path_on_the_same_server_is_tested_with_the_key_we_hold(
    account: Account, sandbox: Sandbox, alice: Client
) -> None:
    response = alice.post(f"/accounts/{account.pk}/", {"name": "Live", "url": sandbox.url + "/nothing"})
    assert response.status_code == 422
    assert "There is no Task API at this URL" in Page(response).text
    account.refresh_from_db()
    assert (account.name, account.url) == ("Production", sandbox.url)


def test_a_bad_new_key_leaves_the_old_one(account: Account, sandbox: Sandbox, alice: Client) -> None:
    told = {"name": "Live", "url": account.url, "key": sandbox.key[:-1] + "0"}
    response = alice.post(f"/accounts/{account.pk}/", told)
    assert response.status_code == 422
    assert told["key"] not in response.content.decode()
    assert ApiKey.objects.get().open() == sandbox.key


def test_a_rejected_account_starts_again_when_its_key_is_replaced_or_tested(
    account: Account, sandbox: Sandbox, sync: Sync, alice: Client
) -> None:
    paths = {f"/accounts/{account.pk}/test/": {}, f"/accounts/{account.pk}/": {"name": "Live", "key": sandbox.key}}
    for path, told in paths.items():
        Account.objects.filter(pk=account.pk).update(
            health=Health.REJECTED, error="No such key.", next_sync_at=None, failures=3
        )
        response = alice.post(path, {**told, "url": account.url}, follow=True)
        assert "The key works" in Page(response).text
        account.refresh_from_db()
        assert (account.health, account.error, account.failures) == (Health.NEW, "", 0)
        assert account.next_sync_at


def test_testing_a_revoked_key_says_so(account: Account, sandbox: Sandbox, alice: Client) -> None:
    sandbox.revoke(sandbox.key)
    response = alice.post(f"/accounts/{account.pk}/test/", follow=True)
    assert "Studio does not know this key." in Page(response).text
    assert sandbox.key not in response.content.decode()


def test_a_key_sealed_by_another_vault_is_said_to_be_so(quiet: Account, alice: Client, settings: Settings) -> None:
    settings.VAULT_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    response = alice.post(f"/accounts/{quiet.pk}/test/", follow=True)
    assert "cannot be opened with the vault keys at hand" in Page(response).text


def test_the_list_tells_each_accounts_health_and_never_a_key(
    people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    hold(connect_quiet("Fine", studio_user="ann@example.test"))
    connect_quiet("Dead", health="rejected", error="No such key.")
    connect_quiet("New one", health="new", import_done_at=None, imported=300, import_total=1000)
    connect_quiet("Theirs", team=people.other)
    for person in ("alice", "bob"):
        page = Page(sign_in(person).get("/accounts/"))
        for told in ("Working", "Rejected", "No such key.", "300 of 1,000", "ann@example.test"):
            assert told in page.text
        assert "Theirs" not in page.text
        assert (page.source.count("/accounts/new/") > 0) == (person == "alice")
        assert page.one("id", "accounts")["hx-trigger"] == "every 15s"


def test_an_import_is_told_in_the_same_percent_everywhere_and_100_means_all(
    connect_quiet: Connect, sign_in: SignIn
) -> None:
    connect_quiet("New one", health="new", import_done_at=None, imported=997, import_total=1000)
    for path in ("/", "/accounts/"):
        page = Page(sign_in("bob").get(path))
        assert page.one("aria-label", "Import of New one")["value"] == "99"


def test_a_viewer_sees_an_accounts_facts_without_a_form(quiet: Account, sign_in: SignIn) -> None:
    page = Page(sign_in("bob").get(f"/accounts/{quiet.pk}/"))
    assert NOWHERE in page.text
    assert not [element for element in page.elements if element.get("name") == "key"]
