"""Forms of triage: who may, what they do, and how two people at once get along."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.models import Account, AuditEntry, Decision
from dashboard.models.group import Group
from dashboard.models.uniting import merge
from tests.models.failures import TIMEOUT, again, by, fail
from tests.views.html import Page

SignIn = Callable[[str], Client]
ACTS = {
    "resolve": {},
    "ignore": {"days": "1"},
    "reopen": {},
    "assign": {"owner": ""},
    "merge": {"into": "1"},
    "unmerge": {"pattern": "1"},
    "notes": {"text": "hello"},
}


@pytest.fixture
def group(quiet: Account) -> Group:
    return fail(quiet, "one")


def post(browser: Client, group: Group, act: str, **fields: object) -> tuple[int, Page]:
    response = browser.post(f"/failures/{group.pk}/{act}/", fields)
    return response.status_code, Page(response)


@pytest.mark.parametrize("act", ACTS)
def test_viewers_and_strangers_change_nothing(sign_in: SignIn, group: Group, act: str) -> None:
    assert post(sign_in("bob"), group, act, **ACTS[act])[0] == 403
    assert post(sign_in("charlie"), group, act, **ACTS[act])[0] == 404
    assert sign_in("sam").get(f"/failures/{group.pk}/{act}/").status_code == 405
    assert not Decision.objects.exists()
    assert not AuditEntry.objects.exists()


def test_taking_ignoring_resolving_and_opening_again(sign_in: SignIn, group: Group, people: SimpleNamespace) -> None:
    sam = sign_in("sam")
    for act, fields, state in (
        ("assign", {"owner": people.sam.pk, "turn": 0}, "owned"),
        ("ignore", {"days": 7, "turn": 1}, "ignored"),
        ("reopen", {"turn": 2}, "owned"),
        ("ignore", {"more": 5, "hours": 24, "turn": 3}, "ignored"),
        ("resolve", {"turn": 4}, "resolved"),
        ("reopen", {}, "owned"),  # no turn: the present one
        ("assign", {"owner": ""}, "open"),
    ):
        response = sam.post(f"/failures/{group.pk}/{act}/", fields)
        assert (response.status_code, response["Location"]) == (302, f"/failures/{group.pk}/")
        assert again(group).state == state
    page = Page(sam.get(f"/failures/{group.pk}/"))
    deeds = [deed["data-deed"] for deed in page.all("data-deed")]
    assert deeds == ["took", "ignored", "reopened", "ignored", "resolved", "reopened", "released"]
    assert "until 5 more fail within 24 h" in page.text


@pytest.mark.parametrize(
    "fields",
    [{}, {"days": "0"}, {"days": "-1"}, {"days": "1000000000"}, {"days": "soon"}, {"days": "9" * 5000},
     {"days": "1.5"}, {"more": "0", "hours": "1"}, {"more": "-1", "hours": "1"}, {"more": "many", "hours": "1"},
     {"more": "10" * 9, "hours": "1"}, {"more": "5"}, {"more": "5", "hours": "0"}, {"more": "5", "hours": "x"},
     {"more": "5", "hours": str(10**9)}, {"days": "٣"}],
)  # fmt: skip
def test_absurd_patience_is_explained_and_given_back(sign_in: SignIn, group: Group, fields: dict[str, str]) -> None:
    status, page = post(sign_in("sam"), group, "ignore", **fields)
    assert status == 422
    assert "number" in page.text
    assert page.one("data-act", "ignore").get("open") == ""
    if "more" in fields and "hours" in fields:
        assert page.one("name", "more")["value"] == fields["more"]
    assert again(group).state == "open"


@pytest.mark.parametrize("owner", ["bob", "charlie"])
def test_somebody_who_cannot_act_on_it_is_no_owner(
    sign_in: SignIn, group: Group, people: SimpleNamespace, owner: str
) -> None:
    status, page = post(sign_in("sam"), group, "assign", owner=getattr(people, owner).pk)
    assert status == 409
    assert "not in the team, or may not triage" in page.text
    for odd in ("x", "-3", str(10**30)):
        assert post(sign_in("sam"), group, "assign", owner=odd)[0] in (409, 422)
    assert post(sign_in("sam"), group, "assign")[0] == 422
    assert again(group).state == "open"


def test_only_people_who_can_act_on_it_are_offered(sign_in: SignIn, group: Group, people: SimpleNamespace) -> None:
    page = Page(sign_in("sam").get(f"/failures/{group.pk}/"))
    options = [element["value"] for element in page.elements if element["tag"] == "option"]
    assert options == ["", str(people.alice.pk), str(people.sam.pk)]


def test_who_was_slower_is_told_what_happened_and_may_do_it_all_the_same(
    sign_in: SignIn, group: Group, people: SimpleNamespace
) -> None:
    sam, alice = sign_in("sam"), sign_in("alice")
    sam.post(f"/failures/{group.pk}/resolve/", {"turn": 0})
    status, page = post(alice, group, "ignore", more=7, hours=3, turn=0)
    assert status == 409
    assert "sam@example.com resolved it" in page.text
    assert again(group).state == "resolved"
    form = page.one("action", f"/failures/{group.pk}/ignore/")
    assert form["method"] == "post"
    hidden = {field["name"]: field["value"] for field in page.all("name") if field.get("type") == "hidden"}
    kept = {name: hidden[name] for name in ("more", "hours", "turn")}
    assert kept == {"more": "7", "hours": "3", "turn": "1"}
    assert alice.post(f"/failures/{group.pk}/ignore/", kept).status_code == 302
    assert (again(group).state, again(group).ignored_more) == ("ignored", 7)


def test_notes_of_two_people_are_both_kept(sign_in: SignIn, group: Group) -> None:
    sam, alice = sign_in("sam"), sign_in("alice")
    sam.post(f"/failures/{group.pk}/resolve/", {"turn": 0})
    assert alice.post(f"/failures/{group.pk}/notes/", {"text": "From Alice", "turn": 0}).status_code == 302
    assert sam.post(f"/failures/{group.pk}/notes/", {"text": "From Sam", "turn": 0}).status_code == 302
    page = Page(sign_in("bob").get(f"/failures/{group.pk}/"))
    assert "From Alice" in page.text
    assert "From Sam" in page.text


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001])
def test_a_note_that_cannot_be_kept_is_given_back(sign_in: SignIn, group: Group, text: str) -> None:
    status, page = post(sign_in("sam"), group, "notes", text=text)
    assert status == 422
    assert text.strip() in page.source
    assert not Decision.objects.exists()


def test_markup_in_a_note_is_text(sign_in: SignIn, group: Group) -> None:
    post(sign_in("sam"), group, "notes", text="<script>alert(1)</script>")
    assert "<script>alert" not in sign_in("bob").get(f"/failures/{group.pk}/").content.decode()


@pytest.mark.parametrize("into", ["{}", "#{}", " {} ", "http://testserver/failures/{}/"])
def test_a_group_is_merged_by_its_number_and_taken_out_again(
    sign_in: SignIn, group: Group, quiet: Account, into: str
) -> None:
    other, sam = fail(quiet, "two", TIMEOUT), sign_in("sam")
    assert post(sam, group, "merge", into=into.format(other.pk), turn=0)[0] == 302
    assert again(group).merged_into_id == other.pk
    assert post(sam, other, "unmerge", pattern=group.pk, turn=1)[0] == 302
    assert again(group).merged_into_id is None


@pytest.mark.parametrize("into", ["", "x", "0", "-1", str(10**17), "9" * 400, "12 or 13", "\0"])
def test_a_merge_into_nothing_is_refused_with_a_sentence(sign_in: SignIn, group: Group, into: str) -> None:
    status, page = post(sign_in("sam"), group, "merge", into=into)
    assert status in (409, 422)
    assert page.all("role")
    assert page.one("data-act", "merge").get("open") == ""
    assert again(group).merged_into_id is None


def test_a_merge_with_itself_or_in_a_circle_is_refused_with_a_sentence(
    sign_in: SignIn, group: Group, quiet: Account, people: SimpleNamespace
) -> None:
    other, sam = fail(quiet, "two", TIMEOUT), sign_in("sam")
    status, page = post(sam, group, "merge", into=group.pk)
    assert (status, "cannot be merged with itself" in page.text) == (409, True)
    merge(by(people.sam, other), group.pk)
    status, page = post(sam, group, "merge", into=other.pk)
    assert (status, "circle" in page.text) == (409, True)


def test_a_form_of_a_merged_group_says_where_it_went_and_keeps_what_was_typed(
    sign_in: SignIn, group: Group, quiet: Account, people: SimpleNamespace
) -> None:
    other = fail(quiet, "two", TIMEOUT)
    merge(by(people.alice, group), other.pk)
    status, page = post(sign_in("sam"), group, "notes", text="It is the proxy", turn=0)
    assert status == 409
    assert f"merged this into #{other.pk}" in page.text
    assert page.one("action", f"/failures/{other.pk}/notes/")
    assert page.one("name", "text")["value"] == "It is the proxy"
    for act, fields in ACTS.items():
        assert post(sign_in("sam"), group, act, **fields)[0] == 409
    assert not Decision.objects.filter(what="noted").exists()


@pytest.mark.parametrize("turn", ["x", "-1", "9" * 50, "1.0"])
def test_a_damaged_form_changes_nothing(sign_in: SignIn, group: Group, turn: str) -> None:
    assert post(sign_in("sam"), group, "resolve", turn=turn)[0] == 409
    assert again(group).state == "open"


def test_the_audit_tells_each_act_as_a_sentence(sign_in: SignIn, group: Group, people: SimpleNamespace) -> None:
    sam = sign_in("sam")
    sam.post(f"/failures/{group.pk}/assign/", {"owner": people.sam.pk})
    sam.post(f"/failures/{group.pk}/assign/", {"owner": people.alice.pk})
    sam.post(f"/failures/{group.pk}/ignore/", {"days": 1})
    sam.post(f"/failures/{group.pk}/resolve/", {})
    text = Page(sign_in("alice").get(f"/audit/?team={people.team.pk}")).text
    for told in ("took the failures", "gave the failures", "ignored the failures", "resolved the failures"):
        assert told in text


@pytest.mark.parametrize("owner", ["9" * 19, "9" * 30, "-" + "9" * 30])
def test_nobody_has_a_number_that_no_database_holds(sign_in: SignIn, group: Group, owner: str) -> None:
    response = sign_in("sam").post(f"/failures/{group.pk}/assign/", {"owner": owner})
    assert response.status_code in (409, 422), response.status_code
