"""What is kept of what Studio said."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.models import Account, Asset, Observation, Tally, Task
from dashboard.models.memory import remember
from dashboard.upstream.snapshots import Snapshot
from tests.models.documents import BORN_AT, document, life_with_retries, read, snapshot

NOW = BORN_AT + 400_000
TOLD = ("type", "phase", "retries", "error", "title", "updated_at", "created_at", "scheduled_at", "digest", "document")


def tell(account: Account, *snapshots: Snapshot) -> Task:
    """One after the other, as rounds of syncing would."""
    for each in snapshots:
        remember(account, [each], NOW)
    return Task.objects.get(account=account, upstream_id=snapshots[0].upstream_id)


def assert_tallies_are_true(account: Account) -> None:
    kept = {(t.phase, t.type, t.overlay): t.number for t in Tally.objects.filter(account=account) if t.number}
    tasks = Task.objects.filter(account=account, deleted_at=None)
    assert kept == Counter(tasks.values_list("phase", "type", "overlay"))


def test_a_snapshot_older_than_what_we_know_changes_nothing(account: Account) -> None:
    task = tell(account, snapshot("running", 20, progress=0.5, retries=0))
    revision = Account.objects.get(pk=account.pk).revision
    assert tell(account, task_before := snapshot("waiting", 10, retries=0)).version == task.version
    assert task_before.updated_at < task.updated_at
    assert Account.objects.get(pk=account.pk).revision == revision
    assert Observation.objects.filter(task=task).count() == 1


def test_the_same_again_changes_nothing_and_opens_no_transaction(account: Account) -> None:
    tell(account, snapshot("running", 20, progress=0.5, retries=0))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        remember(account, [snapshot("running", 20, progress=0.5, retries=0)], NOW)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


def test_other_content_with_the_same_time_is_news(account: Account) -> None:
    """Studio fills in `output`, or deletes, without moving the status's time."""
    tell(account, snapshot("completed", 20))
    task = tell(account, snapshot("completed", 20, output={"upload": {"assetSpec": {"name": "Late"}}}))
    assert task.title == "Late"
    assert tell(account, snapshot("completed", 20, deleted=True)).overlay == "deleted"


def test_a_document_without_any_time_is_believed_again_and_again(account: Account) -> None:
    timeless = document()
    del timeless["createdAt"], timeless["status"]["updatedAt"]
    first = tell(account, read(timeless))
    timeless["status"] = {"phase": "completed"}
    task = tell(account, read(timeless))
    assert (task.phase, task.updated_at) == ("completed", first.updated_at)


def test_a_message_of_an_attempt_survives_although_studio_forgets_it(account: Account) -> None:
    task = tell(account, *life_with_retries("file download failed"))
    assert task.error == ""
    ledger = [(a.number, a.phase, a.error, a.peak) for a in task.attempts.all()]
    assert ledger == [
        (1, "failed", "file download failed", 0.36),
        (2, "failed", "execution timeout", 0.81),
        (3, "completed", "", 1.0),
    ]
    assert task.attempt == 3


def test_completed_means_100_percent(account: Account) -> None:
    assert tell(account, snapshot("running", 1, progress=0.4), snapshot("completed", 9)).progress == 1


def test_progress_is_that_of_the_present_attempt(account: Account) -> None:
    life = life_with_retries()
    assert tell(account, *life[:4]).progress == 0.36
    assert tell(account, *life[4:6]).progress == 0
    assert tell(account, *life[6:8]).progress == 0.81


def test_a_failed_task_keeps_the_progress_that_was_last_seen(account: Account) -> None:
    life = [snapshot("running", 5, retries=0, progress=0.42), snapshot("failed", 9, retries=0, errorMessage="no")]
    task = tell(account, *life)
    assert (task.progress, task.error) == (0.42, "no")


def test_a_failed_task_never_seen_running_has_no_progress(account: Account) -> None:
    assert tell(account, snapshot("failed", 9, retries=2, errorMessage="no")).progress == 0


def test_the_same_id_in_two_accounts_is_two_tasks(account: Account, people: SimpleNamespace) -> None:
    other = Account.objects.create(team=people.other, name="Theirs", url="https://studio.example.test/api")
    tell(account, snapshot("running", 1))
    tell(other, snapshot("completed", 2))
    assert sorted(Task.objects.values_list("phase", flat=True)) == ["completed", "running"]


def test_one_id_twice_in_one_page_is_one_task_as_it_is_now(account: Account) -> None:
    remember(account, [snapshot("completed", 9), snapshot("running", 5, progress=0.3)], NOW)
    assert Task.objects.get().phase == "completed"


def test_an_observation_is_kept_for_each_change_of_the_status_only(account: Account) -> None:
    task = tell(account, *life_with_retries(), snapshot("completed", 300, output={"upload": {}}))
    seen = [(o.phase, o.progress, o.retries, o.error) for o in Observation.objects.filter(task=task)]
    assert len(seen) == len(life_with_retries())
    assert seen[4] == ("waiting", None, 1, "file download failed")


def test_a_task_that_ended_long_ago_leaves_no_observation(account: Account) -> None:
    remember(account, [snapshot("completed", 1)], BORN_AT + 31 * 86_400_000)
    assert not Observation.objects.exists()


