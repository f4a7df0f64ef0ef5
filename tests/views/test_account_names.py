"""Names of accounts, the same account added twice, and keys in the wrong field."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from dashboard.clock import now_ms
from dashboard.models import Account, AuditEntry, Role, Team
from dashboard.sandbox import Sandbox
from tests.conftest import confirm
from tests.views.adding import SignIn, add, alice, refused
from tests.views.conftest import NOWHERE
from tests.views.html import Page

__all__ = ["alice"]  # fixtures


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
