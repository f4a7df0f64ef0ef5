"""Failures that recover by themselves, played through the sandbox's clock over HTTP."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from dashboard.models import Account, Failure, Group, Task
from dashboard.sandbox import Sandbox
from tests.conftest import connect_account
from tests.models.failures import by
from tests.sync.conftest import Clock, World

TIMEOUT = "execution timeout"
FAILED: dict[str, object] = {"phase": "failed", "retries": 2, "errorMessage": TIMEOUT}
COMPLETED: dict[str, object] = {"phase": "completed"}
SOON = 310
"""A quiet account that nobody watches is asked every five minutes."""
ASSET = "5b9a1c1e-0000-4000-8000-0000000000aa"


@pytest.fixture
def failed(account: Account, sandbox: Sandbox, world: World) -> str:
    """A task that failed for good three minutes ago, whose asset is ASSET."""
    task_id = sandbox.add_task(outputAssetId=ASSET, status=FAILED)
    world.run(180)
    assert shown() == [("open", 1)]
    return task_id


def shown() -> list[tuple[str, int]]:
    """State and open tasks of the groups."""
    return list(Group.objects.order_by("pk").values_list("state", "open_tasks"))


def failure_of(task_id: str) -> Failure:
    found: Failure = Failure.objects.get(task__upstream_id=task_id)
    return found


def test_an_automatic_retry_that_saved_a_task_is_told_apart_from_a_final_failure(
    account: Account, sandbox: Sandbox, world: World
) -> None:
    saved, lost = sandbox.add_task(), sandbox.add_task()
    for task in (saved, lost):
        sandbox.change(task, {"phase": "waiting", "retries": 1, "errorMessage": TIMEOUT})
    world.run(60)
    assert shown() == [("open", 2)]
    sandbox.change(saved, COMPLETED)
    sandbox.change(lost, {"phase": "failed", "retries": 1, "errorMessage": TIMEOUT})
    world.run(60)
    told = {name: failure_of(task) for name, task in (("saved", saved), ("lost", lost))}
    assert {name: (f.is_final, f.retried, f.worked, f.is_open) for name, f in told.items()} == {
        "saved": (False, 1, 1, False),
        "lost": (True, 1, 0, True),
    }
    assert (told["saved"].recovered_by, told["lost"].recovered_at) == ("", None)
    assert shown() == [("open", 1)]


def test_a_group_has_recovered_when_somebody_retried_its_task_and_it_completed(
    failed: str, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    """By the sandbox's dice a retry may fail again: then it is open again, and somebody tries once more."""
    for _ in range(20):
        sandbox.retry(failed)
        world.run(40)
        assert shown() == [("open", 1)], "a retry alone saves nothing"
        while sandbox.document(failed)["status"]["phase"] not in ("failed", "completed"):  # type: ignore[index]
            world.run(60)
        world.run(SOON)
        if Task.objects.get().phase == "completed":
            break
        assert shown()[0] == ("open", 1)
    assert shown() == [("recovered", 0)]
    failure = Failure.objects.get(group=Group.objects.first())
    assert (failure.is_final, failure.is_open, failure.worked, failure.recovered_by) == (False, False, 1, "")
    assert failure.recovered_at == Task.objects.get().updated_at


