"""The numbers of the list of causes against plain counting, on random tasks."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from dashboard.clock import DAY, HOUR, now_ms
from dashboard.fingerprint import fingerprint_of
from dashboard.models import Account, Group, State
from tests.views.conftest import Connect, move
from tests.views.failing import BROKEN, CODEC, TIMEOUT, fail, listed

SignIn = Callable[[str], Client]
MESSAGES = (BROKEN, TIMEOUT, CODEC, "http status 401 Unauthorized: no", "error saving file to storage", "file is empty")
NAMES = ("holiday", "concert", "zebra")
TASKS = 70


@dataclass(frozen=True)
class Known:
    """That a task failed so: the newest time of it."""

    task: int
    fingerprint: str
    account: int
    type: str
    name: str
    at: int


def _fill(chance: random.Random, accounts: list[Account]) -> list[Known]:
    known, now = list[Known](), now_ms()
    for number in range(TASKS):
        account, task_type, name = chance.choice(accounts), chance.choice(("upload", "export")), chance.choice(NAMES)
        messages = [chance.choice(MESSAGES) for _ in range(chance.choice((1, 1, 1, 2)))]
        ago = chance.choice((chance.randrange(30 * HOUR), chance.randrange(40 * DAY)))
        task = fail(account, messages[0], ago, type=task_type, name=f"{name} {number}")
        told = {messages[0]: task.updated_at}
        for message in messages[1:]:
            task = move(task, "failed", errorMessage=message, retries=1)
            told[message] = task.updated_at
        if chance.random() < 0.2:
            move(task, "completed")
        known += [
            Known(task.pk, fingerprint_of(m, task_type).value, account.pk, task_type, name, at)
            for m, at in told.items()
        ]
    assert known
    assert now
    return known


def _expected(known: list[Known], start: int, roots: dict[str, int], **asked: object) -> dict[int, int]:
    tasks = defaultdict(set)
    for one in known:
        if one.at >= start and all(getattr(one, name) == value for name, value in asked.items()):
            tasks[roots[one.fingerprint]].add(one.task)
    return {root: len(found) for root, found in tasks.items()}


def _start(days: int) -> int:
    now = now_ms()
    return now - now % HOUR - 23 * HOUR if days == 1 else now - now % DAY - (days - 1) * DAY


@pytest.mark.parametrize("seed", [1, 2])
def test_numbers_are_those_that_one_would_count(seed: int, connect_quiet: Connect, sign_in: SignIn) -> None:
    chance = random.Random(seed)
    accounts = [connect_quiet(name) for name in ("Live", "Staging")]
    known = _fill(chance, accounts)
    first, second = Group.objects.order_by("pk")[:2]
    Group.objects.filter(pk=second.pk).update(merged_into=first, state=State.MERGED)
    Group.objects.filter(pk=first.pk).update(
        first_at=min(first.first_at, second.first_at), last_at=max(first.last_at, second.last_at)
    )
    for group in Group.objects.roots():
        Group.objects.filter(pk=group.pk).update(state=chance.choice(("open", "owned", "resolved", "ignored")))
    roots = {g.fingerprint: g.merged_into_id or g.pk for g in Group.objects.all()}
    bob = sign_in("bob")
    for days in (1, 7, 14, 30, 90):
        for asked in ({}, {"account": accounts[0].pk}, {"type": "export"}, {"name": "zebra"}, {"name": "x"}):
            told = "&".join(f"{'q' if name == 'name' else name}={value}" for name, value in asked.items())
            for sort in ("last", "tasks", "first"):
                rows = listed(bob, f"days={days}&state=all&sort={sort}&{told}")
                expected = _expected(known, _start(days), roots, **asked)
                assert {pk: number for pk, number, _ in rows} == expected, (days, asked, sort)
