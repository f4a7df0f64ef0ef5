"""The link of an invitation, opened by whomever: it lets in one person, once, in time, and nobody else."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError
from django.test import Client

from dashboard.clock import DAY, now_ms
from dashboard.models import AuditEntry, Invitation, Membership, Role, User
from tests.conftest import PASSWORD
from tests.views.html import Page
from tests.views.people import is_in

SignIn = Callable[[str], Client]
NEW = {"password": "a quite long password"}


def invite(people: SimpleNamespace, email: str, role: Role = Role.SUPPORT, **changes: Any) -> str:
    """The path of the link."""
    now = now_ms()
    facts = {"created_at": now, "expires_at": now + DAY, "invited_by": people.alice} | changes
    facts = {"team": people.team, "invited_by_name": "alice@example.com"} | facts
    invitation = Invitation.objects.create(email=email, role=role, **facts)
    return f"/join/{invitation.sign}/"


def role_of(email: str, people: SimpleNamespace) -> str | None:
    found = Membership.objects.filter(user__email=email, team=people.team)
    return found.values_list("role", flat=True).first()


def acts(team_id: int) -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(team_id=team_id).order_by("id")
    return [(entry.who.partition("@")[0], entry.what, entry.subject) for entry in entries]


def alert_of(response: Any) -> str:
    page = Page(response)
    assert "alert" in [element["role"] for element in page.all("role")]
    return page.text


class TestSomebodyNew:
    def test_chooses_a_password_and_is_in(self, people: SimpleNamespace) -> None:
        path, client = invite(people, "new@example.com"), Client()
        page = Page(client.get(path))
        assert "alice@example.com invites new@example.com as support" in page.text
        assert page.one("type", "email")["readonly"] == ""
        response = client.post(path, NEW)
        assert (response.status_code, response["Location"]) == (302, f"/?team={people.team.pk}")
        board = client.get(response["Location"])
        assert board.status_code == 200
        assert "Welcome to Acme. You are support here." in Page(board).text
        assert role_of("new@example.com", people) == "support"
        assert User.objects.get(email="new@example.com").check_password(NEW["password"])
        assert acts(people.team.pk) == [("new", "invitation.accepted", "new@example.com")]

    def test_counts_as_somebody_who_just_gave_the_password(self, people: SimpleNamespace) -> None:
        path, client = invite(people, "new@example.com", Role.ADMIN), Client()
        client.post(path, NEW)
        told = {"team": people.team.pk, "email": "other@example.com", "role": "viewer"}
        assert client.post("/team/invitations/", told)["Location"].startswith("/team/")

    @pytest.mark.parametrize("password", ["", "short", "password", "new@example.com", "12345678"])
    def test_needs_a_password_that_is_good_enough(self, password: str, people: SimpleNamespace) -> None:
        path, client = invite(people, "new@example.com"), Client()
        response = client.post(path, {"password": password})
        assert response.status_code == 422
        alert_of(response)
        assert "value" not in Page(response).one("type", "password")
        assert not User.objects.filter(email="new@example.com").exists()
        assert client.post(path, NEW).status_code == 302

    def test_gets_the_e_mail_and_the_role_of_the_invitation_whatever_the_form_says(
        self, people: SimpleNamespace
    ) -> None:
        told = {"email": "eve@example.com", "role": "admin", "team": people.other.pk}
        Client().post(invite(people, "new@example.com", Role.VIEWER), NEW | told)
        assert role_of("new@example.com", people) == "viewer"
        assert not User.objects.filter(email="eve@example.com").exists()
        assert people.other.memberships.count() == 1

    def test_is_not_kept_by_the_browser(self, people: SimpleNamespace) -> None:
        assert Client().get(invite(people, "new@example.com"))["Cache-Control"] == "no-store"

    def test_keeps_spaces_at_the_ends_of_the_password(self, people: SimpleNamespace) -> None:
        Client().post(invite(people, "new@example.com"), {"password": " spaces at both ends "})
        told = {"login": "new@example.com", "password": " spaces at both ends "}
        assert Client().post("/auth/login/", told)["Location"] == "/"


class TestSomebodyKnown:
    def test_signs_in_comes_back_and_joins(self, people: SimpleNamespace) -> None:
        path, client = invite(people, "charlie@example.com"), Client()
        page = Page(client.get(path))
        sign_in_url = next(link["href"] for link in page.all("href") if link["href"].startswith("/auth/login/"))
        assert not [field for field in page.all("type") if field["type"] == "password"]
        hidden = {field["name"]: field["value"] for field in Page(client.get(sign_in_url)).all("value")}
        told = {"login": "charlie@example.com", "password": PASSWORD, "next": hidden["next"]}
        back = client.post("/auth/login/", told)
        assert back["Location"] == path
        assert "You are signed in as charlie@example.com." in Page(client.get(path)).text
        assert client.post(path)["Location"] == f"/?team={people.team.pk}"
        assert role_of("charlie@example.com", people) == "support"
        assert people.other.memberships.get().role == "admin"

    def test_gets_no_new_password_by_the_link(self, people: SimpleNamespace) -> None:
        path = invite(people, "charlie@example.com")
        response = Client().post(path, NEW)
        assert response.status_code == 200
        people.charlie.refresh_from_db()
        assert people.charlie.check_password(PASSWORD)
        assert role_of("charlie@example.com", people) is None

    def test_looking_at_it_joins_nobody(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        path = invite(people, "charlie@example.com")
        for method in ("get", "head"):
            assert getattr(sign_in("charlie"), method)(path).status_code == 200
        assert role_of("charlie@example.com", people) is None

    def test_who_was_written_in_capitals_is_the_same_person(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        assert sign_in("charlie").post(invite(people, "Charlie@Example.com")).status_code == 302

    @pytest.mark.parametrize(
        ("held", "offered", "after"),
        [("admin", "viewer", "admin"), ("support", "viewer", "support"), ("viewer", "admin", "admin")],
    )
    def test_a_member_never_becomes_less_by_an_invitation(
        self, held: str, offered: str, after: str, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        path = invite(people, "charlie@example.com", Role(offered))
        people.team.add(people.charlie, Role(held))
        assert sign_in("charlie").post(path).status_code == 302
        assert role_of("charlie@example.com", people) == after


class TestSomebodyElse:
    def test_is_refused_and_nothing_happens_but_an_entry_in_the_audit(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        path, charlie = invite(people, "new@example.com"), sign_in("charlie")
        for response in (charlie.get(path), charlie.post(path, NEW)):
            assert response.status_code == 403
            assert "This invitation is for new@example.com, and you are signed in as charlie@example.com." in alert_of(
                response
            )
        assert role_of("charlie@example.com", people) is None
        assert not User.objects.filter(email="new@example.com").exists()
        assert acts(people.team.pk) == [("charlie", "invitation.refused", "new@example.com")] * 2
        assert Client().post(path, NEW).status_code == 302

    def test_signs_out_and_comes_back_to_the_link(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        path, charlie = invite(people, "new@example.com"), sign_in("charlie")
        page = Page(charlie.get(path))
        hidden = {field["name"]: field["value"] for field in page.all("value")}
        assert charlie.post("/auth/logout/", {"next": hidden["next"]})["Location"] == path
        assert page.one("action", "/auth/logout/")


class TestALinkThatWorksNoMore:
    @pytest.mark.parametrize("browser", ["out", "bob", "charlie"])
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"expires_at": 1}, "This invitation is too old"),
            ({"revoked_at": 1}, "This invitation was withdrawn"),
            ({"accepted_at": 1}, "This invitation was used already"),
        ],
    )
    def test_says_so_whoever_opens_it(
        self, change: dict[str, int], sentence: str, browser: str, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        path = invite(people, "charlie@example.com", **change)
        client = Client() if browser == "out" else sign_in(browser)
        for response in (client.get(path), client.post(path, NEW)):
            assert response.status_code == 410
            assert sentence in alert_of(response)
        assert role_of("charlie@example.com", people) is None
        assert acts(people.team.pk) == []

    def test_works_once(self, people: SimpleNamespace) -> None:
        path, client = invite(people, "new@example.com"), Client()
        client.post(path, NEW)
        assert client.post(path, NEW).status_code == 410
        other = Client()
        assert other.post(path, {"password": "another long password"}).status_code == 410
        assert other.get("/").status_code == 302
        assert people.team.memberships.count() == 4

    def test_who_was_removed_does_not_come_back_by_the_same_link(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        path, charlie = invite(people, "charlie@example.com"), sign_in("charlie")
        charlie.post(path)
        Membership.objects.filter(user=people.charlie, team=people.team).delete()
        assert charlie.post(path).status_code == 410
        assert role_of("charlie@example.com", people) is None

    @pytest.mark.parametrize("tampered", ["x", "a:b", "%00", "🙂", "{other}", "{cut}", "{wrong salt}", "{longer}"])
    def test_that_we_did_not_make_is_not_found(self, tampered: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        path = invite(people, "new@example.com")
        signed = path.split("/")[2]
        payload, signature = signed.split(":")
        made = {
            "{other}": signing.Signer(salt="invitation").sign_object([1, 2]).split(":")[0] + ":" + signature,
            "{cut}": signed[:-1],
            "{wrong salt}": signing.Signer(salt="another").sign_object([Invitation.objects.get().pk, 1]),
            "{longer}": signed * 500,
        }
        for client in (Client(), sign_in("bob")):
            for method in ("get", "post"):
                assert getattr(client, method)(f"/join/{made.get(tampered, tampered)}/").status_code == 404
        assert payload
        assert people.team.memberships.count() == 3

    def test_an_older_database_does_not_give_a_link_to_another_invitation(self, people: SimpleNamespace) -> None:
        path = invite(people, "new@example.com")
        Invitation.objects.update(created_at=1)
        assert Client().get(path).status_code == 404


class TestTwiceAtOnce:
    @pytest.mark.parametrize("turn", range(3))
    def test_somebody_known_joins_once(
        self, turn: int, at_once: Callable[..., list], people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        path = invite(people, "charlie@example.com")
        browsers = [sign_in("charlie"), sign_in("charlie")]
        came = at_once(*(lambda browser=browser: browser.post(path).status_code for browser in browsers))
        assert sorted(came) == [302, 410]
        assert at_once(lambda: acts(people.team.pk)) == [[("charlie", "invitation.accepted", "charlie@example.com")]]

    @pytest.mark.parametrize("turn", range(3))
    def test_somebody_new_is_made_once(self, turn: int, at_once: Callable[..., list], people: SimpleNamespace) -> None:
        path = invite(people, "new@example.com")
        told = [{"password": "the first long password"}, {"password": "the second long password"}]
        came = at_once(*(lambda one=one: Client().post(path, one).status_code for one in told))
        assert sorted(came) == [302, 410]
        assert at_once(lambda: User.objects.filter(email="new@example.com").count()) == [1]
        assert at_once(lambda: acts(people.team.pk)) == [[("new", "invitation.accepted", "new@example.com")]]

    @pytest.mark.parametrize("turn", range(3))
    def test_somebody_new_who_is_invited_by_two_teams_is_made_once_and_asked_to_sign_in_for_the_other(
        self, turn: int, at_once: Callable[..., list], people: SimpleNamespace
    ) -> None:
        paths = invite(people, "new@example.com"), invite(people, "new@example.com", team=people.other)
        came = at_once(*(lambda path=path: Client().post(path, NEW) for path in paths))
        assert sorted(response.status_code for response in came) == [200, 302]
        asked = next(response for response in came if response.status_code == 200)
        assert "You are known here: sign in as new@example.com, then accept." in Page(asked).text
        assert at_once(lambda: Membership.objects.filter(user__email="new@example.com").count()) == [1]


def test_who_joined_but_could_not_be_signed_in_is_told_to_sign_in_and_not_that_the_link_was_used(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.welcome.sign_in_confirmed", locked)
    path, client = invite(people, "new@example.com"), Client()
    response = client.post(path, NEW)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/auth/login/")
    assert not is_in(client)
    door = client.get(response["Location"])
    assert "Sign in with the password that you have just chosen." in Page(door).text
    hidden = {field["name"]: field["value"] for field in Page(door).all("value")}
    signed_in = client.post("/auth/login/", {"login": "new@example.com", **NEW, "next": hidden["next"]})
    assert signed_in["Location"] == f"/?team={people.team.pk}"
    assert role_of("new@example.com", people) == "support"


def locked(request: Any, *told: Any) -> Any:
    """As a sign-in that began and met a locked database."""
    request.session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    raise OperationalError("database is locked")
