"""What the first rounds with an account do, against the sandbox over real HTTP."""

from collections.abc import Callable
from types import SimpleNamespace

from dashboard.models import Account, Health, Task
from dashboard.sandbox import Sandbox
from tests.conftest import connect_account

Sync = Callable[..., Account]


def test_the_history_is_imported_newest_first_and_counted(people: SimpleNamespace, sync: Sync) -> None:
    with Sandbox(tasks=450, pace=0) as sandbox:
        account = sync(connect_account(people.team, "Production", sandbox.url, sandbox.key), rounds=3)
        assert account.health == Health.WORKING
        assert account.import_done_at
        assert Task.objects.filter(account=account).count() >= 450
        assert account.imported == Task.objects.filter(account=account).count()


def test_a_task_that_changes_is_seen_in_the_next_round(account: Account, sandbox: Sandbox, sync: Sync) -> None:
    task_id = sandbox.add_task(type="upload", phase="waiting")
    sync(account)
    sandbox.change(task_id, status={"phase": "running", "progress": 0.42, "retries": 0})
    sync(account)
    task = Task.objects.get(upstream_id=task_id)
    assert (task.phase, task.progress, task.attempt) == ("running", 0.42, 1)
