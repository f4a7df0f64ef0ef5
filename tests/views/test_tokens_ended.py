"""The end of tokens, who is asked for once more, and lists of many."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, AuditEntry, Role, Team, Token
from tests.conftest import PASSWORD, confirm
from tests.views.conftest import Connect
from tests.views.html import Page
from tests.views.tokens import SignIn, clear_in, form, give, theirs

__all__ = ["theirs"]  # fixtures


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
