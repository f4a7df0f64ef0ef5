"""Views are saved, renamed, shared and deleted; what will not do is refused with a sentence."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.models import AuditEntry, SavedView
from dashboard.models.saved_view import MOST
from tests.views.html import Page
from tests.views.saved import kept, link_in, menu, refusal, save

SignIn = Callable[[str], Client]


def test_a_view_is_saved_from_the_boards_url_and_leads_there(people: SimpleNamespace, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    form = Page(bob.get("/views/", {"query": "phase=failed&type=upload&q=timed out"}))
    told = form.one("name", "query")["value"]
    response = save(bob, query=told)
    assert response.status_code == 302
    assert response["Location"] == "/?q=timed+out&phase=failed&type=upload"
    assert kept() == [("Uploads that failed", "q=timed+out&phase=failed&type=upload")]
    assert bob.get(response["Location"]).status_code == 200
    assert link_in(menu(people.bob), "Uploads that failed") == response["Location"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Nothing is filtered yet"),
        ("older=17-3&size=50", "Nothing is filtered yet"),
        ("https://evil.example/?phase=failed", "Nothing is filtered yet"),
        ("q=(open", "This search cannot be read"),
        (f"q={'x' * 513}", "cannot be read"),
        (f"q={'%F0%9F%8E%AC' * 300}", "too long"),
        ("&" * 900, "cannot be read"),
        ("account=1;DROP", "cannot be read"),
        ("phase=failed&account=" + "9" * 30, "cannot be read"),
        ("q=" + "x" * 9000, "8000 characters"),
    ],
)
def test_what_is_no_filter_is_not_kept(query: str, sentence: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    assert sentence in refusal(save(sign_in("bob"), query=query))
    assert not kept()
    assert sign_in("bob").get("/views/", {"query": query}).status_code == 200


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A view needs a name"),
        ("   ", "A view needs a name"),
        ("x" * 61, "at most 60 characters"),
        ("x" * 100_000, "at most 60 characters"),
        ("safe\u202egnp.exe", "one line of text"),
        ("no\u200bwidth", "one line of text"),
        ("esc\x1b[31m", "one line of text"),
        ("nul\0", "Null characters"),
        ("0c6e2b1a-7c1e-4d0f-9c55-1f2e3d4c5b6a", "looks like a key"),
    ],
)
def test_a_name_that_will_not_do_is_refused_with_a_sentence(
    name: str, sentence: str, people: SimpleNamespace, sign_in: SignIn
) -> None:
    bob = sign_in("bob")
    text = refusal(save(bob, name))
    assert sentence in text
    assert "failed" in text, "what it is to show is still there"
    save(bob, "Good")
    view = SavedView.objects.get()
    assert sentence in refusal(bob.post(f"/views/{view.pk}/rename/", {"name": name}))
    assert kept() == [("Good", "phase=failed")]


def test_a_name_is_shown_as_text_and_its_spaces_are_single(people: SimpleNamespace, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    save(bob, "  <b>Fett</b> &   mehr ")
    assert kept()[0][0] == "<b>Fett</b> & mehr"
    assert "<b>Fett" not in bob.get("/views/").content.decode()


def test_names_are_once_per_person_and_once_per_team(people: SimpleNamespace, sign_in: SignIn) -> None:
    sam = sign_in("sam")
    save(sam, "Failed")
    assert "There is a view of this name already" in refusal(save(sam, "FAILED", "phase=running"))
    assert save(sam, "Failed", **{"for": people.team.pk}).status_code == 302
    assert "of this name already" in refusal(save(sign_in("alice"), "Failed", "q=a", **{"for": people.team.pk}))
    assert save(sign_in("bob"), "Failed", "q=a").status_code == 302
    assert len(kept()) == 3


def test_the_same_form_sent_twice_saves_one_view(people: SimpleNamespace, sign_in: SignIn) -> None:
    sam = sign_in("sam")
    for told in ({}, {"for": people.team.pk}):
        answers = [save(sam, **told) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
    assert len(kept()) == 2
    assert AuditEntry.objects.filter(what="view.saved").count() == 1


@pytest.mark.parametrize("of_team", [False, True])
def test_the_21st_view_is_refused(of_team: bool, people: SimpleNamespace, sign_in: SignIn) -> None:
    sam, told = sign_in("sam"), {"for": people.team.pk} if of_team else {}
    for number in range(MOST):
        assert save(sam, f"View {number}", **told).status_code == 302
    assert "There are 20 views already" in refusal(save(sam, "One more", **told))
    assert save(sam, "Beside them", **({} if of_team else {"for": people.team.pk})).status_code == 302
    assert save(sam, "View 3", **told).status_code == 302, "the same again is no other"
    assert len(kept()) == MOST + 1


def test_a_view_is_renamed_and_deleted_by_its_owner(people: SimpleNamespace, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    save(bob, "First")
    save(bob, "Second", "q=a")
    first = SavedView.objects.get(name="First")
    assert bob.post(f"/views/{first.pk}/rename/", {"name": "Third"}).status_code == 302
    assert "of this name already" in refusal(bob.post(f"/views/{first.pk}/rename/", {"name": "second"}))
    assert bob.post(f"/views/{first.pk}/rename/", {"name": "THIRD"}).status_code == 302, "its own name is free"
    assert bob.post(f"/views/{first.pk}/delete/").status_code == 302
    assert bob.post(f"/views/{first.pk}/delete/").status_code == 404
    assert kept() == [("Second", "q=a")]
    assert not AuditEntry.objects.exists(), "what somebody keeps for themselves is nobody's business"


def test_what_becomes_of_a_teams_views_stands_in_the_audit(people: SimpleNamespace, sign_in: SignIn) -> None:
    sam, alice = sign_in("sam"), sign_in("alice")
    save(sam, "Ours", "q=secret thing", **{"for": people.team.pk})
    view = SavedView.objects.get()
    alice.post(f"/views/{view.pk}/rename/", {"name": "All of ours"})
    alice.post(f"/views/{view.pk}/rename/", {"name": "All of ours"})
    sam.post(f"/views/{view.pk}/delete/")
    told = list(AuditEntry.objects.order_by("id").values_list("what", "who", "subject", "team_id"))
    assert told == [
        ("view.saved", "sam@example.com", "Ours", people.team.pk),
        ("view.renamed", "alice@example.com", "All of ours", people.team.pk),
        ("view.deleted", "sam@example.com", "All of ours", people.team.pk),
    ]
    text = Page(alice.get("/audit/?what=views")).text
    for words in ("saved the view", "formerly Ours", "deleted the team’s view"):
        assert words in text


def test_ones_own_view_can_be_shared_and_is_the_teams_from_then_on(people: SimpleNamespace, sign_in: SignIn) -> None:
    sam = sign_in("sam")
    save(sam, "Handy")
    mine = SavedView.objects.get()
    told = {"for": people.team.pk, "instead": mine.pk}
    assert save(sam, "Handy", **told)["Location"] == "/views/"
    shared = SavedView.objects.get()
    assert (shared.team, shared.user, shared.by_name) == (people.team, None, "sam@example.com")
    assert "Handy is there for everybody in Acme now" in Page(sam.get("/views/")).text
    assert save(sam, "Handy", **told).status_code == 404, "sent twice, there is nothing to share any more"
    assert len(kept()) == 1


def test_a_view_that_cannot_be_shared_stays_ones_own(people: SimpleNamespace, sign_in: SignIn) -> None:
    sam = sign_in("sam")
    save(sam, "Handy")
    save(sam, "handy", "q=other", **{"for": people.team.pk})
    mine = SavedView.objects.get(user=people.sam)
    refusal(save(sam, "Handy", **{"for": people.team.pk, "instead": mine.pk}))
    assert SavedView.objects.filter(pk=mine.pk).exists()


def test_of_two_who_save_under_one_name_at_once_one_is_told(
    people: SimpleNamespace, sign_in: SignIn, at_once: Callable[..., list]
) -> None:
    sam, alice = sign_in("sam"), sign_in("alice")
    told = {"for": people.team.pk}
    acts = [lambda b=b, q=q: save(b, "Ours", q, **told).status_code for b, q in ((sam, "q=a"), (alice, "q=b"))]
    answers = at_once(*acts)
    assert sorted(answers) == [302, 422]
    assert at_once(lambda: len(kept())) == [1]