def test_another_task_that_makes_the_asset_recovers_the_failure(
    failed: str, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    second = sandbox.add_task(outputAssetId=ASSET)
    world.run(SOON)
    assert shown() == [("open", 1)]
    sandbox.change(second, COMPLETED)
    world.run(SOON)
    assert shown() == [("recovered", 0)]
    failure = failure_of(failed)
    assert (failure.recovered_by, failure.is_open, failure.is_final, failure.retried) == (second, False, True, 0)
    assert Task.objects.get(upstream_id=failed).phase == "failed"


def test_what_fails_again_after_it_had_recovered_is_open_again(failed: str, sandbox: Sandbox, world: World) -> None:
    second = sandbox.add_task(outputAssetId=ASSET, status=COMPLETED)
    world.run(SOON)
    assert shown() == [("recovered", 0)]
    sandbox.change(failed, FAILED, scheduledAt=world.clock.now)
    world.run(SOON)
    assert shown() == [("open", 1)]
    assert (failure_of(failed).recovered_at, failure_of(failed).recovered_by) == (None, "")
    sandbox.change(second, FAILED, scheduledAt=world.clock.now)
    world.run(SOON)
    assert shown() == [("open", 2)], "and so is the other"


def test_a_task_that_completed_and_fails_when_it_is_started_again_is_open_again(
    failed: str, sandbox: Sandbox, world: World
) -> None:
    sandbox.change(failed, COMPLETED)
    world.run(SOON)
    assert shown() == [("recovered", 0)]
    sandbox.change(failed, FAILED, scheduledAt=world.clock.now)
    world.run(SOON)
    assert shown() == [("open", 1)]


def test_an_asset_made_before_the_failure_recovers_nothing(account: Account, sandbox: Sandbox, world: World) -> None:
    sandbox.add_task(outputAssetId=ASSET, status=COMPLETED)
    world.run(60)
    sandbox.add_task(outputAssetId=ASSET, status=FAILED)
    world.run(SOON)
    assert shown() == [("open", 1)]


def test_another_accounts_task_recovers_nothing(people: SimpleNamespace, clock: Clock, world: World) -> None:
    with Sandbox(tasks=0, pace=0, projects=2, clock=clock) as sandbox:
        for name, key in zip(("One", "Other"), sandbox.keys, strict=True):
            connect_account(people.team, name, sandbox.url, key)
        sandbox.add_task(0, outputAssetId=ASSET, status=FAILED)
        world.run(60)
        sandbox.add_task(1, outputAssetId=ASSET, status=COMPLETED)
        world.run(SOON)
    assert shown() == [("open", 1)]


@pytest.mark.parametrize("delete", [Sandbox.soft_delete, Sandbox.hard_delete])
def test_a_deleted_task_is_open_no_more_but_still_counted(
    account: Account, sandbox: Sandbox, world: World, delete: Callable[[Sandbox, str], None]
) -> None:
    task = sandbox.add_task(status={"phase": "waiting", "retries": 1, "errorMessage": TIMEOUT})
    world.run(SOON)
    assert shown() == [("open", 1)]
    sandbox.add_task(status=COMPLETED)
    delete(sandbox, task)
    world.run(1500)
    assert Task.objects.get(upstream_id=task).overlay == "deleted"
    assert shown() == [("recovered", 0)]
    assert Failure.objects.get().times == 1


def test_a_maker_that_is_deleted_afterwards_has_still_made_the_asset(
    failed: str, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    second = sandbox.add_task(outputAssetId=ASSET, status=COMPLETED)
    world.run(SOON)
    document = sandbox.document(second)
    sandbox.put({**document, "deleted": True, "status": {"phase": "completed", "updatedAt": clock.now}})
    world.run(1500)
    assert shown() == [("recovered", 0)]


def test_a_resolved_group_comes_back_with_the_next_failure_and_goes_when_it_recovers(
    failed: str, people: SimpleNamespace, sandbox: Sandbox, world: World
) -> None:
    by(people.sam, Group.objects.get()).resolve()
    world.run(30)
    assert shown() == [("resolved", 1)]
    again = sandbox.add_task(status=FAILED)
    world.run(SOON)
    assert shown() == [("regressed", 2)]
    for task in (failed, again):
        sandbox.change(task, COMPLETED)
    world.run(SOON)
    assert shown() == [("recovered", 0)]


@pytest.fixture
def lively(clock: Clock) -> Iterator[Sandbox]:
    """A Studio in which things happen, a third of them trouble."""
    with Sandbox(tasks=100, pace=1.5, seed=9, clock=clock) as running:
        yield running


def test_whoever_imports_later_knows_the_same_of_what_ended(
    people: SimpleNamespace, lively: Sandbox, clock: Clock, world: World
) -> None:
    """One team follows every step; another reads the newest first when all is over. Studio has forgotten the tries
    that others followed, and no more."""
    watching = connect_account(people.team, "Watching", lively.url, lively.key)
    world.run(60)
    told_twice(lively)
    world.run(90)
    late = connect_account(people.other, "Late", lively.url, lively.key)
    world.run(30)
    one, other = ended(watching), ended(late)
    assert one == other
    assert len(one) > 15
    assert len({recovered_by for _, _, recovered_by in one.values()}) > 2


def told_twice(sandbox: Sandbox) -> None:
    """Half of the assets that no task made are made by another one."""
    for task_id in sandbox.ids():
        document = sandbox.document(task_id)
        if document["status"]["phase"] == "failed" and "outputAssetId" in document and int(task_id[-4:], 16) % 2:  # type: ignore[index]
            sandbox.add_task(outputAssetId=document["outputAssetId"], status=COMPLETED)


def ended(account: Account) -> dict[str, tuple[str, bool, str]]:
    """Of the tasks that failed for good: the cause, whether it is open, what recovered it."""
    final = Failure.objects.filter(account=account, is_final=True).select_related("task", "group")
    return {f.task.upstream_id: (f.group.fingerprint, f.is_open, f.recovered_by) for f in final}


def test_all_that_happens_in_a_lively_studio_adds_up(
    people: SimpleNamespace, lively: Sandbox, clock: Clock, world: World
) -> None:
    account = connect_account(people.team, "Production", lively.url, lively.key)
    world.run(700)
    failures = Failure.objects.filter(account=account)
    failed = set(Task.objects.filter(phase="failed").values_list("upstream_id", flat=True))
    assert set(failures.filter(is_final=True).values_list("task__upstream_id", flat=True)) == failed
    saved = failures.filter(task__phase="completed")
    assert saved.count() > 2, "by a retry of Studio's own"
    assert not saved.filter(is_open=True).exists()
    assert all(failure.worked or failure.retried for failure in saved)
    for group in Group.objects.all():
        assert group.open_tasks == failures.filter(group=group, is_open=True).count()
        assert group.state == ("open" if group.open_tasks else "recovered")
