"""Accounts: a key is tested before it is kept, and nobody sees it again."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from dashboard.clock import now_ms
from dashboard.models import Account, ApiKey, AuditEntry, Health, Role, Team
from dashboard.sandbox import Sandbox
from tests.conftest import confirm
from tests.views.conftest import NOWHERE, Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
Sync = Callable[..., Account]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


def add(client: Client, people: SimpleNamespace, url: str, key: str, **told: Any) -> Any:
    return client.post("/accounts/new/", {"team": people.team.pk, "name": "Live", "url": url, "key": key, **told})


def refused(response: Any, sentence: str, key: str) -> None:
    """One sentence, the right status, nothing stored, nothing secret repeated."""
    assert response.status_code == 422
    assert sentence in Page(response).text
    assert key not in response.content.decode()
    assert not Account.objects.exists()
    assert not ApiKey.objects.exists()


def test_a_good_key_is_kept_sealed_and_names_user_and_project(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    sandbox.add_task()
    response = add(alice, people, f" {sandbox.url}/ ", sandbox.key)
    assert (response.status_code, response["Location"]) == (302, "/")
    account = Account.objects.get()
    assert (account.url, account.health) == (sandbox.url, Health.NEW)
    assert account.studio_user == "alice@acme.example.test"
    assert account.project_id == sandbox.project_id()
    assert account.api_key.open() == sandbox.key
    assert sandbox.key not in account.api_key.sealed
    page = Page(alice.get(f"/accounts/{account.pk}/"))
    assert sandbox.key not in page.source
    assert f"…{sandbox.key[-4:]}" in page.text
    assert "The key works: Studio user alice@acme.example.test" in page.text


def test_without_a_task_the_project_is_known_later(people: SimpleNamespace, sandbox: Sandbox, alice: Client) -> None:
    add(alice, people, sandbox.url, sandbox.key)
    page = Page(alice.get(f"/accounts/{Account.objects.get().pk}/"))
    assert "known with the first task" in page.text


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"malformed": "html"}, "The answer is a web page, not JSON."),
        ({"malformed": "object"}, "not what a Task API says"),
        ({"redirect_to": "https://livepeer.studio/api"}, "redirect (status 302), which is not followed"),
        ({"truncated": True}, ""),
    ],
)
def test_a_server_that_is_no_task_api_is_refused(
    trouble: dict[str, Any], sentence: str, people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    sandbox.switches.change(trouble)
    response = add(alice, people, sandbox.url, sandbox.key)
    if trouble == {"truncated": True}:  # a broken connection is no verdict on the key
        assert response.status_code in (302, 422)
        return
    refused(response, sentence, sandbox.key)


def test_an_unknown_key_is_refused_although_studio_echoes_it(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    key = "11111111-2222-4333-8444-555555555555"
    refused(add(alice, people, sandbox.url, key), "Studio does not know this key.", key)


@pytest.mark.parametrize("address", ["{key}", "https://{key}", "https://livepeer.studio/api/{key}"])
def test_a_key_in_the_field_of_the_address_is_refused_and_not_drawn_again(
    address: str, people: SimpleNamespace, alice: Client
) -> None:
    key = "11111111-2222-4333-8444-555555555555"
    refused(add(alice, people, address.format(key=key), "another-key-of-mine"), "There is a key in the address.", key)


def test_a_wrong_base_path_is_refused(people: SimpleNamespace, sandbox: Sandbox, alice: Client) -> None:
    url = sandbox.url.removesuffix("/api")
    refused(add(alice, people, url, sandbox.key), "There is no Task API at this URL", sandbox.key)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/api", "https://localhost/api", "https://[::1]/api", "https://10.0.0.1/api", "https://2130706433/",
     "https://169.254.169.254/latest", "http://livepeer.studio/api", "https://[::ffff:10.0.0.1]/", "https://0x7f.1/"],
)  # fmt: skip
def test_a_private_or_unencrypted_address_is_refused(
    url: str, people: SimpleNamespace, alice: Client, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_UPSTREAMS = False
    response = add(alice, people, url, "a-key-of-mine")
    refused(response, "https://" if url.startswith("http:") else "private or local", "a-key-of-mine")


@pytest.mark.parametrize("url", ["nonsense", "ftp://x/api", "https://", "https://u:p@example.test/api", "javascript:x"])
def test_what_is_no_address_is_refused(url: str, people: SimpleNamespace, alice: Client) -> None:
    response = add(alice, people, url, "a-key-of-mine")
    assert response.status_code == 422
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "url", ["https://u:hunter2@example.test/api", "u:hunter2@x", f"https://u:hunter2@example.test/{'x' * 500}"]
)
def test_an_address_with_a_password_in_it_is_refused_without_repeating_it(
    url: str, people: SimpleNamespace, alice: Client
) -> None:
    page = Page(add(alice, people, url, "a-key-of-mine"))
    assert "hunter2" not in page.source
    assert page.one("name", "name")["value"] == "Live"
    assert page.one("name", "url").get("value", "") == ""


@pytest.mark.parametrize("key", ["", "  ", "two words", "ключ", "line\nbreak"])
def test_what_is_no_key_is_refused_before_anybody_is_asked(
    key: str, people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    began = now_ms()
    assert add(alice, people, sandbox.url, key).status_code == 422
    assert sandbox.calls_since(began) == []


def test_a_limited_key_is_kept_and_said_to_be_limited(people: SimpleNamespace, sandbox: Sandbox, alice: Client) -> None:
    response = add(alice, people, sandbox.url, sandbox.limited_key)
    assert response.status_code == 302
    assert Account.objects.get().health == Health.LIMITED
    assert "may not list tasks" in Page(alice.get("/")).text


@pytest.mark.parametrize(
    "trouble", [{"rate_limited": True}, {"failing": 503}, {"failing": 500}, {"failing": 502}, {"hanging": True}]
)
@pytest.mark.usefixtures("impatient")
def test_when_studio_cannot_say_the_key_is_kept_with_a_warning(
    trouble: dict[str, Any], people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    sandbox.switches.change(trouble)
    assert add(alice, people, sandbox.url, sandbox.key).status_code == 302
    assert "Studio could not confirm the key just now" in Page(alice.get("/")).text
    assert Account.objects.get().api_key.open() == sandbox.key


def test_an_address_where_nobody_answers_is_refused(people: SimpleNamespace, alice: Client) -> None:
    refused(add(alice, people, NOWHERE, "a-key-of-mine"), "", "a-key-of-mine")


def test_a_form_without_its_team_says_what_is_missing(people: SimpleNamespace, alice: Client) -> None:
    page = Page(alice.post("/accounts/new/", {"name": "Live", "url": NOWHERE, "key": "a-key-of-mine"}))
    assert "Team: This field is required." in page.text


def test_a_name_stands_once_in_a_team(people: SimpleNamespace, sandbox: Sandbox, alice: Client) -> None:
    add(alice, people, sandbox.url, sandbox.key)
    again = add(alice, people, sandbox.url, sandbox.key)
    assert again.status_code == 422
    assert "an account of this name already" in Page(again).text
    assert Account.objects.count() == 1


def test_the_same_form_sent_twice_at_once_adds_one_account(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(alice, people, sandbox.url, sandbox.key)
    monkeypatch.setattr("dashboard.forms.accounts.AccountForm.clean", lambda form: form.cleaned_data)  # both looked
    again = add(alice, people, sandbox.url, sandbox.key)
    assert again.status_code == 422
    assert "Already connected as “Live”." in Page(again).text
    assert Account.objects.count() == 1


def test_two_projects_given_one_name_at_once_are_told_apart(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(alice, people, sandbox.url, sandbox.key)
    monkeypatch.setattr("dashboard.forms.accounts.AccountForm.clean", lambda form: form.cleaned_data)  # both looked
    with Sandbox(tasks=0, pace=0) as other:
        again = add(alice, people, other.url, other.key)
    assert again.status_code == 422
    assert "an account of this name already" in Page(again).text
    assert Account.objects.count() == 1


def test_a_project_that_is_connected_already_leads_to_its_account(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    sandbox.add_task()
    add(alice, people, sandbox.url, sandbox.key)
    first = Account.objects.get()
    page = Page(add(alice, people, sandbox.url, sandbox.key, name="Again"))
    assert "Already connected as “Live”." in page.text
    assert any(element["href"] == f"/accounts/{first.pk}/" for element in page.all("href"))
    assert page.all("role")
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Live\x07bell", "no control characters"),
        ("Live\u202egnp.exe", "no control characters"),
        ("two\nlines", "no control characters"),
        ("Live\x00", ""),
        ("\u200b", "no control characters"),
        ("x" * 101, "at most 100 characters"),
        ("x" * 100_000, "at most 100 characters"),
        ("   ", "required"),
        ("", "required"),
    ],
)
def test_a_name_that_cannot_be_read_is_refused(
    name: str, sentence: str, people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    refused(add(alice, people, sandbox.url, sandbox.key, name=name), sentence, sandbox.key)


@pytest.mark.parametrize("name", ["Ünïcode 日本", "👩‍🎤 Matchday", "O'Neil & <b>sons</b>", "x" * 100])
def test_a_name_may_be_in_any_language(name: str, people: SimpleNamespace, sandbox: Sandbox, alice: Client) -> None:
    assert add(alice, people, sandbox.url, sandbox.key, name=name).status_code == 302
    assert Account.objects.get().name == name
    assert name in Page(alice.get("/accounts/")).text
    assert "<b>sons" not in alice.get("/accounts/").content.decode()


def test_names_that_differ_only_in_case_or_spaces_are_one(
    people: SimpleNamespace, account: Account, alice: Client
) -> None:
    for name in ("production", " Production  ", "PRODUCTION"):
        response = add(alice, people, account.url, "a-key-of-mine", name=name)
        assert "an account of this name already" in Page(response).text


def test_a_key_in_the_wrong_field_is_neither_kept_nor_drawn(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    for wrong in ({"name": f"key {sandbox.key}"}, {"url": f"{sandbox.url}?key={sandbox.key}"}):
        told = {"team": people.team.pk, "name": "Live", "url": sandbox.url, "key": sandbox.key, **wrong}
        refused(alice.post("/accounts/new/", told), "belongs into its own field", sandbox.key)
    lonely = {"team": people.team.pk, "name": sandbox.key, "url": sandbox.url, "key": ""}
    refused(alice.post("/accounts/new/", lonely), "looks like a key", sandbox.key)


def test_a_private_address_is_told_in_the_audit_however_the_rest_of_the_form_is(
    people: SimpleNamespace, quiet: Account, alice: Client, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_UPSTREAMS = False
    forms: list[tuple[str, dict[str, Any]]] = [
        ("/accounts/new/", {"team": people.team.pk, "name": "Live", "key": "a-key-of-mine"}),
        ("/accounts/new/", {"team": people.team.pk, "name": "", "key": ""}),
        ("/accounts/new/", {"team": people.other.pk, "name": "Live", "key": "a-key-of-mine"}),
        (f"/accounts/{quiet.pk}/", {"name": "Acme Live"}),
        (f"/accounts/{quiet.pk}/", {"name": "Acme Live", "key": "a-key-of-mine"}),
    ]
    for number, (path, told) in enumerate(forms, start=1):
        response = alice.post(path, {**told, "url": "https://169.254.169.254/latest"})
        assert response.status_code == 422
        entries = AuditEntry.objects.filter(what="account.url_refused", team_id=people.team.pk)
        assert entries.count() == number
        assert "169.254.169.254" in entries[0].after
        assert "a-key-of-mine" not in entries[0].after


def test_who_signed_in_long_ago_says_first_that_it_is_them(
    people: SimpleNamespace, sandbox: Sandbox, alice: Client
) -> None:
    confirm(alice, 700)
    for path in ("/accounts/new/",):
        response = alice.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/confirm/?next=")
    began = now_ms()
    response = add(alice, people, sandbox.url, sandbox.key)
    assert response["Location"].startswith("/auth/confirm/?next=")
    assert sandbox.key not in str(dict(alice.session))
    assert sandbox.calls_since(began) == []
    assert not Account.objects.exists()


def test_an_account_is_added_only_to_a_team_whose_admin_one_is(
    people: SimpleNamespace, sandbox: Sandbox, sign_in: SignIn, alice: Client
) -> None:
    assert add(alice, people, sandbox.url, sandbox.key, team=people.other.pk).status_code == 422
    second = Team.objects.create(name="Second")
    second.add(people.alice, Role.SUPPORT)
    assert add(alice, people, sandbox.url, sandbox.key, team=second.pk).status_code == 422
    assert not Account.objects.exists()


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
