"""A duplicate stays one whatever is done to its key, and is read as soon as the other account reads no longer."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, ApiKey, Health, Task, Team
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import change, replace_key, step_back, test_again
from dashboard.sync.resting import archive
from dashboard.sync.testing import Outcome
from tests.sync.conftest import ALICE, Clock, Sync
from tests.sync.test_keys import NEW_KEY, second_key
from tests.sync.test_twins import SAME, late

test_again.__test__ = False  # type: ignore[attr-defined]
THIRD_KEY = "11111111-4b2a-4f57-9a61-0b8f2f6c1e99"
BACK = "replace its key to bring it back."


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    sandbox.add_task()
    return sync(account, rounds=2)


def test_a_step_back_does_not_have_a_duplicate_read(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = late(people.team, sandbox)
    ApiKey.objects.promote(twin, second_key(sandbox, THIRD_KEY))
    assert sync(twin).health == Health.DUPLICATE
    assert step_back(twin, ALICE).account
    assert (sync(twin).error, Task.objects.filter(account=twin).exists()) == (SAME, False)


def test_nor_when_both_had_walked_an_empty_list_before(
    account: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    twin = late(people.team, sandbox)
    ApiKey.objects.promote(twin, second_key(sandbox, THIRD_KEY))
    sync(account), sync(twin)
    sandbox.add_task()
    sync(account)
    assert sync(twin).health == Health.DUPLICATE
    assert step_back(twin, ALICE).account
    assert (sync(twin).error, Task.objects.filter(account=twin).exists()) == (SAME, False)


def test_a_duplicates_key_that_was_rejected_for_a_while_does_not_have_it_read(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    held = sandbox.world.ring._keys.pop(NEW_KEY)
    assert test_again(twin, ALICE).rejects_key
    sandbox.world.ring.add(held)
    clock.turn(minutes=2)
    assert test_again(twin, ALICE).sentence == SAME
    twin.refresh_from_db()
    assert (twin.health, twin.next_sync_at) == (Health.DUPLICATE, None)


def test_a_duplicate_whose_key_cannot_be_opened_stays_one(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    ApiKey.objects.filter(account=twin).update(sealed="garbage")
    assert test_again(Account.objects.get(pk=twin.pk), ALICE).outcome is Outcome.REFUSED
    twin.refresh_from_db()
    assert (twin.health, twin.error, twin.next_sync_at) == (Health.DUPLICATE, SAME, None)


def test_a_duplicate_says_that_the_other_one_is_archived_and_that_it_is_back(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    archive(synced, ALICE)
    twin.refresh_from_db()
    assert (twin.health, twin.error) == (Health.DUPLICATE, f"{SAME} That one is archived; {BACK}")
    assert replace_key(synced, sandbox.key, ALICE).account
    twin.refresh_from_db()
    assert (twin.health, twin.error) == (Health.DUPLICATE, SAME)


def stood_aside(account: Account, team: Team, sandbox: Sandbox, sync: Sync) -> Account:
    """A duplicate of an account that knows its project and holds nothing of it."""
    twin = late(team, sandbox)
    Account.objects.filter(pk=account.pk).update(project_id=sandbox.project_id())
    sandbox.add_task()
    assert sync(twin).health == Health.DUPLICATE
    return twin


def test_when_the_other_one_is_archived_with_nothing_the_duplicate_is_read(
    account: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = stood_aside(account, people.team, sandbox, sync)
    archive(account, ALICE)
    twin.refresh_from_db()
    assert (twin.health, twin.next_sync_at is None) == (Health.NEW, False)
    assert sync(twin).health == Health.WORKING
    assert Task.objects.filter(account=twin).exists()


def test_when_the_other_one_moves_to_another_server_the_duplicate_is_read(
    account: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    twin = stood_aside(account, people.team, sandbox, sync)
    account.refresh_from_db()
    with Sandbox(tasks=1, seed=77, pace=0, clock=clock) as elsewhere:
        assert change(account, "Production", elsewhere.url, elsewhere.key, ALICE).account
    twin.refresh_from_db()
    assert (twin.health, twin.next_sync_at) == (Health.NEW, clock.now)
    assert sync(twin).health == Health.WORKING
