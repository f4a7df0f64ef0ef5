"""The rows of the board: what each tells of its task."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from dashboard.clock import DAY, MINUTE, now_ms, short
from dashboard.models import Account, Task, User
from dashboard.models.memory import mark_gone
from tests.views.conftest import hold, move
from tests.views.html import Page
from tests.views.test_board import board

SignIn = Callable[[str], Client]


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("alice")


def attributes(page: Page, task: Task) -> dict[str, str]:
    row = page.one("data-task", task.upstream_id)
    return {name: value for name, value in row.items() if name.startswith("data-") and name != "data-task"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"phase": "pending"}, {"data-phase": "pending", "data-progress": "0"}),
        ({"phase": "waiting", "retries": 0}, {"data-phase": "waiting", "data-progress": "0"}),
        ({"phase": "running"}, {"data-phase": "running", "data-progress": "0"}),
        ({"phase": "running", "progress": 0.123456789}, {"data-phase": "running", "data-progress": "0.123456789"}),
        ({"phase": "running", "progress": 1}, {"data-phase": "running", "data-progress": "1"}),
        ({"phase": "completed"}, {"data-phase": "completed", "data-progress": "1"}),
        ({"phase": "cancelled"}, {"data-phase": "cancelled", "data-progress": "0"}),
        ({"phase": "failed", "errorMessage": "bad"}, {"data-phase": "failed", "data-progress": "0"}),
        ({"phase": "on<fire>"}, {"data-phase": "on<fire>", "data-progress": "0"}),
        (
            {"phase": "waiting", "retries": 1, "errorMessage": "bad"},
            {"data-phase": "waiting", "data-progress": "0", "data-overlay": "retrying"},
        ),
    ],
)
def test_a_row_carries_phase_progress_and_overlay(
    status: dict[str, object], expected: dict[str, str], quiet: Account, alice: Client
) -> None:
    task = hold(quiet, status={"updatedAt": now_ms(), **status})
    assert attributes(board(alice), task) == expected


def test_a_failed_task_keeps_the_progress_that_was_last_seen(quiet: Account, alice: Client) -> None:
    task = move(hold(quiet), "failed", errorMessage="bad")
    assert attributes(board(alice), task) == {"data-phase": "failed", "data-progress": "0.42"}


def test_a_task_without_news_is_stalled_and_one_that_is_gone_deleted(quiet: Account, alice: Client) -> None:
    stalled = hold(quiet, at=now_ms() - 6 * MINUTE)
    upload_link_that_ran_out = hold(quiet, status={"phase": "pending", "updatedAt": now_ms() - DAY - MINUTE})
    gone = hold(quiet)
    mark_gone(gone, now_ms())
    page = board(alice)
    assert attributes(page, stalled)["data-overlay"] == "stalled"
    assert attributes(page, upload_link_that_ran_out)["data-overlay"] == "stalled"
    assert attributes(page, gone) == {"data-phase": "running", "data-progress": "0.42", "data-overlay": "deleted"}


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", 'a" onload="x', "‮moc.evil", "فيديو", "x" * 5000])
def test_a_strange_title_is_only_text(title: str, quiet: Account, alice: Client) -> None:
    task = hold(quiet, name=title)
    page = board(alice)
    assert f"<b>{title}" not in page.source
    assert "alert(1)</script>" not in page.source
    assert not page.all("onload")
    name = next(element for element in page.elements if element.get("class") == "name cut")
    assert name["title"] == task.title == title[:300]
    assert name["dir"] == "auto"


@pytest.mark.parametrize("phase", ["running", "failed"])
def test_only_what_is_completed_is_at_100_percent(phase: str, quiet: Account, alice: Client) -> None:
    task = hold(quiet, status={"phase": "running", "progress": 0.996, "updatedAt": now_ms()})
    task = task if phase == "running" else move(task, phase)
    for page in (board(alice), Page(alice.get(f"/tasks/{task.upstream_id}/"))):
        assert "99\u00a0%" in page.source
        assert "100\u00a0%" not in page.source
        assert [bar["value"] for bar in page.all("max")] == ["99"]
    assert attributes(board(alice), task)["data-progress"] == "0.996"
    move(task, "completed")
    assert "100\u00a0%" in board(alice).source


def test_a_task_first_seen_as_failed_shows_no_progress(quiet: Account, alice: Client) -> None:
    task = hold(quiet, status={"phase": "failed", "errorMessage": "bad", "updatedAt": now_ms()})
    page = board(alice)
    assert attributes(page, task) == {"data-phase": "failed", "data-progress": "0"}
    assert page.all("max") == []
    assert "0\u00a0%" not in page.source


def test_without_scripts_times_are_short_and_of_utc(quiet: Account, alice: Client) -> None:
    year = datetime.now(UTC).year
    at = int(datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp() * 1000)
    long_ago = int(datetime(2023, 12, 31, 23, 59, tzinfo=UTC).timestamp() * 1000)
    hold(quiet, at=at, createdAt=long_ago)
    User.objects.update(board_columns="created,updated")
    page = board(alice)
    assert f'datetime="{year}-01-02T03:04:05Z" data-ago>2 Jan, 03:04</time>' in page.source
    assert 'datetime="2023-12-31T23:59:00Z" data-ago>31 Dec 2023</time>' in page.source
    assert short(10**17) == short(None) == ""
