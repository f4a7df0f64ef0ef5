"""Taking a task's document along: as JSON, in part, as a file, as a command."""

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account
from tests.views.conftest import KEY, Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def test_each_part_can_be_copied_as_json(quiet: Account, bob: Client) -> None:
    task = hold(quiet, output={"x": [1]})
    page = Page(bob.get(f"/tasks/{task.upstream_id}/"))
    for name in ("params", "output"):
        url = page.one("aria-label", f"Copy {name} as JSON")["data-copy-url"]
        assert bob.get(url).json() == task.opened()[name]


def test_the_whole_can_be_saved_as_a_file(quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    response = bob.get(f"/tasks/{task.upstream_id}.json?download=1")
    assert response["Content-Disposition"] == f'attachment; filename="task-{task.upstream_id}.json"'
    assert json.loads(response.content) == task.opened()
    assert not bob.get(f"/tasks/{task.upstream_id}.json").has_header("Content-Disposition")


def test_the_command_is_for_a_shell_and_holds_no_key(connect_quiet: Connect, bob: Client) -> None:
    account = connect_quiet("Odd", url="https://studio.example.test/it's/api")
    task = hold(account, id="a b'$(x)")
    page = Page(bob.get("/tasks/a%20b'$(x)/"))
    command = next(e["data-copy-text"] for e in page.all("data-copy-text") if e["data-copy-text"].startswith("curl"))
    assert KEY not in command
    assert shlex.split(command) == [
        "curl", "-sS", "-H", "Authorization: Bearer $LIVEPEER_API_KEY",
        "https://studio.example.test/it's/api/task/a%20b%27%24%28x%29",
    ]  # fmt: skip
    assert task.upstream_id == "a b'$(x)"


@pytest.mark.parametrize("path", ["nowhere", "params[", 'params["\\q"]', "params.upload[0]"])
def test_a_part_that_is_not_there_is_not_found(path: str, quiet: Account, bob: Client) -> None:
    assert bob.get(f"/tasks/{hold(quiet).upstream_id}.json", {"path": path}).status_code == 404


@pytest.mark.parametrize("value", ["<b>text</b>", 5, None, {"a": 1}])
def test_a_text_may_be_asked_for_as_such(value: Any, quiet: Account, bob: Client) -> None:
    response = bob.get(
        f"/tasks/{hold(quiet, params={'x': value}).upstream_id}.json", {"path": "params.x", "as": "text"}
    )
    expected = "text/plain" if isinstance(value, str) else "application/json"
    assert response["Content-Type"].startswith(expected)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_marks_are_explained_once_beside_each_part_that_has_some(quiet: Account, bob: Client) -> None:
    params = {"upload": {"url": "https://user:hunter2secret@media.example.test/x?X-Amz-Signature=abcdef0123456789"}}
    page = Page(bob.get(f"/tasks/{hold(quiet, params=params).upstream_id}/"))
    assert page.source.count("removed before anything was stored") == 1
    assert "not even an admin" in page.text
    assert "hunter2secret" not in page.source
