"""Every URL, asked by everybody, against the one table of rights: signed out, stranger, viewer, support, admin."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from dashboard.clock import DAY, now_ms
from dashboard.models import (
    Account,
    AuditEntry,
    Invitation,
    Membership,
    RetryBatch,
    RetryItem,
    Right,
    Role,
    SavedView,
    Task,
    Team,
    Token,
)
from dashboard.models.group import Group
from dashboard.models.rights import RIGHTS, may
from dashboard.urls import urlpatterns
from dashboard.views import health, join, setup, shell
from dashboard.views.kept import forget_everything
from tests.views.conftest import hold
from tests.views.rungs import BY_TOKEN, LADDER, OPEN_TO_ALL, PERSONAL, WITHIN_FORMS

SignIn = Callable[[str], Client]
GET, POST = ("get", "head"), ("post",)
METHODS = ("get", "head", "post", "put", "patch", "delete")
ROLES = {"bob": Role.VIEWER, "sam": Role.SUPPORT, "alice": Role.ADMIN}
REFUSED = (403, 404, 405)
NAMES = sorted(LADDER)
POSTED = [name for name in NAMES if LADDER[name].do]


@pytest.fixture
def task(quiet: Account) -> Task:
    return hold(quiet)


@pytest.fixture
def paths(task: Task, quiet: Account, people: SimpleNamespace) -> dict[str, str]:
    now = now_ms()
    member = Membership.objects.get(user=people.bob)
    invitation = Invitation.objects.create(
        team=people.team, email="new@example.com", role=Role.VIEWER, created_at=now, expires_at=now + DAY
    )
    token = Token.objects.create(
        owner=people.bob, name="script", digest="d" * 64, hint="abcd", role=Role.VIEWER, created_at=now
    )
    token.accounts.add(quiet)
    view = SavedView.objects.create(
        team=people.team, name="Ours", query="phase=failed", by_name="alice@example.com", created_at=now
    )
    batch = RetryBatch.objects.create(by_name="sam@example.com", asked_at=now)
    batch.items.create(account=quiet, task=task)
    group = Group.objects.create(
        team=people.team, fingerprint="f" * 32, version=1, title=task.title, family="timeout", open_tasks=1
    )
    ids = {
        "batch": batch.pk,
        "group": group.pk,
        "member": member.pk,
        "invitation": invitation.pk,
        "token": token.pk,
        "view": view.pk,
        "team": quiet.team_id,
    }
    return {name: rung.path.format(task=task.upstream_id, account=quiet.pk, **ids) for name, rung in LADDER.items()}


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is taken back: a walk over all rungs finds the same at each of them."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget_everything()


def test_every_url_of_the_site_stands_on_the_ladder_or_is_open_on_purpose() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names == set(LADDER) | OPEN_TO_ALL | PERSONAL | BY_TOKEN
    assert len(names) == len(urlpatterns)
    ours = {pattern.callback for pattern in urlpatterns if pattern.name in OPEN_TO_ALL and _is_ours(pattern)}
    assert ours == {setup.page, join.page, shell.favicon, shell.theme, health.ready}


def test_every_right_is_asked_for_by_a_page() -> None:
    used = {right for rung in LADDER.values() for right in (rung.see, rung.do) if right}
    assert used == set(Right) - WITHIN_FORMS


def test_taking_a_task_along_takes_the_right_to_export_and_looking_at_it_does_not(
    task: Task, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RIGHTS, Right.EXPORT, Role.ADMIN)
    bob, path = sign_in("bob"), f"/tasks/{task.upstream_id}"
    taken, seen = (f"{path}.json?download=1", f"{path}/bundle.md", f"{path}/bundle.md?download=1"), f"{path}.json"
    assert [bob.get(one).status_code for one in taken] == [403] * 3
    assert not AuditEntry.objects.exists()
    assert bob.get(seen).status_code == 200
    assert [sign_in("alice").get(one).status_code for one in taken] == [200] * 3


def _is_ours(pattern: URLPattern) -> bool:
    """The others are allauth's, which must be open to let people in."""
    return pattern.callback.__module__.startswith("dashboard.")


def test_who_is_signed_out_is_sent_to_the_sign_in_page(paths: dict[str, str]) -> None:
    for name in NAMES:
        for method in METHODS:
            response = getattr(Client(), method)(paths[name])
            assert response.status_code == 302, (name, method)
            assert response["Location"].startswith("/auth/login/?next=/"), (name, method)


@pytest.mark.parametrize(("page", "after"), [("/?q=a&sort=title", "/%3Fq%3Da%26sort%3Dtitle"), ("//evil.test/", "/")])
def test_a_form_that_was_sent_too_late_leads_back_to_its_page(page: str, after: str, db: None) -> None:
    response = Client().post("/display/", {"next": page, "sort": "title"})
    assert response["Location"] == f"/auth/login/?next={after}"


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_who_is_signed_out_meets_no_personal_page(name: str, db: None) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(reverse(name))
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/login/")


def test_a_signed_out_region_is_told_401_and_sent_nowhere(paths: dict[str, str]) -> None:
    for name in NAMES:
        response = Client().get(paths[name], headers={"HX-Request": "true"})
        assert response.status_code == 401, name
        assert response["Cache-Control"] == "no-store", name
        assert not response.has_header("Location"), name


