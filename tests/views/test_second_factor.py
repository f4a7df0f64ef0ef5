"""The second factor: an authenticator app and recovery codes, sealed in the vault."""

from types import SimpleNamespace

import pytest
from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.models import AuditEntry
from tests.codes import code_of
from tests.confirm import confirm
from tests.conftest import PASSWORD
from tests.views.html import Page
from tests.views.people import SECRET, come_in, factors_of, give_second_factor, is_in, told_of, words_about

BOTH = {"totp", "recovery_codes"}


def test_a_second_factor_is_set_up_with_a_code_and_asked_for_from_then_on(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    page = Page(client.get("/auth/totp/"))
    secret = page.one("data-copy-text")["data-copy-text"]
    assert page.one("role", "img")
    assert any(element["tag"] == "svg" and "viewbox" in element for element in page.elements)
    assert "data:" not in page.source
    done = client.post("/auth/totp/", {"code": code_of(secret)}, follow=True)
    assert done.redirect_chain == [("/auth/recovery/", 302)]
    assert factors_of(people.bob) == BOTH

    elsewhere = Client()
    told = {"login": "bob@example.com", "password": PASSWORD}
    assert elsewhere.post("/auth/login/?next=/accounts/", told)["Location"] == "/auth/factor/"
    assert not is_in(elsewhere)
    response = elsewhere.post("/auth/factor/", {"code": code_of(secret)})
    assert response.status_code == 302
    assert is_in(elsewhere)
    assert told_of(people.bob)[-1] == ("signed_in", {"by": ["password", "mfa"]})
    assert [what for what in words_about(people.bob) if what.startswith("factor")] == ["factor.added"] * 2


def test_nothing_of_the_page_of_the_qr_code_asks_more_of_the_content_security_policy(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    usual = client.get("/profile/")["Content-Security-Policy"]
    response = client.get("/auth/totp/")
    assert response["Content-Security-Policy"] == usual
    assert "style=" not in response.content.decode()
    assert "<?xml" not in response.content.decode()


def test_it_can_be_set_up_after_a_link_for_a_new_password_was_made(people: SimpleNamespace) -> None:
    default_token_generator.make_token(people.bob)  # keeps the e-mail as one that nobody verified
    client = come_in("bob@example.com")
    secret = Page(client.get("/auth/totp/")).one("data-copy-text")["data-copy-text"]
    client.post("/auth/totp/", {"code": code_of(secret)})
    assert factors_of(people.bob) == BOTH


def test_a_wrong_code_switches_nothing_on(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    secret = Page(client.get("/auth/totp/")).one("data-copy-text")["data-copy-text"]
    page = Page(client.post("/auth/totp/", {"code": "000000"}))
    assert "That code does not fit" in page.text
    assert page.one("role", "alert")
    assert page.one("data-copy-text")["data-copy-text"] == secret, "what was scanned stays good"
    assert not factors_of(people.bob)


def test_the_secrets_of_a_second_factor_are_sealed(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        rows = [str(row[0]) for row in cursor.fetchall()]
    assert len(rows) == 2
    assert all("gAAAA" in row and SECRET not in row for row in rows)


def test_a_code_works_once_and_so_does_a_recovery_code(people: SimpleNamespace) -> None:
    recovery = give_second_factor(people.bob)
    code = code_of(SECRET)
    for again in (code, recovery[0]):
        assert is_in(with_code("bob@example.com", again))
        assert not is_in(with_code("bob@example.com", again))
    assert "8 left" in Page(with_code("bob@example.com", recovery[1]).get("/profile/")).text


def with_code(email: str, code: str) -> Client:
    client = come_in(email)
    client.post("/auth/factor/", {"code": code})
    return client


def test_guessing_codes_is_stopped_however_many_browsers_guess(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    said = []
    for number in range(7):
        client = come_in("bob@example.com", REMOTE_ADDR=f"192.0.2.{number}")
        said.append(client.post("/auth/factor/", {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}").content.decode())
    assert ["does not fit" in text for text in said] == [True] * 5 + [False] * 2
    assert "Too many tries" in said[-1]
    late = come_in("bob@example.com")
    late.post("/auth/factor/", {"code": code_of(SECRET)})
    assert not is_in(late), "not even the right one for a while"
    assert words_about(people.bob).count("factor.failed") == 5


@pytest.mark.parametrize("told", [{}, {"code": ""}, {"code": "x" * 5000}, {"code": "\x00"}, {"credential": "{}"}])
def test_a_form_of_nonsense_is_refused_and_lets_nobody_in(told: dict[str, str], people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    client = come_in("bob@example.com")
    assert client.post("/auth/factor/", told).status_code == 200
    assert not is_in(client)


def test_somebody_else_may_sign_in_instead(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    client = come_in("bob@example.com")
    assert client.get("/auth/login/")["Location"] == "/auth/factor/"
    client.post("/auth/logout/", {"next": "/auth/login/"})
    assert client.get("/auth/login/").status_code == 200


def test_recovery_codes_are_shown_downloaded_and_made_anew(people: SimpleNamespace) -> None:
    old = give_second_factor(people.bob)
    client = with_code("bob@example.com", code_of(SECRET))
    assert all(code in client.get("/auth/recovery/").content.decode() for code in old)
    download = client.get("/auth/recovery/codes.txt")
    assert "attachment" in download["Content-Disposition"]
    assert all(code in download.content.decode() for code in old)
    assert "stop working at once" in client.get("/auth/recovery/new/").content.decode()
    fresh = client.post("/auth/recovery/new/", follow=True).content.decode()
    assert not [code for code in old if code in fresh]
    assert words_about(people.bob)[-1] == "factor.reset"
    assert not is_in(with_code("bob@example.com", old[0]))


def test_switching_it_off_takes_the_recovery_codes_too(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    client = with_code("bob@example.com", code_of(SECRET))
    response = client.post("/auth/totp/off/", follow=True)
    assert response.redirect_chain[-1][0] == "/profile/"
    assert "Your second factor is off" in response.content.decode()
    assert not factors_of(people.bob)
    assert words_about(people.bob)[-2:] == ["factor.removed"] * 2
    assert is_in(come_in("bob@example.com"))


@pytest.mark.parametrize("path", ["/auth/totp/", "/auth/totp/off/", "/auth/recovery/", "/auth/recovery/new/"])
def test_everything_about_it_asks_who_signed_in_long_ago_once_more(path: str, people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    if path != "/auth/totp/":
        give_second_factor(people.bob)
    confirm(client, seconds_ago=700)
    assert client.get(path)["Location"].startswith("/auth/confirm/?next=")
    if path != "/auth/recovery/":
        assert client.post(path)["Location"].startswith("/auth/confirm/?next=")
    confirm(client, seconds_ago=500)
    assert client.get(path).status_code == 200


def test_codes_of_a_lost_vault_key_are_refused_with_a_sentence(people: SimpleNamespace, settings: Settings) -> None:
    recovery = give_second_factor(people.bob)
    settings.VAULT_KEYS = [Fernet.generate_key().decode()]
    client = come_in("bob@example.com")
    for code in (code_of(SECRET), recovery[0]):
        response = client.post("/auth/factor/", {"code": code})
        assert response.status_code == 200
        assert "That code does not fit" in response.content.decode()
    assert not is_in(client)


def test_who_is_still_signed_in_is_told_of_the_lost_vault_key_and_gets_out(
    people: SimpleNamespace, settings: Settings
) -> None:
    client = come_in("bob@example.com")
    give_second_factor(people.bob)
    settings.VAULT_KEYS = [Fernet.generate_key().decode()]
    assert "cannot be opened any more" in client.get("/profile/").content.decode()
    for path in ("/auth/recovery/", "/auth/recovery/codes.txt"):
        assert client.get(path)["Location"] == "/auth/recovery/new/"
    assert "cannot be opened any more" in client.get("/auth/recovery/new/").content.decode()
    client.post("/auth/totp/off/")
    assert "cannot be opened" not in client.get("/profile/").content.decode()
    assert is_in(come_in("bob@example.com"))


@pytest.mark.parametrize("data", [{}, {"secret": ""}, {"secret": 5}, {"seed": "x"}])
def test_a_broken_row_is_no_crash_on_the_profile(data: dict[str, object], people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    give_second_factor(people.bob)
    Authenticator.objects.filter(user=people.bob).update(data=data)
    assert client.get("/profile/").status_code == 200


def test_the_operator_takes_a_lost_second_factor_off(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    give_second_factor(people.alice)
    call_command("remove_second_factor", " Bob@example.com")
    assert not factors_of(people.bob)
    assert factors_of(people.alice) == BOTH
    assert is_in(come_in("bob@example.com"))
    entries = AuditEntry.objects.filter(what="factor.removed")
    assert {(entry.who, entry.via, entry.user_id, entry.subject) for entry in entries} == {
        ("the server's operator", "command", people.bob.pk, "bob@example.com")
    }


@pytest.mark.parametrize("email", ["bob@example.com", "nobody@example.com"])
def test_the_operator_is_told_when_there_is_nothing_to_take_off(email: str, people: SimpleNamespace) -> None:
    with pytest.raises(CommandError, match=r"no second factor|nobody with the e-mail"):
        call_command("remove_second_factor", email)
    assert not AuditEntry.objects.exists()
