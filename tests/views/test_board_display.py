"""The board as a person likes it: which columns, in which order, how many a page."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, User
from dashboard.views.board_columns import COLUMNS, as_text, columns_of
from tests.views.conftest import hold, hold_many
from tests.views.html import Page
from tests.views.region import Region
from tests.views.test_board import board

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def prefers(people: SimpleNamespace, **habits: object) -> None:
    User.objects.filter(pk=people.bob.pk).update(**habits)


def cells(page: Page) -> list[str]:
    return [e["class"].partition(" ")[0] for e in page.elements if e["tag"] == "td"]


def heads(page: Page) -> list[str]:
    return [e["class"].partition(" ")[0] for e in page.elements if e["tag"] == "th"]


def test_the_columns_are_those_that_the_person_chose(people: SimpleNamespace, quiet: Account, bob: Client) -> None:
    hold(quiet, status={"phase": "failed", "errorMessage": "no", "updatedAt": now_ms()})
    usual = ["c-pick", "c-phase", "c-name", "c-bar", "c-why", "c-when"]
    assert cells(board(bob)) == heads(board(bob)) == usual
    prefers(people, board_columns=",".join(COLUMNS))
    every = ["c-pick", "c-phase", "c-name", "c-bar", "c-why", "c-took", "c-tries", "c-account", "c-born", "c-when"]
    assert cells(board(bob)) == heads(board(bob)) == every
    prefers(people, board_columns="-")
    assert cells(board(bob)) == heads(board(bob)) == usual[:3]


def test_another_choice_of_columns_is_news(people: SimpleNamespace, quiet: Account, bob: Client) -> None:
    hold(quiet)
    region = Region(bob, "/")
    assert region.poll() == 204
    prefers(people, board_columns="updated")
    assert region.poll() == 200
    assert heads(region.page) == ["c-pick", "c-phase", "c-name", "c-when"]


def test_two_who_chose_other_columns_do_not_share_rows(
    people: SimpleNamespace, quiet: Account, bob: Client, sign_in: SignIn
) -> None:
    hold(quiet)
    prefers(people, board_columns="created")
    sam = sign_in("sam")
    assert cells(board(bob)) == ["c-pick", "c-phase", "c-name", "c-born"]
    assert "c-born" not in cells(board(sam))


def test_what_is_remembered_of_columns() -> None:
    assert columns_of("") == ("progress", "result", "updated")
    assert columns_of("updated,result,nonsense") == ("result", "updated")
    assert columns_of("-") == ()
    assert as_text(("updated", "progress", "result")) == ""
    assert as_text(()) == "-"
    assert as_text(("updated", "created")) == "created,updated"


def test_order_and_size_are_those_of_the_person_where_the_url_says_nothing(
    people: SimpleNamespace, quiet: Account, bob: Client
) -> None:
    hold_many(quiet, [now_ms()] * 30)
    for name in ("Beta", "alpha"):
        hold(quiet, name=name)
    prefers(people, board_sort="title", board_size=50)
    page = board(bob)
    assert len(page.ids) == 32
    assert page.text.index("alpha") < page.text.index("Beta")
    assert page.one("aria-sort")["class"] == "c-name"
    assert "/?phase=failed" in {link["href"] for link in page.all("data-count")}
    assert "sort=title&size=50" in page.poll_url
    newest = board(bob, "?sort=updated&size=25")
    assert len(newest.ids) == 25
    assert "/?phase=failed&sort=updated&size=25" in {link["href"] for link in newest.all("data-count")}


def test_a_page_stays_in_its_order_when_the_habit_changes_elsewhere(
    people: SimpleNamespace, quiet: Account, bob: Client
) -> None:
    for name in ("Beta", "alpha"):
        hold(quiet, name=name)
    region = Region(bob, "/")
    order = region.page.ids
    prefers(people, board_sort="title", board_size=100)
    assert region.poll() == 200
    assert region.page.ids == order
    assert region.page.one("aria-sort")["class"] == "c-when num"


def test_a_head_orders_the_list_turns_it_round_and_is_remembered(
    people: SimpleNamespace, quiet: Account, bob: Client
) -> None:
    for name in ("Beta", "alpha", "Gamma"):
        hold(quiet, name=name)
    page = board(bob)
    assert page.one("aria-sort")["aria-sort"] == "descending"
    assert orders(page) == ["title", "progress", "updated.asc"]
    answer = bob.post("/display/", {"next": "/?phase=running&older=1-1", "sort": "title"})
    assert answer["Location"] == "/?phase=running&sort=title"
    page = board(bob)
    assert page.one("aria-sort") == {"tag": "th", "class": "c-name", "scope": "col", "aria-sort": "ascending"}
    assert orders(page) == ["-title", "progress", "updated"]
    assert "Tasks, by title, A to Z" in page.text
    assert orders(board(bob, "?sort=updated")) == ["title", "progress", "updated.asc"]


@pytest.mark.parametrize(("habit", "other"), [("title", "updated"), ("updated", "title")])
def test_the_address_of_a_further_page_keeps_its_order_whatever_is_picked_later(
    habit: str, other: str, people: SimpleNamespace, quiet: Account, bob: Client
) -> None:
    hold_many(quiet, [now_ms()] * 30)
    prefers(people, board_sort=habit)
    further = board(bob).link("next") or ""
    rows = board(bob, further.removeprefix("/")).ids
    answer = bob.post("/display/", {"next": further, "sort": other})
    assert answer["Location"] == f"/?sort={other}"
    assert board(bob, further.removeprefix("/")).ids == rows
    again = bob.post("/display/", {"next": further, "sort": other})
    assert again["Location"] == f"/?sort={other}"


def orders(page: Page) -> list[str]:
    """What the heads of the columns order by."""
    buttons = [e for e in page.elements if e["tag"] == "button" and e.get("name") == "sort"]
    assert all((e["form"], e["formaction"]) == ("act", "/display/") for e in buttons)
    return [e["value"] for e in buttons]


@pytest.mark.parametrize("sort", ["nonsense", "title.up", "--title", "%00", "updated;drop"])
def test_an_unknown_order_is_the_usual_one(sort: str, quiet: Account, bob: Client) -> None:
    first, second = hold(quiet), hold(quiet)
    assert board(bob, f"?sort={sort}").ids == [second.upstream_id, first.upstream_id]


def test_the_bar_of_what_is_picked_carries_every_filter(quiet: Account, bob: Client, sign_in: SignIn) -> None:
    hold(quiet, name="Keynote")
    page = board(bob, f"?q=keynote&phase=running&account={quiet.pk}&sort=title")
    assert page.one("form", "bulk")["name"] == "ids"
    hidden = {e["name"]: e["value"] for e in page.elements if e["tag"] == "input" and e.get("type") == "hidden"}
    told = {"q": "keynote", "phase": "running", "account": str(quiet.pk), "sort": "title"}
    assert {name: hidden[name] for name in told} == told
    assert "/retries/new/" not in page.source
    assert "/retries/new/" in board(sign_in("sam")).source
    exports = [e["href"] for e in page.all("href") if "/tasks/export" in e["href"]]
    query = f"q=keynote&phase=running&account={quiet.pk}&sort=title"
    assert exports == [f"/tasks/export.csv?{query}", f"/tasks/export.ndjson?{query}"]
