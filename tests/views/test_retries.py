"""Retrying many tasks from the list: the question before it, the page after it, who sees and may do what."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.models import Account, AuditEntry, ItemState, RetryBatch, Role, Task
from dashboard.views import retries_words
from tests.views.conftest import Connect, hold, ids_of, make_fresh, move, started
from tests.views.html import Page

SignIn = Callable[[str], Client]


def settle(batch: RetryBatch) -> None:
    """All of its tasks are through, so that they can be taken again."""
    batch.items.update(state=ItemState.DONE)


def chosen(batch: RetryBatch) -> set[str]:
    return set(batch.items.values_list("task__upstream_id", flat=True))


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
    settle(batch)
    all_of_them = started(sam.post("/retries/", {"all": "1", "ids": failed[0].upstream_id, "account": str(quiet.pk)}))
    assert chosen(all_of_them) == {*ids_of(failed), running.upstream_id}
    settle(all_of_them)
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
    assert "1 running" in page.text
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
    settle(started(sam.post("/retries/", {"phase": "failed", "number": " 3 "})))
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
