"""What a round does when Studio, the key or the network fails: the words, the next try, and nothing lost."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from dashboard.models import Account, ApiKey, Health, Task
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import change, test_again
from dashboard.sync.round import sync_account
from dashboard.sync.storing import Storing
from dashboard.upstream.client import AsyncStudio
from dashboard.upstream.errors import KeyRejected, RateLimited
from tests.sync.conftest import ALICE, Clock, Sync, World

test_again.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    sandbox.add_task()
    return sync(account)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"failing": 503}, "503"),
        ({"failing": 500}, "500"),
        ({"rate_limited": True}, "slow down"),
        ({"malformed": "html"}, "web page"),
        ({"malformed": "object"}, "not what a Task API says"),
        ({"malformed": "null"}, "not what a Task API says"),
        ({"truncated": True}, "cut off"),
        ({"redirect_to": "http://127.0.0.1:1/"}, "redirect"),
    ],
)
def test_each_trouble_is_one_sentence_and_is_tried_again_and_passes(
    synced: Account, sandbox: Sandbox, clock: Clock, sync: Sync, trouble: dict[str, Any], words: str
) -> None:
    revision, success = synced.revision, synced.last_success_at
    clock.turn(seconds=10)
    sandbox.switches.change(trouble)
    account = sync(synced)
    assert account.health == (Health.RATE_LIMITED if "rate_limited" in trouble else Health.FAILING)
    assert words in account.error
    assert sandbox.key not in account.error
    assert account.revision == revision + 1
    assert (account.failures, account.error_since_at, account.last_success_at) == (1, clock.now, success)
    assert 4_000 <= (account.next_sync_at or 0) - clock.now <= 6_000
    since = clock.now
    clock.turn(seconds=10)
    account = sync(account)
    assert (account.failures, account.error_since_at, account.revision) == (2, since, revision + 1)
    sandbox.switches.reset()
    account = sync(account)
    assert (account.health, account.error, account.failures, account.error_since_at) == ("working", "", 0, None)
    assert Task.objects.count() == 1


def test_an_unreachable_host_is_named(synced: Account, sandbox: Sandbox, sync: Sync) -> None:
    sandbox.stop()
    assert "127.0.0.1 could not be reached" in sync(synced).error


def test_retry_after_is_obeyed(synced: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sandbox.switches.change({"rate_limited": True, "retry_after_seconds": 120})
    assert sync(synced).next_sync_at == clock.now + 120_000


def test_retry_after_is_obeyed_when_only_the_assets_say_so(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def limited(*args: Any, **options: Any) -> None:
        raise RateLimited("Studio asks us to slow down.", 429, 90)

    monkeypatch.setattr(AsyncStudio, "list_assets", limited)
    sandbox.add_task()
    assert sync(account).next_sync_at == clock.now + 90_000
    assert Task.objects.count() == 1


def test_a_rejected_key_stops_the_asking_until_it_is_tested_again(
    synced: Account, sandbox: Sandbox, clock: Clock, world: World, sync: Sync
) -> None:
    key = sandbox.world.ring._keys[sandbox.key]
    sandbox.revoke(sandbox.key)
    account = sync(synced)
    assert (account.health, account.next_sync_at) == (Health.REJECTED, None)
    assert sandbox.key not in account.error
    sandbox.calls.clear()
    Account.objects.note_watched([account.pk], clock.now)
    world.run(3600)
    assert len(sandbox.calls) == 0
    test_again(account, ALICE)
    account.refresh_from_db()
    assert account.next_sync_at is None
    sandbox.world.ring.add(key)
    test_again(account, ALICE)
    account.refresh_from_db()
    assert account.next_sync_at == clock.now
    assert sync(account).health == Health.WORKING


def test_a_limited_key_is_tried_again_in_ten_minutes(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    ApiKey.objects.store(account, sandbox.limited_key)
    account = sync(account)
    assert (account.health, account.next_sync_at) == (Health.LIMITED, clock.now + 600_000)


def test_a_limited_key_still_follows_known_tasks_by_id(
    synced: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    ApiKey.objects.store(synced, sandbox.limited_key)
    sandbox.change(sandbox.ids()[0], status={"phase": "completed"})
    clock.turn(minutes=2)
    sync(synced)
    assert Task.objects.get().phase == "completed"


def test_a_key_that_cannot_be_opened_asks_nobody_and_is_tried_every_five_minutes(
    synced: Account, sandbox: Sandbox, clock: Clock, world: World, sync: Sync, settings: Any
) -> None:
    right = settings.VAULT_KEYS
    settings.VAULT_KEYS = ["c29tZSBvdGhlciBrZXkgb2YgMzIgYnl0ZXMsIHJlYWw="]
    sandbox.calls.clear()
    account = sync(synced)
    assert (account.health, account.next_sync_at) == (Health.UNOPENABLE, clock.now + 300_000)
    assert len(sandbox.calls) == 0
    settings.VAULT_KEYS = right
    world.run(301)
    account.refresh_from_db()
    assert account.health == Health.WORKING


def test_an_account_without_a_key_asks_nobody(synced: Account, sandbox: Sandbox, sync: Sync) -> None:
    ApiKey.objects.all().delete()
    assert sync(synced).health == Health.UNOPENABLE


def round_with(account: Account, list_tasks: Any) -> Account:
    """A round whose list call is this one."""

    async def run() -> None:
        studio = AsyncStudio(allow_private=True)
        studio.list_tasks = list_tasks  # type: ignore[method-assign]
        await sync_account(account, "first", studio, Storing())
        await studio.aclose()

    async_to_sync(run)()
    account.refresh_from_db()
    return account


def test_a_late_refusal_of_the_old_key_does_not_speak_for_the_new_one(
    synced: Account, sandbox: Sandbox, clock: Clock
) -> None:
    async def replaced_meanwhile(*args: Any, **options: Any) -> None:
        await sync_to_async(replace)()
        raise KeyRejected("Studio rejected the key.", 401)

    def replace() -> None:
        mine = Account.objects.get(pk=synced.pk)
        Account.objects.filter(pk=mine.pk).update(claimed_until=0)  # as if its lease had run out
        assert change(mine, "Production", sandbox.url, sandbox.key, ALICE).account

    assert synced.claim("first", clock.now, 60_000)
    account = round_with(synced, replaced_meanwhile)
    assert (account.health, account.next_sync_at) == (Health.NEW, clock.now)


def test_a_claim_that_ran_out_is_lost_without_a_trace(synced: Account, clock: Clock) -> None:
    watermark = synced.watermark

    async def taken_meanwhile(*args: Any, **options: Any) -> Any:
        clock.turn(seconds=61)
        page = await AsyncStudio.list_tasks(AsyncStudio(allow_private=True), *args, **options)
        assert await sync_to_async(take)()
        return page

    def take() -> bool:
        return bool(Account.objects.get(pk=synced.pk).claim("second", clock.now, 60_000))

    assert synced.claim("first", clock.now, 60_000)
    tried = synced.last_try_at
    account = round_with(synced, taken_meanwhile)
    assert (account.claimed_by, account.claimed_until) == ("second", clock.now + 60_000)
    assert (account.watermark, account.last_try_at) == (watermark, tried)
