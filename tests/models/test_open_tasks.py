"""How many tasks of a group are open: moved by what changes, and equal to a count at any time."""

from types import SimpleNamespace

import pytest

from dashboard.clock import HOUR, SECOND, now_ms
from dashboard.models import Account, Group, Task
from dashboard.models.doubles import open_tasks_of
from dashboard.models.failing import forget
from dashboard.models.regrouping import begin_anew, regroup
from dashboard.models.uniting import merge
from tests.models.failures import again, by, tell
from tests.models.test_regrouping import NEXT, fail

pytestmark = pytest.mark.django_db


def wrong_sums() -> list[tuple[str, int, int]]:
    """Title, what is stored, what is true."""
    counted = [(root.title, root.open_tasks, open_tasks_of(root.pattern_ids)) for root in Group.objects.roots()]
    return [(title, stored, true) for title, stored, true in counted if stored != true]


def fail_twice(account: Account, upstream_id: str, first: str, then: str) -> None:
    """One task that failed for two causes: it is open in both groups."""
    tell(account, upstream_id, "waiting", now_ms(), retries=1, errorMessage=first)
    tell(account, upstream_id, "failed", now_ms() + SECOND, retries=1, errorMessage=then)


@pytest.mark.parametrize("steps", range(7))
def test_groups_that_become_one_are_counted_once_wherever_regrouping_is_stopped(account: Account, steps: int) -> None:
    fail(account, "two", "beta")
    fail(account, "three", "gamma")
    fail_twice(account, "one", "beta", "gamma")
    under_way = regroup(NEXT)
    for _ in range(steps):
        next(under_way, None)
    assert wrong_sums() == []
    list(regroup(NEXT))
    assert wrong_sums() == []


def test_groups_that_become_one_by_a_pattern_without_tasks_are_counted_once(
    account: Account, people: SimpleNamespace
) -> None:
    beta, gamma = fail(account, "a", "beta"), fail(account, "b", "gamma")
    delta = fail(account, "c", "delta")
    fail_twice(account, "one", "delta", "epsilon")
    merge(by(people.sam, delta), beta.pk)
    merge(by(people.sam, Group.objects.get(title="epsilon")), gamma.pk)
    gone = list(Task.objects.filter(upstream_id__in=["a", "b"]).values_list("pk", flat=True))
    forget(gone)
    Task.objects.filter(pk__in=gone).delete()
    assert wrong_sums() == []
    list(regroup(NEXT))
    tell(account, "c", "failed", now_ms() + HOUR, errorMessage="delta", scheduledAt=5)
    assert wrong_sums() == []


def test_a_sum_that_is_wrong_is_put_right_by_grouping_anew(account: Account) -> None:
    group = fail(account, "one", "beta")
    Group.objects.update(open_tasks=3)
    list(regroup())
    begin_anew()
    list(regroup())
    assert again(group).open_tasks == 1
