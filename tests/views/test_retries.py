"""Retrying many tasks from the list: the question before it, the page after it, who sees and may do what."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account, AuditEntry, ItemState, RetryBatch, RetryItem, Role, Task
from dashboard.views import retries_words
from tests.views.conftest import Connect, hold, make_fresh, move
from tests.views.html import Page
from tests.views.region import Region

SignIn = Callable[[str], Client]


@pytest.fixture
def failed(quiet: Account) -> list[Task]:
    return [move(hold(quiet, name=f"Take {n}"), "failed", errorMessage="no") for n in range(3)]


def started(response: Any) -> RetryBatch:
    assert response.status_code == 303
    batch = RetryBatch.objects.get(pk=int(response["Location"].split("/")[2]))
    assert response["Location"] == f"/retries/{batch.pk}/"
    return batch


def chosen(batch: RetryBatch) -> set[str]:
    return set(batch.items.values_list("task__upstream_id", flat=True))


def ids_of(tasks: list[Task]) -> list[str]:
    return [task.upstream_id for task in tasks]


def test_ticked_tasks_become_a_batch(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed[:2])}))
    assert chosen(batch) == set(ids_of(failed[:2]))
    assert (batch.by_name, batch.query) == ("sam@example.com", "")
    assert set(batch.items.values_list("state", flat=True)) == {ItemState.WAITING}
    assert chosen(started(sam.post("/retries/", {"ids": ",".join(ids_of(failed))}))) == set(ids_of(failed))


def test_a_search_becomes_a_batch_of_all_that_it_finds_and_keeps_its_words(
    quiet: Account, failed: list[Task], sign_in: SignIn
) -> None:
    running = hold(quiet)
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"q": "phase:failed"}))
    assert chosen(batch) == set(ids_of(failed))
    assert batch.query == "q=phase%3Afailed"
    all_of_them = started(sam.post("/retries/", {"all": "1", "ids": failed[0].upstream_id, "account": str(quiet.pk)}))
    assert chosen(all_of_them) == {*ids_of(failed), running.upstream_id}
    assert started(sam.post("/retries/", {"phase": "failed", "type": "upload"})).items.count() == 3


def test_accounts_of_a_batch_are_made_due(quiet: Account, failed: list[Task], sign_in: SignIn) -> None:
    make_fresh(quiet, next_sync_at=2**50)
    started(sign_in("sam").post("/retries/", {"ids": ids_of(failed)}))
    quiet.refresh_from_db()
    assert quiet.next_sync_at is not None
    assert quiet.next_sync_at < 2**50


def test_what_cannot_be_retried_is_in_the_batch_with_the_reason(
    quiet: Account, failed: list[Task], sign_in: SignIn
) -> None:
    running = hold(quiet)
    batch = started(sign_in("sam").post("/retries/", {"ids": [failed[0].upstream_id, running.upstream_id]}))
    item = batch.items.get(task=running)
    assert (item.state, item.sentence) == (
        ItemState.SKIPPED,
        "It is running: only what failed or was cancelled can be retried.",
    )


def test_an_empty_form_retries_nothing(failed: list[Task], sign_in: SignIn) -> None:
    response = sign_in("sam").post("/retries/", {"sort": "title"})
    assert response.status_code == 422
    assert "Nothing says which tasks" in Page(response).text
    assert not RetryBatch.objects.exists()


def test_an_unclear_search_retries_nothing(failed: list[Task], sign_in: SignIn) -> None:
    for response in (
        sign_in("sam").post("/retries/", {"q": "(phase:failed"}),
        sign_in("sam").get("/retries/new/?q=nonsense:yes"),
    ):
        assert response.status_code == 400
        assert "Nothing was retried." in Page(response).text
    assert not RetryBatch.objects.exists()


def test_the_question_says_how_many_how_long_and_why_not_the_others(
    quiet: Account, failed: list[Task], sign_in: SignIn
) -> None:
    hold(quiet)
    page = Page(sign_in("sam").get("/retries/new/?all=1&type=upload"))
    assert "Retry 3 tasks?" in page.text
    assert "3 tasks will be started again" in page.text
    assert "4 tasks: all that the list’s filters let through." in page.text
    assert "1 It is running: only what failed or was cancelled can be retried." in page.text
    assert "less than a minute" in page.text
    assert not page.all("id") or "id_number" not in [element["id"] for element in page.all("id")]
    hidden = {element["name"]: element["value"] for element in page.all("type") if element["type"] == "hidden"}
    assert hidden["type"] == "upload"
    assert hidden["all"] == "1"
    fields = {name: value for name, value in hidden.items() if name != "csrfmiddlewaretoken"}
    assert chosen(started(sign_in("sam").post("/retries/", fields))).issuperset(ids_of(failed))


def test_a_large_number_is_to_be_typed(failed: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries_words, "TYPED_FROM", 2)
    sam = sign_in("sam")
    assert Page(sam.get("/retries/new/?phase=failed")).one("id", "id_number")["name"] == "number"
    for wrong in ("", "4", "x"):
        refused = sam.post("/retries/", {"phase": "failed", "number": wrong})
        assert refused.status_code == 422
        assert "That is not the number: it is 3 now." in Page(refused).text
    assert not RetryBatch.objects.exists()
    started(sam.post("/retries/", {"phase": "failed", "number": " 3 "}))
    started(sam.post("/retries/", {"phase": "failed"}))


def test_more_tasks_than_were_agreed_on_are_asked_about_again(
    quiet: Account, failed: list[Task], sign_in: SignIn
) -> None:
    sam = sign_in("sam")
    move(hold(quiet), "failed")
    refused = sam.post("/retries/", {"phase": "failed", "agreed": "3"})
    assert refused.status_code == 422
    assert "4 tasks by now, 3 when the page was made" in Page(refused).text
    started(sam.post("/retries/", {"phase": "failed", "agreed": "5"}))


def test_too_many_tasks_are_refused_with_advice(
    failed: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.retries.MOST", 2)
    response = sign_in("sam").post("/retries/", {"phase": "failed"})
    assert response.status_code == 422
    assert "Filter the list further" in Page(response).text
    assert not RetryBatch.objects.exists()


def test_tasks_of_accounts_in_which_one_may_not_retry_are_skipped_with_that_reason(
    failed: list[Task], people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    theirs = move(hold(connect_quiet("Theirs", team=people.other)), "failed")
    people.other.add(people.sam, Role.VIEWER)
    batch = started(sign_in("sam").post("/retries/", {"ids": [failed[0].upstream_id, theirs.upstream_id]}))
    item = batch.items.get(task=theirs)
    assert (item.state, item.sentence) == (ItemState.SKIPPED, "sam@example.com may not retry tasks of Theirs.")
    refused = sign_in("sam").post("/retries/", {"ids": theirs.upstream_id})
    assert refused.status_code == 422
    assert "sam@example.com may not retry tasks of Theirs." in Page(refused).text


def test_a_viewer_is_refused_everywhere(failed: list[Task], sign_in: SignIn) -> None:
    bob, ids = sign_in("bob"), ids_of(failed)
    assert bob.get(f"/retries/new/?ids={ids[0]}").status_code == 403
    assert bob.post("/retries/", {"ids": ids}).status_code == 403
    batch = started(sign_in("sam").post("/retries/", {"ids": ids}))
    assert bob.post(f"/retries/{batch.pk}/stop/").status_code == 403
    page = Page(bob.get(f"/retries/{batch.pk}/"))
    assert "/stop/" not in page.source
    assert set(page.ids) == set(ids)


def test_tasks_of_another_team_are_not_there(failed: list[Task], sign_in: SignIn) -> None:
    charlie, ids = sign_in("charlie"), ids_of(failed)
    response = charlie.post("/retries/", {"ids": ids})
    assert response.status_code == 422
    assert "There is no such task" in Page(response).text
    assert charlie.post("/retries/", {"account": str(failed[0].account_id)}).status_code == 404
    batch = started(sign_in("sam").post("/retries/", {"ids": ids}))
    for path in (f"/retries/{batch.pk}/", f"/retries/{batch.pk}/live/", "/retries/99/", f"/retries/{2**70}/"):
        assert charlie.get(path).status_code == 404
    assert charlie.post(f"/retries/{batch.pk}/stop/").status_code == 404
    assert f"/retries/{batch.pk}/" not in Page(charlie.get("/retries/")).source


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
    batches = [started(sam.post("/retries/", {"ids": ids_of(failed)})) for _ in range(3)]
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


def test_starting_and_stopping_are_in_the_audit(failed: list[Task], sign_in: SignIn) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"phase": "failed"}))
    sam.post(f"/retries/{batch.pk}/stop/")
    told = AuditEntry.objects.order_by("id").values_list("who", "what", "after")
    assert [(who, what, json.loads(after)["number"]) for who, what, after in told] == [
        ("sam@example.com", "batch.started", 3),
        ("sam@example.com", "batch.stopped", 3),
    ]
    text = Page(sign_in("alice").get("/audit/")).text
    assert "started a batch of retries: 3 tasks" in text


def test_a_page_of_a_batch_takes_few_queries(
    failed: list[Task], sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    sam = sign_in("sam")
    batch = started(sam.post("/retries/", {"ids": ids_of(failed)}))
    with django_assert_max_num_queries(9):
        sam.get(f"/retries/{batch.pk}/")
    with django_assert_max_num_queries(7):
        sam.get("/retries/")
