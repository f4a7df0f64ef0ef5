"""A task that failed for several causes which were merged is one task wherever people read of it."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import HOUR, now_ms
from dashboard.models import Account, Failure, Group, Task
from dashboard.models.uniting import merge
from tests.models.failures import by
from tests.views.conftest import Connect, move
from tests.views.failing import BROKEN, CODEC, TIMEOUT, fail, group_of, listed
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def group(quiet: Account, people: SimpleNamespace) -> Group:
    """Three tasks, two of which failed for both of its patterns."""
    for number in range(2):
        move(fail(quiet, TIMEOUT, ago=2 * HOUR + number), "failed", errorMessage=BROKEN, retries=1)
    fail(quiet, TIMEOUT, ago=HOUR)
    root = group_of(BROKEN)
    merge(by(people.sam, group_of(TIMEOUT)), root.pk)
    return root


def look(browser: Client, group: Group, query: str = "") -> Page:
    response = browser.get(f"/failures/{group.pk}/{query}")
    assert response.status_code == 200
    return Page(response)


def tabs(page: Page) -> dict[str, str]:
    return dict(re.findall(r">(All|Still failed|Recovered) <b>(\d+)", page.source))


def tasks_on(page: Page) -> list[str]:
    return [row["data-task"] for row in page.all("data-task")]


def test_the_page_and_the_list_tell_of_three_tasks(sign_in: SignIn, group: Group) -> None:
    bob = sign_in("bob")
    page = look(bob, group)
    assert page.one("data-group")["data-tasks"] == "3"
    assert tabs(page) == {"All": "3", "Still failed": "3", "Recovered": "0"}
    assert tasks_on(page) == [task.upstream_id for task in Task.objects.order_by("-updated_at")]
    assert listed(bob) == listed(bob, "sort=tasks") == [(group.pk, 3, "open")]
    source = Page(bob.get("/failures/")).source
    assert "3 in 14 days" in source
    assert "5 in 14 days" not in source


def test_all_of_three_recover(sign_in: SignIn, group: Group) -> None:
    for task in Task.objects.all():
        move(task, "completed", retries=2)
    bob = sign_in("bob")
    page = look(bob, group)
    assert tabs(page) == {"All": "3", "Still failed": "0", "Recovered": "3"}
    assert len(tasks_on(look(bob, group, "?show=recovered"))) == 3
    assert "5 of 3" not in page.text
    assert "5 of 3" not in bob.get(f"/failures/{group.pk}/evidence/").content.decode()


def test_a_cause_with_more_tasks_comes_first(sign_in: SignIn, quiet: Account, group: Group) -> None:
    for _ in range(4):
        fail(quiet, CODEC)
    assert [pk for pk, _, _ in listed(sign_in("bob"), "sort=tasks")] == [group_of(CODEC).pk, group.pk]


def test_paging_meets_each_task_once(sign_in: SignIn, quiet: Account, group: Group) -> None:
    for number in range(40):
        task = fail(quiet, (BROKEN, TIMEOUT)[number % 2], ago=HOUR + number)
        if number % 3:
            task = move(task, "failed", errorMessage=(TIMEOUT, BROKEN)[number % 2], retries=1)
        if number % 4 == 0:
            move(task, "completed", retries=2)
    bob = sign_in("bob")
    page = look(bob, group)
    met = tasks_on(page)
    while (query := next_page(page)) and len(met) < 43:
        page = look(bob, group, query)
        met += tasks_on(page)
    assert sorted(met) == sorted(Task.objects.values_list("upstream_id", flat=True))
    still = Failure.objects.filter(is_open=True).values("task").distinct().count()
    assert tabs(page) == {"All": "43", "Still failed": str(still), "Recovered": str(43 - still)}
    assert {Task.objects.get(upstream_id=one).phase for one in met[:still]} == {"failed"}


def next_page(page: Page) -> str:
    links = [e["href"] for e in page.elements if e["tag"] == "a" and "after=" in e.get("href", "")]
    return "?" + links[0].partition("?")[2].partition("#")[0] if links else ""


def test_while_an_account_is_being_removed_its_tasks_are_not_counted(
    sign_in: SignIn, quiet: Account, connect_quiet: Connect
) -> None:
    other = connect_quiet("Other")
    fail(other, BROKEN)
    fail(other, TIMEOUT)
    fail(quiet, TIMEOUT)
    Account.objects.filter(pk=other.pk).update(removed_at=now_ms())
    bob = sign_in("bob")
    assert listed(bob) == [(group_of(TIMEOUT).pk, 1, "open")]
    page = look(bob, group_of(TIMEOUT))
    assert tabs(page) == {"All": "1", "Still failed": "1", "Recovered": "0"}
    assert len(tasks_on(page)) == 1
