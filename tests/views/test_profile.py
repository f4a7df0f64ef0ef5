"""One's own pages: the profile, the password, where one is signed in."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from dashboard.models import User
from dashboard.templatetags.browsers import browser
from tests.conftest import PASSWORD
from tests.views.html import Page
from tests.views.people import come_in, give_second_factor, is_in, told_of, words_about
from tests.views.rungs import PERSONAL

NEW = "another horse battery"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
SignIn = Callable[[str], Client]


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_nobody_meets_anybody_else_on_their_own_pages(name: str, people: SimpleNamespace) -> None:
    give_second_factor(people.alice)
    come_in("alice@example.com")
    response = come_in("bob@example.com").get(reverse(name), follow=True)
    assert response.status_code in (200, 404)
    assert "alice" not in response.content.decode()


@pytest.mark.parametrize("name", sorted(PERSONAL - {"profile", "mfa_index"}))
def test_a_form_without_token_changes_nothing(name: str, people: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.bob, "allauth.account.auth_backends.AuthenticationBackend")
    response = client.post(reverse(name))
    assert response.status_code == 403
    assert "too old to be sent" in response.content.decode()


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_ones_own_pages_are_kept_by_no_browser(name: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    give_second_factor(people.bob)
    assert "no-store" in sign_in("bob").get(reverse(name))["Cache-Control"]


def test_the_profile_says_who_one_is_and_what_one_may(people: SimpleNamespace) -> None:
    page = Page(come_in("bob@example.com").get("/profile/"))
    for words in ("bob@example.com", "Acme", "Viewer", "Off. Whoever learns your password"):
        assert words in page.text
    assert "Elsewhere" not in page.text


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(people: SimpleNamespace) -> None:
    here, there = come_in("bob@example.com"), come_in("bob@example.com")
    response = here.post("/auth/password/", CHANGE, follow=True)
    assert "Your password was changed" in response.content.decode()
    assert is_in(here)
    assert not is_in(there)
    assert is_in(come_in("bob@example.com", NEW))
    assert not is_in(come_in("bob@example.com"))
    assert words_about(people.bob).count("password.changed") == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"oldpassword": "wrong"}, "That is not your present password"),
        ({"password2": "different horse"}, "the same password"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password1", "password2": "password1"}, "too common"),
        ({"password1": "bob@example.com", "password2": "bob@example.com"}, "too similar"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_a_sentence(
    change: dict[str, str], sentence: str, people: SimpleNamespace
) -> None:
    client = come_in("bob@example.com")
    page = Page(client.post("/auth/password/", CHANGE | change))
    assert sentence in page.text
    assert page.all("role")
    assert NEW not in page.source
    assert User.objects.get(pk=people.bob.pk).check_password(PASSWORD)
    assert "password.changed" not in words_about(people.bob)


def test_guessing_the_present_password_is_stopped_by_a_page_that_says_so(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    answers = [client.post("/auth/password/", CHANGE | {"oldpassword": f"guess {n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Too many tries" in answers[-1].content.decode()


def test_one_sees_where_one_is_signed_in_and_which_is_this_browser(people: SimpleNamespace) -> None:
    come_in("bob@example.com", REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    here = come_in("bob@example.com", REMOTE_ADDR="192.0.2.8", HTTP_USER_AGENT="curl/8.0")
    come_in("alice@example.com", REMOTE_ADDR="192.0.2.9")
    for path in ("/profile/", "/auth/sessions/"):
        text = Page(here.get(path)).text
        assert "Firefox on Windows" in text
        assert "192.0.2.7" in text
        assert "192.0.2.9" not in text
        assert text.count("This browser") == 1


def test_signing_out_everywhere_else_ends_the_others_at_once(people: SimpleNamespace) -> None:
    here, there, alice = come_in("bob@example.com"), come_in("bob@example.com"), come_in("alice@example.com")
    response = here.post("/auth/sessions/", follow=True)
    assert response.redirect_chain == [("/profile/", 302)]
    assert not is_in(there)
    assert is_in(here)
    assert is_in(alice)
    assert told_of(people.bob)[-1] == ("sessions.ended", {"sessions": 1})


def test_looking_at_pages_writes_nothing_about_the_session(people: SimpleNamespace) -> None:
    client = come_in("bob@example.com")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
        client.get("/auth/password/")
    writes = ("INSERT", "UPDATE", "DELETE")
    assert not [query["sql"] for query in queries.captured_queries if query["sql"].startswith(writes)]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/130 Safari/604", "Chrome on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(told: str, words: str) -> None:
    assert browser(told) == words


def reset_link(user: User) -> str:
    """As an admin of a team makes one, or a mail holds it."""
    user.refresh_from_db()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return f"/auth/password/reset/{key}/"


def test_a_link_sets_a_new_password_once_and_leaves_the_second_factor_on(people: SimpleNamespace) -> None:
    give_second_factor(people.bob)
    there, link, client = come_in("bob@example.com"), reset_link(people.bob), Client()
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    assert "set-password" in form, "the key is not in the address for long"
    done = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Sign in with your new password" in done.content.decode()
    assert not is_in(client), "whoever has the link is not let in by it"
    assert not is_in(there)
    asked = Client().post("/auth/login/", {"login": "bob@example.com", "password": NEW})
    assert asked["Location"] == "/auth/factor/"
    assert words_about(people.bob)[-1] == "password.reset"
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_a_link_ends_after_a_day(people: SimpleNamespace, settings: Settings) -> None:
    link = reset_link(people.bob)
    assert settings.PASSWORD_RESET_TIMEOUT == 24 * 3600
    assert "Choose a new password" in Client().get(link, follow=True).content.decode()
    settings.PASSWORD_RESET_TIMEOUT = -1
    page = Page(Client().get(link, follow=True))
    assert "does not work any more" in page.text
    assert page.one("role", "alert")


def test_without_mail_one_is_told_to_ask_an_admin(people: SimpleNamespace) -> None:
    client = Client()
    assert "/auth/password/reset/" in client.get("/auth/login/").content.decode()
    page = Page(client.get("/auth/password/reset/"))
    assert "Ask an admin of your team for a link" in page.text
    assert not [element for element in page.all("name") if element["name"] == "email"]
    for email in ("bob@example.com", "nobody@example.com"):
        response = client.post("/auth/password/reset/", {"email": email})
        assert response["Location"] == "/auth/password/reset/"
    assert not mail.outbox


def test_with_mail_a_link_is_sent_and_an_unknown_e_mail_sounds_the_same(
    people: SimpleNamespace, settings: Settings
) -> None:
    settings.EMAIL_HOST, settings.BASE_URL = "mail.example.test", "https://tasks.example.test"
    told = set()
    for email in ("bob@example.com", "nobody@example.com"):
        response = Client().post("/auth/password/reset/", {"email": email}, follow=True)
        assert response.redirect_chain == [("/auth/password/reset/done/", 302)]
        told.add(response.content)
    assert len(told) == 1
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("https://tasks.example.test/"))
    assert mail.outbox[0].to == ["bob@example.com"]
    assert len(mail.outbox) == 1, "nobody's mailbox is filled by somebody who types its address"
    page = Client().get(link.removeprefix("https://tasks.example.test"), follow=True)
    assert "Choose a new password" in page.content.decode()


def test_mails_are_limited_by_a_page_that_says_so(people: SimpleNamespace, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.test"
    told = [Client().post("/auth/password/reset/", {"email": "bob@example.com"}).status_code for _ in range(7)]
    assert told == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5


def test_a_mail_server_that_is_down_is_a_page_that_says_so(people: SimpleNamespace, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for email in ("bob@example.com", "nobody@example.com"):
        response = Client().post("/auth/password/reset/", {"email": email})
        assert response.status_code == 503
        assert "does not take mail" in response.content.decode()
