"""Who signed in more than ten minutes ago says once more that it is them."""

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from dashboard.models import Membership, Role, User, roster
from dashboard.views import team_members
from dashboard.views.confirmed import ask_to_confirm, is_confirmed
from dashboard.views.setup import setup_path
from tests.codes import code_of
from tests.confirm import confirm
from tests.conftest import PASSWORD
from tests.views.html import Page
from tests.views.people import SECRET, come_in, give_second_factor, is_in, told_of, words_about


@pytest.fixture
def stale(people: SimpleNamespace) -> Client:
    """Bob, signed in twelve minutes ago."""
    client = come_in("bob@example.com")
    confirm(client, seconds_ago=720)
    return client


def test_the_password_confirms_and_leads_to_where_one_was_going(stale: Client) -> None:
    asked = stale.get("/auth/totp/")
    assert asked["Location"] == "/auth/confirm/?next=%2Fauth%2Ftotp%2F"
    page = Page(stale.get(asked["Location"]))
    assert "Say that it is you" in page.text
    assert "bob@example.com" in page.text
    assert stale.post("/auth/confirm/", {"password": PASSWORD, "next": "/auth/totp/"})["Location"] == "/auth/totp/"
    assert stale.get("/auth/totp/").status_code == 200


def test_a_wrong_password_confirms_nothing_and_is_noted(stale: Client, people: SimpleNamespace) -> None:
    page = Page(stale.post("/auth/confirm/", {"password": "wrong", "next": "/auth/totp/"}))
    assert "That is not your password" in page.text
    assert page.one("role", "alert")
    assert stale.get("/auth/totp/").status_code == 302
    assert told_of(people.bob)[-1] == ("sign_in.failed", {"confirming": True})


def test_a_code_confirms_too(people: SimpleNamespace) -> None:
    recovery = give_second_factor(people.bob)
    client = come_in("bob@example.com")
    client.post("/auth/factor/", {"code": code_of(SECRET)})
    confirm(client, seconds_ago=720)
    page = Page(client.get("/auth/confirm/?next=/auth/recovery/"))
    other = next(element["href"] for element in page.all("href") if "/auth/factor/confirm/" in element["href"])
    assert "Say that it is you" in client.get(other).content.decode()
    assert "does not fit" in client.post(other, {"code": "000000"}).content.decode()
    assert words_about(people.bob)[-1] == "factor.failed"
    response = client.post("/auth/factor/confirm/", {"code": recovery[0], "next": "/auth/recovery/"})
    assert response["Location"] == "/auth/recovery/"
    assert client.get("/auth/recovery/").status_code == 200


