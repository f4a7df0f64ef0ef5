"""Calls of rounds and of buttons are counted alike, without a write of their own."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, Health
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import connect, test_again
from dashboard.sync.asking import ask_now
from dashboard.usage import Usage, read
from tests.sync.conftest import ALICE, Clock, Sync

test_again.__test__ = False  # type: ignore[attr-defined]


def usage_of(account: Account, clock: Clock) -> Usage:
    return read(Account.objects.get(pk=account.pk).usage, clock.now)


def test_each_call_of_a_round_is_counted(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sandbox.add_task(asset_name="Film")
    sync(account, rounds=2)
    told = usage_of(account, clock)
    assert (told.calls, told.errors) == (len(sandbox.calls), 0)
    assert told.median_ms is not None
    assert told.by_hour[-1] == told.calls > 2


def test_so_is_each_call_of_a_button_and_of_a_test(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task()
    sync(account, rounds=2)
    wanted = sandbox.add_task()
    ask_now(wanted, [Account.objects.get()], ALICE)
    test_again(Account.objects.get(), ALICE)
    assert usage_of(account, clock).calls == len(sandbox.calls)


def test_failures_are_errors_and_what_studio_does_not_have_is_none(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task()
    sync(account, rounds=2)
    ask_now("nothing-like-it", [Account.objects.get()], ALICE)
    assert usage_of(account, clock).errors == 0
    clock.turn(seconds=1)
    sandbox.switches.change({"failing": 503})
    assert sync(account).health == Health.FAILING
    test_again(Account.objects.get(), ALICE)
    told = usage_of(account, clock)
    assert (told.errors, told.calls) == (2, len(sandbox.calls))


def test_calls_of_yesterday_are_forgotten(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sync(account)
    clock.turn(minutes=24 * 60)
    assert usage_of(account, clock) == Usage()


@pytest.mark.parametrize("trouble", [{"rate_limited": True}, {"failing": 503}])
def test_a_new_account_begins_with_what_its_test_cost(
    people: SimpleNamespace, sandbox: Sandbox, clock: Clock, trouble: dict[str, object]
) -> None:
    sandbox.switches.change(trouble)
    account = connect(people.team, "New", sandbox.url, sandbox.key, ALICE).account
    assert account
    assert usage_of(account, clock).errors == len(sandbox.calls) == 1
