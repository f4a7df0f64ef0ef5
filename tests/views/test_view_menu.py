"""The menu of views on the board: what is in it, which one is open, and that each finds what it is called."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY, HOUR, now_ms
from dashboard.models import Account, Role, User
from dashboard.models.view_query import ViewQuery
from dashboard.views.saved_views import menu_of
from dashboard.views.system_views import SYSTEM_VIEWS
from tests.views.conftest import hold
from tests.views.html import Page
from tests.views.saved import link_in, menu, names_in, save

CID = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"
SignIn = Callable[[str], Client]


def test_one_sees_ones_own_views_and_those_of_ones_teams(people: SimpleNamespace, sign_in: SignIn) -> None:
    save(sign_in("bob"), "Of Bob")
    save(sign_in("sam"), "Of Sam")
    save(sign_in("sam"), "Of Acme", **{"for": people.team.pk})
    save(sign_in("charlie"), "Of Elsewhere", **{"for": people.other.pk})
    everybody = list(SYSTEM_VIEWS)
    assert names_in(menu(people.bob)) == {"Yours": ["Of Bob"], "Acme": ["Of Acme"], "For everybody": everybody}
    assert names_in(menu(people.alice)) == {"Acme": ["Of Acme"], "For everybody": everybody}
    text = Page(sign_in("bob").get("/views/")).text
    assert "Of Bob" in text
    assert "saved by sam@example.com" in text
    assert "Of Sam" not in text
    assert "Elsewhere" not in text


def test_every_view_that_everybody_has_leads_to_a_board(people: SimpleNamespace, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    assert list(SYSTEM_VIEWS) == ["Failed last 24 h", "Stalled", "Retrying", "Exports without CID", "In flight"]
    for name in SYSTEM_VIEWS:
        url = link_in(menu(people.bob), name)
        answer = bob.get(url)
        assert answer.status_code == 200, url
        assert not [element for element in Page(answer).all("role") if element["role"] == "alert"], url
        told = menu(people.bob, urlsplit(url).query)
        assert told.current.name == name
        assert not told.is_unsaved


def test_the_views_that_everybody_has_find_what_they_are_called(
    people: SimpleNamespace, sign_in: SignIn, quiet: Account
) -> None:
    now, done = now_ms(), {"phase": "completed", "updatedAt": now_ms()}
    to_ipfs, cid = {"params": {"export": {"ipfs": {}}}, "type": "export"}, {"videoFileCid": CID}
    tasks = {
        "failed": hold(quiet, status={"phase": "failed", "updatedAt": now - HOUR, "errorMessage": "no"}),
        "failed long ago": hold(quiet, status={"phase": "failed", "updatedAt": now - 2 * DAY, "errorMessage": "no"}),
        "stalled": hold(quiet, status={"phase": "running", "progress": 0.4, "updatedAt": now - HOUR}),
        "retrying": hold(quiet, status={"phase": "waiting", "retries": 1, "updatedAt": now, "errorMessage": "no"}),
        "waiting": hold(quiet, status={"phase": "waiting", "retries": 0, "updatedAt": now}),
        "exported": hold(quiet, **to_ipfs, status=done, output={"export": {"ipfs": cid}}),
        "lost": hold(quiet, **to_ipfs, status=done, output={"export": {"ipfs": {}}}),
        "exported elsewhere": hold(quiet, type="export", params={"export": {"custom": {"url": "a"}}}, status=done),
    }
    expected = {
        "Failed last 24 h": {"failed"},
        "Stalled": {"stalled"},
        "Retrying": {"retrying"},
        "Exports without CID": {"lost"},
        "In flight": {"stalled", "retrying", "waiting"},
    }
    names, bob = {task.upstream_id: name for name, task in tasks.items()}, sign_in("bob")
    found = {name: {names[i] for i in Page(bob.get(link_in(menu(people.bob), name))).ids} for name in SYSTEM_VIEWS}
    assert found == expected


def test_within_a_team_everybodys_views_stay_in_it(people: SimpleNamespace) -> None:
    people.other.add(people.bob, Role.VIEWER)
    assert link_in(menu(people.bob, f"team={people.team.pk}"), "Stalled") == f"/?phase=stalled&team={people.team.pk}"
    assert link_in(menu(people.bob), "Stalled") == "/?phase=stalled"


def test_a_filter_that_is_no_view_is_unsaved_and_leads_to_the_form(people: SimpleNamespace, sign_in: SignIn) -> None:
    told = menu(people.bob, "q=reel&phase=failed&older=17-3&size=50")
    assert told.is_unsaved
    assert told.link == "http://testserver/?q=reel&phase=failed&size=50", "a link names no place in the list"
    page = Page(sign_in("bob").get(told.save_url))
    assert page.one("name", "query")["value"] == "q=reel&phase=failed&size=50"
    save(sign_in("bob"), "Reels", "q=reel&phase=failed")
    assert menu(people.bob, "phase=failed&q=reel&size=50&newer=17-3").current.name == "Reels"
    assert not menu(people.bob).is_unsaved, "nothing is filtered"
    assert not menu(people.bob).save_url


@pytest.mark.parametrize("told", ["phase=failed", "type=export", "phase=running&type=clip", "phase=failed&sort=title"])
def test_one_look_through_the_strip_or_a_filter_is_nothing_unsaved(people: SimpleNamespace, told: str) -> None:
    shown = menu(people.bob, told)
    assert not shown.is_unsaved
    assert shown.save_url, "who wants to keep it finds that in the menu"


def test_a_saved_view_in_another_order_is_unsaved(people: SimpleNamespace, sign_in: SignIn) -> None:
    save(sign_in("bob"), "Failed by title", "phase=failed&sort=title")
    assert menu(people.bob, "phase=failed&sort=title").current.name == "Failed by title"
    assert menu(people.bob, "phase=failed&sort=retries").is_unsaved
    assert not menu(people.bob, "phase=running&sort=retries").is_unsaved


def test_an_order_alone_can_be_kept_but_is_nothing_unsaved(people: SimpleNamespace) -> None:
    told = menu(people.bob, "sort=duration")
    assert not told.is_unsaved
    assert "sort%3Dduration" in told.save_url


def test_a_copied_link_tells_the_order_that_one_is_used_to(people: SimpleNamespace) -> None:
    User.objects.filter(pk=people.bob.pk).update(board_sort="title")
    assert menu(people.bob, "phase=failed").link.endswith("/?phase=failed&sort=title")
    assert menu(people.bob, "phase=failed&sort=created").link.endswith("/?phase=failed&sort=created")
    assert menu(people.bob, "phase=stalled").current.name == "Stalled"
    assert menu(people.bob, "phase=stalled&sort=title").current.name == "Stalled"
    assert menu(people.bob, "phase=stalled&sort=created").is_unsaved


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ("?phase=failed&older=17-3&newer=3-1&rows=1.2&top=1-1&bottom=2-2&seen=abc&last=x", "phase=failed"),
        ("phase=failed&next=https://evil.example/&host=evil.example&cols=a", "phase=failed"),
        ("size=50&sort=-created&phase=failed&q=++a+++b%00", "q=a+b&phase=failed&sort=created&size=50"),
        ("phase=failed&size=7&sort=evil&team=", "phase=failed"),
        ("phase=failed&phase=running", "phase=running"),
        ("type=%3Cscript%3E", "type=%3Cscript%3E"),
        ("q=%26phase%3Dfailed", "q=%26phase%3Dfailed"),
    ],
)
def test_only_what_filters_is_kept_and_always_in_one_form(told: str, means: str) -> None:
    assert str(ViewQuery.read(told)) == means
    assert str(ViewQuery.read(means)) == means


def test_the_menu_of_a_board_is_two_queries_and_a_third_where_a_view_names_an_account(
    people: SimpleNamespace, sign_in: SignIn, quiet: Account
) -> None:
    for number in range(5):
        save(sign_in("sam"), f"View {number}", **{"for": people.team.pk})
    request: Any = RequestFactory().get("/?phase=failed")
    request.user = people.bob
    with CaptureQueriesContext(connection) as queries:
        menu_of(request)
    assert len(queries) == 2
    save(sign_in("sam"), "Its tasks", f"account={quiet.pk}", **{"for": people.team.pk})
    with CaptureQueriesContext(connection) as queries:
        menu_of(request)
    assert len(queries) == 3
