"""The page of one's own tokens: made, shown once, seen, revoked; never more than one may oneself."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, AuditEntry, Membership, Role, Token
from dashboard.models.token import MOST_OPEN, digest_of
from tests.views.conftest import Connect, hold
from tests.views.html import Page
from tests.views.tokens import ACTOR, SignIn, clear_in, form, give, theirs

__all__ = ["theirs"]  # fixtures


def alerts(response: Any) -> str:
    page = Page(response)
    assert [element for element in page.all("role") if element["role"] == "alert"]
    return page.text


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
