"""Signing in is limited per address and per e-mail, for all workers together, and stands in the audit."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard import sign_ins
from dashboard.models import AuditEntry
from tests.conftest import PASSWORD
from tests.views.people import come_in, is_in, told_of, words_about

TOO_MANY = "Too many tries"
ATTEMPTS = 14


def guess(email: str, address: str = "192.0.2.1", forwarded: str = "", **headers: str) -> str:
    headers |= {"X-Forwarded-For": forwarded} if forwarded else {}
    told = {"login": email, "password": "a wrong one"}
    return Client(headers=headers).post("/auth/login/", told, REMOTE_ADDR=address).content.decode()


def test_one_e_mail_is_guessed_at_five_times_however_many_addresses_guess(people: SimpleNamespace) -> None:
    said = [guess("bob@example.com", f"192.0.2.{number}") for number in range(7)]
    assert [TOO_MANY in text for text in said] == [False] * 5 + [True] * 2
    assert not is_in(come_in("bob@example.com")), "not even with the right one for a while"
    assert is_in(come_in("alice@example.com")), "nobody else is kept out"


@pytest.mark.parametrize("host", ["localhost:{}", "127.0.0.1:{}"])
def test_a_host_of_ones_own_choice_starts_no_new_count(host: str, people: SimpleNamespace) -> None:
    said = [guess("bob@example.com", f"192.0.2.{n}", Host=host.format(8000 + n)) for n in range(7)]
    assert TOO_MANY in said[-1]


@pytest.mark.parametrize("email", ["BOB@example.com", " bob@example.com", "bob@EXAMPLE.com\t"])
def test_another_way_to_write_an_e_mail_starts_no_new_count(email: str, people: SimpleNamespace) -> None:
    for number in range(5):
        guess("bob@example.com", f"192.0.2.{number}")
    assert TOO_MANY in guess(email, "192.0.2.99")


def test_one_address_guesses_ten_times_however_many_e_mails_it_tries(people: SimpleNamespace) -> None:
    said = [guess(f"person-{number}@example.com") for number in range(ATTEMPTS)]
    assert [TOO_MANY in text for text in said] == [False] * 10 + [True] * (ATTEMPTS - 10)
    assert TOO_MANY not in guess("person-0@example.com", "192.0.2.2")


def test_addresses_of_one_ipv6_network_count_as_one(people: SimpleNamespace) -> None:
    said = [guess(f"person-{number}@example.com", f"2001:db8::{number:x}") for number in range(ATTEMPTS)]
    assert TOO_MANY in said[-1]
    assert TOO_MANY not in guess("person-0@example.com", "2001:db8:0:1::1")


def test_without_a_proxy_a_forged_address_counts_for_nothing(people: SimpleNamespace, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    said = [guess(f"person-{number}@example.com", forwarded=f"198.51.100.{number}") for number in range(ATTEMPTS)]
    assert TOO_MANY in said[-1]


def test_behind_a_proxy_only_what_it_added_counts(people: SimpleNamespace, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = [f"198.51.100.{number}, 10.0.0.{number}, 203.0.113.5" for number in range(ATTEMPTS)]
    said = [guess(f"person-{number}@example.com", "10.0.0.1", forwarded) for number, forwarded in enumerate(forged)]
    assert TOO_MANY in said[-1]
    assert TOO_MANY not in guess("person-0@example.com", "10.0.0.1", "203.0.113.6"), "another person behind the proxy"


def test_the_address_in_the_audit_cannot_be_forged_either(people: SimpleNamespace, settings: Settings) -> None:
    for proxies, address in ((0, "192.0.2.1"), (1, "203.0.113.5")):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        guess("bob@example.com", forwarded="198.51.100.1, 203.0.113.5")
        assert AuditEntry.objects.latest("id").address == address


def test_tries_are_counted_in_the_database_where_all_workers_see_them(
    people: SimpleNamespace, settings: Settings
) -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    guess("bob@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] == 2, "by address and by e-mail"
    cache.clear()
    assert TOO_MANY not in guess("bob@example.com")


def test_too_many_sign_ins_of_any_kind_are_a_page_that_says_so(people: SimpleNamespace) -> None:
    answers = [Client().post("/auth/login/", {}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert TOO_MANY in answers[-1].content.decode()


def test_signing_in_and_out_stands_in_the_audit(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com", REMOTE_ADDR="192.0.2.7")
    client.post("/auth/logout/")
    assert told_of(people.bob) == [("signed_in", {"by": ["password"]}), ("signed_out", {})]
    entry = AuditEntry.objects.latest("id")
    assert (entry.who, entry.address, entry.via, entry.team_id) == ("bob@example.com", "192.0.2.7", "browser", None)


def test_a_failed_sign_in_of_somebody_known_stands_in_the_audit_without_the_password(people: SimpleNamespace) -> None:
    guess("BOB@example.com")
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.user_id, entry.subject) == ("sign_in.failed", people.bob.pk, "bob@example.com")
    assert "a wrong one" not in str(vars(entry))


def test_an_audit_cannot_be_flooded_with_failed_sign_ins(people: SimpleNamespace) -> None:
    for number in range(20):
        guess("bob@example.com", f"192.0.2.{number}")
    assert words_about(people.bob) == [*["sign_in.failed"] * 5, "sign_in.blocked"]


def test_an_unknown_e_mail_is_written_nowhere_and_does_not_flood_the_log(
    people: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    sign_ins._told_at.clear()
    for number in range(25):
        guess(f"my-secret-{number}@example.com", f"192.0.2.{number}")
    lines = [record.getMessage() for record in caplog.records if record.name == "dashboard.sign_ins"]
    assert len(lines) == sign_ins.MOST_LINES
    assert not [record for record in caplog.records if "my-secret" in record.getMessage()]
    assert not AuditEntry.objects.exists()


def test_an_entry_and_the_act_come_together_or_not_at_all(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in("bob@example.com")

    def full(*told: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(AuditEntry, "note", full)
    told = {"oldpassword": PASSWORD, "password1": "another horse battery", "password2": "another horse battery"}
    with pytest.raises(OSError, match="disk full"):
        client.post("/auth/password/", told)
    people.bob.refresh_from_db()
    assert people.bob.check_password(PASSWORD)


def test_the_right_password_of_somebody_switched_off_stands_in_the_audit(people: SimpleNamespace) -> None:
    people.bob.is_active = False
    people.bob.save()
    assert not is_in(come_in("bob@example.com"))
    assert told_of(people.bob) == [("sign_in.failed", {"switched_off": True})]
