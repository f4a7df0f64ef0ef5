"""Tasks that fail as a test wants it, and what somebody decides about them."""

from collections.abc import Iterable
from typing import Any

from dashboard.clock import now_ms
from dashboard.models import Account, Task, User
from dashboard.models.audit import Actor
from dashboard.models.group import Group
from dashboard.models.memory import remember
from dashboard.models.triage import Act
from tests.models.documents import read

CODEC = "invalid video file codec or container, check your input file"
TIMEOUT = "execution timeout"


def tell(account: Account, upstream_id: str, phase: str, at: int, **more: Any) -> Task:
    """Studio says now that the task came to be so at this time (ms)."""
    remember(account, [read(document(upstream_id, phase, at, **more))], now_ms())
    return Task.objects.get(account=account, upstream_id=upstream_id)


def document(upstream_id: str, phase: str, at: int, **more: Any) -> dict[str, Any]:
    status = {name: more.pop(name) for name in ("retries", "errorMessage") if name in more}
    return {
        "id": upstream_id,
        "type": "upload",
        "createdAt": at - 60_000,
        "scheduledAt": at - 50_000,
        "params": {"upload": {"url": "https://media.example.test/in/holiday.mp4"}},
        "status": {"phase": phase, "updatedAt": at, **status},
        **more,
    }


def fail(account: Account, upstream_id: str, message: str = CODEC, at: int | None = None, **more: Any) -> Group:
    """The pattern's own group of what failed so."""
    task = tell(account, upstream_id, "failed", now_ms() if at is None else at, errorMessage=message, **more)
    group: Group = Group.objects.get(failures__task=task, title__startswith=message[:20])
    return group


def fail_all(account: Account, ids: Iterable[str], message: str, times: Iterable[int], **more: Any) -> Group:
    """As `fail`, for tasks that are heard of at once: each of them failed at its time (ms)."""
    documents = [document(one, "failed", at, errorMessage=message, **more) for one, at in zip(ids, times, strict=True)]
    remember(account, [read(each) for each in documents], now_ms())
    task = Task.objects.get(account=account, upstream_id=documents[-1]["id"])
    group: Group = Group.objects.get(failures__task=task, title__startswith=message[:20])
    return group


def by(user: User, group: Group, turn: int | None = None, now: int | None = None) -> Act:
    """`by(people.sam, group).resolve()`"""
    return Act(group.pk, group.team_id, Actor(user.email, user.pk), now_ms() if now is None else now, turn)


def again(group: Group) -> Group:
    found: Group = Group.objects.get(pk=group.pk)
    return found
