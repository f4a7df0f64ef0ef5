"""A task that failed, and somebody who retries it."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, Retry, Task, User
from dashboard.models.audit import Actor
from dashboard.sandbox import Sandbox
from dashboard.sync.retrying import retry_now
from tests.sync.conftest import Clock, Sync

FAILED = {"phase": "failed", "retries": 2, "errorMessage": "execution timeout"}


@pytest.fixture
def sam(people: SimpleNamespace) -> User:
    user: User = people.sam
    return user


@pytest.fixture
def failed(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> Task:
    """A task that failed three minutes ago, as the syncer knows it."""
    task_id = sandbox.add_task(asset_name="Summer", status=FAILED)
    sync(account, rounds=2)
    clock.turn(minutes=3)
    sandbox.calls.clear()
    return held(task_id)


def held(task_id: str) -> Task:
    return Task.objects.get(upstream_id=task_id)


def actor_for(user: User) -> Actor:
    return Actor(user.email, user.pk, "203.0.113.9")


def posts(sandbox: Sandbox) -> int:
    return sum(call.method == "POST" for call in sandbox.calls)


def retried(task: Task, user: User) -> Retry:
    retry = retry_now(task, Account.objects.get(), actor_for(user))
    assert Retry.objects.get(pk=retry.pk).outcome == retry.outcome
    return retry
