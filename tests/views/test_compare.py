"""Comparing a task with another: only what differs stands on the page."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Task
from dashboard.models.seen import Sight
from dashboard.models.team import Membership
from dashboard.views.held import Held
from tests.views.conftest import Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def held_by(task: Task) -> Held:
    """The task as some member of its team holds it."""
    member = Membership.objects.filter(team=task.account.team).values_list("user_id", flat=True)[0]
    held = Held.find(Sight.of(member, now_ms()), task.upstream_id, "")
    assert held is not None
    return held


def done(account: Account, at: int, **fields: Any) -> Task:
    return hold(account, status={"phase": "completed", "updatedAt": at}, **fields)


def compared(client: Client, task: Task, other: str = "", status: int = 200) -> Page:
    response = client.get(f"/tasks/{task.upstream_id}/compare/", {"with": other} if other else {})
    assert response.status_code == status
    return Page(response)


def paths(page: Page) -> list[str]:
    return [element["data-path"] for element in page.all("data-path")]


def test_only_differing_leaves_of_params_and_output_stand_in_the_page(quiet: Account, bob: Client) -> None:
    one = hold(quiet, params={"upload": {"url": "https://a.test/1", "c2pa": True, "fps": None, "same": "yes"}})
    two = hold(quiet, params={"upload": {"url": "https://b.test/1", "c2pa": True, "same": "yes"}}, output={"x": [1, 2]})
    page = compared(bob, one, two.upstream_id)
    assert paths(page) == ["params.upload.url", "params.upload.fps", "output.x[0]", "output.x[1]"]
    assert [row["data-kind"] for row in page.all("data-kind")] == ["changed", "only left", "only right", "only right"]
    assert "not set" in page.text
    assert "same" not in [path.rpartition(".")[2] for path in paths(page)]
    assert {one.title, two.title} <= {title for title in (one.title, two.title) if title in page.text}


def test_without_a_name_it_is_the_last_one_of_its_type_that_worked_before(quiet: Account, bob: Client) -> None:
    now = now_ms()
    done(quiet, now - 9000, name="Too old")
    before = done(quiet, now - 5000, name="The last before")
    done(quiet, now + 5000, name="Later")
    done(quiet, now - 1000, name="Another type", type="export")
    hold(quiet, name="Failed", status={"phase": "failed", "updatedAt": now - 1000})
    task = hold(quiet, at=now)
    page = compared(bob, task)
    assert "What differs from the last upload that worked" in page.text
    assert f"/tasks/{before.upstream_id}/" in " ".join(element["href"] for element in page.all("href"))
    Task.objects.filter(title__in=["Too old", "The last before"]).delete()
    assert "Later" in compared(bob, task).text
    Task.objects.filter(title="Later").delete()
    assert "Nothing to compare with" in compared(bob, task).text


def test_equal_documents_differ_in_nothing(quiet: Account, bob: Client) -> None:
    same = {"params": {"upload": {"url": "https://a.test/"}}, "output": {"x": 1}}
    page = compared(bob, hold(quiet, **same), hold(quiet, **same).upstream_id)
    assert "Nothing differs" in page.text
    assert paths(page) == []


def test_what_is_redacted_in_both_is_no_difference_and_nobody_claims_it_is_equal(quiet: Account, bob: Client) -> None:
    one, two = (hold(quiet, params={"export": {"ipfs": {"pinata": {"jwt": JWT + end}}}}) for end in ("", "x"))
    page = compared(bob, one, two.upstream_id)
    assert paths(page) == []
    assert "1 value is redacted in both tasks" in page.text


def test_a_task_of_another_account_or_an_address_may_be_named(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, bob: Client
) -> None:
    task = hold(quiet)
    other = hold(connect_quiet("Staging"), params={"other": 1})
    theirs = hold(connect_quiet("Theirs", team=people.other), name="Not for Bob")
    for named in (
        other.upstream_id,
        f"https://tasks.example.test/tasks/{other.upstream_id}/",
        f" {other.upstream_id} ",
    ):
        assert "params.other" in paths(compared(bob, task, named))
    for unseen in (theirs.upstream_id, "unknown", "<b>", "a\0b", "x" * 500):
        page = compared(bob, task, unseen, 404)
        assert "There is no task" in page.text
        assert "Not for Bob" not in page.text


def test_a_task_may_be_compared_with_itself(quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    assert "That is this task" in compared(bob, task, task.upstream_id).text


def test_long_and_many_values_make_no_huge_page(quiet: Account, bob: Client) -> None:
    one, two = (hold(quiet, params={"list": [f"{letter} " * 2_000] * 1_200}) for letter in "ab")
    page = compared(bob, one, two.upstream_id)
    assert len(paths(page)) == 1_200
    assert len(page.source) < 4_000_000
    large, small = hold(quiet, params={"numbers": [7] * 30_000}), hold(quiet, params={})
    page = compared(bob, large, small.upstream_id)
    assert len(paths(page)) == 2_000
    assert "28001 more" in page.text


def test_markup_of_strangers_is_text(quiet: Account, bob: Client) -> None:
    evil = {"<script>": '"><img src=x onerror=1>', "\u202ekey": "\x1b[2J"}
    page = compared(bob, hold(quiet, params=evil, name="<b>Evil</b>"), hold(quiet, params={"x": 1}).upstream_id)
    assert "<img" not in page.source
    assert "<b>Evil" not in page.source
    assert "␛" in page.text
