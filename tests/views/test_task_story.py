"""The task page as a whole: its header answers, its attempts carry their errors, its asset has its word."""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import MINUTE, SECOND, now_ms
from dashboard.models import Account, Asset, Pace, Task
from tests.views.conftest import hold, move
from tests.views.html import Page

SignIn = Callable[[str], Client]
ERRORS = ("file download failed", "internal error processing file")


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def shown(client: Client, task: Task) -> Page:
    return Page(client.get(f"/tasks/{task.upstream_id}/"))


def plain(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


def failing(account: Account, **fields: object) -> Task:
    now = now_ms()
    times = {"createdAt": now - 5 * MINUTE, "scheduledAt": now - 5 * MINUTE}
    status = {"phase": "running", "progress": 0.37, "retries": 0, "updatedAt": now - 4 * MINUTE}
    return hold(account, **{**times, **fields, "status": status})


def test_each_attempt_carries_its_number_its_peak_and_its_error(quiet: Account, bob: Client) -> None:
    task = failing(quiet)
    move(task, "waiting", retries=1, errorMessage=ERRORS[0])
    move(task, "running", retries=1, progress=0.5)
    move(task, "waiting", retries=2, errorMessage=ERRORS[1])
    move(task, "running", retries=2, progress=0.125)
    page = shown(bob, task)
    lanes = [(lane["data-attempt"], lane["data-peak"]) for lane in page.all("data-attempt")]
    assert lanes == [("1", "0.37"), ("2", "0.5"), ("3", "0.125")]
    for number, error in enumerate(ERRORS, 1):
        inside = page.source.split(f'data-attempt="{number}"')[1].split("data-attempt=")[0]
        assert error in inside


def test_the_header_of_a_failed_task_says_why_and_what_helps(quiet: Account, bob: Client) -> None:
    task = failing(quiet)
    move(task, "failed", retries=0, errorMessage="unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'")
    page = shown(bob, task)
    assert "The file has colours that Studio cannot read." in page.text
    assert "What to do" in page.text
    assert "Convert it with the pixel format yuv420p" in page.text
    assert "must be 'yuv420p' or 'yuvj420p'" in page.text


def test_a_hostile_message_is_shown_whole_and_harmless(quiet: Account, bob: Client) -> None:
    message = 'error on export request: http status 403: "<script>\u202e\x1b[31m' + "x" * 5000 + '"'
    task = failing(quiet)
    move(task, "failed", retries=0, errorMessage=message)
    page = shown(bob, task)
    assert "<script>\u202e" not in page.source
    assert "&lt;script&gt;⟨U+202E⟩" in page.source
    assert "x" * 5000 in page.text


def test_a_running_task_says_when_it_will_be_ready(quiet: Account, bob: Client) -> None:
    Pace.objects.create(account=quiet, type="upload", runs=json.dumps([[300, None]] * 25))
    task = failing(quiet)
    assert "Ready in about 5 minutes" not in plain(shown(bob, task))
    again = hold(quiet, createdAt=now_ms() - MINUTE, scheduledAt=now_ms() - MINUTE)
    assert "Transcoding, 42 %. Ready in about 4 minutes." in plain(shown(bob, again))


def test_the_asset_that_stays_failed_is_explained(quiet: Account, bob: Client) -> None:
    task = failing(quiet, outputAssetId="asset-1")
    status = {"phase": "failed", "errorMessage": "old"}
    document = json.dumps({"status": status, "createdByTokenName": "ingest-worker"})
    Asset.objects.create(account=quiet, upstream_id="asset-1", phase="failed", heard_at=now_ms(), document=document)
    page = shown(bob, task)
    assert "Normal: the asset stays failed until the task completes." in page.text
    assert "Created by key ingest-worker" in page.text


def test_a_retry_by_hand_that_was_asked_here_is_in_the_timeline(quiet: Account, bob: Client) -> None:
    task = failing(quiet)
    move(task, "failed", retries=0, errorMessage="execution timeout")
    task.asked_retries.create(by_name="sam@example.com", asked_at=now_ms() - SECOND, outcome="started")
    assert "Retry asked by sam@example.com: started" in shown(bob, task).text


def test_a_task_that_ended_asks_for_no_pace(quiet: Account, bob: Client) -> None:
    task = failing(quiet)
    with CaptureQueriesContext(connection) as before:
        shown(bob, task)
    move(task, "completed")
    with CaptureQueriesContext(connection) as after:
        shown(bob, task)
    assert sum("dashboard_pace" in query["sql"] for query in before) == 1
    assert sum("dashboard_pace" in query["sql"] for query in after) == 0


@pytest.mark.parametrize("type_", ["upload", "import", "export", "export-data", "transcode-file", "clip", "unheard of"])
@pytest.mark.parametrize("phase", ["pending", "waiting", "running", "failed", "completed", "cancelled", "dreaming"])
def test_every_phase_and_type_has_a_page(phase: str, type_: str, quiet: Account, bob: Client) -> None:
    task = hold(quiet, type=type_, status={"phase": phase, "updatedAt": now_ms(), "errorMessage": ""})
    page = shown(bob, task)
    assert page.one("data-cell", "answer")
    assert page.one("id", "timeline")
