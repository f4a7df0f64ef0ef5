"""Retrying from a group of failures: what is still failed, without what a retry cannot help."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.models import Account, AuditEntry, Failure, Group, ItemState, RetryBatch, Task
from dashboard.views import retries_words
from tests.views.conftest import Connect, hold, ids_of, move, started
from tests.views.html import Page

SignIn = Callable[[str], Client]
TIMEOUT, CODEC = "execution timeout", "Unsupported codec: h265"


def fail(account: Account, message: str, **fields: object) -> Task:
    return move(hold(account, **fields), "failed", errorMessage=message)


def group_of(task: Task) -> Group:
    return Group.objects.get(failures__task=task)


def chosen(batch: RetryBatch, state: ItemState = ItemState.WAITING) -> set[str]:
    return set(batch.items.filter(state=state).values_list("task__upstream_id", flat=True))


def sentences(batch: RetryBatch) -> set[str]:
    return set(batch.items.filter(state=ItemState.SKIPPED).values_list("sentence", flat=True))


@pytest.fixture
def timeouts(quiet: Account) -> list[Task]:
    return [fail(quiet, TIMEOUT) for _ in range(3)]


@pytest.fixture
def codecs(quiet: Account) -> list[Task]:
    return [fail(quiet, CODEC) for _ in range(2)]


def merge(group: Group, root: Group) -> None:
    Group.objects.filter(pk=group.pk).update(merged_into=root)


def test_all_that_are_still_failed_for_its_cause_are_retried_and_nothing_else(
    quiet: Account, timeouts: list[Task], codecs: list[Task], sign_in: SignIn
) -> None:
    move(timeouts[0], "completed")
    batch = started(sign_in("sam").post("/retries/", {"group": str(group_of(timeouts[1]).pk)}))
    assert chosen(batch) == set(ids_of(timeouts[1:]))
    assert batch.items.count() == 2


def test_what_another_task_made_is_not_retried(quiet: Account, sign_in: SignIn) -> None:
    saved, lost = fail(quiet, TIMEOUT, outputAssetId="a-1"), fail(quiet, TIMEOUT, outputAssetId="a-2")
    move(hold(quiet, outputAssetId="a-1"), "completed")
    batch = started(sign_in("sam").post("/retries/", {"group": str(group_of(saved).pk)}))
    assert chosen(batch) == {lost.upstream_id}


def test_the_batch_keeps_by_what_it_was_chosen_and_so_does_the_audit(timeouts: list[Task], sign_in: SignIn) -> None:
    sam, group = sign_in("sam"), group_of(timeouts[0])
    batch = started(sam.post("/retries/", {"group": str(group.pk)}))
    assert batch.query == f"q=group%3A{group.pk}"
    page = Page(sam.get(f"/retries/{batch.pk}/"))
    assert f"group:{group.pk}" in page.text
    assert f'"query": "q=group%3A{group.pk}"' in AuditEntry.objects.filter(what="batch.started").latest("id").after


def test_what_a_retry_cannot_help_is_skipped_with_the_reason(
    timeouts: list[Task], codecs: list[Task], sign_in: SignIn
) -> None:
    root = group_of(timeouts[0])
    merge(group_of(codecs[0]), root)
    batch = started(sign_in("sam").post("/retries/", {"group": str(root.pk)}))
    assert chosen(batch) == set(ids_of(timeouts))
    assert chosen(batch, ItemState.SKIPPED) == set(ids_of(codecs))
    assert sentences(batch) == {"A retry cannot help: fix the file."}


def test_the_question_says_what_is_skipped_and_lets_an_admin_insist(codecs: list[Task], sign_in: SignIn) -> None:
    group = group_of(codecs[0])
    seen_by_sam, seen_by_alice = (
        Page(sign_in(name).get(f"/retries/new/?group={group.pk}")) for name in ("sam", "alice")
    )
    for page in (seen_by_sam, seen_by_alice):
        assert "Nothing to retry" in page.text
        assert "2 A retry cannot help: fix the file." in page.text
    insist_url = f"/retries/new/?group={group.pk}&insist=1"
    assert insist_url not in [link["href"] for link in seen_by_sam.all("href")]
    assert insist_url in [link["href"] for link in seen_by_alice.all("href")]
    (button,) = (link for link in seen_by_alice.all("href") if link["href"] == insist_url)
    assert button["class"] == "btn"
    assert "None of these tasks can be retried" not in seen_by_alice.text
    assert "Skipped, because a retry cannot help. You are an admin" in seen_by_alice.text
    assert not [link for link in seen_by_alice.all("href") if "go" in link.get("class", "").split()]
    page = Page(sign_in("alice").get(insist_url))
    assert "Retry 2 tasks?" in page.text
    assert "also where a retry cannot help" in page.text


def test_an_admin_may_insist_beside_what_would_be_retried(
    timeouts: list[Task], codecs: list[Task], sign_in: SignIn
) -> None:
    root = group_of(timeouts[0])
    merge(group_of(codecs[0]), root)
    page = Page(sign_in("alice").get(f"/retries/new/?group={root.pk}"))
    assert "Retry 3 tasks?" in page.text
    assert page.one("href", f"/retries/new/?group={root.pk}&insist=1")["class"] == "btn"


def test_marks_of_titles_are_drawn_as_marks(quiet: Account, sign_in: SignIn) -> None:
    task = fail(quiet, 'error on export request: http status 503 Busy: "some words"')
    for path in (f"/retries/new/?group={group_of(task).pk}", f"/failures/{group_of(task).pk}/shared/"):
        page = Page(sign_in("sam").get(path))
        assert "⟨" not in page.source
        assert "<mark>" in page.source


def test_an_admin_insists_through_the_forms_own_fields(codecs: list[Task], sign_in: SignIn) -> None:
    group, alice = group_of(codecs[0]), sign_in("alice")
    page = Page(alice.get(f"/retries/new/?group={group.pk}&insist=1"))
    hidden = {element["name"]: element["value"] for element in page.all("type") if element["type"] == "hidden"}
    batch = started(alice.post("/retries/", {n: v for n, v in hidden.items() if n != "csrfmiddlewaretoken"}))
    assert chosen(batch) == set(ids_of(codecs))
    assert "insist" in AuditEntry.objects.filter(what="batch.started").latest("id").after


def test_others_may_not_insist(codecs: list[Task], sign_in: SignIn) -> None:
    group = group_of(codecs[0])
    assert sign_in("sam").post("/retries/", {"group": str(group.pk), "insist": "1"}).status_code == 403
    assert sign_in("sam").get(f"/retries/new/?group={group.pk}&insist=1").status_code == 403
    assert not RetryBatch.objects.exists()


def test_who_may_not_retry_may_not_from_here_and_strangers_find_nothing(timeouts: list[Task], sign_in: SignIn) -> None:
    group = group_of(timeouts[0])
    for name, status in (("bob", 403), ("charlie", 404)):
        assert sign_in(name).post("/retries/", {"group": str(group.pk)}).status_code == status
        assert sign_in(name).get(f"/retries/new/?group={group.pk}").status_code == status
    for wrong in ("0", "x", "9" * 30, "-1", "٣"):
        assert sign_in("sam").post("/retries/", {"group": wrong}).status_code == 404
    assert not RetryBatch.objects.exists()


def test_a_group_and_filters_at_once_are_refused(timeouts: list[Task], sign_in: SignIn) -> None:
    told = {"group": str(group_of(timeouts[0]).pk)}
    for more in ({"q": "keynote"}, {"phase": "failed"}, {"ids": timeouts[0].upstream_id}, {"all": "1"}):
        response = sign_in("sam").post("/retries/", told | more)
        assert response.status_code == 400
        assert "not both" in Page(response).text
    assert not RetryBatch.objects.exists()


def test_a_large_number_is_to_be_typed(timeouts: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries_words, "TYPED_FROM", 2)
    sam, told = sign_in("sam"), {"group": str(group_of(timeouts[0]).pk)}
    assert sam.post("/retries/", told | {"number": "2", "agreed": "3"}).status_code == 422
    assert started(sam.post("/retries/", told | {"number": "3", "agreed": "3"})).items.count() == 3


def test_more_than_were_on_the_page_are_not_retried(quiet: Account, timeouts: list[Task], sign_in: SignIn) -> None:
    told = {"group": str(group_of(timeouts[0]).pk), "agreed": "3"}
    fail(quiet, TIMEOUT)
    assert sign_in("sam").post("/retries/", told).status_code == 422
    assert not RetryBatch.objects.exists()


def test_a_task_that_failed_so_twice_is_asked_for_once(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, sign_in: SignIn
) -> None:
    task = hold(quiet)
    move(task, "waiting", retries=1, errorMessage=CODEC)
    move(task, "failed", retries=1, errorMessage=TIMEOUT)
    first, last = Failure.objects.filter(task=task).order_by("at")
    merge(first.group, last.group)
    batch = started(sign_in("sam").post("/retries/", {"group": str(last.group_id)}))
    assert chosen(batch) == {task.upstream_id}  # by the last of its failures


def test_the_board_shows_the_tasks_of_a_group(
    timeouts: list[Task], codecs: list[Task], connect_quiet: Connect, people: SimpleNamespace, sign_in: SignIn
) -> None:
    elsewhere = fail(connect_quiet("Theirs", people.other), TIMEOUT)
    group = group_of(timeouts[0])
    page = Page(sign_in("bob").get(f"/?q=group:{group.pk}"))
    assert {row["data-task"] for row in page.all("data-task")} >= set(ids_of(timeouts))
    assert not {row["data-task"] for row in page.all("data-task")} & set(ids_of(codecs))
    theirs = Page(sign_in("bob").get(f"/?q=group:{group_of(elsewhere).pk}"))
    assert not theirs.all("data-task")


def test_more_than_a_batch_may_have_are_not_looked_at_one_by_one(
    timeouts: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("retries", "chosen_group", "retries_words"):
        monkeypatch.setattr(f"dashboard.views.{name}.MOST", 2)
    monkeypatch.setattr("dashboard.models.group_retry.READ_AT_ONCE", 1)
    sam, group = sign_in("sam"), group_of(timeouts[0])
    page = Page(sam.get(f"/retries/new/?group={group.pk}"))
    assert "Too many tasks" in page.text
    assert "More than 2 tasks: all that are still failed for the cause of this group." in page.text
    assert sam.post("/retries/", {"group": str(group.pk)}).status_code == 422
    assert not RetryBatch.objects.exists()


def test_tasks_that_cannot_be_read_in_time_are_not_retried(
    timeouts: list[Task], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.chosen_group.SECONDS", 0)
    sam, group = sign_in("sam"), group_of(timeouts[0])
    asked = sam.get(f"/retries/new/?group={group.pk}"), sam.post("/retries/", {"group": str(group.pk)})
    for answer in asked:
        assert answer.status_code == 400
        assert "could not be read in time" in Page(answer).text
        assert "Nothing was retried." in Page(answer).text
    assert not RetryBatch.objects.exists()
