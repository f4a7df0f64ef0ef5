"""The syncer groups the history of an installation that upgrades, and tells no surge before it knows what is usual."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync

from dashboard.clock import DAY, MINUTE, SECOND, now_ms
from dashboard.models import Account, Group, Regrouping, Surge
from dashboard.models.memory import remember
from dashboard.sync.asides import _watch_failures
from dashboard.sync.regrouping import regroup_failures
from tests.models.documents import document, read
from tests.models.failures import TIMEOUT


@pytest.fixture
def account(people: SimpleNamespace) -> Account:
    url = "https://studio.example.test/api"
    return Account.objects.create(team=people.team, name="Production", url=url, import_done_at=now_ms() - 30 * DAY)


def fail_at(account: Account, name: str, *times: int) -> None:
    """A task for each of the times."""
    told = [document("failed", 0, f"{name}-{number}", errorMessage=TIMEOUT) for number in range(len(times))]
    for each, at in zip(told, times, strict=True):
        each["status"]["updatedAt"] = at
    remember(account, [read(each) for each in told], now_ms())


def test_it_is_done_once_and_there_is_nothing_to_do_then(account: Account) -> None:
    fail_at(account, "one", now_ms())
    Group.objects.all().delete()
    async_to_sync(regroup_failures)(now_ms())
    assert Group.objects.get().open_tasks == 1
    done_at = Regrouping.objects.get().done_at
    async_to_sync(regroup_failures)(now_ms())
    assert Regrouping.objects.get().done_at == done_at is not None


def test_what_is_usual_after_all_is_no_surge_meanwhile(account: Account) -> None:
    now = now_ms()
    fail_at(account, "old", *(now - DAY - number * 10 * SECOND for number in range(300)))
    Group.objects.all().delete()
    fail_at(account, "new", *(now - MINUTE + number * SECOND for number in range(8)))
    async_to_sync(_watch_failures)(now)
    assert not Surge.objects.exists()
    async_to_sync(regroup_failures)(now)
    async_to_sync(_watch_failures)(now)
    assert Group.objects.get().open_tasks == 308
    assert not Surge.objects.exists()


def test_a_surge_is_seen_once_history_is_known(account: Account) -> None:
    now = now_ms()
    fail_at(account, "new", *(now - MINUTE + number * SECOND for number in range(8)))
    async_to_sync(regroup_failures)(now)
    async_to_sync(_watch_failures)(now)
    assert Surge.objects.get().tasks == 8