def test_an_act_without_secrets_waits_for_the_answer_and_is_done_then(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    give_second_factor(people.bob)
    confirm(client, seconds_ago=720)
    assert client.post("/auth/recovery/new/")["Location"].startswith("/auth/confirm/")
    assert "factor.reset" not in words_about(people.bob)
    client.post("/auth/confirm/", {"password": PASSWORD, "next": "/auth/recovery/new/"})
    assert words_about(people.bob)[-1] == "factor.reset"


def test_guessing_is_stopped_by_a_page_that_says_so(stale: Client, people: SimpleNamespace) -> None:
    answers = [stale.post("/auth/confirm/", {"password": f"guess {number}"}) for number in range(11)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()
    assert words_about(people.bob).count("sign_in.failed") == 5, "the password itself was looked at five times"
    assert stale.post("/auth/confirm/", {"password": PASSWORD}).status_code == 429


def test_guessing_codes_while_confirming_is_stopped_too(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    client = come_in("bob@example.com")
    client.post("/auth/factor/", {"code": code_of(SECRET)})
    said = [client.post("/auth/factor/confirm/", {"code": "000000"}).content.decode() for _ in range(7)]
    assert ["does not fit" in text for text in said] == [True] * 5 + [False] * 2
    assert "Too many tries" in said[-1]


@pytest.mark.parametrize("there", ["https://evil.example.test/", "//evil.example.test/", "javascript:alert(1)"])
def test_confirming_sends_nobody_to_another_site(there: str, stale: Client) -> None:
    assert stale.post("/auth/confirm/", {"password": PASSWORD, "next": there})["Location"] == "/"


def test_a_form_with_a_key_is_let_go_of_and_asked_for_again(people: SimpleNamespace) -> None:
    request: Any = RequestFactory().post("/accounts/new/", {"key": "a-secret-key"})
    request.user, request.session, request._messages = people.bob, SessionStore(), Messages()
    response = ask_to_confirm(request, "/accounts/new/")
    assert response["Location"] == "/auth/confirm/?next=%2Faccounts%2Fnew%2F"
    assert "a-secret-key" not in str(dict(request.session))
    assert "Nothing was saved" in request._messages.told[0]


class Messages:
    """Where Django's messages go when no middleware is there."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.told.append(message)


def test_nobody_is_confirmed_who_is_not_signed_in() -> None:
    request: Any = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), SessionStore()
    assert not is_confirmed(request)


def test_the_first_admin_is_confirmed_and_stands_among_their_own_sessions(db: None) -> None:
    client = Client(HTTP_USER_AGENT="curl/8.0")
    told = {"email": "first@example.com", "password": "a long password", "team_name": "Acme"}
    assert client.post(setup_path(), told)["Location"] == "/accounts/new/"
    assert client.get("/auth/totp/").status_code == 200, "no need to say it again"
    first = User.objects.get()
    assert UserSession.objects.get(user=first).user_agent == "curl/8.0"
    assert told_of(first) == [("signed_in", {"by": ["password"]})]


def test_who_is_signed_in_confirmed_takes_the_place_of_whoever_was(people: SimpleNamespace, settings: Settings) -> None:
    client = come_in("alice@example.com")
    settings.ROOT_URLCONF = "tests.views.joining"
    assert client.post("/join/", {"pk": people.bob.pk})["Location"] == "/accounts/"
    settings.ROOT_URLCONF = "dashboard.urls"
    assert "bob@example.com" in client.get("/profile/").content.decode()
    assert client.get("/auth/totp/").status_code == 200
    assert words_about(people.alice)[-1] == "signed_out"
    assert words_about(people.bob) == ["signed_in"]


def test_a_second_factor_is_asked_for_whatever_way_one_signs_in(people: SimpleNamespace, settings: Settings) -> None:
    give_second_factor(people.bob)
    client = Client()
    settings.ROOT_URLCONF = "tests.views.joining"
    assert client.post("/join/", {"pk": people.bob.pk})["Location"] == "/auth/factor/"
    settings.ROOT_URLCONF = "dashboard.urls"
    assert not is_in(client)


def test_where_the_act_that_waited_is_gone_a_page_says_so_and_leads_back(people: SimpleNamespace) -> None:
    client = come_in("alice@example.com")
    confirm(client, seconds_ago=720)
    members = {name: Membership.objects.get(user=getattr(people, name)) for name in ("bob", "sam")}
    first, second = (
        client.post(f"/team/members/{members[name].pk}/role/", {"role": "support"})["Location"] for name in members
    )
    response = client.post(first, {"password": PASSWORD}, follow=True)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    page = Page(response)
    assert "Send the form again" in page.text
    assert page.one("href", "/team/")
    assert client.post(second, {"password": PASSWORD}).status_code == 302
    members["bob"].refresh_from_db()
    assert members["bob"].role == Role.VIEWER


@pytest.mark.parametrize(
    ("path", "back"), [("/tokens/1/revoke/", "/tokens/"), ("/accounts/1/test/", "/accounts/"), ("/tasks/1/ask/", "/")]
)
def test_a_link_to_what_only_takes_a_form_leads_back_to_its_page(path: str, back: str, people: SimpleNamespace) -> None:
    response = come_in("alice@example.com").get(path)
    assert response.status_code == 405
    assert Page(response).one("class", "btn go")["href"] == back


def test_programs_and_the_signed_out_get_no_page_for_it(people: SimpleNamespace) -> None:
    alice = come_in("alice@example.com")
    assert alice.get("/tokens/1/revoke/", headers={"HX-Request": "true"}).content == b""
    assert alice.put("/tokens/").content == b""
    assert Client().get("/theme/").content == b""


def test_an_act_that_waited_and_meets_a_lock_is_done_once_the_lock_is_gone(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in("alice@example.com")
    confirm(client, seconds_ago=720)
    member, locked, give_role = Membership.objects.get(user=people.bob), iter([True]), roster.give_role

    def once_locked(*arguments: Any) -> None:
        if next(locked, False):
            raise OperationalError("database is locked")
        give_role(*arguments)

    monkeypatch.setattr(team_members, "give_role", once_locked)
    asked = client.post(f"/team/members/{member.pk}/role/", {"role": "support"})["Location"]
    response = client.post(asked, {"password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, f"/team/?team={people.team.pk}")
    member.refresh_from_db()
    assert member.role == Role.SUPPORT
