"""Trying the failed tasks of a batch again, and what the question before a batch says they failed of."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from dashboard.models import Account, ItemState, RetryBatch, Role, Task
from tests.views.conftest import Connect, hold, ids_of, move, started
from tests.views.html import Page

SignIn = Callable[[str], Client]


def ended(batch: RetryBatch, *states: ItemState) -> RetryBatch:
    for item, state in zip(batch.items.order_by("id"), states, strict=True):
        item.end(state, "no")
    return batch


def test_the_failed_ones_of_a_batch_can_be_tried_again(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = ended(
        started(sam.post("/retries/", {"ids": ids_of(failed)})), ItemState.FAILED, ItemState.DONE, ItemState.FAILED
    )
    page = Page(sam.get(f"/retries/{batch.pk}/"))
    assert "Retry the 2 that failed" in page.text
    page = Page(sam.get(f"/retries/new/?batch={batch.pk}"))
    assert "2 tasks: all that failed in this batch." in page.text
    assert page.one("name", "batch")["value"] == str(batch.pk)
    again = started(sam.post("/retries/", {"batch": str(batch.pk), "agreed": "2"}))
    assert [item.task for item in again.items.order_by("id")] == [failed[0], failed[2]]


def test_nothing_is_tried_again_while_something_is_left_or_nothing_failed(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    first, second, third = batch.items.order_by("id")
    first.end(ItemState.FAILED, "no")
    assert "that failed</a>" not in sam.get(f"/retries/{batch.pk}/").content.decode()
    for item in (second, third):
        item.end(ItemState.DONE)
    assert "Retry the 1 that failed" in Page(sam.get(f"/retries/{batch.pk}/")).text
    batch.items.update(state=ItemState.DONE)
    assert "that failed</a>" not in sam.get(f"/retries/{batch.pk}/").content.decode()
    assert sam.get(f"/retries/new/?batch={batch.pk}").status_code == 404


def test_who_may_not_retry_is_not_asked_and_strangers_find_nothing(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = ended(started(sam.post("/retries/", {"ids": ids_of(failed[:1])})), ItemState.FAILED)
    assert "that failed</a>" not in sign_in("bob").get(f"/retries/{batch.pk}/").content.decode()
    assert sign_in("bob").get(f"/retries/new/?batch={batch.pk}").status_code == 403
    assert sign_in("charlie").get(f"/retries/new/?batch={batch.pk}").status_code == 404
    for told in ("0", "x", "9" * 30, "²"):
        assert sam.get("/retries/new/", {"batch": told}).status_code == 404
    assert sam.get(f"/retries/new/?batch={batch.pk}&phase=failed").status_code == 400


def test_only_what_one_sees_of_a_batch_is_tried_again(
    failed: list[Task], people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    theirs = move(hold(connect_quiet("Theirs", team=people.other), name="Secret take"), "failed")
    people.other.add(people.sam, Role.SUPPORT)
    ids = [failed[0].upstream_id, theirs.upstream_id]
    batch = ended(started(sign_in("sam").post("/retries/", {"ids": ids})), ItemState.FAILED, ItemState.FAILED)
    again = started(sign_in("alice").post("/retries/", {"batch": str(batch.pk)}))
    assert [item.task for item in again.items.all()] == [failed[0]]


def test_the_question_names_what_most_of_the_tasks_failed_of(quiet: Account, sign_in: SignIn) -> None:
    messages = [
        *(f"download error: status 50{n}" for n in range(3)),
        "codec not supported",
        "codec not supported",
        "<b>disk</b> full",
        "something <i>rare</i>",
        "rarer still",
    ]
    tasks = [move(hold(quiet), "failed", errorMessage=message) for message in messages]
    page = Page(sign_in("sam").get("/retries/new/", {"ids": ",".join(ids_of(tasks))}))
    assert "What they failed of" in page.text
    assert "2 codec not supported" in page.text
    assert "something else" in page.text
    assert "will be started again, each from attempt 1" in page.text
    assert "<b>disk" not in page.source
