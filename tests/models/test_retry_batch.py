"""Batches of retries as they are stored: what goes into one, and who is told of it."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from dashboard.models import Account, Actor, AuditEntry, ItemState, Role, Task
from dashboard.models.retry_batch import NothingToRetry, RetryBatch, RetryItem
from dashboard.models.retry_draft import Draft
from tests.views.conftest import Connect, connect_quiet, hold, move, quiet

__all__ = ["connect_quiet", "quiet"]  # fixtures
SAM = Actor("sam@example.com")


def draft_of(*tasks: Task, may_retry: set[int] | None = None) -> Draft:
    accounts = list(Account.objects.order_by("pk"))
    mine = {account.pk for account in accounts} if may_retry is None else may_retry
    return Draft.of([task.pk for task in tasks], accounts, mine, SAM.name)


def failed(account: Account) -> Task:
    return move(hold(account), "failed")


def reasons(draft: Draft) -> list[str]:
    return [line.why_not for line in draft.lines]


def test_a_task_that_is_in_line_is_not_taken_into_another_batch(quiet: Account) -> None:
    first, second = failed(quiet), failed(quiet)
    batch = RetryBatch.start(draft_of(first), SAM, "")
    assert reasons(draft_of(first, second)) == [f"It is in line already, in batch {batch.pk}.", ""]
    batch.items.update(state=ItemState.ASKING)
    assert reasons(draft_of(first)) == [f"It is in line already, in batch {batch.pk}."]
    batch.items.update(state=ItemState.DONE)
    assert reasons(draft_of(first)) == [""]


def test_two_who_start_the_same_at_once_ask_for_each_task_once(quiet: Account) -> None:
    first, second = failed(quiet), failed(quiet)
    mine, theirs = draft_of(first), draft_of(first, second)
    RetryBatch.start(mine, SAM, "")
    batch = RetryBatch.start(theirs, SAM, "")
    assert list(batch.items.order_by("id").values_list("state", flat=True)) == [ItemState.SKIPPED, ItemState.WAITING]
    with pytest.raises(NothingToRetry):
        RetryBatch.start(mine, SAM, "")


def test_a_task_that_went_since_the_question_is_left_out(quiet: Account) -> None:
    gone, here = failed(quiet), failed(quiet)
    draft = draft_of(gone, here)
    Task.objects.filter(pk=gone.pk).delete()
    batch = RetryBatch.start(draft, SAM, "")
    assert list(batch.items.values_list("task", flat=True)) == [here.pk]


def test_a_team_in_which_nothing_is_asked_for_is_told_nothing(
    quiet: Account, people: SimpleNamespace, connect_quiet: Connect
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    people.other.add(people.sam, Role.VIEWER)
    RetryBatch.start(draft_of(failed(quiet), failed(theirs), may_retry={quiet.pk}), SAM, "q=secret")
    assert [entry.team_id for entry in AuditEntry.objects.filter(what="batch.started")] == [quiet.team_id]


def test_the_next_one_is_found_by_an_index(quiet: Account) -> None:
    RetryBatch.start(draft_of(failed(quiet)), SAM, "")
    plan = RetryItem.objects.filter(account=1).to_do().order_by("id").explain()
    assert "item_to_do" in plan or "Seq Scan" in plan  # PostgreSQL reads a table of one row as it is


class Stale(Draft):
    """Read before another batch was stored, when it is looked at for the first time."""

    looked = 0

    def again(self) -> Draft:
        Stale.looked += 1
        return self if Stale.looked == 1 else super().again()


def test_a_batch_that_comes_too_late_says_which_tasks_are_in_line(quiet: Account) -> None:
    first, second = failed(quiet), failed(quiet)
    draft = Stale(draft_of(first, second).lines)
    before = RetryBatch.start(draft_of(first), SAM, "")
    batch = RetryBatch.start(draft, SAM, "")
    told = list(batch.items.order_by("id").values_list("state", "sentence"))
    assert told == [("skipped", f"It is in line already, in batch {before.pk}."), ("waiting", "")]


def test_a_task_stands_in_line_once(quiet: Account) -> None:
    task = failed(quiet)
    batch = RetryBatch.start(draft_of(task), SAM, "")
    other = RetryBatch.objects.create(by_name="Alice", asked_at=1)
    for state in (ItemState.WAITING, ItemState.ASKING):
        with pytest.raises(IntegrityError), transaction.atomic():
            RetryItem.objects.create(batch=other, account=quiet, task=task, state=state)
    batch.items.update(state=ItemState.DONE)
    RetryItem.objects.create(batch=other, account=quiet, task=task)
