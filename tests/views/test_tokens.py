"""The page of one's own tokens: made, shown once, seen, revoked; never more than one may oneself."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, AuditEntry, Membership, Role, Team, Token
from dashboard.models.audit import Actor
from dashboard.models.token import MOST_OPEN, digest_of
from tests.conftest import PASSWORD, confirm
from tests.views.conftest import Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
ACTOR = Actor("a test")


@pytest.fixture
def theirs(connect_quiet: Connect, people: SimpleNamespace) -> Account:
    """An account of a team in which nobody of Acme is."""
    return connect_quiet("Harbour Films", team=people.other)


def form(*accounts: Account, **told: Any) -> dict[str, Any]:
    return {"name": "Nightly report", "role": "viewer", "accounts": [a.pk for a in accounts], "expires": "30"} | told


def clear_in(response: Any) -> str:
    """The token that the answer shows."""
    return Page(response).one("data-fresh-token") and response.context["fresh"].clear


def alerts(response: Any) -> str:
    page = Page(response)
    assert [element for element in page.all("role") if element["role"] == "alert"]
    return page.text


def give(owner: Any, *accounts: Account, name: str = "script", role: str = "viewer", days: float = 1) -> Token:
    expires_at = now_ms() + int(days * DAY)
    token, _ = Token.objects.make(owner, name, role, accounts, expires_at, ACTOR)
    return token


def test_a_new_token_is_shown_once_and_works(quiet: Account, people: SimpleNamespace, sign_in: SignIn) -> None:
    bob, task = sign_in("bob"), hold(quiet)
    response = bob.post("/tokens/", form(quiet))
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    clear = clear_in(response)
    assert clear.startswith("ltd_")
    page = Page(response)
    assert page.source.count(clear) == 4  # to read and to copy, alone and in a line for a shell
    assert f"http://testserver/api/{quiet.pk}/task?limit=5" in page.text
    answer = Client().get(f"/api/{quiet.pk}/task", headers={"Authorization": f"Bearer {clear}"})
    assert [one["id"] for one in answer.json()] == [task.upstream_id]
    later = bob.get("/tokens/").content.decode()
    assert clear not in later
    assert f"ltd_…{clear[-4:]}" in later


def test_only_the_digest_of_a_token_is_stored(quiet: Account, sign_in: SignIn) -> None:
    clear = clear_in(sign_in("bob").post("/tokens/", form(quiet)))
    token = Token.objects.get()
    assert token.digest == digest_of(clear)
    assert clear not in json.dumps(list(Token.objects.values()), default=str)
    assert clear not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_a_new_token_is_told_to_the_audit_of_each_team_that_it_touches(
    quiet: Account, theirs: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    people.other.add(people.bob, Role.VIEWER)
    sign_in("bob").post("/tokens/", form(quiet, theirs))
    entries = {entry.team_id: entry for entry in AuditEntry.objects.filter(what="token.created")}
    assert set(entries) == {people.team.pk, people.other.pk}
    own = entries[people.team.pk]
    assert (own.who, own.subject) == ("bob@example.com", str(Token.objects.get()))
    assert json.loads(own.after)["accounts"] == quiet.name
    assert "Harbour" not in own.after


def test_the_list_tells_what_a_token_opens_and_how_it_was_used(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    token = give(people.bob, quiet, name="Nightly")
    page = Page(sign_in("bob").get("/tokens/"))
    for told in ("Nightly", quiet.name, f"http://testserver/api/{quiet.pk}", "Viewer", "never"):
        assert told in page.text
    Token.objects.update(last_used_at=now_ms(), last_used_from="192.0.2.7")
    assert "from 192.0.2.7" in Page(sign_in("bob").get("/tokens/")).text
    assert page.one("data-token")["data-token-state"] == "open"
    assert page.one("data-token", str(token.pk))


def test_nobody_sees_the_tokens_of_others_on_their_own_page(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    give(people.bob, quiet, name="Nightly")
    assert "Nightly" not in Page(sign_in("alice").get("/tokens/")).text


@pytest.mark.parametrize("told", [{"expires_at": -DAY}, {"revoked_at": 0}])
def test_ended_tokens_are_shown_for_a_while_and_then_not(
    told: dict[str, int], quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    token, bob = give(people.bob, quiet), sign_in("bob")
    (field, offset), state = next(iter(told.items())), "expired" if "expires_at" in told else "revoked"
    Token.objects.update(**{field: now_ms() + offset})
    row = Page(bob.get("/tokens/")).one("data-token")
    assert row["data-token-state"] == state
    assert f"/tokens/{token.pk}/revoke/" not in bob.get("/tokens/").content.decode()
    Token.objects.update(**{field: now_ms() - 31 * DAY})
    assert not Page(bob.get("/tokens/")).all("data-token")


def test_a_token_without_an_account_that_one_sees_says_so_and_names_none(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    give(people.bob, quiet)
    Membership.objects.filter(user=people.bob).delete()
    page = Page(sign_in("bob").get("/tokens/"))
    assert page.one("data-token")["data-token-state"] == "closed"
    assert quiet.name not in page.source


def test_a_role_that_is_smaller_by_now_is_told(quiet: Account, people: SimpleNamespace, sign_in: SignIn) -> None:
    give(people.sam, quiet, role="support")
    people.team.add(people.sam, Role.VIEWER)
    assert "viewer now, like you" in Page(sign_in("sam").get("/tokens/")).text


@pytest.mark.parametrize(("person", "offered"), [("bob", 1), ("sam", 2), ("alice", 3)])
def test_only_roles_that_one_has_are_offered(person: str, offered: int, quiet: Account, sign_in: SignIn) -> None:
    page = Page(sign_in(person).get("/tokens/"))
    values = [one["value"] for one in page.all("value") if one["tag"] == "option" and not one["value"].isdigit()]
    assert values == ["viewer", "support", "admin"][:offered]


def test_a_greater_role_than_ones_own_is_refused(quiet: Account, sign_in: SignIn) -> None:
    response = sign_in("bob").post("/tokens/", form(quiet, role="admin"))
    assert response.status_code == 422
    assert "You are viewer in Acme: a token for Acme Live cannot be more." in alerts(response)
    assert not Token.objects.exists()


def test_the_role_is_compared_in_each_accounts_own_team(
    quiet: Account, theirs: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    people.other.add(people.bob, Role.ADMIN)
    bob = sign_in("bob")
    assert "You are viewer in Acme" in alerts(bob.post("/tokens/", form(quiet, theirs, role="admin")))
    assert bob.post("/tokens/", form(theirs, role="admin")).status_code == 201


@pytest.mark.parametrize("role", ["", "owner", "ADMIN", "admin ' --"])
def test_a_role_that_does_not_exist_is_refused(role: str, quiet: Account, sign_in: SignIn) -> None:
    response = sign_in("alice").post("/tokens/", form(quiet, role=role))
    assert response.status_code == 422
    assert alerts(response)
    assert not Token.objects.exists()


@pytest.mark.parametrize("strange", ["theirs", "999", "x", "-1", "1.0", str(2**64), "\0", "removed"])
def test_an_account_that_is_not_ones_own_is_refused_with_a_sentence(
    strange: str, quiet: Account, theirs: Account, connect_quiet: Connect, sign_in: SignIn
) -> None:
    gone = connect_quiet("Gone")
    Account.objects.filter(pk=gone.pk).update(removed_at=1)
    told = {"theirs": theirs.pk, "removed": gone.pk}.get(strange, strange)
    response = sign_in("alice").post("/tokens/", form() | {"accounts": [quiet.pk, told]})
    assert response.status_code == 422
    assert "One of these accounts is not there, or not yours to open." in alerts(response)
    assert "Harbour" not in response.content.decode()
    assert not Token.objects.exists()


def test_a_token_opens_at_least_one_account(quiet: Account, sign_in: SignIn) -> None:
    assert "Choose at least one account." in alerts(sign_in("bob").post("/tokens/", form()))


def days_ahead(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ({"expires": "7"}, 7),
        ({"expires": "365"}, 365),
        ({"expires": ""}, 90),
        ({}, 30),
        ({"expires": days_ahead(3)}, 3),
        ({"until": days_ahead(3)}, 3),
        ({"expires": "7", "until": days_ahead(200)}, 200),
    ],
)
def test_a_token_expires_when_its_owner_says(told: dict[str, str], days: int, quiet: Account, sign_in: SignIn) -> None:
    assert sign_in("bob").post("/tokens/", form(quiet, **told)).status_code == 201
    expires_at = Token.objects.get().expires_at
    assert expires_at is not None
    assert 0 <= expires_at - now_ms() - (days - 1) * DAY <= 2 * DAY


@pytest.mark.parametrize("expires", ["0", "-7", "8", "never", "2020-01-01", "9999-12-31", "2027-13-01", "²"])
def test_another_time_is_refused(expires: str, quiet: Account, sign_in: SignIn) -> None:
    response = sign_in("bob").post("/tokens/", form(quiet, expires=expires))
    assert response.status_code == 422
    assert "Choose one of these times, or a day from today to a year ahead." in alerts(response)
    assert not Token.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "a\0b", "x" * 101, "a\u202eb"])
def test_a_name_that_is_none_is_refused(name: str, quiet: Account, sign_in: SignIn) -> None:
    response = sign_in("bob").post("/tokens/", form(quiet, name=name))
    assert response.status_code == 422
    assert alerts(response)
    assert not Token.objects.exists()


def test_sending_the_form_again_makes_no_second_token(quiet: Account, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    bob.post("/tokens/", form(quiet))
    response = bob.post("/tokens/", form(quiet))
    assert "You have a token of this name already." in alerts(response)
    assert Token.objects.count() == 1
    Token.objects.get().revoke(ACTOR)
    assert bob.post("/tokens/", form(quiet)).status_code == 201


def test_there_is_an_end_to_how_many(quiet: Account, people: SimpleNamespace, sign_in: SignIn) -> None:
    for number in range(MOST_OPEN):
        give(people.bob, quiet, name=str(number))
    response = sign_in("bob").post("/tokens/", form(quiet))
    assert f"You have {MOST_OPEN} tokens. Revoke one that nobody uses." in alerts(response)


def test_what_was_typed_is_there_after_a_refusal(quiet: Account, sign_in: SignIn) -> None:
    told = form(quiet, name='"><script>', expires="365", until="2020-01-01", role="support")
    page = Page(sign_in("sam").post("/tokens/", told))
    assert page.one("id", "token-name")["value"] == '"><script>'
    assert "<script>" not in page.source.replace("<script type", "").replace("<script defer", "")
    chosen = {one["value"] for one in page.all("selected")}
    assert chosen == {"365", "support"}
    assert "checked" in page.one("value", str(quiet.pk))


def test_a_revoked_token_is_gone_for_good_and_told_to_the_audit(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    token, bob = give(people.bob, quiet), sign_in("bob")
    page = Page(bob.post(f"/tokens/{token.pk}/revoke/", follow=True))
    assert "script was revoked. Scripts that use it are refused from now on." in page.text
    assert page.one("data-token")["data-token-state"] == "revoked"
    entry = AuditEntry.objects.get(what="token.revoked")
    assert (entry.who, entry.team_id, entry.subject) == ("bob@example.com", people.team.pk, str(token))
    bob.post(f"/tokens/{token.pk}/revoke/")
    assert AuditEntry.objects.filter(what="token.revoked").count() == 1


def test_the_end_of_a_token_that_opens_nothing_is_told_too(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    token = give(people.bob, quiet)
    token.accounts.clear()
    sign_in("bob").post(f"/tokens/{token.pk}/revoke/")
    assert AuditEntry.objects.get(what="token.revoked").team_id is None


@pytest.mark.parametrize("person", ["sam", "charlie"])
def test_somebody_elses_token_is_not_there(
    person: str, quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    token = give(people.bob, quiet)
    assert sign_in(person).post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert Token.objects.get().revoked_at is None


def test_a_number_that_no_database_holds_is_not_there(people: SimpleNamespace, sign_in: SignIn) -> None:
    assert sign_in("bob").post(f"/tokens/{2**70}/revoke/").status_code == 404


def test_an_admin_closes_their_own_teams_accounts_and_no_others(
    quiet: Account, theirs: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    people.other.add(people.bob, Role.VIEWER)
    token = give(people.bob, quiet, theirs)
    response = sign_in("alice").post(f"/tokens/{token.pk}/revoke/", {"next": f"/team/?team={people.team.pk}"})
    assert response["Location"] == f"/team/?team={people.team.pk}"
    token.refresh_from_db()
    assert token.revoked_at is None
    assert list(token.accounts.all()) == [theirs]
    (entry,) = AuditEntry.objects.filter(what="token.revoked")
    assert (entry.who, entry.team_id) == ("alice@example.com", people.team.pk)
    assert sign_in("charlie").post(f"/tokens/{token.pk}/revoke/", {"next": "//evil.test"})["Location"] == "/tokens/"
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_new_token_and_the_end_of_one_ask_once_more_who_it_is(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    bob, token = sign_in("bob"), give(people.bob, quiet, name="old")
    confirm(bob, seconds_ago=700)
    for path, told in (("/tokens/", form(quiet)), (f"/tokens/{token.pk}/revoke/", {})):
        response = bob.post(path, told)
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/confirm/")
    assert Token.objects.filter(revoked_at=None).count() == 1


def test_after_the_password_the_token_that_was_asked_for_is_made(
    quiet: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    bob = sign_in("bob")
    confirm(bob, seconds_ago=700)
    asked = bob.post("/tokens/", form(quiet))
    response = bob.post(asked["Location"], {"password": PASSWORD})
    assert response.status_code == 201
    assert clear_in(response).startswith("ltd_")
    assert Token.objects.get().name == "Nightly report"


def test_a_mistake_is_told_before_the_password_is_asked_for(quiet: Account, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    confirm(bob, seconds_ago=700)
    assert bob.post("/tokens/", form()).status_code == 422


def test_who_sees_no_account_is_told_so(people: SimpleNamespace, sign_in: SignIn) -> None:
    page = Page(sign_in("bob").get("/tokens/"))
    assert "Nothing to open yet" in page.text
    assert not [one for one in page.all("name") if one["name"] == "accounts"]


def test_accounts_of_several_teams_are_told_apart(
    quiet: Account, theirs: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    Team.objects.get(pk=people.other.pk).add(people.bob, Role.SUPPORT)
    text = Page(sign_in("bob").get("/tokens/")).text
    assert "Acme, you are viewer" in text
    assert "Elsewhere, you are support" in text


def test_a_token_that_opens_many_accounts_names_a_few_and_folds_the_rest(
    connect_quiet: Connect, people: SimpleNamespace, sign_in: SignIn
) -> None:
    accounts = [connect_quiet(f"Account {number}") for number in range(5)]
    give(people.bob, *accounts)
    page = Page(sign_in("bob").get("/tokens/"))
    assert "2 more" in page.text
    assert all(f"http://testserver/api/{account.pk}" in page.text for account in accounts)
