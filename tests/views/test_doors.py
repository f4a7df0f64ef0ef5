"""Signing in and out, the first admin, the theme, and what machines ask for."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core import signing
from django.db import OperationalError
from django.test import Client

from dashboard.models import Membership, Role, User
from dashboard.views.setup import SALT, setup_path
from tests.conftest import PASSWORD
from tests.views.html import Page


@pytest.mark.parametrize("email", ["bob@example.com", "BOB@Example.com", " bob@example.com "])
def test_people_sign_in_with_their_e_mail_and_out_again(email: str, people: SimpleNamespace) -> None:
    client = Client()
    fields = {element["name"]: element for element in Page(client.get("/auth/login/")).all("name")}
    assert fields["login"]["type"] == "email"
    assert fields["password"]["type"] == "password"
    response = client.post("/auth/login/", {"login": email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert client.post("/auth/logout/")["Location"] == "/auth/login/"
    assert client.get("/").status_code == 302


def test_a_wrong_password_and_an_unknown_person_sound_the_same(people: SimpleNamespace) -> None:
    told = set()
    for email in ("bob@example.com", "nobody@example.com"):
        response = Client().post("/auth/login/", {"login": email, "password": "wrong"})
        assert response.status_code == 200
        told.add(re.sub(r'value="[^"]*"', "", response.content.decode()))
    assert len(told) == 1


@pytest.mark.parametrize("there", ["https://evil.example.test/", "//evil.example.test/"])
def test_nobody_is_sent_to_another_site(there: str, people: SimpleNamespace) -> None:
    client = Client()
    told = {"login": "bob@example.com", "password": PASSWORD, "next": there}
    assert client.post("/auth/login/", told)["Location"] == "/"
    assert client.post("/theme/", {"theme": "dark", "next": there})["Location"] == "/"


def test_a_person_whose_access_was_switched_off_is_told_so_in_our_own_words(people: SimpleNamespace) -> None:
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    response = Client().post("/auth/login/", {"login": "bob@example.com", "password": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/auth/inactive/", 302)]
    page = Page(response)
    assert "You cannot sign in at the moment" in page.text
    assert page.one("id", "main")


def test_there_is_no_open_sign_up(people: SimpleNamespace) -> None:
    told = {"email": "eve@example.com", "password1": "a long password", "password2": "a long password"}
    response = Client().post("/auth/signup/", told)
    assert "There is no open sign-up" in response.content.decode()
    assert User.objects.count() == 4


def test_the_theme_is_remembered_and_drawn_by_the_server(people: SimpleNamespace) -> None:
    client = Client()
    assert client.post("/theme/", {"theme": "dark", "next": "/auth/login/"})["Location"] == "/auth/login/"
    assert Page(client.get("/auth/login/")).one("data-theme")["data-theme"] == "dark"
    client.post("/theme/", {"theme": "<b>"})
    assert client.cookies["theme"].value == "dark"


FIRST = {"email": "First@Example.com", "password": "a long password", "team_name": "Acme"}


def test_the_first_admin_comes_in_by_a_link_that_works_once(db: None) -> None:
    client, path = Client(), setup_path()
    assert client.get(path).status_code == 200
    response = client.post(path, FIRST)
    assert (response.status_code, response["Location"]) == (302, "/accounts/new/")
    assert client.get("/accounts/new/").status_code == 200
    assert Membership.objects.get().role == Role.ADMIN
    assert User.objects.get().email == "first@example.com"
    assert Client().get(path).status_code == 404
    assert Client().post(path, FIRST | {"email": "second@example.com"}).status_code == 404
    assert Client().get(setup_path()).status_code == 404


@pytest.mark.parametrize("turn", range(3))
def test_of_two_who_open_it_at_once_one_is_the_first_admin(turn: int, at_once: Callable[..., list]) -> None:
    path = setup_path()
    emails = ["first@example.com", "second@example.com"]
    came = at_once(*(lambda email=email: Client().post(path, FIRST | {"email": email}).status_code for email in emails))
    assert sorted(came) == [302, 404]
    assert at_once(lambda: list(Membership.objects.values_list("role"))) == [[("admin",)]]
    assert at_once(lambda: User.objects.count()) == [1]


def test_a_first_admin_who_could_not_be_signed_in_is_told_to_sign_in(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*told: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("dashboard.views.welcome.sign_in_confirmed", locked)
    client = Client()
    response = client.post(setup_path(), FIRST)
    assert (response.status_code, response["Location"]) == (302, "/auth/login/?next=%2Faccounts%2Fnew%2F")
    assert "Sign in with the password that you have just chosen." in Page(client.get(response["Location"])).text
    told = {"login": "first@example.com", "password": FIRST["password"]}
    assert client.post("/auth/login/", told)["Location"] == "/"


@pytest.mark.parametrize("token", ["nonsense", signing.dumps("first admin", salt="another")], ids=["none", "other"])
def test_another_link_opens_nothing(token: str, db: None) -> None:
    assert Client().get(f"/setup/{token}/").status_code == 404


def test_the_link_ends_after_a_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signing.dumps("first admin", salt=SALT)
    monkeypatch.setattr("dashboard.views.setup.DAY_SECONDS", -1)
    assert Client().get(f"/setup/{token}/").status_code == 404


@pytest.mark.parametrize("change", [{"password": "short"}, {"password": "password"}, {"email": "x"}, {"team_name": ""}])
def test_the_first_admin_is_told_what_is_missing(change: dict[str, str], db: None) -> None:
    response = Client().post(setup_path(), FIRST | change)
    assert 'role="alert"' in response.content.decode()
    assert not User.objects.exists()


def test_the_first_admin_signs_in_with_exactly_the_password_that_was_typed(db: None) -> None:
    spaced = "  a spaced pass phrase "
    assert Client().post(setup_path(), FIRST | {"password": spaced}).status_code == 302
    response = Client().post("/auth/login/", {"login": FIRST["email"], "password": spaced})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("path", ["@evil.example", "//evil.example", "https://evil.example/", "board"])
def test_next_leads_to_a_path_of_ours_or_to_the_board(path: str, people: SimpleNamespace) -> None:
    told = {"login": "bob@example.com", "password": PASSWORD, "next": path}
    assert Client().post("/auth/login/", told)["Location"] == "/"
    assert Client().post("/theme/", {"theme": "dark", "next": path})["Location"] == "/"


def test_the_first_team_is_called_by_what_can_be_seen(db: None) -> None:
    assert Client().post(setup_path(), FIRST | {"team_name": "A\u202eB"}).status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_doors_take_no_other_methods(method: str, db: None) -> None:
    assert getattr(Client(), method)(setup_path()).status_code == 405
    assert getattr(Client(), method)("/readyz").status_code == 405
    assert getattr(Client(), method)("/theme/").status_code == 405


def test_healthz_answers_any_host_without_a_database() -> None:
    response = Client(headers={"Host": "anything.example.test"}).get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies


def test_readyz_is_ready_when_the_migrations_are_applied(db: None) -> None:
    assert Client().get("/readyz").status_code == 200


def test_an_unknown_host_is_refused(db: None) -> None:
    assert Client(headers={"Host": "evil.example.test"}, raise_request_exception=False).get("/").status_code == 400


def test_pages_carry_the_headers_that_keep_strangers_out(people: SimpleNamespace) -> None:
    response = Client().get("/auth/login/")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "style=" not in response.content.decode()


def test_who_was_switched_off_is_told_so_when_signing_in(people: SimpleNamespace) -> None:
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    told = {"login": "bob@example.com", "password": PASSWORD}
    assert "switched off" in Client().post("/auth/login/", told, follow=True).content.decode()


def test_too_many_tries_to_sign_in_are_stopped_in_our_own_words(people: SimpleNamespace) -> None:
    client = Client()
    answers = [client.post("/auth/login/", {"login": "bob@example.com", "password": "wrong"}) for _ in range(12)]
    assert any("Too many" in answer.content.decode() for answer in answers)
