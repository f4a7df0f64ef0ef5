"""How somebody likes the board is remembered, and leads back to where the form was and to nowhere else."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from dashboard.models import User
from dashboard.models.order import Order, Sort
from dashboard.views.board_columns import COLUMNS
from dashboard.views.display import display_of
from dashboard.views.view_words import SORTS
from tests.views.html import Page

SignIn = Callable[[str], Client]


def liked(user: User) -> tuple[str, str, int | None, bool]:
    now = User.objects.get(pk=user.pk)
    return now.board_columns, now.board_sort, now.board_size, now.has_shortcuts


def display(user: User, path: str = "/") -> SimpleNamespace:
    request: Any = RequestFactory().get(path)
    request.user = User.objects.get(pk=user.pk)
    return display_of(request)


def on(choices: list[SimpleNamespace], name: str) -> list[object]:
    return [getattr(choice, name) for choice in choices if choice.is_on]


def test_columns_order_and_size_are_remembered_for_the_person(people: SimpleNamespace, sign_in: SignIn) -> None:
    told = {"columns": ["", "updated", "progress", "retries"], "sort": "-title", "size": "50", "next": "/?phase=failed"}
    response = sign_in("bob").post("/display/", told)
    assert (response.status_code, response["Location"]) == (302, "/?phase=failed&sort=-title&size=50")
    assert liked(people.bob) == ("progress,retries,updated", "-title", 50, True)
    assert liked(people.alice) == ("", "", None, True)
    shown = display(people.bob)
    assert on(shown.columns, "name") == ["progress", "retries", "updated"]
    assert on(shown.sorts, "value") == ["-title"]
    assert on(shown.sizes, "value") == [50]


def test_the_menu_shows_what_the_page_is_like(people: SimpleNamespace) -> None:
    shown = display(people.bob, "/?sort=created.asc&size=100&phase=failed")
    assert on(shown.columns, "name") == ["progress", "result", "updated"]
    assert on(shown.sorts, "value") == ["created.asc"]
    assert on(shown.sizes, "value") == [100]
    assert shown.next == "/?sort=created.asc&size=100&phase=failed"
    assert on(display(people.bob).sorts, "value") == ["updated"]


def test_every_order_can_be_chosen_once_in_each_direction() -> None:
    orders = [Order.read(text) for text in SORTS]
    assert {(order.sort, order.descending) for order in orders} == {(s, d) for s in Sort for d in (True, False)}
    assert [str(order) or "updated" for order in orders] == list(SORTS)


def test_what_is_not_in_the_form_stays_as_it_was(people: SimpleNamespace, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    bob.post("/display/", {"columns": ["", "retries"], "sort": "title"})
    bob.post("/display/", {"size": "100"})
    bob.post("/display/", {"shortcuts": "off"})
    assert liked(people.bob) == ("retries", "title", 100, False)
    bob.post("/display/", {})
    assert liked(people.bob) == ("retries", "title", 100, False)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([""], "-"),
        (["", *COLUMNS], ",".join(COLUMNS)),
        (["", "updated", "result", "progress"], ""),
        (["", "evil", "progress", "progress", "x" * 100_000, "\0", "phase"], "progress"),
    ],
)
def test_columns_are_kept_in_one_form(told: list[str], kept: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    assert sign_in("bob").post("/display/", {"columns": told}).status_code == 302
    assert liked(people.bob)[0] == kept


@pytest.mark.parametrize(
    "told",
    [
        {"sort": "evil"},
        {"sort": "title; DROP TABLE"},
        {"sort": "--title"},
        {"size": "26"},
        {"size": "-25"},
        {"size": "9" * 400},
        {"size": "２５"},
        {"shortcuts": "maybe"},
        {"shortcuts": ""},
        {"board_sort": "title", "is_active": "", "email": "x"},
    ],
)
def test_what_is_unknown_changes_nothing(told: dict[str, str], people: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in("bob").post("/display/", told | {"next": "/?phase=failed"})
    assert response["Location"] == "/?phase=failed"
    assert liked(people.bob) == ("", "", None, True)


@pytest.mark.parametrize(
    "strange",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil",
        "",
        " /",
        "/\x00",
        "/?" + "&a=1" * 400,
    ],
)
def test_it_leads_to_our_own_pages_only(strange: str, sign_in: SignIn) -> None:
    response = sign_in("bob").post("/display/", {"next": strange, "sort": "title"})
    assert response.status_code == 302
    assert response["Location"] in ("/", "/?sort=title", "/%00")


def test_it_leads_back_to_any_page_of_ours_as_it_was(sign_in: SignIn) -> None:
    response = sign_in("bob").post("/display/", {"next": "/profile/?a=1#b", "shortcuts": "off", "sort": "title"})
    assert response["Location"] == "/profile/?a=1#b"


def test_another_order_begins_at_the_first_page_and_other_columns_do_not(sign_in: SignIn) -> None:
    bob, third = sign_in("bob"), "/?phase=failed&older=17-3"
    same = {"sort": "updated", "size": "25", "columns": ["", "retries"], "next": third}
    assert bob.post("/display/", same)["Location"] == third
    assert bob.post("/display/", same | {"sort": "title"})["Location"] == "/?phase=failed&sort=title"
    assert bob.post("/display/", same | {"sort": "title"})["Location"] == third, "this is the usual order by now"
    assert bob.post("/display/", {"size": "50", "next": third})["Location"] == "/?phase=failed&size=50"
    assert bob.post("/display/", {"size": "25", "next": "/?size=50"})["Location"] == "/?size=25"
    assert bob.post("/display/", {"sort": "updated", "next": "/"})["Location"] == "/?sort=updated"


def test_other_columns_do_not_make_a_copied_links_order_the_usual_one(people: SimpleNamespace, sign_in: SignIn) -> None:
    bob = sign_in("bob")
    link = "/?sort=duration&size=100"
    form = {"sort": "duration", "size": "100", "columns": ["", "retries"], "next": link}
    assert bob.post("/display/", form)["Location"] == link
    assert liked(people.bob) == ("retries", "", None, True)
    bob.post("/display/", {"sort": "updated", "size": "25", "columns": ["", "retries"], "next": "/?phase=failed"})
    assert liked(people.bob) == ("retries", "", None, True), "an order that nobody chose stays the usual one"
    bob.post("/display/", form | {"sort": "title"})
    assert liked(people.bob) == ("retries", "title", None, True), "what was changed is remembered, and that alone"
    bob.post("/display/", {"sort": "updated", "size": "50", "next": "/?sort=updated"})
    assert liked(people.bob) == ("retries", "title", 50, True)


def test_nothing_to_remember_is_nothing_to_write(sign_in: SignIn) -> None:
    bob = sign_in("bob")
    with CaptureQueriesContext(connection) as queries:
        bob.post("/display/", {"next": "/"})
    assert not [query["sql"] for query in queries.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_shortcuts_are_switched_off_on_the_profile_and_every_page_says_so(sign_in: SignIn) -> None:
    bob = sign_in("bob")
    page = Page(bob.get("/profile/"))
    assert page.one("name", "shortcuts") | {"value": "off", "formaction": "/display/"} == page.one("name", "shortcuts")
    assert not page.all("data-shortcuts")
    assert bob.post("/display/", {"shortcuts": "off", "next": "/profile/"})["Location"] == "/profile/"
    for path in ("/profile/", "/", "/views/"):
        assert Page(bob.get(path)).one("data-shortcuts")["data-shortcuts"] == "off"
    assert Page(bob.get("/profile/")).one("name", "shortcuts")["value"] == "on"
    bob.post("/display/", {"shortcuts": "on"})
    assert not Page(bob.get("/")).all("data-shortcuts")