@pytest.mark.parametrize("person", ROLES)
def test_each_role_may_see_what_the_table_of_rights_says(person: str, paths: dict[str, str], sign_in: SignIn) -> None:
    client = sign_in(person)
    for name, rung in LADDER.items():
        with undone():
            seen = client.get(paths[name])
            assert seen.status_code == rung.odd.get((person, "get"), _expected(rung.see, person, "get")), name
            assert seen["Cache-Control"] == "no-store", name
            assert not seen.has_header("ETag"), name
            b"".join(seen)  # an export holds a place until it was read


@pytest.mark.parametrize("person", ROLES)
def test_each_role_may_do_what_the_table_of_rights_says(person: str, paths: dict[str, str], sign_in: SignIn) -> None:
    client = sign_in(person)
    for name, rung in LADDER.items():
        with undone():
            done = client.post(paths[name])
            expected = rung.odd.get((person, "post"), _expected(rung.do, person, "post"))
            if expected == 200:  # allowed: what comes of an empty form is the act's own affair
                assert done.status_code not in REFUSED, name
                assert "/auth/" not in done.get("Location", ""), name
            else:
                assert done.status_code == expected, name


def _expected(right: Right | None, person: str, method: str) -> int:
    if right is None:
        return 405
    return 200 if may(ROLES[person], right) else 403


@pytest.mark.parametrize(
    "path", ["/tasks/unknown/live/", "/tasks/unknown.json", "/accounts/999/", "/nothing/", "/?team=9"]
)
def test_not_even_what_is_not_there_is_kept_by_the_browser(path: str, sign_in: SignIn) -> None:
    response = sign_in("alice").get(path)
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_a_refused_form_is_not_kept_by_the_browser(people: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.alice, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/theme/")["Cache-Control"] == "no-store"


def test_a_stranger_sees_nothing_of_it(paths: dict[str, str], quiet: Account, task: Task, sign_in: SignIn) -> None:
    charlie = sign_in("charlie")
    for name, rung in LADDER.items():
        with undone():
            response = charlie.get(paths[name])
            assert response.status_code == (rung.stranger if rung.see else 405), name
            for theirs in (task.title, quiet.name, quiet.team.name, "bob@example.com", "new@example.com"):
                assert theirs not in response.content.decode(), name


def test_a_stranger_can_do_nothing_with_it(paths: dict[str, str], quiet: Account, sign_in: SignIn) -> None:
    told = {"name": "Mine", "url": quiet.url, "key": "x", "role": "admin", "team": str(quiet.team_id)}
    told |= {"accounts": str(quiet.pk), "expires": "7", "email": "charlie@example.com", "keep_tasks_days": "1"}
    told |= {"for": str(quiet.team_id), "query": "phase=failed"}
    charlie, before = sign_in("charlie"), _of_team(quiet)
    for name in POSTED:
        with undone():
            response = charlie.post(paths[name], told)
            if "{" in LADDER[name].path:
                assert response.status_code == 404, name
            assert _of_team(quiet) == before, name
            assert quiet.team.name not in response.content.decode(), name
            assert quiet.name not in response.content.decode(), name


def _of_team(account: Account) -> list[object]:
    """Everything of the account's team that somebody could change."""
    team = account.team_id
    rows = (
        Team.objects.filter(pk=team),
        Account.objects.filter(team=team),
        Membership.objects.filter(team=team),
        Invitation.objects.filter(team=team),
        Token.objects.filter(accounts__team=team),
        RetryItem.objects.filter(account__team=team),
        AuditEntry.objects.filter(team_id=team),
        SavedView.objects.filter(team=team),
        Group.objects.filter(team=team),
    )
    return [row for queryset in rows for row in queryset.order_by("pk").values()]


def test_other_methods_are_refused(paths: dict[str, str], sign_in: SignIn) -> None:
    client = sign_in("alice")
    for name, rung in LADDER.items():
        taken = {*(GET if rung.see else ()), *(POST if rung.do else ())}
        for method in set(METHODS) - taken:
            assert getattr(client, method)(paths[name]).status_code == 405, (name, method)


def test_a_post_without_token_is_refused_with_a_page_that_says_so(
    paths: dict[str, str], people: SimpleNamespace
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.alice, "allauth.account.auth_backends.AuthenticationBackend")
    ours = [paths[name] for name in POSTED]
    for path in (*ours, "/theme/", "/auth/logout/", "/auth/login/"):
        response = client.post(path, {"name": "Renamed"})
        assert response.status_code == 403, path
        assert "too old to be sent" in response.content.decode(), path
    assert not Account.objects.filter(name="Renamed").exists()


@pytest.mark.parametrize("path", ["/tasks/%00/", "/tasks/%00.json", "/tasks/%00/live/", "/tasks/%00/branch/?path=a"])
def test_an_id_that_no_database_can_look_for_is_not_found(path: str, quiet: Account, sign_in: SignIn) -> None:
    assert sign_in("alice").get(path).status_code == 404


def test_asking_for_an_id_that_no_database_can_look_for_is_not_found(quiet: Account, sign_in: SignIn) -> None:
    assert sign_in("alice").post("/tasks/%00/ask/").status_code == 404


def test_an_unknown_page_is_a_404_that_is_our_own(sign_in: SignIn) -> None:
    for client in (Client(), sign_in("bob")):
        response = client.get("/nothing/")
        assert response.status_code == 404
        assert "There is nothing here" in response.content.decode()
