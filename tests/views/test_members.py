"""What an admin does about members: roles, leaving, and links for a new password."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account, Actor, AuditEntry, Role, User
from dashboard.models.inviting import invite
from tests.confirm import confirm
from tests.conftest import PASSWORD
from tests.views.conftest import hold
from tests.views.html import Page
from tests.views.team import HUGE, SignIn, acts, member_path, refusal, role_of


class TestMembers:
    def test_an_admin_gives_another_role(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        alice = sign_in("alice")
        response = alice.post(member_path(people.bob, people.team, "role"), {"role": "support"})
        assert (response.status_code, response["Location"]) == (302, f"/team/?team={people.team.pk}")
        assert role_of(people.bob, people.team) == "support"
        assert acts() == [("alice", "member.role_changed", "bob@example.com")]
        assert "bob@example.com is support from now on." in Page(alice.get(response["Location"])).text

    @pytest.mark.parametrize("role", ["king", "", "Admin", "admin\x00", "viewer,admin", "x" * 10_000])
    def test_a_role_that_does_not_exist_is_refused(self, role: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        response = sign_in("alice").post(member_path(people.bob, people.team, "role"), {"role": role})
        assert response.status_code == 422
        assert "There is no such role." in refusal(response)
        assert (role_of(people.bob, people.team), acts()) == ("viewer", [])

    @pytest.mark.parametrize(("act", "told"), [("role", {"role": "viewer"}), ("remove", {})])
    def test_the_last_admin_is_told_why_not(
        self, act: str, told: dict[str, str], people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        response = sign_in("alice").post(member_path(people.alice, people.team, act), told)
        assert response.status_code == 409
        assert "Make somebody else admin first." in refusal(response)
        assert (role_of(people.alice, people.team), acts()) == ("admin", [])

    @pytest.mark.parametrize("act", ["role", "remove", "reset"])
    @pytest.mark.parametrize("person", ["sam", "bob"])
    def test_nobody_but_an_admin_touches_others(
        self, act: str, person: str, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        path = member_path(people.alice, people.team, act)
        assert sign_in(person).post(path, {"role": "viewer"}).status_code == 403
        assert (role_of(people.alice, people.team), acts()) == ("admin", [])

    @pytest.mark.parametrize("person", ["sam", "bob"])
    def test_nobody_gives_themselves_a_role(self, person: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        path = member_path(getattr(people, person), people.team, "role")
        assert sign_in(person).post(path, {"role": "admin"}).status_code == 403
        assert role_of(getattr(people, person), people.team) != "admin"

    @pytest.mark.parametrize("act", ["role", "remove", "reset"])
    def test_members_of_other_teams_are_not_found(self, act: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        alice = sign_in("alice")
        for path in (
            member_path(people.charlie, people.other, act),
            f"/team/members/999999/{act}/",
            f"/team/members/{HUGE}/{act}/",
        ):
            assert alice.post(path, {"role": "viewer", "team": people.team.pk}).status_code == 404
        assert (role_of(people.charlie, people.other), acts()) == ("admin", [])

    def test_who_is_removed_finds_nothing_of_the_team_at_the_next_request_and_keeps_the_others(
        self, people: SimpleNamespace, quiet: Account, sign_in: SignIn
    ) -> None:
        task = hold(quiet)
        people.other.add(people.bob, Role.SUPPORT)
        bob = sign_in("bob")
        own = f"/team/?team={people.team.pk}"
        theirs = [own, f"/?team={people.team.pk}", f"/accounts/{quiet.pk}/", f"/tasks/{task.upstream_id}/"]
        theirs += [f"/tasks/{task.upstream_id}.json", f"/teams/{people.team.pk}/gateways/"]
        assert [bob.get(path).status_code for path in theirs] == [200] * len(theirs)
        response = sign_in("alice").post(member_path(people.bob, people.team, "remove"), follow=True)
        assert "bob@example.com is not in Acme any more." in Page(response).text
        assert [bob.get(path).status_code for path in theirs] == [404] * len(theirs)
        assert task.title not in bob.get("/").content.decode()
        assert bob.get(f"/team/?team={people.other.pk}").status_code == 200
        assert role_of(people.bob, people.other) == "support"
        assert acts() == [("alice", "member.removed", "bob@example.com")]

    def test_a_member_leaves(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        bob = sign_in("bob")
        response = bob.post(member_path(people.bob, people.team, "remove"), follow=True)
        assert "You left Acme." in Page(response).text
        assert bob.get(f"/team/?team={people.team.pk}").status_code == 404
        assert acts() == [("bob", "member.left", "bob@example.com")]

    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("role", {"role": "admin"}),
            ("remove", {}),
            ("reset", {}),
            ("/team/settings/", {"name": "Renamed", "keep_tasks_days": "1"}),
            ("/team/invitations/", {"email": "new@example.com", "role": "admin"}),
        ],
    )
    def test_who_signed_in_a_while_ago_says_first_that_it_is_them_and_then_it_is_done(
        self, path: str, told: dict[str, str], people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        alice = sign_in("alice")
        confirm(alice, seconds_ago=700)
        if not path.startswith("/"):
            path = member_path(people.bob, people.team, path)
        response = alice.post(path, told | {"team": people.team.pk})
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/confirm/?next=")
        assert (role_of(people.bob, people.team), acts()) == ("viewer", [])
        done = alice.post(response["Location"], {"password": PASSWORD})
        assert done.status_code in (200, 302)
        assert len(acts()) >= 1

    def test_too_small_a_role_is_not_even_asked_for_the_password(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        bob = sign_in("bob")
        confirm(bob, seconds_ago=700)
        assert bob.post(member_path(people.alice, people.team, "remove")).status_code == 403


class TestALinkForANewPassword:
    def test_it_is_shown_once_and_lets_the_person_choose(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        response = sign_in("alice").post(member_path(people.bob, people.team, "reset"))
        assert response.status_code == 200
        link = Page(response).one("id", "link")["value"]
        assert link.startswith("http://testserver/auth/password/reset/")
        assert acts() == [("alice", "member.reset_link", "bob@example.com")]
        bob = Client()
        form = bob.get(link, follow=True)
        new = {"password1": "a quite new password", "password2": "a quite new password"}
        assert bob.post(form.redirect_chain[-1][0], new).status_code == 302
        people.bob.refresh_from_db()
        assert people.bob.check_password("a quite new password")

    def test_nothing_of_the_link_is_in_the_audit(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        response = sign_in("alice").post(member_path(people.bob, people.team, "reset"))
        key = Page(response).one("id", "link")["value"].rstrip("/").rpartition("/")[2]
        entry = AuditEntry.objects.get(what="member.reset_link")
        assert key not in f"{entry.subject}{entry.before}{entry.after}"

    def test_it_is_refused_for_somebody_of_a_team_that_the_admin_does_not_administer(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        people.other.add(people.bob, Role.VIEWER)
        alice, path = sign_in("alice"), member_path(people.bob, people.team, "reset")
        assert path not in alice.get("/team/").content.decode()
        for _ in range(2):
            response = alice.post(path)
            assert response.status_code == 403
            assert "a team that you do not administer" in refusal(response)
            assert "/auth/password/reset/" not in response.content.decode()
            people.other.add(people.alice, Role.SUPPORT)
        people.other.add(people.alice, Role.ADMIN)
        assert alice.post(path).status_code == 200

    def test_one_made_before_the_person_joined_another_team_does_not_open_that_too(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        browser = sign_in("bob")
        User.objects.filter(pk=people.bob.pk).update(last_login=datetime(2026, 1, 1, tzinfo=UTC))
        link = Page(sign_in("alice").post(member_path(people.bob, people.team, "reset"))).one("id", "link")["value"]
        invitation = invite(people.other.pk, "bob@example.com", Role.VIEWER, Actor("charlie", people.charlie.pk))
        assert Client().get(link).status_code == 302
        assert browser.post(f"/join/{invitation.sign}/").status_code == 302
        assert Client().get(link).status_code != 302
        assert browser.get(f"/team/?team={people.other.pk}").status_code == 200

    def test_where_mail_is_set_up_nobody_but_the_person_gets_a_link(
        self, people: SimpleNamespace, sign_in: SignIn, settings: Any
    ) -> None:
        settings.EMAIL_HOST = "mail.example.test"
        alice, path = sign_in("alice"), member_path(people.bob, people.team, "reset")
        assert path not in alice.get("/team/").content.decode()
        response = alice.post(path)
        assert response.status_code == 403
        assert "“Forgot your password?”" in refusal(response)
        assert "/auth/password/reset/" not in response.content.decode()
        assert acts() == []

    def test_nobody_makes_one_for_themselves(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        response = sign_in("alice").post(member_path(people.alice, people.team, "reset"))
        assert response.status_code == 409
        assert "on your profile" in refusal(response)
