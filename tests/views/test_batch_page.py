"""The page of a batch of retries and the list of all: how far it has come, who sees what, stopping it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account, ItemState, RetryBatch, RetryItem, Role, Task
from tests.views.conftest import Connect, hold, ids_of, make_fresh, move, started
from tests.views.html import Page
from tests.views.region import Region

SignIn = Callable[[str], Client]


def test_of_a_batch_one_sees_the_tasks_of_ones_own_accounts_alone(
    failed: list[Task], people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    theirs = move(hold(connect_quiet("Theirs", team=people.other), name="Secret take"), "failed")
    people.other.add(people.sam, Role.SUPPORT)
    batch = started(sign_in("sam").post("/retries/", {"ids": [*ids_of(failed), theirs.upstream_id]}))
    page = Page(sign_in("alice").get(f"/retries/{batch.pk}/"))
    assert set(page.ids) == set(ids_of(failed))
    assert "Retry of 3 tasks" in page.text
    assert "Theirs" not in page.source
    assert "3 tasks" in Page(sign_in("alice").get("/retries/")).text
    assert sign_in("alice").post(f"/retries/{batch.pk}/stop/").status_code == 302
    assert batch.items.get(task=theirs).state == ItemState.WAITING


def test_the_page_tells_each_task_by_where_it_stands_and_why(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    first, second, third = batch.items.order_by("id")
    first.end(ItemState.DONE)
    second.end(ItemState.FAILED, "Studio refused: <no>")
    page = Page(sam.get(f"/retries/{batch.pk}/"))
    assert "2 of 3 tasks settled." in page.text
    assert page.one("id", "batch")["data-left"] == "1"
    assert "Studio refused: <no>" in page.text
    assert [e["data-item"] for e in page.all("data-item")] == ["waiting", "failed", "done"]
    assert [e["value"] for e in page.all("max")] == ["67"]
    third.end(ItemState.SKIPPED, "It is completed.")
    page = Page(sam.get(f"/retries/{batch.pk}/"))
    assert "1 started again, 1 failed, 1 skipped." in page.text
    assert "/stop/" not in page.source
    assert Page(sam.get(f"/retries/{batch.pk}/?state=skipped")).ids == [third.task.upstream_id]


def test_the_region_is_fetched_again_only_when_something_moved(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    region = Region(sam, f"/retries/{batch.pk}/")
    assert region.poll() == 204
    RetryItem.next_of(failed[0].account_id).end(ItemState.DONE)  # type: ignore[union-attr]
    assert region.poll() == 200
    assert region.page.one("id", "batch")["data-left"] == "2"
    assert region.poll() == 204


def test_stopping_leaves_the_rest_alone(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    RetryItem.next_of(failed[0].account_id).end(ItemState.DONE)  # type: ignore[union-attr]
    page = Page(sign_in("alice").post(f"/retries/{batch.pk}/stop/", follow=True))
    assert "Stopped: 2 of its tasks will not be asked for." in page.text
    assert "stopped by alice@example.com" in page.text
    assert "1 started again, 2 stopped." in page.text
    again = Page(sam.post(f"/retries/{batch.pk}/stop/", follow=True))
    assert "Nothing was left to stop." in again.text


def test_long_batches_are_paged(quiet: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.views.batch_page.FEW", 2)
    monkeypatch.setattr("dashboard.views.batch_page.MANY", 3)
    tasks = [move(hold(quiet), "failed") for _ in range(5)]
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(tasks)}))
    page = Page(sam.get(f"/retries/{batch.pk}/"))
    assert (len(page.ids), "All 5" in page.text) == (2, True)
    first = Page(sam.get(f"/retries/{batch.pk}/?state=left"))
    assert len(first.ids) == 3
    rest = next(e["href"] for e in first.all("href") if "after=" in e["href"])
    assert set(Page(sam.get(rest)).ids) == set(ids_of(tasks)) - set(first.ids)


def test_the_list_of_batches_is_newest_first_and_paged(
    failed: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.batch_list.SIZE", 2)
    sam = sign_in("sam")
    assert "Nothing was retried in numbers yet" in Page(sam.get("/retries/")).text
    batches = [started(sam.post("/retries/", {"ids": one})) for one in ids_of(failed)]
    page = Page(sam.get("/retries/"))
    assert [int(row["data-batch"]) for row in page.all("data-batch")] == [batches[2].pk, batches[1].pk]
    older = Page(sam.get(page.link("next") or ""))
    assert [int(row["data-batch"]) for row in older.all("data-batch")] == [batches[0].pk]
    assert sam.get("/retries/?before=x").status_code == 200


def test_a_paused_account_is_told_of(quiet: Account, failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    make_fresh(quiet, paused=True)
    assert "Acme Live: paused Its tasks wait until it is resumed." in Page(sam.get(f"/retries/{batch.pk}/")).text


def test_a_page_of_a_batch_takes_few_queries(
    failed: list[Task], sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    with django_assert_max_num_queries(10):
        sam.get(f"/retries/{batch.pk}/")
    with django_assert_max_num_queries(7):
        sam.get("/retries/")


def test_another_team_is_not_told_by_what_or_that_it_was_stopped(
    failed: list[Task], people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    theirs = move(hold(connect_quiet("Theirs", team=people.other)), "failed")
    people.other.add(people.sam, Role.SUPPORT)
    sam, alice = sign_in("sam"), sign_in("alice")
    sam.post("/retries/", {"q": "phase:failed secret OR phase:failed"})
    batch = RetryBatch.objects.get()
    batch.items.filter(task=theirs).update(state=ItemState.DONE)
    alice.post(f"/retries/{batch.pk}/stop/")
    charlie = sign_in("charlie")
    for path in (f"/retries/{batch.pk}/", "/retries/"):
        source = Page(charlie.get(path)).source
        assert "secret" not in source
        assert "alice@example.com" not in source
        assert "Stopped" not in source
        assert "secret" not in Page(alice.get(path)).source
        assert "secret" in Page(sam.get(path)).source
    assert "stopped by alice@example.com" in Page(alice.get(f"/retries/{batch.pk}/")).text


def test_who_sees_all_accounts_of_a_batch_reads_by_what_it_was_chosen(failed: list[Task], sign_in: SignIn) -> None:
    sign_in("sam").post("/retries/", {"q": "phase:failed"})
    for path in (f"/retries/{RetryBatch.objects.get().pk}/", "/retries/"):
        assert "phase:failed" in Page(sign_in("bob").get(path)).text
