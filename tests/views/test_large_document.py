"""A document of 5 MB: every answer about it is bounded in bytes and time."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account, Task
from tests.views.conftest import hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
LARGE = 5_000_000


def large_output() -> dict[str, Any]:
    """5 MB of JSON as a task might have it: many renditions, long lists, a long text."""
    rendition = {"name": "720p", "width": 1280, "height": 720, "url": "https://vod.example.test/hls/index.m3u8"}
    rows = [rendition | {"name": f"rendition {number}"} for number in range(36_000)]
    return {"upload": {"renditions": rows, "log": "a line of a log\n" * 60_000, "needle": "here it is"}}


@pytest.fixture
def large(quiet: Account) -> Task:
    task = hold(quiet, output=large_output(), status={"phase": "completed", "updatedAt": 1_790_000_000_000})
    assert LARGE * 0.9 < len(task.document) < LARGE * 1.1
    return task


def took(client: Client, url: str) -> tuple[float, int, Any]:
    """Seconds of this process, bytes, and the answer."""
    began = time.process_time()
    response = client.get(url)
    seconds = time.process_time() - began
    assert response.status_code == 200
    return seconds, len(response.content), response


def test_its_page_its_branches_and_what_is_found_in_it_are_bounded(large: Task, sign_in: SignIn) -> None:
    bob, path = sign_in("bob"), f"/tasks/{large.upstream_id}/"
    seconds, size, answer = took(bob, path)
    assert seconds < 1.5
    assert size < 1_500_000
    links = [element["hx-get"] for element in Page(answer).all("hx-get") if "/branch/" in element["hx-get"]]
    assert links
    for link in {*links[:2], *links[-2:]}:
        seconds, size, _ = took(bob, link)
        assert seconds < 1.5
        assert size < 3_500_000
    seconds, _, answer = took(bob, f"{path}find/?q=here+it+is")
    assert seconds < 1.0
    assert Page(answer).leaves == {"output.upload.needle": "here it is"}
    assert took(bob, f"{path}find/?q=rendition")[1] < 200_000
    seconds, size, _ = took(bob, f"{path}bundle.md")
    assert seconds < 1.0
    assert size < 60_000


def test_comparing_it_is_bounded_too(large: Task, quiet: Account, sign_in: SignIn) -> None:
    changed = json.loads(large.document.replace('"width":1280', '"width":1920'))["output"]
    other = hold(quiet, output=changed)
    seconds, size, answer = took(sign_in("bob"), f"/tasks/{large.upstream_id}/compare/?with={other.upstream_id}")
    assert seconds < 3
    assert size < 1_500_000
    assert len(Page(answer).all("data-path")) == 2_000
