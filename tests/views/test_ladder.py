"""The same ladder for every URL: signed out, a stranger, too small a role, the wrong method, no token, works."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from allauth.account import views as door
from django.test import Client
from django.urls import URLPattern

from dashboard.models import Account, Task
from dashboard.urls import urlpatterns
from dashboard.views import health, setup, shell
from tests.views.conftest import hold

SignIn = Callable[[str], Client]
GET, POST = ("get", "head"), ("post",)
METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Rung:
    """`get` and `stranger` are the statuses of a GET by a member and by a stranger, who is an admin of another team.
    `post` names the smallest role that may post."""

    path: str
    get: int = 405
    post: str = ""
    stranger: int = 404


LADDER = {
    "board": Rung("/", 200, stranger=200),
    "board-list": Rung("/board/list/", 200, stranger=200),
    "task-raw": Rung("/tasks/{task}.json", 200),
    "task": Rung("/tasks/{task}/", 200),
    "task-live": Rung("/tasks/{task}/live/", 200),
    "task-branch": Rung("/tasks/{task}/branch/?path=params", 200),
    "task-find": Rung("/tasks/{task}/find/?q=a", 200),
    "task-compare": Rung("/tasks/{task}/compare/", 200),
    "task-bundle": Rung("/tasks/{task}/bundle.md", 200),
    "task-retry": Rung("/tasks/{task}/retry/", post="support"),
    "task-notes": Rung("/tasks/{task}/notes/", post="support"),
    "task-ask": Rung("/tasks/{task}/ask/", post="support"),
    "task-probe": Rung("/tasks/{task}/probe/", post="support"),
    "task-metadata": Rung("/tasks/{task}/metadata/", post="support"),
    "gateways": Rung("/teams/{team}/gateways/", 200, post="admin"),
    "accounts": Rung("/accounts/", 200, stranger=200),
    "accounts-list": Rung("/accounts/list/", 200, stranger=200),
    "account-new": Rung("/accounts/new/", 200, post="admin", stranger=200),
    "account": Rung("/accounts/{account}/", 200, post="admin"),
    "account-test": Rung("/accounts/{account}/test/", post="admin"),
}
OPEN_TO_ALL = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "favicon",
    "setup",
    "theme",
    "readyz",
}
NAMES = sorted(LADDER)
POSTED = [name for name in NAMES if LADDER[name].post]


@pytest.fixture
def task(quiet: Account) -> Task:
    return hold(quiet)


@pytest.fixture
def paths(task: Task, quiet: Account) -> dict[str, str]:
    return {
        name: rung.path.format(task=task.upstream_id, account=quiet.pk, team=quiet.team_id)
        for name, rung in LADDER.items()
    }


def test_every_url_of_the_site_stands_on_the_ladder_or_is_open_on_purpose() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names == set(LADDER) | OPEN_TO_ALL
    assert len(names) == len(urlpatterns)
    open_views = {pattern.callback for pattern in urlpatterns if pattern.name in OPEN_TO_ALL}
    doors = {door.login, door.logout, door.signup, door.account_inactive}
    assert open_views == doors | {setup.page, shell.favicon, shell.theme, health.ready}


@pytest.mark.parametrize("name", NAMES)
def test_who_is_signed_out_is_sent_to_the_sign_in_page(name: str, paths: dict[str, str]) -> None:
    for method in METHODS:
        response = getattr(Client(), method)(paths[name])
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/login/?next=/")


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_out_region_is_told_401_and_sent_nowhere(name: str, paths: dict[str, str]) -> None:
    response = Client().get(paths[name], headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("Location")


@pytest.mark.parametrize("name", NAMES)
def test_a_member_gets_the_page_and_nothing_is_kept_by_the_browser(
    name: str, paths: dict[str, str], sign_in: SignIn
) -> None:
    rung = LADDER[name]
    response = sign_in("alice").get(paths[name])
    assert response.status_code == rung.get
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")


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


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_sees_nothing_of_it(
    name: str, paths: dict[str, str], quiet: Account, task: Task, sign_in: SignIn
) -> None:
    rung = LADDER[name]
    response = sign_in("charlie").get(paths[name])
    assert response.status_code == (rung.stranger if rung.get == 200 else 405)
    assert task.title not in response.content.decode()
    assert quiet.name not in response.content.decode()


@pytest.mark.parametrize("name", ["task-ask", "account", "account-test"])
def test_a_stranger_can_do_nothing_with_it(name: str, paths: dict[str, str], quiet: Account, sign_in: SignIn) -> None:
    response = sign_in("charlie").post(paths[name], {"name": "Mine", "url": quiet.url, "key": "x"})
    assert response.status_code == 404
    assert Account.objects.get().name == quiet.name


@pytest.mark.parametrize("name", POSTED)
def test_too_small_a_role_is_told_403(name: str, paths: dict[str, str], sign_in: SignIn) -> None:
    too_small = {"support": ["bob"], "admin": ["bob", "sam"]}[LADDER[name].post]
    for person in too_small:
        assert sign_in(person).post(paths[name], {"name": "Renamed"}).status_code == 403
    assert not Account.objects.filter(name="Renamed").exists()


def test_only_admins_may_see_the_form_for_a_new_account(sign_in: SignIn) -> None:
    statuses = {person: sign_in(person).get("/accounts/new/").status_code for person in ("alice", "sam", "bob")}
    assert statuses == {"alice": 200, "sam": 403, "bob": 403}


@pytest.mark.parametrize("name", NAMES)
def test_other_methods_are_refused(name: str, paths: dict[str, str], sign_in: SignIn) -> None:
    rung, client = LADDER[name], sign_in("alice")
    taken = {*(GET if rung.get == 200 else ()), *(POST if rung.post else ())}
    for method in set(METHODS) - taken:
        assert getattr(client, method)(paths[name]).status_code == 405, method


@pytest.mark.parametrize("name", [*POSTED, "theme", "logout", "login"])
def test_a_post_without_token_is_refused_with_a_page_that_says_so(
    name: str, paths: dict[str, str], people: SimpleNamespace
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.alice, "allauth.account.auth_backends.AuthenticationBackend")
    others = {"theme": "/theme/", "logout": "/auth/logout/", "login": "/auth/login/"}
    response = client.post(paths.get(name) or others[name], {"name": "Renamed"})
    assert response.status_code == 403
    assert "too old to be sent" in response.content.decode()
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
