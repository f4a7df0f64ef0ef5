"""A key that showed no task when it was tested may be of any project: what it turns out to show is not mixed in."""

import pytest

from dashboard.models import Account, ApiKey, Health, Task
from dashboard.models.syncing import key_state
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import replace_key, step_back, test_again
from tests.sync.conftest import ALICE, Clock, Sync

test_again.__test__ = False  # type: ignore[attr-defined]
SENTENCE = "This key opens another project, so nothing is stored. Replace it, or go back to the previous key."


@pytest.fixture
def sister(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> str:
    """The first task of another project, whose key the account took while it was empty."""
    for task_id in sandbox.ids(1):
        sandbox.hard_delete(task_id)
    sandbox.add_task()
    sync(account, rounds=2)
    assert replace_key(account, sandbox.sister_key, ALICE).account
    clock.turn(minutes=2)
    return sandbox.add_task(project=1)


def test_tasks_of_another_project_are_not_stored_and_the_account_stops_and_says_so(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, sister: str
) -> None:
    sync(account)
    assert not Task.objects.filter(upstream_id=sister).exists()
    assert (account.health, account.error, account.next_sync_at) == (Health.REJECTED, SENTENCE, None)
    assert (key_state(account, clock.now), account.project_id) == ("rejected", sandbox.project_id())
    assert account.claimed_by == ""


def test_a_test_says_so_too(account: Account, sandbox: Sandbox, sync: Sync, sister: str) -> None:
    assert test_again(account, ALICE).sentence == SENTENCE
    account.refresh_from_db()
    assert (account.health, account.next_sync_at) == (Health.REJECTED, None)
    assert account.project_id == sandbox.project_id()


@pytest.mark.parametrize("way", ["step back", "replace"])
def test_both_ways_out_go_on_with_what_was_held(
    account: Account, sandbox: Sandbox, sync: Sync, sister: str, way: str
) -> None:
    sync(account)
    done = step_back(account, ALICE) if way == "step back" else replace_key(account, sandbox.key, ALICE)
    assert done.account
    mine = sandbox.add_task()
    assert sync(account).health == Health.WORKING
    assert ApiKey.objects.get(account=account).open() == sandbox.key
    assert Task.objects.filter(upstream_id=mine).exists()
    assert set(Task.objects.values_list("project_id", flat=True)) == {sandbox.project_id()}


def test_what_holds_nothing_becomes_the_account_of_the_project_that_shows(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    Account.objects.filter(pk=account.pk).update(project_id=sandbox.project_id(1))
    sandbox.add_task()
    assert sync(account).project_id == sandbox.project_id()
    assert Task.objects.count() == 1
