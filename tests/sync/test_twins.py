"""One project is read through one account of a team, whenever it becomes known."""

import threading
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from dashboard.models import Account, ApiKey, Health, Role, Task, Team
from dashboard.models.memory import remember
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import connect, replace_key, test_again
from dashboard.sync.asking import ask_now
from dashboard.sync.resting import archive, pause, remove
from dashboard.sync.twins import ReadTwice, learn_project, lock_team
from tests.conftest import connect_account
from tests.models.documents import snapshot
from tests.sync.conftest import ALICE, Clock, Sync, entries
from tests.sync.test_keys import NEW_KEY, second_key

Together = Callable[..., list[Any]]
test_again.__test__ = False  # type: ignore[attr-defined]
SAME = "The same project as “Production”; it is not read a second time."


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    sandbox.add_task()
    return sync(account, rounds=2)


def late(team: Team, sandbox: Sandbox, name: str = "Again") -> Account:
    """An account of the same project through another key, connected when no task could tell."""
    return connect_account(team, name, sandbox.url, second_key(sandbox, NEW_KEY))


def test_the_same_project_is_refused_and_named(synced: Account, people: SimpleNamespace, sandbox: Sandbox) -> None:
    done = connect(people.team, "Again", sandbox.url, second_key(sandbox, NEW_KEY), ALICE)
    assert (done.account, done.twin, done.verdict.sentence) == (None, synced, "Already connected as “Production”.")
    assert Account.objects.count() == 1


