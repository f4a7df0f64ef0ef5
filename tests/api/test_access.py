"""Who is let in by a token, and what happens to who is not."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY, MINUTE, now_ms
from dashboard.models import Account, AuditEntry, Membership, Role, Token, User
from dashboard.models.token import Opened, digest_of
from dashboard.views import api
from tests.api.conftest import ACTOR, Give, Script
from tests.conftest import connect_account
from tests.views.conftest import hold

UNKNOWN = {"errors": ["no such token found"]}
NOT_FOUND = {"errors": ["not found"]}


def test_a_token_opens_its_account(script: Script, account: Account) -> None:
    task = hold(account)
    assert script.ids() == [task.upstream_id]
    assert script.get(f"/{task.upstream_id}").json()["id"] == task.upstream_id


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_slash_at_the_end_makes_no_difference(slash: str, script: Script, account: Account) -> None:
    task = hold(account)
    assert script.get(slash).status_code == 200
    assert script.get(f"/{task.upstream_id}{slash}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "ltd_x",
        "Basic bHRkXw==",
        "Token ltd_x",
        "ltd_aaaabbbbccccddddeeeeffff x",
        "JWT abc",
        "Bearer ltd_wrong",
        "é ü",
    ],
)
def test_who_brings_no_token_is_told_401_without_an_echo(header: str, script: Script) -> None:
    script.client.logout()
    response = script.client.get(script.base, headers={"Authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert len(response.json()["errors"]) == 1
    assert "ltd_" not in response.content.decode()


def test_a_studio_key_opens_nothing(account: Account, script: Script) -> None:
    script.token = account.api_key.open()
    response = script.get()
    assert (response.status_code, response.json()) == (401, UNKNOWN)


@pytest.mark.parametrize("header", ["bearer", "BEARER", "Bearer "])
def test_the_word_bearer_may_be_written_in_any_case(header: str, script: Script) -> None:
    response = script.client.get(script.base, headers={"Authorization": f" {header} {script.token} "})
    assert response.status_code == 200


def test_an_expired_token_is_unknown(give: Give, script: Script) -> None:
    script.token = give(expires_at=now_ms() - 1)
    response = script.get()
    assert (response.status_code, response.json()) == (401, UNKNOWN)


def test_a_revoked_token_is_unknown_at_once(script: Script) -> None:
    assert script.get().status_code == 200
    Token.objects.get().revoke(ACTOR)
    assert (script.get().status_code, script.get().json()) == (401, UNKNOWN)


def test_a_token_of_somebody_switched_off_is_unknown(script: Script) -> None:
    User.objects.filter(email="bob@example.com").update(is_active=False)
    assert (script.get().status_code, script.get().json()) == (401, UNKNOWN)


def test_a_token_of_a_removed_member_finds_nothing_of_that_team(
    people: SimpleNamespace, script: Script, account: Account
) -> None:
    task = hold(account)
    Membership.objects.filter(user=people.bob, team=people.team).delete()
    for path in ("", f"/{task.upstream_id}"):
        response = script.get(path)
        assert (response.status_code, response.json()) == (404, NOT_FOUND)
        assert not response.has_header("X-As-Of")


def test_an_account_that_the_token_does_not_name_is_like_not_there(
    people: SimpleNamespace, script: Script, account: Account
) -> None:
    own = connect_account(people.team, "Staging", account.url, "another-key-of-acme")
    others = connect_account(people.other, "Elsewhere", account.url, "a-key-of-elsewhere")
    for pk in (own.pk, others.pk, 999_999, 2**63, 10**18):
        script.base = f"/api/{pk}/task"
        response = script.get()
        assert (response.status_code, response.json()) == (404, NOT_FOUND)


def test_an_account_of_a_team_that_the_owner_never_joined_stays_shut(
    people: SimpleNamespace, account: Account, give: Give
) -> None:
    others = connect_account(people.other, "Elsewhere", account.url, "a-key-of-elsewhere")
    script = Script(others, give(accounts=[others]))  # as if the form had let it through
    assert script.get().status_code == 404


def test_a_removed_account_is_not_there_and_an_archived_one_is(script: Script, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(archived_at=now_ms())
    assert script.get().status_code == 200
    Account.objects.filter(pk=account.pk).update(removed_at=now_ms())
    assert script.get().status_code == 404


@pytest.mark.parametrize(
    ("tokens", "owners", "effective"),
    [("admin", "viewer", "viewer"), ("viewer", "admin", "viewer"), ("support", "support", "support")],
)
def test_the_role_is_the_smaller_of_the_tokens_and_its_owners(
    tokens: str, owners: str, effective: str, people: SimpleNamespace, account: Account, give: Give
) -> None:
    clear = give(role=tokens)
    people.team.add(people.bob, Role(owners))
    opened = Opened.by(digest_of(clear), account.pk, now_ms())
    assert opened is not None
    assert opened.effective_role == effective


def test_a_session_opens_nothing(sign_in: Callable[[str], Client], account: Account) -> None:
    assert sign_in("alice").get(f"/api/{account.pk}/task").status_code == 401


def test_a_session_beside_the_token_changes_nothing(
    sign_in: Callable[[str], Client], script: Script, account: Account
) -> None:
    browser = sign_in("charlie")
    response = browser.get(script.base, headers={"Authorization": f"Bearer {script.token}"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_no_answer_sets_a_cookie_or_invites_another_origin(script: Script, account: Account) -> None:
    task = hold(account)
    for path in ("", f"/{task.upstream_id}", "/nothing"):
        response = script.get(path, Origin="https://elsewhere.test")
        assert not response.cookies
        assert not [name for name in response.headers if name.lower().startswith("access-control")]
        assert "Authorization" in response["Vary"]
        assert "Cookie" not in response["Vary"]
        assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["", "/x", "/x/retry"])
def test_whatever_would_change_something_is_refused(method: str, path: str, script: Script) -> None:
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)(script.base + path, headers={"Authorization": f"Bearer {script.token}"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json() == {"errors": ["method not allowed: this API is read-only"]}


@pytest.mark.parametrize("path", ["/api/x/task", "/api/", "/api/1/asset", "/api/1/user/me", "/api/1/task/a/b"])
def test_other_paths_are_not_found_in_the_same_shape(path: str, script: Script) -> None:
    response = script.client.get(path, headers={"Authorization": f"Bearer {script.token}"})
    if path != "/api/":
        assert (response.status_code, response.json()) == (404, NOT_FOUND)
    assert Client().get(path).status_code in (401, 404)


def test_a_token_that_asks_too_often_is_told_when_to_come_again(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.calls, "most", 3)
    assert [script.get().status_code for _ in range(4)] == [200, 200, 200, 429]
    response = script.get()
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "too many requests" in response.json()["errors"][0]


def test_who_guesses_too_often_is_refused_while_known_scripts_go_on(
    script: Script, monkeypatch: pytest.MonkeyPatch, give: Give, account: Account
) -> None:
    monkeypatch.setattr(api.failures, "most", 3)
    assert script.get().status_code == 200
    guesser = Script(account, "ltd_wrong")
    assert [guesser.get().status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert "Retry-After" in guesser.get().headers
    assert Script(account, give("sam")).get().status_code == 429  # even a right guess
    assert script.get().status_code == 200


def test_three_small_queries_answer_and_one_says_that_nothing_changed(script: Script, account: Account) -> None:
    hold(account)
    etag = script.get()["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert script.get().status_code == 200
    assert len(captured) == 3
    with CaptureQueriesContext(connection) as captured:
        assert script.get(If_None_Match=etag).status_code == 304
    assert len(captured) == 1


class Uses:
    """What is known of how the one token was used."""

    @property
    def last(self) -> tuple[int | None, str]:
        token = Token.objects.get()
        return token.last_used_at, token.last_used_from

    @property
    def told(self) -> list[AuditEntry]:
        return list(AuditEntry.objects.filter(what="token.used_first").order_by("pk"))

    def age(self, **changes: Any) -> None:
        Token.objects.update(**changes)
        api.notes.clear()


def test_the_first_use_is_noted_and_told_to_the_audit(script: Script, account: Account) -> None:
    uses, now = Uses(), now_ms()
    script.get()
    at, where = uses.last
    assert at is not None
    assert at >= now
    assert where == "127.0.0.1"
    (entry,) = uses.told
    assert (entry.team_id, entry.who, entry.address) == (account.team_id, "bob@example.com", "127.0.0.1")
    assert entry.subject == str(Token.objects.get())
    assert entry.via == f"token …{script.token[-4:]}"
    assert script.token not in entry.after + entry.before + entry.subject


def test_a_use_is_noted_at_most_once_a_minute(script: Script) -> None:
    uses = Uses()
    script.get()
    noted = uses.last
    script.get()
    assert uses.last == noted
    uses.age(last_used_at=now_ms() - MINUTE - 1)
    script.get()
    assert uses.last[0] != noted[0]
    assert len(uses.told) == 1


def test_a_use_from_elsewhere_is_told_to_the_audit_once_a_day(script: Script) -> None:
    uses = Uses()
    uses.age(last_used_at=now_ms() - DAY, last_used_from="192.0.2.7")
    script.get()
    (entry,) = uses.told
    assert "192.0.2.7" in entry.before
    uses.age(last_used_from="192.0.2.7")
    script.get()
    assert uses.last[1] == "127.0.0.1"
    assert len(uses.told) == 1


def test_a_refused_call_is_no_use(script: Script, account: Account) -> None:
    script.base = "/api/999/task"
    script.get()
    assert Uses().last == (None, "")
