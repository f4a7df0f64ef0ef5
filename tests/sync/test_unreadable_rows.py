"""Rows that cannot be read are counted in one way, whatever walk meets them, and forgotten when a walk is clean."""

import pytest

from dashboard.models import Account
from dashboard.sandbox import Sandbox
from tests.sync.conftest import Clock, Sync

DONE = {"phase": "completed"}


def test_a_second_bad_row_is_counted_too(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    task_ids = [sandbox.add_task(status=DONE) for _ in range(3)]
    sync(account)
    for number, task_id in enumerate(task_ids[:2]):
        clock.turn(seconds=2)
        sandbox.change(task_id, status=DONE)
        sandbox.switches.broken_rows = (*sandbox.switches.broken_rows, task_id)
        assert sync(account).unreadable == number + 1


def test_the_newest_page_of_a_documented_only_server_is_counted(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    sandbox.add_task()
    sandbox.switches.documented_only = "refuse"
    sync(account)
    assert (account.documented_only, account.unreadable) == (True, 0)
    sandbox.switches.unreadable_rows = 2
    assert sync(account).unreadable == 2
    assert sync(account).unreadable == 2
    sandbox.switches.unreadable_rows = 0
    assert sync(account).unreadable == 0


def test_a_clean_walk_takes_the_notice_away(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sandbox.add_task(status=DONE)
    sync(account)
    clock.turn(seconds=5)
    sandbox.switches.broken_rows = (sandbox.add_task(status=DONE),)
    revision = sync(account).revision
    assert account.unreadable == 1
    sandbox.switches.broken_rows = ()
    assert sync(account).unreadable == 0
    assert account.revision > revision


@pytest.mark.parametrize("rows", [1, 3])
def test_what_the_import_lost_is_told_until_a_later_walk_is_clean(
    account: Account, sandbox: Sandbox, sync: Sync, rows: int
) -> None:
    sandbox.switches.unreadable_rows = rows
    sandbox.add_task()
    assert sync(account).unreadable == rows
    assert sync(account).unreadable == rows
    sandbox.switches.unreadable_rows = 0
    assert sync(account).unreadable == 0
