"""Who polls is recognised as everywhere else: what ended the person's session, or their access, ends their polls."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from dashboard.clock import now_ms
from dashboard.models import Account, Membership, Role, Syncer, Task, Team, User
from dashboard.models.look import Look
from dashboard.models.seen import Sight
from dashboard.views.polling import token_apart, told_by
from tests.views.conftest import Connect, hold
from tests.views.people import is_in
from tests.views.region import HTMX, Region

SignIn = Callable[[str], Client]


@pytest.fixture
def task(quiet: Account) -> Task:
    return hold(quiet)


@pytest.fixture
def polls(task: Task, sign_in: SignIn) -> list[Region]:
    """Bob's board and task page."""
    bob = sign_in("bob")
    return [Region(bob, "/"), Region(bob, f"/tasks/{task.upstream_id}/")]


def sign_out(people: SimpleNamespace, client: Client) -> None:
    client.post("/auth/logout/")


def end_all_sessions(people: SimpleNamespace, client: Client) -> None:
    Session.objects.all().delete()


def change_the_password(people: SimpleNamespace, client: Client) -> None:
    people.bob.set_password("another battery staple")
    people.bob.save()


def switch_off(people: SimpleNamespace, client: Client) -> None:
    User.objects.filter(pk=people.bob.pk).update(is_active=False)


def delete(people: SimpleNamespace, client: Client) -> None:
    people.bob.delete()


def expire(people: SimpleNamespace, client: Client) -> None:
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")


def claim_to_be(**said: str) -> Callable[[SimpleNamespace, Client], None]:
    def change(people: SimpleNamespace, client: Client) -> None:
        session = client.session
        session.update(said)
        session.save()

    return change


ENDS = {
    "signed out": sign_out,
    "sessions ended": end_all_sessions,
    "password changed": change_the_password,
    "switched off": switch_off,
    "deleted": delete,
    "expired": expire,
    "a door that there is no more": claim_to_be(_auth_user_backend="django.contrib.auth.backends.ModelBackend"),
    "another password": claim_to_be(_auth_user_hash="0" * 64),
    "no password": claim_to_be(_auth_user_hash=""),
    "nobody": claim_to_be(_auth_user_id=str(2**62)),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_whoever_is_signed_out_of_pages_is_signed_out_of_polls_at_once(
    end: Callable[[SimpleNamespace, Client], None], people: SimpleNamespace, polls: list[Region]
) -> None:
    assert [region.poll() for region in polls] == [204, 204]
    end(people, polls[0].client)
    assert [region.poll() for region in polls] == [401, 401]
    assert not is_in(polls[0].client)


def test_a_session_of_another_person_shows_what_that_one_sees(people: SimpleNamespace, polls: list[Region]) -> None:
    claim_to_be(_auth_user_id=str(people.charlie.pk))(people, polls[0].client)  # the proof is still Bob's
    assert [region.poll() for region in polls] == [401, 401]


def test_a_session_of_an_older_secret_goes_on(polls: list[Region], settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a newer secret"
    assert [region.poll() for region in polls] == [204, 204]
    with CaptureQueriesContext(connection) as captured:
        assert [region.poll() for region in polls] == [204, 204]
    assert len(captured) == 4  # Django has taken the new secret over; two are enough again


def test_signed_out_without_htmx_it_leads_to_the_door(polls: list[Region]) -> None:
    for region in polls:
        response = Client().get(region.url)
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/auth/login/")


def test_who_is_taken_out_of_one_team_still_sees_the_other(
    people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    ours, theirs = hold(connect_quiet("Ours")), hold(connect_quiet("Theirs", team=people.other))
    people.other.add(people.bob, Role.VIEWER)
    bob = sign_in("bob")
    both, one = Region(bob, "/"), Region(bob, f"/?team={people.other.pk}")
    assert (set(both.page.ids), one.page.ids) == ({ours.upstream_id, theirs.upstream_id}, [theirs.upstream_id])
    assert (both.poll(), one.poll()) == (204, 204)
    Membership.objects.filter(user=people.bob, team=people.other).delete()
    assert (both.poll(), one.poll()) == (200, 404)
    assert both.page.ids == [ours.upstream_id]
    assert bob.get(f"/tasks/{theirs.upstream_id}/live/", headers=HTMX).status_code == 404


def test_a_poll_of_a_team_that_is_not_theirs_or_of_an_account_outside_it_finds_nothing(
    people: SimpleNamespace, quiet: Account, sign_in: SignIn
) -> None:
    bob, second = sign_in("bob"), Team.objects.create(name="Second")
    second.add(people.bob, Role.VIEWER)
    answers = {
        f"team={people.other.pk}": 404,
        f"team={people.team.pk}&account={quiet.pk}": 200,
        f"team={second.pk}&account={quiet.pk}": 404,
        f"team={second.pk}": 200,
    }
    for query, status in answers.items():
        assert bob.get(f"/board/list/?{query}&seen=0", headers=HTMX).status_code == status


def test_a_look_sees_what_the_same_persons_sight_does(people: SimpleNamespace, connect_quiet: Connect) -> None:
    connect_quiet("B")
    connect_quiet("A")
    connect_quiet("Gone", removed_at=1)
    connect_quiet("Theirs", team=people.other)
    Syncer.beat("another", now_ms())
    now = now_ms()
    for person in (people.alice, people.bob, people.charlie):
        look = Look.of(person.pk, now)
        assert (look.user, look.sight) == (person, Sight.of(person.pk, now))
        assert look.copies == []
    assert [account.name for account in Look.of(people.bob.pk, now).sight.accounts] == ["A", "B"]
    people.other.members.clear()
    assert Look.of(people.charlie.pk, now) == (people.charlie, Sight(people.charlie.pk, (), now), [])
    assert Look.of(2**40, now).user is None


def test_a_look_for_a_task_has_the_copies_that_the_person_sees(
    people: SimpleNamespace, connect_quiet: Connect, quiet: Account
) -> None:
    ours = hold(quiet)
    also_ours = hold(connect_quiet("Also"), id=ours.upstream_id)
    hold(connect_quiet("Theirs", team=people.other), id=ours.upstream_id)
    assert {copy.id for copy in Look.of(people.bob.pk, now_ms(), ours.upstream_id).copies} == {ours.pk, also_ours.pk}
    assert Look.of(people.bob.pk, now_ms(), "unknown").copies == []
    assert Look.of(people.bob.pk, now_ms(), "a\0b").copies == []


def test_the_token_is_told_apart_where_our_links_have_it() -> None:
    assert token_apart("sort=updated&rows=1.2&seen=abc") == ("sort=updated&rows=1.2", "abc")
    assert token_apart("seen=abc&sort=updated") == ("seen=abc&sort=updated", "")
    assert token_apart("a=1&seen=abc&sort=updated") == ("a=1&seen=abc&sort=updated", "")
    assert token_apart("sort=updated") == ("sort=updated", "")
    request = RequestFactory().get("/", {"account": "3", "seen": "é"})
    assert told_by(request) == request.GET
