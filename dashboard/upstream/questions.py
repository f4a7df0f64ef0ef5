"""Every question we have for Studio, with the function that reads its answer. No network here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from . import answers, requests
from .answers import Answer
from .redact import Redactor
from .requests import Asking
from .snapshots import AssetCard, AssetPage, Snapshot, StudioUser, TaskPage

Value = TypeVar("Value")


@dataclass(frozen=True)
class Question(Generic[Value]):
    """`read` turns an answer into the value, or raises one of the named errors."""

    asking: Asking
    read: Callable[[Answer, Redactor], Value]


def tasks(
    limit: int | None,
    cursor: str | None,
    order: str | None,
    filters: list[dict[str, Any]] | None,
    count: bool,
) -> Question[TaskPage]:
    asking = requests.ask_list("task", limit, cursor, order, filters, count)
    return Question(asking, partial(answers.read_tasks, limit=limit, asked=cursor))


def task(upstream_id: str) -> Question[Snapshot]:
    return Question(requests.ask_one("task", upstream_id), answers.read_task)


def me() -> Question[StudioUser]:
    return Question(requests.ask_me(), answers.read_user)


def assets(limit: int, cursor: str | None, order: str | None) -> Question[AssetPage]:
    asking = requests.ask_list("asset", limit, cursor, order)
    return Question(asking, partial(answers.read_assets, limit=limit, asked=cursor))


def asset(upstream_id: str) -> Question[AssetCard]:
    return Question(requests.ask_one("asset", upstream_id), answers.read_asset)


def retry(upstream_id: str) -> Question[str]:
    return Question(requests.ask_retry(upstream_id), partial(answers.read_retry, upstream_id=upstream_id))
