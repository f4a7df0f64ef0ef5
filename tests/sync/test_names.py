"""Names for tasks, from pages of Studio's assets."""

import pytest

from dashboard.models import Account, Asset, Task
from dashboard.sandbox import Sandbox
from dashboard.sync import names
from tests.sync.conftest import Clock, Sync, World, counted, longest_gap, most_in_a_minute


def titles() -> set[str]:
    return set(Task.objects.values_list("title", flat=True))


def asset_calls(sandbox: Sandbox) -> int:
    return sum(call.path == "/api/asset" for call in sandbox.calls)


def test_a_task_bears_the_name_of_its_asset_after_the_first_round(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    sandbox.add_task(asset_name="Summer in Lisbon")
    revision = account.revision
    sync(account)
    assert titles() == {"Summer in Lisbon"}
    assert account.revision > revision
    assert [call.path for call in sandbox.calls] == ["/api/task", "/api/asset"]


def test_a_new_task_is_named_within_a_minute(account: Account, sandbox: Sandbox, world: World) -> None:
    sandbox.add_task(asset_name="First")
    world.run(1)
    sandbox.add_task(asset_name="Second")
    world.run(120)
    assert titles() == {"First", "Second"}


def test_a_renamed_asset_renames_its_task_in_time(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    task_id = sandbox.add_task(asset_name="Before", status={"phase": "completed"})
    world.run(1)
    clock.turn(minutes=30)
    sandbox.rename_asset(str(sandbox.document(task_id)["outputAssetId"]), "After")
    world.run(900)
    assert titles() == {"After"}


def test_all_pages_are_read_although_assets_are_many(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PAGE", 2)
    expected = set()
    for number in range(15):
        clock.now += 1000
        sandbox.add_task(asset_name=f"Film {number}", status={"phase": "completed"})
        expected.add(f"Film {number}")
    world.run(120)
    assert titles() == expected
    assert most_in_a_minute(counted(sandbox)) <= 25


def test_later_walks_stop_at_what_is_known(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PAGE", 2)
    for number in range(11):
        sandbox.add_task(asset_name=f"Old {number}", status={"phase": "completed"})
    clock.turn(minutes=15)
    Account.objects.update(next_sync_at=clock.now)
    world.run(70)
    clock.turn(minutes=60)
    sandbox.calls.clear()
    sandbox.add_task(asset_name="New", status={"phase": "completed"})
    world.run(400)
    assert "New" in titles()
    assert asset_calls(sandbox) <= 3


@pytest.mark.parametrize("status", [403, 404])
def test_where_assets_may_not_be_read_there_are_fallbacks_and_another_try_in_an_hour(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, status: int
) -> None:
    sandbox.add_task(asset_name="Summer in Lisbon", status={"phase": "completed"})
    sandbox.switches.no_assets = status
    world.run(3000)
    account.refresh_from_db()
    assert account.health == "working"
    assert titles() == {"clip-1.mp4"}
    assert asset_calls(sandbox) == 1
    sandbox.switches.no_assets = 0
    world.run(800)
    assert titles() == {"Summer in Lisbon"}


def test_names_never_keep_the_list_waiting(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PAGE", 1)
    for number in range(30):
        sandbox.add_task(asset_name=f"Film {number}")
    Account.objects.update(watched_at=clock.now + 10**9)
    world.run(130)
    looks = [call.at for call in sandbox.calls if "filters" in call.query]
    assert longest_gap(looks) <= 4_000
    assert most_in_a_minute(counted(sandbox)) <= 25
    assert 8 <= asset_calls(sandbox) <= 12


def test_a_playback_id_that_comes_later_under_the_same_name_is_kept(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task(asset_name="Summer in Lisbon")
    sync(account)
    Asset.objects.update(playback_id="")
    clock.turn(minutes=11)
    sync(account)
    assert Asset.objects.get().playback_id


def test_a_cursor_of_the_length_that_is_read_fits(account: Account) -> None:
    longest = "c" * 200
    assert Account._meta.get_field("names_cursor").clean(longest, account) == longest
    Account.objects.update(names_cursor=longest)
