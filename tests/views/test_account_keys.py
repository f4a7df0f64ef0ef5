"""An account's page: its key is tested, replaced, stepped back to and forgotten, and nobody ever reads it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, ApiKey, AuditEntry, Health, PreviousKey
from dashboard.sandbox import Sandbox
from tests.conftest import confirm
from tests.views.conftest import KEY, NOWHERE, Connect
from tests.views.html import Page

SignIn = Callable[[str], Client]
HUGE = 10**30


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


@pytest.fixture
def path(account: Account) -> str:
    return f"/accounts/{account.pk}/"


@pytest.fixture
def second_key(sandbox: Sandbox) -> str:
    """Another key of the same project, so it is good and new."""
    sandbox.add_task()
    return sandbox.add_key("33333333-4444-4333-8444-77777777b2b2")


def state(client: Client, account: Account) -> str:
    return Page(client.get(f"/accounts/{account.pk}/")).one("data-key-state")["data-key-state"]


def replace(client: Client, account: Account, key: str) -> Any:
    return client.post(f"/accounts/{account.pk}/key/", {"key": key})


def test_a_new_key_takes_over_and_the_old_one_is_the_one_step_back(
    account: Account, sandbox: Sandbox, second_key: str, path: str, alice: Client
) -> None:
    response = replace(alice, account, second_key)
    assert (response.status_code, response["Location"]) == (302, path)
    assert ApiKey.objects.get().open() == second_key
    page = Page(alice.get(path))
    assert "The key works" in page.text
    assert f"…{sandbox.key[-4:]}old, kept, not used" in page.text
    assert f"{path}key/back/" in page.source
    assert f"{path}key/forget/" in page.source
    assert sandbox.key not in page.source
    assert second_key not in page.source


def test_one_steps_back_to_the_old_key_and_forward_again(
    account: Account, sandbox: Sandbox, second_key: str, path: str, alice: Client
) -> None:
    replace(alice, account, second_key)
    assert alice.post(f"{path}key/back/").status_code == 302
    assert ApiKey.objects.get().open() == sandbox.key
    alice.post(f"{path}key/back/")
    assert ApiKey.objects.get().open() == second_key


def test_the_old_key_is_forgotten_on_request_and_then_there_is_no_way_back(
    account: Account, second_key: str, path: str, alice: Client
) -> None:
    replace(alice, account, second_key)
    page = Page(alice.post(f"{path}key/forget/", follow=True))
    assert "was deleted here" in page.text
    assert f"{path}key/back/" not in page.source
    assert not PreviousKey.objects.exists()
    assert "There is no old key any more." in Page(alice.post(f"{path}key/forget/", follow=True)).text
    assert "no previous key" in Page(alice.post(f"{path}key/back/", follow=True)).text
    assert ApiKey.objects.get().open() == second_key


def test_the_page_says_before_it_happens_which_key_a_third_one_drives_out(
    account: Account, sandbox: Sandbox, second_key: str, path: str, alice: Client
) -> None:
    replace(alice, account, second_key)
    told = f"…{second_key[-4:]} is kept then, and …{sandbox.key[-4:]} is deleted."
    assert told in Page(alice.get(path)).text


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("11111111-2222-4333-8444-555555555555", "Studio does not know this key."),
        ("two words", "no spaces or special characters"),
        ("ключ", "no spaces or special characters"),
        ("line\nbreak", "no spaces or special characters"),
        ("x" * 501, "at most 500 characters"),
        ("nul\x00", "ull characters"),
        ("", "required"),
    ],
)
def test_a_bad_key_leaves_everything_as_it_was_and_is_not_drawn_again(
    key: str, sentence: str, account: Account, sandbox: Sandbox, alice: Client
) -> None:
    response = replace(alice, account, key)
    assert response.status_code == 422
    page = Page(response)
    assert sentence in page.text
    assert page.all("role")
    assert not key or key not in page.source
    assert not page.one("id", "new_key").get("value")
    assert ApiKey.objects.get().open() == sandbox.key
    assert not PreviousKey.objects.exists()


def test_a_key_of_another_project_is_refused(
    account: Account, sandbox: Sandbox, sync: Callable[..., Account], alice: Client
) -> None:
    sandbox.add_task()
    sync(account)
    response = replace(alice, account, sandbox.sister_key)
    assert response.status_code == 422
    assert "another project" in Page(response).text
    assert ApiKey.objects.get().open() == sandbox.key


def test_the_old_key_is_pasted_again_where_it_cannot_be_opened(
    account: Account, sandbox: Sandbox, path: str, alice: Client
) -> None:
    ApiKey.objects.filter(account=account).update(sealed="not ours")
    Account.objects.filter(pk=account.pk).update(health=Health.UNOPENABLE, error="It cannot be opened.")
    assert state(alice, account) == "unopenable"
    page = Page(alice.get(path))
    assert "Paste the key again." in page.text
    assert "not ours" not in page.source
    assert replace(alice, account, sandbox.key).status_code == 302
    assert state(alice, account) == "new"


def test_who_signed_in_long_ago_is_asked_first_and_nothing_of_the_key_is_kept(
    account: Account, sandbox: Sandbox, second_key: str, path: str, alice: Client
) -> None:
    replace(alice, account, second_key)
    confirm(alice, 700)
    began = now_ms()
    assert alice.get(path).status_code == 200
    assert 'name="key"' not in alice.get(path).content.decode()
    for response in (
        alice.get(f"{path}key/"),
        replace(alice, account, sandbox.key),
        alice.post(path, {"name": "Production", "url": account.url, "key": sandbox.key}),
        alice.post(path, {"name": "Production", "url": "https://elsewhere.example.test/api"}),
        alice.post(f"{path}key/back/"),
        alice.post(f"{path}key/forget/"),
        alice.post(f"{path}delete/", {"name": account.name, "history": "remove"}),
    ):
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/confirm/?next=")
        assert sandbox.key not in str(dict(alice.session))
    assert sandbox.calls_since(began) == []
    assert ApiKey.objects.get().open() == second_key
    assert PreviousKey.objects.exists()
    account.refresh_from_db()
    assert (account.removed_at, account.archived_at, account.url) == (None, None, sandbox.url)


def test_the_way_to_replace_a_key_ends_in_its_field(account: Account, path: str, alice: Client) -> None:
    assert "autofocus" in Page(alice.get(f"{path}key/")).one("id", "new_key")
    assert "autofocus" not in Page(alice.get(path)).one("id", "new_key")
    confirm(alice, 700)
    page = Page(alice.get(path))
    assert not [element for element in page.elements if element.get("name") == "key"]
    assert any(element["href"] == f"{path}key/" for element in page.all("href"))


def test_renaming_testing_and_pausing_ask_for_no_password(account: Account, path: str, alice: Client) -> None:
    confirm(alice, 700)
    for response in (
        alice.post(path, {"name": "Renamed", "url": account.url}),
        alice.post(f"{path}test/"),
        alice.post(f"{path}pause/"),
    ):
        assert (response.status_code, response["Location"]) == (302, path)


@pytest.mark.parametrize("person", ["sam", "bob"])
def test_support_and_viewers_see_the_page_without_its_acts(
    person: str, account: Account, path: str, sign_in: SignIn
) -> None:
    page = Page(sign_in(person).get(path))
    assert page.one("data-key-state")["data-key-state"] == "new"
    assert NOWHERE not in page.text
    assert account.url in page.text
    for act in ("test", "key", "pause", "delete"):
        assert f"{path}{act}/" not in page.source
    assert 'name="key"' not in page.source
    assert 'type="password"' not in page.source


@pytest.mark.parametrize("act", ["", "live/", "key/", "key/back/", "key/forget/", "test/", "pause/", "delete/"])
def test_accounts_of_other_teams_and_ids_of_nothing_are_not_found(
    act: str, people: SimpleNamespace, connect_quiet: Connect, alice: Client
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    told = {"name": "Theirs", "url": theirs.url, "key": KEY, "history": "remove", "paused": "1"}
    for pk in (theirs.pk, 999_999, HUGE, 2**63, 2**31):
        for response in (alice.get(f"/accounts/{pk}/{act}"), alice.post(f"/accounts/{pk}/{act}", told)):
            assert response.status_code in (404, 405)
    theirs.refresh_from_db()
    assert (theirs.paused, theirs.removed_at, theirs.archived_at) == (False, None, None)


def test_testing_from_another_page_leads_back_there_and_names_the_account(
    account: Account, sandbox: Sandbox, path: str, alice: Client
) -> None:
    response = alice.post(f"{path}test/", {"next": "/accounts/"})
    assert response["Location"] == "/accounts/"
    assert "Production: The key works" in Page(alice.get("/accounts/")).text
    for elsewhere in ("https://evil.test/", "//evil.test/", "javascript:alert(1)", "\\\\evil.test", "/\\evil.test"):
        assert alice.post(f"{path}test/", {"next": elsewhere})["Location"] == path


def test_a_rejected_key_is_replaced_from_the_notice_above_the_list(
    account: Account, sandbox: Sandbox, sync: Callable[..., Account], path: str, sign_in: SignIn
) -> None:
    sandbox.revoke(sandbox.key)
    sync(account)
    alice, bob = sign_in("alice"), sign_in("bob")
    page = Page(alice.get("/accounts/"))
    assert "Production has not been read since" in page.text
    assert f'formaction="{path}test/"' in page.source
    assert f'href="{path}key/"' in page.source
    assert state(alice, account) == "rejected"
    theirs = Page(bob.get("/accounts/"))
    assert "Production has not been read since" in theirs.text
    assert "An admin of Acme can mend it." in theirs.text
    assert f"{path}test/" not in theirs.source
    assert f"{path}key/" not in theirs.source


def test_no_audit_entry_and_no_page_holds_a_key_after_all_of_this(
    account: Account, sandbox: Sandbox, second_key: str, path: str, alice: Client
) -> None:
    replace(alice, account, second_key)
    replace(alice, account, "22222222-2222-4333-8444-555555555555")
    alice.post(f"{path}key/back/")
    alice.post(f"{path}key/forget/")
    keys = (sandbox.key, second_key, "22222222-2222-4333-8444-555555555555")
    told = " ".join(f"{entry.subject} {entry.before} {entry.after}" for entry in AuditEntry.objects.all())
    pages = "".join(alice.get(page).content.decode() for page in (path, "/accounts/", f"{path}delete/", "/"))
    assert not [key for key in keys if key in told + pages]
    whats = set(AuditEntry.objects.values_list("what", flat=True))
    assert {"key.replaced", "key.refused", "key.stepped_back", "key.old_deleted"} <= whats
