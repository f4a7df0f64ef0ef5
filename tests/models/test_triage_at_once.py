"""Several people, and the syncer, at the same moment: one after the other, and nothing is lost."""

import time
from collections.abc import Callable
from functools import partial
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from dashboard.clock import DAY, HOUR, SECOND, now_ms
from dashboard.models import Account, Attempt, AuditEntry, Decision, Task
from dashboard.models.failing import record_again
from dashboard.models.group import Group
from dashboard.models.settling import wake
from dashboard.models.triage import Moved, Outpaced, Refused
from dashboard.models.uniting import merge, unmerge
from tests.models.failures import CODEC, TIMEOUT, again, by, fail, tell

AtOnce = Callable[..., list[Any]]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(account: Account) -> Group:
    return fail(account, "one")


def test_of_two_who_decide_at_once_one_is_told_of_the_other(
    at_once: AtOnce, group: Group, people: SimpleNamespace
) -> None:
    came = at_once(by(people.sam, group, turn=0).resolve, partial(by(people.alice, group, turn=0).ignore, days=1))
    assert sorted(type(one).__name__ for one in came) == ["Group", "Outpaced"]
    meanwhile = next(one for one in came if isinstance(one, Outpaced)).meanwhile

    def look() -> tuple[list[str], list[str], str, int]:
        told = Decision.objects.values_list("what", flat=True)
        return (
            list(told),
            list(AuditEntry.objects.values_list("what", flat=True)),
            again(group).state,
            again(group).turn,
        )

    ((told, audit, state, turn),) = at_once(look)
    assert told == [meanwhile[0].what] == [state]
    assert (audit, turn) == ([f"failure.{state}"], 1)


def test_notes_written_at_once_are_all_kept(at_once: AtOnce, group: Group, people: SimpleNamespace) -> None:
    writers = [people.sam, people.alice] * 3
    at_once(*(partial(by(user, group, turn=0).note, f"note {number}") for number, user in enumerate(writers)))
    (texts,) = at_once(lambda: sorted(Decision.objects.values_list("text", flat=True)))
    assert texts == [f"note {number}" for number in range(6)]


def test_two_who_merge_each_into_the_other_make_no_circle(
    at_once: AtOnce, account: Account, group: Group, people: SimpleNamespace
) -> None:
    other = fail(account, "two", TIMEOUT)
    came = at_once(partial(merge, by(people.sam, group), other.pk), partial(merge, by(people.alice, other), group.pk))
    assert sum(isinstance(one, Group) for one in came) == 1
    assert sum(isinstance(one, Refused | Moved) for one in came) == 1
    (merged,) = at_once(lambda: list(Group.objects.exclude(merged_into=None)))
    assert len(merged) == 1


def test_failures_that_come_while_a_group_is_merged_are_counted_once(
    at_once: AtOnce, account: Account, group: Group, people: SimpleNamespace
) -> None:
    other = fail(account, "two", TIMEOUT)
    at = now_ms() + SECOND
    came = at_once(
        partial(merge, by(people.sam, other), group.pk),
        partial(fail, account, "three", TIMEOUT, at=at),
        partial(fail, account, "four", CODEC, at=at),
    )
    assert not [one for one in came if isinstance(one, Exception)]
    ((state, open_tasks, last_at),) = at_once(
        lambda: (again(group).state, again(group).open_tasks, again(group).last_at)
    )
    assert (state, open_tasks, last_at) == ("open", 4, at)
    at_once(partial(unmerge, by(people.sam, group), other.pk), partial(fail, account, "five", TIMEOUT, at=at))
    ((mine, theirs),) = at_once(lambda: (again(group).open_tasks, again(other).open_tasks))
    assert (mine, theirs) == (2, 3)


def test_who_resolves_while_it_fails_again_either_sees_it_or_is_told(
    at_once: AtOnce, account: Account, group: Group, people: SimpleNamespace
) -> None:
    came = at_once(by(people.sam, group, turn=0).resolve, partial(fail, account, "two", at=now_ms() + SECOND))
    assert not [one for one in came if isinstance(one, Exception)]
    ((state, told),) = at_once(lambda: (again(group).state, list(Decision.objects.values_list("what", flat=True))))
    assert (state, told) in [("regressed", ["resolved", "regressed"]), ("resolved", ["resolved"])]


def test_who_opens_it_while_the_clock_does_is_no_second_time(
    at_once: AtOnce, group: Group, people: SimpleNamespace
) -> None:
    at_once(partial(by(people.sam, group).ignore, days=1))
    came = at_once(by(people.alice, group).reopen, partial(wake, now_ms() + 2 * DAY))
    ((state, told),) = at_once(lambda: (again(group).state, list(Decision.objects.values_list("what", flat=True))))
    assert state == "open"
    assert told[0] == "ignored"
    assert len(told) == 2 or isinstance(came[0], Exception)
    assert told[1] in ("woke", "reopened")


def test_a_group_is_not_dropped_while_another_account_fails_into_it(
    at_once: AtOnce, account: Account, people: SimpleNamespace
) -> None:
    other = Account.objects.create(team=people.team, name="Other", url="https://b.test/api")
    at, has_stored = now_ms() - HOUR, Event()

    def recovered() -> Task:
        tell(account, "one", "waiting", at, retries=1, errorMessage=TIMEOUT)
        return tell(account, "one", "completed", at + SECOND)

    (task,) = at_once(recovered)

    def store() -> None:
        with transaction.atomic():
            tell(other, "two", "failed", at, errorMessage=TIMEOUT)
            has_stored.set()
            time.sleep(0.3)

    def read_another_reason() -> None:
        assert has_stored.wait(10)
        with transaction.atomic():
            Account.objects.filter(pk=account.pk).bump()
            Attempt.objects.filter(task=task, phase="failed").update(error=CODEC)
            record_again(account, [task.pk], now_ms())

    came = at_once(store, read_another_reason)
    assert not [one for one in came if isinstance(one, Exception)]
    (titles,) = at_once(lambda: set(Group.objects.values_list("title", flat=True)))
    assert titles == {TIMEOUT, CODEC}