def test_the_revision_moves_once_for_a_batch_that_changes_something(account: Account) -> None:
    remember(account, [snapshot(upstream_id=f"task-{n}") for n in range(30)], NOW)
    assert Account.objects.get(pk=account.pk).revision == account.revision + 1


def test_an_account_that_was_removed_meanwhile_is_left_alone(account: Account) -> None:
    Account.objects.filter(pk=account.pk).delete()
    assert remember(account, [snapshot()], NOW).new == 0


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"name": "Given", "output": {"upload": {"assetSpec": {"name": "Spec"}}}}, "Given"),
        ({"output": {"upload": {"assetSpec": {"name": "Spec"}}}}, "Spec"),
        ({}, "holiday.mp4"),
        ({"params": {"transcode-file": {"input": {"url": "s3+https://h/b/reel%20one.mov?x=1"}}}}, "reel one.mov"),
        ({"params": {"upload": {"url": "https://h/directUpload/abc"}}}, "upload 01234567"),
        ({"params": None}, "upload 01234567"),
    ],
)
def test_the_title_is_the_best_name_that_there_is(account: Account, fields: dict[str, Any], title: str) -> None:
    assert tell(account, snapshot(upstream_id="0123456789", **fields)).title == title


def test_the_name_of_the_asset_comes_before_all_others(account: Account) -> None:
    Asset.objects.create(account=account, upstream_id="made", name="Made")
    Asset.objects.create(account=account, upstream_id="used", name="Used")
    assert tell(account, snapshot(upstream_id="a", outputAssetId="made", inputAssetId="used", name="x")).title == "Made"
    assert tell(account, snapshot(upstream_id="b", inputAssetId="used", name="x")).title == "Used"


@pytest.mark.parametrize("phase", ["", "queued", "x" * 500, None, 7, {"a": 1}])
def test_unknown_phases_and_shapes_are_kept_and_never_a_crash(account: Account, phase: Any) -> None:
    task = tell(account, snapshot(phase, 1, type=phase, progress="?", retries="many", errorMessage={"odd": [1]}))
    assert len(task.phase) <= 100
    assert_tallies_are_true(account)


def test_a_deleted_task_is_in_no_tally_until_it_comes_back(account: Account) -> None:
    tell(account, snapshot("running", 1))
    tell(account, snapshot("running", 1, deleted=True))
    assert Tally.total(account) == 0
    tell(account, snapshot("completed", 2, deleted=True))
    assert Tally.total(account) == 0
    tell(account, snapshot("completed", 3))
    assert Tally.counts_of([account.pk]) == {("completed", "upload"): 1}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(life_with_retries()), st.lists(st.integers(0, 11), max_size=6))
def test_any_order_of_a_life_ends_in_the_same_task(account: Account, life: list[Snapshot], again: list[int]) -> None:
    with transaction.atomic():
        task = tell(account, *life, *(life[place] for place in again))
        last = life_with_retries()[-1]
        assert (task.progress, task.digest) == (1.0, last.digest)
        assert {name: getattr(task, name) for name in TOLD} == told_by(account, last)
        numbers = [attempt.number for attempt in task.attempts.all()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(attempt.phase != "running" for attempt in task.attempts.all())
        assert_tallies_are_true(account)
        transaction.set_rollback(True)


def told_by(account: Account, last: Snapshot) -> dict[str, Any]:
    alone = Task(account=account, upstream_id=last.upstream_id, version=0, created_at=0)
    alone.read(last, "", NOW)
    return {name: getattr(alone, name) for name in TOLD}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.builds(
                lambda n, phase, at, kind: snapshot(phase, at, f"task-{n}", type=kind),
                st.integers(0, 5),
                st.sampled_from(["pending", "waiting", "running", "failed", "completed", "odd"]),
                st.integers(0, 9),
                st.sampled_from(["upload", "export"]),
            ),
            max_size=6,
        ),
        max_size=5,
    )
)
def test_the_tallies_always_equal_a_recount(account: Account, pages: list[list[Snapshot]]) -> None:
    with transaction.atomic():
        for page in pages:
            remember(account, page, NOW)
            assert_tallies_are_true(account)
        assert Tally.total(account) == Task.objects.filter(account=account).count()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("life", "moved"),
    [
        ([snapshot("running", 1), snapshot("completed", 2)], True),
        ([snapshot("failed", 1), snapshot("waiting", 2, retries=0)], True),
        ([snapshot("waiting", 1), snapshot("running", 2)], False),
        ([snapshot("completed", 1), snapshot("completed", 1, output={})], False),
        ([snapshot("completed", 1)], True),
    ],
)
def test_it_is_told_when_a_task_with_an_asset_comes_to_an_end_or_begins_again(
    account: Account, life: list[Snapshot], moved: bool
) -> None:
    with_asset = [read({**each.document, "outputAssetId": "a"}) for each in life]
    assert [remember(account, [each], NOW).moved for each in with_asset][-1] == moved
    assert not any(remember(account, [read({**each.document, "id": "without"})], NOW).moved for each in life)
