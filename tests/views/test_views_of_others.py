"""Whose views are whose: what a role allows, and that no view leads where one may not look."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory

from dashboard.clock import now_ms
from dashboard.models import Account, Right, Role, SavedView, Team, User
from dashboard.models.rights import RIGHTS
from dashboard.models.roster import remove
from dashboard.models.team import Membership
from dashboard.views.actor import actor_of
from tests.views.conftest import Connect
from tests.views.html import Page
from tests.views.saved import kept, link_in, menu, names_in, refusal, save

SignIn = Callable[[str], Client]


def test_a_teams_view_shows_that_teams_tasks_only(people: SimpleNamespace, sign_in: SignIn) -> None:
    people.other.add(people.sam, Role.SUPPORT)
    response = save(sign_in("sam"), query=f"phase=failed&team={people.other.pk}", **{"for": people.team.pk})
    assert response["Location"] == f"/?phase=failed&team={people.team.pk}"
    assert kept() == [("Uploads that failed", "phase=failed")]
    assert link_in(menu(people.bob), "Uploads that failed") == response["Location"]


def test_a_viewer_keeps_views_for_themselves_only(people: SimpleNamespace, sign_in: SignIn) -> None:
    save(sign_in("sam"), "Ours", **{"for": people.team.pk})
    view, bob = SavedView.objects.get(), sign_in("bob")
    page = Page(bob.get("/views/?query=phase%3Dfailed"))
    assert not [element for element in page.all("name") if element["name"] == "for"]
    assert save(bob, **{"for": people.team.pk}).status_code == 403
    for path in ("rename", "delete"):
        assert bob.post(f"/views/{view.pk}/{path}/", {"name": "Mine"}).status_code == 403
        assert bob.post(f"/views/{view.pk}/{path}/", {"name": "x" * 61}).status_code == 403
    assert kept() == [("Ours", "phase=failed")]


def test_keeping_views_is_a_right_of_its_own(
    people: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(sign_in("bob"), "Mine")
    monkeypatch.setitem(RIGHTS, Right.KEEP_PRIVATE_VIEWS, Role.ADMIN)
    bob, view = sign_in("bob"), SavedView.objects.get()
    assert save(bob, "Another").status_code == 403
    assert bob.post(f"/views/{view.pk}/rename/", {"name": "Other"}).status_code == 403
    assert bob.post(f"/views/{view.pk}/delete/").status_code == 403
    assert not menu(people.bob, "q=a").save_url
    assert save(sign_in("alice"), "Another").status_code == 302


def test_somebody_without_a_team_sees_everybodys_views_and_keeps_none(people: SimpleNamespace, sign_in: SignIn) -> None:
    Membership.objects.filter(user=people.charlie).delete()
    charlie = sign_in("charlie")
    assert charlie.get("/views/?query=phase%3Dfailed").status_code == 200
    assert save(charlie).status_code == 403
    assert list(names_in(menu(people.charlie))) == ["For everybody"]


def test_ids_of_others_are_not_there_in_any_field(
    people: SimpleNamespace, sign_in: SignIn, connect_quiet: Connect
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    save(sign_in("charlie"), "Private of Charlie")
    save(sign_in("charlie"), "Of Elsewhere", **{"for": people.other.pk})
    before, sam = kept(), sign_in("sam")
    private, team = SavedView.objects.order_by("pk")
    answers = [
        save(sam, query=f"account={theirs.pk}"),
        save(sam, query=f"phase=failed&team={people.other.pk}"),
        save(sam, query="account=999999"),
        save(sam, **{"for": people.other.pk}),
        save(sam, **{"for": "999999"}),
        save(sam, **{"for": "nobody"}),
        save(sam, instead=private.pk),
        save(sam, instead=team.pk),
        save(sam, instead="x"),
        save(sam, instead="9" * 30),
        sam.get("/views/", {"query": f"account={theirs.pk}"}),
        sam.get("/views/", {"query": f"team={people.other.pk}"}),
        *(
            sam.post(f"/views/{view.pk}/{act}/", {"name": "x"})
            for view in (private, team)
            for act in ("rename", "delete")
        ),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert not any("Theirs" in answer.content.decode() for answer in answers)
    assert kept() == before


def test_a_teams_view_names_no_account_of_another_team(
    people: SimpleNamespace, sign_in: SignIn, connect_quiet: Connect
) -> None:
    people.other.add(people.sam, Role.SUPPORT)
    theirs, sam = connect_quiet("Theirs", team=people.other), sign_in("sam")
    answer = save(sam, query=f"account={theirs.pk}", **{"for": people.team.pk})
    assert "Its account is not one of Acme" in refusal(answer)
    assert save(sam, query=f"account={theirs.pk}", **{"for": people.other.pk}).status_code == 302


def test_views_of_somebody_who_left_a_team_lead_nowhere_that_they_may_not_see(
    people: SimpleNamespace, sign_in: SignIn, quiet: Account
) -> None:
    people.other.add(people.sam, Role.SUPPORT)
    sam = sign_in("sam")
    save(sam, "Its account", f"account={quiet.pk}")
    save(sam, "Its team", f"phase=failed&team={people.team.pk}")
    save(sam, "Anywhere", "phase=failed")
    save(sam, "Of Acme", **{"for": people.team.pk})
    request: Any = RequestFactory().get("/")
    request.user = people.alice
    remove(Membership.objects.get(user=people.sam, team=people.team), actor_of(request))
    assert names_in(menu(people.sam))["Yours"] == ["Anywhere"]
    assert "Acme" not in names_in(menu(people.sam))
    page = Page(sam.get("/views/"))
    assert page.text.count("leads nowhere any more") == 2
    for theirs in (quiet.name, "Acme", "Of Acme", "bob@example.com"):
        assert theirs not in page.text
    for link in (f"/?account={quiet.pk}", f"/?phase=failed&team={people.team.pk}"):
        assert sam.get(link).status_code == 404
    gone = SavedView.objects.get(name="Its account")
    assert sam.post(f"/views/{gone.pk}/delete/").status_code == 302
    assert "Of Acme" in Page(sign_in("bob").get("/views/")).text, "what was the team's stays the team's"


def test_a_view_of_a_removed_account_leads_nowhere(people: SimpleNamespace, sign_in: SignIn, quiet: Account) -> None:
    save(sign_in("sam"), "Its tasks", f"account={quiet.pk}", **{"for": people.team.pk})
    assert names_in(menu(people.bob))["Acme"] == ["Its tasks"]
    Account.objects.filter(pk=quiet.pk).update(removed_at=now_ms())
    assert "Acme" not in names_in(menu(people.bob))
    text = Page(sign_in("bob").get("/views/")).text
    assert "leads nowhere any more" in text
    assert quiet.name not in text


def test_a_person_and_a_team_take_their_views_along_when_they_go(people: SimpleNamespace, sign_in: SignIn) -> None:
    save(sign_in("charlie"), "Mine")
    save(sign_in("charlie"), "Ours", **{"for": people.other.pk})
    Team.objects.filter(pk=people.other.pk).delete()
    User.objects.filter(pk=people.charlie.pk).delete()
    assert not kept()
