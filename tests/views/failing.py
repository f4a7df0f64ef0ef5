"""Tasks that failed at given times for given reasons, and the list of causes as a test reads it."""

from collections.abc import Iterable
from typing import Any

from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Group, Task
from tests.views.conftest import hold, hold_all
from tests.views.html import Page

BROKEN, TIMEOUT, CODEC = (
    "internal error processing file",
    "execution timeout",
    "invalid video file codec or container, check your input file",
)


def fail(account: Account, message: str = BROKEN, ago: int = 0, **fields: Any) -> Task:
    """A task that ended as failed `ago` ms before now."""
    at = now_ms() - ago
    status = {"phase": "failed", "errorMessage": message, "updatedAt": at}
    return hold(account, at=at, **({"status": status} | fields))


def fail_all(account: Account, failed: Iterable[tuple[str, int]]) -> None:
    """Tasks that ended as failed, each with its words and so many ms before now: as `fail`, but heard of at once."""
    statuses = [{"phase": "failed", "errorMessage": words, "updatedAt": now_ms() - ago} for words, ago in failed]
    hold_all(account, [{"at": status["updatedAt"], "status": status} for status in statuses])


def group_of(message: str) -> Group:
    """The one group whose title begins so."""
    return Group.objects.get(title__startswith=message[:30])


def decide(group: Group, **changes: Any) -> Group:
    """As if somebody had triaged it, in whatever way."""
    for name, value in changes.items():
        setattr(group, name, value)
    group.settle()
    group.save()
    return group


def rows_on(page: Page) -> list[dict[str, str]]:
    return page.all("data-group")


def listed(client: Client, query: str = "") -> list[tuple[int, int, str]]:
    """Id, tasks and state of each row."""
    page = Page(client.get(f"/failures/?{query}"))
    return [(int(row["data-group"]), int(row["data-tasks"]), row["data-state"]) for row in rows_on(page)]
