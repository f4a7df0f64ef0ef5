"""The ledger of attempts: each try of a task, with what Studio soon forgets."""

from dashboard.models import Account, Attempt, Task
from dashboard.models.memory import remember
from dashboard.upstream.snapshots import Snapshot
from tests.models.documents import BORN_AT, snapshot

NOW = BORN_AT + 900_000
Ledger = list[tuple[int, str, str, bool]]


def ledger(account: Account, *life: Snapshot) -> Ledger:
    for each in life:
        remember(account, [each], NOW)
    return [(a.number, a.phase, a.error, a.inferred) for a in Attempt.objects.order_by("series", "number")]


def attempt(account: Account) -> int:
    return Task.objects.get(account=account).attempt


def test_a_task_that_waits_for_its_first_try_has_none(account: Account) -> None:
    assert ledger(account, snapshot("pending", 0), snapshot("waiting", 1, retries=0)) == []
    assert attempt(account) == 0


def test_a_task_first_seen_while_its_retry_waits_has_failed_once_more_than_we_saw(account: Account) -> None:
    found = ledger(account, snapshot("waiting", 90, retries=2, errorMessage="execution timeout"))
    assert found == [(1, "failed", "", True), (2, "failed", "execution timeout", False)]
    assert attempt(account) == 2


def test_a_task_first_seen_in_its_third_try_must_have_failed_twice(account: Account) -> None:
    found = ledger(account, snapshot("running", 275, retries=2, progress=0.1))
    assert found == [(1, "failed", "", True), (2, "failed", "", True), (3, "running", "", False)]
    assert attempt(account) == 3


def test_the_retries_of_a_failed_task_are_those_that_were_made(account: Account) -> None:
    found = ledger(account, snapshot("failed", 9, retries=0, errorMessage="file format unsupported"))
    assert found == [(1, "failed", "file format unsupported", False)]
    assert attempt(account) == 1


def test_the_try_that_fails_for_good_keeps_its_start_and_its_peak(account: Account) -> None:
    ledger(account, snapshot("running", 5, retries=0, progress=0.3), snapshot("running", 20, retries=0, progress=0.7))
    ledger(account, snapshot("failed", 30, retries=0, errorMessage="no"))
    only = Attempt.objects.get()
    assert (only.started_at, only.ended_at, only.peak) == (BORN_AT + 5_000, BORN_AT + 30_000, 0.7)


def test_a_completed_task_that_was_never_seen_before_claims_no_attempts(account: Account) -> None:
    assert ledger(account, snapshot("completed", 300)) == []
    assert attempt(account) == 0


def test_completed_after_a_retry_that_nobody_saw_running_is_one_try_more(account: Account) -> None:
    found = ledger(account, snapshot("waiting", 30, retries=1, errorMessage="x"), snapshot("completed", 300))
    assert [(number, phase) for number, phase, _, _ in found] == [(1, "failed"), (2, "completed")]


def test_a_retry_by_hand_begins_a_new_series(account: Account) -> None:
    later = BORN_AT + 500_000
    found = ledger(
        account,
        snapshot("failed", 30, retries=0, errorMessage="first"),
        snapshot("waiting", 500, retries=0, scheduledAt=later),
        snapshot("running", 505, retries=0, progress=0.1, scheduledAt=later),
        snapshot("failed", 510, retries=0, errorMessage="second", scheduledAt=later),
    )
    assert [(number, error) for number, _, error, _ in found] == [(1, "first"), (1, "second")]
    assert attempt(account) == 1


def test_a_try_that_runs_after_all_has_no_end(account: Account) -> None:
    ledger(account, snapshot("failed", 9, retries=0, errorMessage="lost"), snapshot("running", 20, retries=0))
    only = Attempt.objects.get()
    assert (only.phase, only.ended_at, only.error) == ("running", None, "lost")


def test_an_absurd_number_of_retries_makes_no_absurd_number_of_rows(account: Account) -> None:
    assert len(ledger(account, snapshot("running", 9, retries=2_000_000_000))) <= 101
