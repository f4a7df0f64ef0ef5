"""The team page: who is in it and as what, a new team, and its settings."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, Invitation, Membership, Role, Team, Token, User
from tests.views.html import Page
from tests.views.team import HUGE, SignIn, acts, member_path, refusal, role_of


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
