"""Studio says when it wants to be asked again: that binds the syncer, those who watch, and the buttons."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, Health, Task
from dashboard.models.audit import COMMAND
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import change, connect, test_again
from dashboard.sync.asking import ask_now
from dashboard.sync.testing import Outcome
from tests.sync.conftest import ALICE, Clock, Sync, World

test_again.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def told_to_wait(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> Account:
    """The button met a 429: not before ten minutes from now."""
    task_id = sandbox.add_task()
    sync(account)
    sandbox.switches.change({"rate_limited": True, "retry_after_seconds": 600})
    ask_now(task_id, [account], COMMAND)
    sandbox.calls.clear()
    account.refresh_from_db()
    return account


def test_whoever_watches_waits_too(told_to_wait: Account, sandbox: Sandbox, clock: Clock, world: World) -> None:
    asked_until = clock.now + 600_000
    Account.objects.note_watched([told_to_wait.pk], clock.now)
    told_to_wait.refresh_from_db()
    assert told_to_wait.next_sync_at == told_to_wait.not_before_at == asked_until
    assert not Account.objects.due(clock.now).exists()
    world.run(599)
    assert len(sandbox.calls) == 0
    sandbox.switches.reset()
    world.run(3)
    assert len(sandbox.calls) > 0


def test_the_buttons_wait_too_and_say_so(told_to_wait: Account, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.switches.reset()
    answer = ask_now("anything", [told_to_wait], COMMAND)
    assert "Studio asks us to slow down" in answer.sentences[0]
    verdict = test_again(told_to_wait, ALICE)
    assert verdict.outcome is Outcome.UNSURE
    assert "slow down" in verdict.sentence
    assert len(sandbox.calls) == 0
    clock.turn(seconds=601)
    assert test_again(told_to_wait, ALICE).outcome is Outcome.WORKS


def test_a_new_key_on_the_same_server_waits_too(told_to_wait: Account, sandbox: Sandbox, clock: Clock) -> None:
    assert change(told_to_wait, "Production", sandbox.url, sandbox.key, ALICE).verdict.outcome is Outcome.UNSURE
    told_to_wait.refresh_from_db()
    assert told_to_wait.next_sync_at == clock.now + 600_000
    assert len(sandbox.calls) == 0


def test_a_round_that_was_told_to_wait_binds_the_buttons(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.switches.change({"failing": 503, "retry_after_seconds": 90})
    sandbox.switches.change({"failing": 0, "rate_limited": True})
    sync(account)
    assert (account.health, account.not_before_at) == (Health.RATE_LIMITED, clock.now + 90_000)
    sandbox.calls.clear()
    ask_now("anything", [account], COMMAND)
    assert len(sandbox.calls) == 0
    assert not Task.objects.exists()


def test_what_studio_says_to_a_test_of_the_key_binds_the_syncer(
    people: SimpleNamespace, account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sync(account)
    sandbox.switches.change({"rate_limited": True, "retry_after_seconds": 300})
    assert test_again(account, ALICE).outcome is Outcome.UNSURE
    new = connect(people.team, "New", sandbox.url, sandbox.sister_key, ALICE).account
    assert new
    for each in (account, new):
        each.refresh_from_db()
        assert (each.not_before_at, each.next_sync_at) == (clock.now + 300_000, clock.now + 300_000)
