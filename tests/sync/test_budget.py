"""Never more than 25 calls in any minute outside the import, whoever wants what."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, ApiKey, Task
from dashboard.models.audit import COMMAND
from dashboard.sandbox import Sandbox
from dashboard.sync import history, names
from dashboard.sync.accounts import test_again
from dashboard.sync.asking import ask_now
from dashboard.sync.buttons import Busy
from tests.sync.conftest import ALICE, Clock, Sync, World, counted, most_in_a_minute

test_again.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("documented_only", ["", "ignore"])
def test_watchers_names_lookups_and_buttons_share_25_calls_a_minute(
    account: Account,
    sandbox: Sandbox,
    clock: Clock,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    documented_only: str,
) -> None:
    monkeypatch.setattr(names, "PAGE", 2)
    monkeypatch.setattr(history, "PAGE", 10)
    for number in range(40):
        sandbox.add_task(asset_name=f"Film {number}", status={"phase": "pending"})
    clock.turn(minutes=11)
    world.run(1)
    sandbox.switches.documented_only = documented_only
    task_ids = sandbox.ids()
    for turn in range(40):
        clock.turn(seconds=0.3)
        Account.objects.note_watched([account.pk], clock.now)
        for task_id in task_ids[turn % 20 : turn % 20 + 9]:
            sandbox.change(task_id, status={"phase": "running", "progress": turn / 40, "retries": 0})
        press(account, task_ids[turn % 40], turn)
        world.run(2.7)
    assert most_in_a_minute(counted(sandbox)) == 25


def press(account: Account, task_id: str, turn: int) -> None:
    try:
        if turn % 3 == 0:
            test_again(Account.objects.get(pk=account.pk), ALICE)
        else:
            ask_now(task_id, [Account.objects.get(pk=account.pk)], COMMAND)
    except Busy:
        return


def test_a_button_finds_the_task_keeps_it_and_gives_the_account_back(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    sandbox.add_task()
    sync(account)
    wanted = sandbox.add_task()
    assert ask_now(wanted, [account], COMMAND).found
    assert Task.objects.filter(upstream_id=wanted).exists()
    account.refresh_from_db()
    assert (account.claimed_by, account.claimed_until) == ("", 0)


def test_a_button_keeps_nothing_of_a_sister_project(account: Account, people: SimpleNamespace, sync: Sync) -> None:
    with Sandbox(tasks=4, pace=0) as studio:
        Account.objects.filter(pk=account.pk).update(url=studio.url)
        account.refresh_from_db()
        ApiKey.objects.store(account, studio.key)
        sync(account)
        before = Task.objects.count()
        sister = studio.ids(project=1)[0]
        answer = ask_now(sister, [account], COMMAND)
        assert not answer.found
        assert "another project" in answer.sentences[0]
        assert Task.objects.count() == before


def test_a_button_tells_the_syncer_when_studio_wants_to_be_left_alone(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    task_id = sandbox.add_task()
    sync(account)
    sandbox.switches.change({"rate_limited": True, "retry_after_seconds": 600})
    ask_now(task_id, [account], COMMAND)
    account.refresh_from_db()
    assert account.next_sync_at == clock.now + 600_000


def test_a_button_without_budget_is_busy_and_asks_nothing(account: Account, sandbox: Sandbox, clock: Clock) -> None:
    for _ in range(25):
        account.note_call(clock.now)
    Account.objects.update(calls=account.calls)
    with pytest.raises(Busy):
        ask_now("anything", [account], COMMAND)
    with pytest.raises(Busy):
        test_again(account, ALICE)
    assert len(sandbox.calls) == 0


def test_calls_are_forgotten_after_a_minute_and_a_little(account: Account, clock: Clock) -> None:
    for _ in range(25):
        account.note_call(clock.now)
    assert (account.calls_left(clock.now), account.next_call_at(clock.now)) == (0, clock.now + 62_000)
    clock.turn(seconds=62)
    assert account.calls_left(clock.now) == 25
