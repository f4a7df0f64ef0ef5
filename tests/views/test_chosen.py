"""Which tasks are meant by a form or an address: those ticked, all that match, or none by accident."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from dashboard.models import Account, RetryBatch, Task
from tests.views.html import Page

SignIn = Callable[[str], Client]
CSV = "/tasks/export.csv"


def hidden_of(page: Page) -> dict[str, str]:
    hidden = {element["name"]: element["value"] for element in page.all("type") if element["type"] == "hidden"}
    return {name: value for name, value in hidden.items() if name not in ("csrfmiddlewaretoken", "next", "columns")}


@pytest.mark.parametrize("q", [" ", "\u200b", "\0", " \u200e\u2066 ", "\n"])
def test_a_search_for_nothing_visible_means_no_tasks(failed: list[Task], sign_in: SignIn, q: str) -> None:
    response = sign_in("sam").post("/retries/", {"q": q})
    assert response.status_code == 422
    assert "Nothing says which tasks" in Page(response).text
    assert not RetryBatch.objects.exists()
    assert sign_in("sam").post("/retries/", {"q": q, "phase": "failed"}).status_code == 303


@pytest.mark.parametrize("q", [" phase:failed ", "phase:failed\0"])
def test_a_search_means_what_it_means_on_the_board(failed: list[Task], sign_in: SignIn, q: str) -> None:
    assert sign_in("sam").post("/retries/", {"q": q}).status_code == 303
    assert RetryBatch.objects.get().query == "q=phase%3Afailed"


def test_the_bar_without_a_tick_means_no_tasks(quiet: Account, failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    form = hidden_of(Page(sam.get("/?phase=failed")))
    assert form["picked"] == "1"
    for path in (CSV, "/tasks/export.ndjson", "/retries/new/"):
        response = sam.get(path, form)
        assert response.status_code == 400
        assert "Tick some, or say all." in Page(response).text
    assert sam.post("/retries/", form).status_code == 400
    ids = failed[0].upstream_id
    assert "Retry 1 task?" in Page(sam.get("/retries/new/", {**form, "ids": ids})).text
    assert "Retry 3 tasks?" in Page(sam.get("/retries/new/", {**form, "all": "1"})).text


def test_many_ticked_tasks_are_one_field_of_the_form(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    ids = [task.upstream_id for task in failed]
    page = Page(sam.get("/retries/new/", {"ids": [*ids, *(f"unknown-{number}" for number in range(900))]}))
    form = hidden_of(page)
    assert form["ids"].split(",")[:3] == ids
    assert sam.post("/retries/", form).status_code == 303


def test_more_tasks_than_can_be_ticked_are_refused(
    failed: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.chosen.MOST", 2)
    ids = ",".join(task.upstream_id for task in failed)
    for response in (sign_in("sam").post("/retries/", {"ids": ids}), sign_in("sam").get(CSV, {"ids": ids})):
        assert response.status_code == 400
        assert "At most 2 tasks can be ticked at once" in Page(response).text


def test_a_task_that_is_deleted_while_the_batch_is_made_is_told_of(
    failed: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleted(*arguments: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(RetryBatch, "start", deleted)
    response = sign_in("sam").post("/retries/", {"phase": "failed"})
    assert response.status_code == 422
    assert "deleted in this moment" in Page(response).text


def test_the_question_tells_which_tasks_are_in_line_already(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    assert sam.post("/retries/", {"ids": failed[0].upstream_id}).status_code == 303
    text = Page(sam.get("/retries/new/?phase=failed")).text
    assert "Retry 2 tasks?" in text
    assert f"1 in line already, in batch {RetryBatch.objects.get().pk}" in text


def test_the_board_leads_to_earlier_retries(failed: list[Task], sign_in: SignIn) -> None:
    assert "/retries/" in [element["href"] for element in Page(sign_in("sam").get("/")).all("href")]