def test_so_is_the_same_key_while_no_task_tells_the_project(
    account: Account, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    assert connect(people.team, "Again", sandbox.url, sandbox.key, ALICE).twin == account


def test_a_limited_key_of_the_same_users_default_project_is_refused_too(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    """It could only ever hold what the other account reads anyway. Its user is not known, so this shows later."""
    limited = connect_account(people.team, "Limited", sandbox.url, sandbox.limited_key)
    Account.objects.filter(pk=limited.pk).update(studio_default_project=sandbox.project_id())
    assert sync(limited).health == Health.DUPLICATE
    assert not ask_now(sandbox.ids()[0], [limited], ALICE).found


def test_an_archived_account_can_be_brought_back_instead(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    archive(synced, ALICE)
    done = connect(people.team, "Again", sandbox.url, sandbox.key, ALICE)
    assert done.twin == synced
    assert done.verdict.sentence.endswith("It is archived; replace its key to bring it back.")


def test_another_team_and_another_project_may_be_connected(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    sandbox.add_task(project=1)
    assert connect(people.other, "Production", sandbox.url, sandbox.key, ALICE).account
    assert connect(people.team, "Sister", sandbox.url, sandbox.sister_key, ALICE).account


def test_a_removed_account_is_nobodys_twin(synced: Account, people: SimpleNamespace, sandbox: Sandbox) -> None:
    remove(synced, ALICE)
    assert connect(people.team, "Production", sandbox.url, sandbox.key, ALICE).account


def test_a_project_that_becomes_known_later_is_not_stored_twice(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    assert (twin.health, twin.error, twin.next_sync_at) == (Health.DUPLICATE, SAME, None)
    assert (twin.claimed_by, twin.claimed_until) == ("", 0)
    assert not Task.objects.filter(account=twin).exists()
    assert ApiKey.objects.get(account=twin).open() == NEW_KEY
    assert entries("account.duplicate_found") == [({}, {"same as": "Production"})]
    assert sync(synced).health == Health.WORKING


def test_of_two_that_hold_nothing_the_one_connected_first_stays(
    account: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = late(people.team, sandbox)
    sandbox.add_task()
    Account.objects.filter(pk=twin.pk).update(project_id=sandbox.project_id())
    assert sync(account).health == Health.WORKING
    twin.refresh_from_db()
    assert (twin.health, twin.error) == (Health.DUPLICATE, SAME)


def test_who_holds_the_tasks_already_stays(
    account: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = late(people.team, sandbox)
    sandbox.add_task()
    sync(twin)
    assert sync(account).error == SAME.replace("Production", "Again")
    assert not Task.objects.filter(account=account).exists()


def test_an_answer_that_was_under_way_is_not_stored_for_a_duplicate(account: Account, clock: Clock) -> None:
    for changes in ({"health": Health.DUPLICATE}, {"archived_at": clock.now}, {"removed_at": clock.now}):
        Account.objects.filter(pk=account.pk).update(**changes)
        assert remember(account, [snapshot()], clock.now).new == 0
        Account.objects.filter(pk=account.pk).update(health=Health.WORKING, archived_at=None, removed_at=None)


def test_a_test_looks_again(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    assert test_again(twin, ALICE).sentence == SAME
    twin.refresh_from_db()
    assert (twin.health, twin.next_sync_at) == (Health.DUPLICATE, None)


def test_when_the_other_one_is_removed_the_duplicate_is_read(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    remove(synced, ALICE)
    twin.refresh_from_db()
    assert (twin.health, twin.error, twin.next_sync_at) == (Health.NEW, "", clock.now)
    assert sync(twin).health == Health.WORKING
    assert Task.objects.filter(account=twin).exists()


def test_a_paused_account_is_a_twin_as_well(synced: Account, people: SimpleNamespace, sandbox: Sandbox) -> None:
    pause(synced, ALICE)
    assert connect(people.team, "Again", sandbox.url, sandbox.key, ALICE).twin == synced


def test_a_duplicate_takes_a_key_of_another_project(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    twin = sync(late(people.team, sandbox))
    assert replace_key(twin, sandbox.key, ALICE).twin == synced
    sister = sandbox.add_task(project=1)
    assert replace_key(twin, sandbox.sister_key, ALICE).account
    sync(twin)
    assert Task.objects.filter(account=twin, upstream_id=sister).exists()


@pytest.mark.parametrize("turn", range(4))
def test_of_two_that_learn_their_project_at_once_the_one_connected_first_is_read(at_once: Together, turn: int) -> None:
    team = Team.objects.create(name="Acme")
    first, second = (Account.objects.create(team=team, name=name, url="https://a.test/api") for name in "ab")
    Account.objects.update(claimed_by="me", claimed_until=2**62)
    came = at_once(
        *(partial(learn_project, account, "me", "project") for account in ([first, second], [second, first])[turn % 2])
    )
    [found] = at_once(lambda: list(Account.objects.order_by("pk").values_list("health", "project_id")))
    assert found == [(Health.NEW, "project"), (Health.DUPLICATE, "project")]
    assert any(one is True for one in came)
    assert all(one in (True, False) or isinstance(one, ReadTwice) for one in came)


@pytest.mark.parametrize("turn", range(3))
def test_of_two_that_connect_a_project_at_once_one_is_told_so(
    at_once: Together, people: SimpleNamespace, sandbox: Sandbox, turn: int
) -> None:
    sandbox.add_task()
    second = second_key(sandbox, NEW_KEY)
    came = at_once(
        lambda: connect(people.team, "One", sandbox.url, sandbox.key, ALICE),
        lambda: connect(people.team, "Two", sandbox.url, second, ALICE),
    )
    assert sorted(done.account is None for done in came) == [False, True]
    assert next(done for done in came if done.account is None).verdict.sentence.startswith("Already connected as")
    assert at_once(lambda: Account.objects.count()) == [1]


def test_an_answer_to_a_claim_that_was_lost_makes_no_duplicate(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    other = late(people.team, sandbox)
    assert not learn_project(other, "somebody else", sandbox.project_id())
    other.refresh_from_db()
    assert (other.health, other.project_id) == (Health.NEW, "")


def test_who_adds_to_the_team_does_not_wait_for_a_key_to_be_connected(
    at_once: Together, people: SimpleNamespace
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    locked, added = threading.Event(), threading.Event()

    def hold() -> bool:
        with transaction.atomic():
            lock_team(people.team.pk)
            locked.set()
            return added.wait(5)

    def add() -> None:
        locked.wait(5)
        people.team.add(people.charlie, Role.VIEWER)
        added.set()

    assert at_once(hold, add)[0] is True
