"""The state of assets, read beside their tasks: by the syncer, never by a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Account, Asset, Task
from dashboard.models.audit import COMMAND
from dashboard.models.cards import mark_asset_gone, remember_cards
from dashboard.sandbox import Sandbox
from dashboard.sync.asking import ask_now
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import AssetCard
from tests.sync.conftest import Clock, Sync, World, counted, most_in_a_minute

REDACTOR = Redactor("00000000-0000-4000-8000-000000000000")
COMPLETED = {"phase": "completed"}
FAILED = {"phase": "failed", "retries": 2, "errorMessage": "execution timeout"}


def card(phase: str = "ready", at: int = 1, asset_id: str = "asset-1", **fields: object) -> AssetCard:
    document = {"id": asset_id, "name": "Harbour", "status": {"phase": phase, "updatedAt": at}, **fields}
    return AssetCard.read(document, REDACTOR)


def asset_looks(sandbox: Sandbox) -> list[int]:
    return [call.at for call in sandbox.calls if call.path.startswith("/api/asset")]


def versions() -> dict[str, int]:
    return dict(Task.objects.values_list("upstream_id", "version"))


def test_an_assets_state_is_kept(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> None:
    sandbox.add_task(asset_name="Summer", status=COMPLETED)
    sync(account)
    asset = Asset.objects.get()
    assert (asset.phase, asset.heard_at) == ("ready", clock.now)
    assert asset.updated_at == asset.opened()["status"]["updatedAt"] > 0
    assert asset.opened()["playbackUrl"].startswith("https://")


def test_no_secret_of_an_assets_source_is_kept(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    url = "https://joe:hunter2@media.example.test/a.mp4?X-Amz-Signature=deadbeef"
    sandbox.add_task(asset_name="Summer", params={"upload": {"url": url}})
    sync(account)
    kept = Asset.objects.get().document
    assert "media.example.test" in kept
    assert "hunter2" not in kept
    assert "deadbeef" not in kept


def test_a_changed_state_makes_the_page_of_every_task_look_different_that_names_the_asset(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    upload = sandbox.add_task(asset_name="Summer", status=COMPLETED)
    asset_id = str(sandbox.document(upload)["outputAssetId"])
    export = sandbox.add_task(type="export", inputAssetId=asset_id, status=COMPLETED)
    other = sandbox.add_task(asset_name="Winter", status=COMPLETED)
    sync(account)
    before, revision = versions(), Account.objects.get().revision
    moved = AssetCard.read({**Asset.objects.get(upstream_id=asset_id).opened(), "size": 77}, REDACTOR)
    remember_cards(account, [moved], 1)
    assert {task for task, version in versions().items() if version != before[task]} == {upload, export}
    assert other in before
    assert Account.objects.get().revision == revision + 1
    assert Asset.objects.get(upstream_id=asset_id).size == 77


def test_assets_that_were_read_unchanged_were_heard_of_with_one_write(account: Account, clock: Clock) -> None:
    cards = [card(asset_id=f"asset-{number}") for number in range(50)]
    remember_cards(account, cards, clock.now)
    with CaptureQueriesContext(connection) as queries:
        remember_cards(account, cards, clock.now + 5)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "SELECT", "UPDATE"]
    assert set(Asset.objects.values_list("heard_at", flat=True)) == {clock.now + 5}


def test_a_card_from_a_replica_that_lags_behind_changes_nothing(account: Account) -> None:
    remember_cards(account, [card("ready", at=20)], 1)
    remember_cards(account, [card("processing", at=10)], 2)
    asset = Asset.objects.get()
    assert (asset.phase, asset.updated_at, asset.heard_at) == ("ready", 20, 1)


def test_a_card_that_tells_no_time_is_believed_each_time(account: Account) -> None:
    for phase in ("processing", "ready"):
        timeless = AssetCard.read({"id": "asset-1", "status": {"phase": phase}}, REDACTOR)
        remember_cards(account, [timeless], 1)
    assert Asset.objects.get().phase == "ready"


def test_a_state_of_an_asset_that_no_task_names_moves_no_page(account: Account) -> None:
    remember_cards(account, [card()], 1)
    assert Account.objects.get().revision == account.revision


def test_an_account_that_was_removed_meanwhile_is_left_alone(account: Account) -> None:
    Account.objects.filter(pk=account.pk).delete()
    remember_cards(account, [card()], 1)
    mark_asset_gone(account, "asset-1", 1)
    assert not Asset.objects.exists()


@pytest.mark.parametrize("ends", [COMPLETED, FAILED])
def test_the_asset_is_read_ten_seconds_after_its_task_came_to_an_end(
    account: Account, sandbox: Sandbox, clock: Clock, world: World, ends: dict[str, object]
) -> None:
    task_id = sandbox.add_task(asset_name="Summer", status={"phase": "running", "retries": 0, "progress": 0.4})
    world.run(90)
    assert Asset.objects.get().phase == "processing"
    sandbox.change(task_id, status=ends)
    ended_at = clock.now
    sandbox.calls.clear()
    world.run(60)
    assert Asset.objects.get().phase == {"completed": "ready", "failed": "failed"}[str(ends["phase"])]
    seen_at = Task.objects.get().heard_at
    assert 10_000 <= asset_looks(sandbox)[0] - seen_at <= 30_000
    assert seen_at - ended_at <= 20_200


def test_the_asset_is_read_when_its_task_is_running_again(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    task_id = sandbox.add_task(asset_name="Summer", status=FAILED)
    world.run(400)
    sandbox.calls.clear()
    sandbox.retry(task_id)
    world.run(600)
    began_at = Task.objects.get().scheduled_at or 0
    assert any(began_at < at < began_at + 340_000 for at in asset_looks(sandbox))


def test_a_task_that_ends_while_another_is_settling_has_its_asset_read_once_more(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    running = {"phase": "running", "retries": 0, "progress": 0.4}
    first, second = (sandbox.add_task(asset_name=name, status=running) for name in ("First", "Second"))
    Account.objects.update(watched_at=clock.now + 10**9)
    world.run(60)
    sandbox.change(first, status=COMPLETED)
    world.run(11)
    sandbox.change(second, status=COMPLETED)
    asset_id = str(sandbox.document(second)["outputAssetId"])
    world.run(4)
    Asset.objects.filter(upstream_id=asset_id).update(phase="processing", document="{}", updated_at=0)
    world.run(45)
    assert Asset.objects.get(upstream_id=asset_id).phase == "ready"


def test_a_busy_account_reads_its_assets_every_half_minute_and_no_more(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    Account.objects.update(watched_at=clock.now + 10**9)
    world.run(5)
    sandbox.calls.clear()
    for number in range(50):
        sandbox.add_task(asset_name=f"Film {number}", status=COMPLETED)
        world.run(5)
    assert 7 <= len(asset_looks(sandbox)) <= 10
    assert most_in_a_minute(counted(sandbox)) <= 25


def test_a_quiet_account_costs_no_more_calls_than_before(
    account: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    sandbox.add_task(asset_name="Summer", status=COMPLETED)
    world.run(1000)
    sandbox.calls.clear()
    world.run(3600)
    assert len(asset_looks(sandbox)) <= 6
    assert len(sandbox.calls) <= 12 + 6


def test_the_button_reads_the_tasks_asset_in_the_same_turn(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    task_id = sandbox.add_task(asset_name="Summer", status={"phase": "running", "retries": 0})
    sync(account)
    sandbox.change(task_id, status=COMPLETED)
    sandbox.calls.clear()
    assert ask_now(task_id, [account], COMMAND).found
    assert [call.path.split("/")[2] for call in sandbox.calls] == ["task", "asset"]
    assert Asset.objects.get().phase == "ready"
    account.refresh_from_db()
    assert account.names_wanted
    assert len(account._recent_calls(sandbox.world.now())) == 3


@pytest.mark.parametrize("trouble", [403, 404])
def test_an_asset_that_is_not_told_is_no_failure_of_the_button(
    account: Account, sandbox: Sandbox, sync: Sync, trouble: int
) -> None:
    task_id = sandbox.add_task(asset_name="Summer", status=COMPLETED)
    sync(account)
    sandbox.switches.no_assets = trouble
    assert ask_now(task_id, [account], COMMAND).found
    assert Asset.objects.get().phase == ("deleted" if trouble == 404 else "ready")


def test_an_asset_that_was_deleted_at_studio_is_shown_so_after_asking(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    task_id = sandbox.add_task(asset_name="Summer", status=COMPLETED)
    sync(account)
    before = versions()[task_id]
    sandbox.delete_asset(str(sandbox.document(task_id)["outputAssetId"]))
    ask_now(task_id, [account], COMMAND)
    assert Asset.objects.get().phase == "deleted"
    assert versions()[task_id] == before + 1


def test_asking_for_a_task_without_an_asset_costs_one_call(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    task_id = sandbox.add_task(type="transcode-file")
    sync(account)
    sandbox.calls.clear()
    ask_now(task_id, [account], COMMAND)
    assert [call.path for call in sandbox.calls] == [f"/api/task/{task_id}"]


def test_an_unchanged_asset_that_is_read_after_its_task_ended_is_news_for_the_tasks_page(
    account: Account, sandbox: Sandbox, sync: Sync
) -> None:
    sandbox.add_task(asset_name="Harbour", status=FAILED)
    sync(account)
    task = Task.objects.get()
    same = card("failed", asset_id=task.output_asset_id, at=task.updated_at + 1000)
    remember_cards(account, [same], task.updated_at - 1)
    before = Task.objects.get().version
    remember_cards(account, [same], task.updated_at + 5)
    assert Task.objects.get().version == before + 1
    remember_cards(account, [same], task.updated_at + 9)
    assert Task.objects.get().version == before + 1
