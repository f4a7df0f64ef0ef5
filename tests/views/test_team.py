"""The team page: who is in it and as what, and what an admin changes there."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, Actor, AuditEntry, Invitation, Membership, Role, Team, Token, User
from dashboard.models.inviting import invite
from tests.confirm import confirm
from tests.conftest import PASSWORD
from tests.views.conftest import hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
HUGE = 10**30


def role_of(person: User, team: Team) -> str | None:
    return Membership.objects.filter(user=person, team=team).values_list("role", flat=True).first()


def member_path(person: User, team: Team, act: str) -> str:
    return f"/team/members/{Membership.objects.get(user=person, team=team).pk}/{act}/"


def acts() -> list[tuple[str, str, str]]:
    """What the audit says was done to a team, the oldest first."""
    entries = AuditEntry.objects.exclude(team_id=None).order_by("id")
    return [(entry.who.partition("@")[0], entry.what, entry.subject) for entry in entries]


def refusal(response: Any) -> str:
    """The page's text, which must hold an alert."""
    page = Page(response)
    assert page.all("role")
    assert "alert" in [element["role"] for element in page.all("role")]
    return page.text


class TestThePage:
    def test_everybody_sees_who_is_in_the_team_and_as_what(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        for person in ("alice", "sam", "bob"):
            page = Page(sign_in(person).get("/team/"))
            assert len(page.all("data-member")) == 3
            for email in ("alice@example.com", "sam@example.com", "bob@example.com"):
                assert email in page.text
            assert "charlie@example.com" not in page.text

    def test_only_admins_see_links_of_invitations_and_anything_to_change(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        now = now_ms()
        Invitation.objects.create(
            team=people.team, email="new@example.com", role=Role.VIEWER, created_at=now, expires_at=now + DAY
        )
        shown = Page(sign_in("alice").get("/team/"))
        assert "/join/" in shown.source
        for person in ("sam", "bob"):
            page = Page(sign_in(person).get("/team/"))
            assert "/join/" not in page.source
            assert "new@example.com" not in page.source
            assert not [field for field in page.all("name") if field["name"] in ("role", "email", "keep_tasks_days")]
            acts = [one["formaction"] for one in page.all("formaction") if "/team/" in one["formaction"]]
            assert acts == [member_path(getattr(people, person), people.team, "remove")]

    def test_every_control_works_without_scripts(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        page = Page(sign_in("alice").get("/team/"))
        forms = {form["action"] for form in page.all("action")}
        assert {"/team/invitations/", "/team/settings/", member_path(people.bob, people.team, "role")} <= forms
        buttons = {button["formaction"] for button in page.all("formaction")}
        assert {member_path(people.bob, people.team, act) for act in ("remove", "reset")} <= buttons

    def test_with_several_teams_each_has_its_page_and_the_first_by_name_is_the_usual(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        people.other.add(people.bob, Role.ADMIN)
        bob = sign_in("bob")
        assert "Acme · Team" in Page(bob.get("/team/")).text
        other = Page(bob.get(f"/team/?team={people.other.pk}"))
        assert "Elsewhere · Team" in other.text
        assert "alice@example.com" not in other.text
        assert f"/team/?team={people.team.pk}" in {link["href"] for link in other.all("href")}

    @pytest.mark.parametrize("named", ["{other}", "999999", str(HUGE), "x", "-1", "²", "1 OR 1=1", "%00"])
    def test_another_team_or_nonsense_is_not_found(self, named: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        assert sign_in("alice").get(f"/team/?team={named.format(other=people.other.pk)}").status_code == 404

    def test_who_is_in_no_team_is_told_what_to_do(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        Membership.objects.filter(user=people.bob).delete()
        page = Page(sign_in("bob").get("/team/"))
        assert "You are in no team yet" in page.text
        assert "/team/new/" in {link["href"] for link in page.all("href")}

    def test_the_only_admin_is_told_how_to_leave_and_finds_no_button(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        page = Page(sign_in("alice").get("/team/"))
        assert "Make somebody else admin to leave." in page.text
        assert member_path(people.alice, people.team, "remove") not in page.source

    def test_admins_see_the_tokens_that_open_the_teams_accounts_and_nothing_of_other_teams(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        here = Account.objects.create(team=people.team, name="Here", url="https://studio.example.test/api")
        there = Account.objects.create(team=people.other, name="There", url="https://studio.example.test/api")
        people.other.add(people.bob, Role.VIEWER)
        told = {"role": Role.VIEWER, "created_at": now_ms(), "hint": "a1b2"}
        both = Token.objects.create(owner=people.bob, name="nightly", digest="1" * 64, **told)
        both.accounts.add(here, there)
        only_there = Token.objects.create(owner=people.bob, name="elsewhere script", digest="2" * 64, **told)
        only_there.accounts.add(there)
        for name, ended in (("old script", {"revoked_at": 1}), ("late script", {"expires_at": 1})):
            Token.objects.create(owner=people.bob, name=name, digest=name, **told, **ended).accounts.add(here)
        page = Page(sign_in("alice").get("/team/"))
        assert [row["data-token"] for row in page.all("data-token")] == [str(both.pk)]
        assert "…a1b2" in page.text
        for hidden in ("There", "elsewhere script", "old script", "late script", "1" * 64):
            assert hidden not in page.source
        assert "nightly" not in Page(sign_in("bob").get("/team/")).source

    def test_a_name_is_text_and_never_markup(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        Team.objects.filter(pk=people.team.pk).update(name="<script>alert(1)</script>")
        assert "<script>alert" not in sign_in("alice").get("/team/").content.decode()

    def test_many_members_cost_no_more_queries(
        self, people: SimpleNamespace, sign_in: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(20):
            people.team.add(User.objects.create_user(f"m{number}@example.com"), Role.VIEWER)
        alice = sign_in("alice")
        with django_assert_max_num_queries(14):
            alice.get("/team/")


class TestANewTeam:
    def test_anybody_starts_one_and_is_its_admin(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        bob = sign_in("bob")
        assert bob.get("/team/new/").status_code == 200
        response = bob.post("/team/new/", {"name": "  Films  "})
        team = Team.objects.get(name="Films")
        assert (response.status_code, response["Location"]) == (302, f"/team/?team={team.pk}")
        assert role_of(people.bob, team) == "admin"
        assert acts() == [("bob", "team.created", "Films")]
        assert "you are its admin" in Page(bob.get(response["Location"])).text

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\x1bb", "Acme", " Acme "])
    def test_a_name_that_cannot_be_is_refused(self, name: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        response = sign_in("bob").post("/team/new/", {"name": name})
        assert response.status_code == 422
        refusal(response)
        assert Team.objects.count() == 2

    def test_the_name_of_a_team_that_one_does_not_see_is_free(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        assert sign_in("bob").post("/team/new/", {"name": "Elsewhere"}).status_code == 302


class TestSettings:
    @pytest.mark.parametrize(("days", "kept"), [("30", 30), ("0", 0), ("", None)])
    def test_an_admin_sets_the_name_and_how_long_tasks_are_kept(
        self, days: str, kept: int | None, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        Team.objects.filter(pk=people.team.pk).update(keep_tasks_days=7)
        told = {"team": people.team.pk, "name": "Acme Video", "keep_tasks_days": days}
        response = sign_in("alice").post("/team/settings/", told)
        assert (response.status_code, response["Location"]) == (302, f"/team/?team={people.team.pk}")
        people.team.refresh_from_db()
        assert (people.team.name, people.team.keep_tasks_days) == ("Acme Video", kept)
        assert [what for _, what, _ in acts()] == ["team.renamed", "team.retention_set"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": "x" * 101},
            {"keep_tasks_days": "-1"},
            {"keep_tasks_days": "soon"},
            {"keep_tasks_days": "1" * 5000},
            {"keep_tasks_days": "36501"},
            {"keep_tasks_days": "1.5"},
        ],
    )
    def test_what_cannot_be_is_refused_and_changes_nothing(
        self, wrong: dict[str, str], people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        told = {"team": str(people.team.pk), "name": "Renamed", "keep_tasks_days": "30"} | wrong
        response = sign_in("alice").post("/team/settings/", told)
        assert response.status_code == 422
        refusal(response)
        people.team.refresh_from_db()
        assert (people.team.name, people.team.keep_tasks_days, acts()) == ("Acme", None, [])

    @pytest.mark.parametrize("named", ["{other}", "999999", str(HUGE), "x", ""])
    def test_another_team_in_the_form_is_not_found(self, named: str, people: SimpleNamespace, sign_in: SignIn) -> None:
        told = {"team": named.format(other=people.other.pk), "name": "Taken"}
        assert sign_in("alice").post("/team/settings/", told).status_code == 404
        assert not Team.objects.filter(name="Taken").exists()

    def test_without_a_team_in_the_form_it_is_the_only_one_and_of_several_none(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        alice = sign_in("alice")
        assert alice.post("/team/settings/", {"name": "Acme Video"}).status_code == 302
        people.other.add(people.alice, Role.ADMIN)
        assert alice.post("/team/settings/", {"name": "Taken"}).status_code == 404
        assert sorted(Team.objects.values_list("name", flat=True)) == ["Acme Video", "Elsewhere"]

    def test_an_admin_of_one_team_who_views_another_changes_only_the_first(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        people.other.add(people.alice, Role.VIEWER)
        told = {"team": people.other.pk, "name": "Taken"}
        assert sign_in("alice").post("/team/settings/", told).status_code == 403
        assert not Team.objects.filter(name="Taken").exists()


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
