"""A failed task leads to the others that failed so."""

from collections.abc import Callable
from types import SimpleNamespace

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import SECOND, now_ms
from dashboard.models import Account
from dashboard.models.uniting import merge
from tests.models.failures import CODEC, TIMEOUT, by, fail, tell
from tests.views.html import Page

SignIn = Callable[[str], Client]


def kindred(browser: Client, task: str) -> tuple[str, str]:
    """The words, and the address."""
    page = Page(browser.get(f"/tasks/{task}/"))
    links = [e["href"] for e in page.elements if e["tag"] == "a" and e.get("href", "").startswith("/failures/")]
    words = [
        words for words in ("2 tasks failed so", "3 tasks failed so", "Only this task failed so") if words in page.text
    ]
    return "".join(words), "".join(link for link in links if link != "/failures/")


def test_it_says_how_many_failed_so_and_leads_there(sign_in: SignIn, quiet: Account, people: SimpleNamespace) -> None:
    group, bob = fail(quiet, "one"), sign_in("bob")
    assert kindred(bob, "one") == ("Only this task failed so", f"/failures/{group.pk}/")
    fail(quiet, "two")
    assert kindred(bob, "two") == ("2 tasks failed so", f"/failures/{group.pk}/")
    other = fail(quiet, "slow", TIMEOUT)
    merge(by(people.sam, other), group.pk)
    assert kindred(bob, "slow") == ("3 tasks failed so", f"/failures/{group.pk}/")


def test_it_says_who_has_them(sign_in: SignIn, quiet: Account, people: SimpleNamespace) -> None:
    group, bob = fail(quiet, "one"), sign_in("bob")
    assert "Only this task failed so · nobody has it" in Page(bob.get("/tasks/one/")).text
    fail(quiet, "two")
    by(people.sam, group).assign(people.sam.pk)
    assert f"2 tasks failed so · owned by {people.sam.email}" in Page(bob.get("/tasks/one/")).text


def test_the_newest_reason_counts(sign_in: SignIn, quiet: Account) -> None:
    at = now_ms()
    tell(quiet, "one", "waiting", at, retries=1, errorMessage=TIMEOUT)
    group = fail(quiet, "one", CODEC, at=at + SECOND, retries=1)
    assert kindred(sign_in("bob"), "one")[1] == f"/failures/{group.pk}/"


def test_a_task_that_did_not_fail_asks_for_nothing(sign_in: SignIn, quiet: Account) -> None:
    tell(quiet, "fine", "completed", now_ms())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert kindred(sign_in("bob"), "fine") == ("", "")
    assert not [query for query in asked if "dashboard_failure" in query["sql"]]


def test_others_of_another_team_are_not_counted(
    sign_in: SignIn, quiet: Account, connect_quiet: Callable[..., Account], people: SimpleNamespace
) -> None:
    fail(quiet, "one")
    fail(connect_quiet("Theirs", people.other), "two")
    assert kindred(sign_in("bob"), "one")[0] == "Only this task failed so"
    assert sign_in("charlie").get("/tasks/one/").status_code == 404
