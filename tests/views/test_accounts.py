"""Accounts: a key is tested before it is kept, and nobody sees it again."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from dashboard.clock import now_ms
from dashboard.models import Account, Health
from dashboard.sandbox import Sandbox
from tests.views.adding import add, alice, refused
from tests.views.conftest import NOWHERE
from tests.views.html import Page

__all__ = ["alice"]  # fixtures


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
