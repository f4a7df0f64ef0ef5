"""What stays true of failures when tasks are forgotten, merged, told late, and when people leave."""

from types import SimpleNamespace

import pytest

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.models import Account, Bucket, Failure, Group, Role, Task
from dashboard.models.audit import Actor
from dashboard.models.roster import give_role, remove
from dashboard.models.team import Membership
from dashboard.models.uniting import merge
from dashboard.sync import removing
from dashboard.sync.housekeeping import _forget_tasks
from tests.models.failures import CODEC, TIMEOUT, again, by, fail, tell

pytestmark = pytest.mark.django_db


def counted() -> list[int]:
    return list(Bucket.objects.filter(hours=24).values_list("tasks", flat=True))


def two_causes(account: Account) -> list[Group]:
    """One task: its first try failed for another cause than its last."""
    scheduled = now_ms() - HOUR
    tell(account, "t", "waiting", scheduled + MINUTE, retries=1, errorMessage=CODEC, scheduledAt=scheduled)
    tell(account, "t", "failed", scheduled + 9 * MINUTE, retries=1, errorMessage=TIMEOUT, scheduledAt=scheduled)
    return list(Group.objects.order_by("pk"))


def test_what_was_forgotten_is_not_learned_and_counted_again(account: Account) -> None:
    account.team.keep_tasks_days = 1
    account.team.save()
    old = now_ms() - 3 * DAY
    Account.objects.filter(pk=account.pk).update(created_at="2026-01-01T00:00Z")
    tell(account, "t", "running", old - MINUTE)
    fail(account, "t", CODEC, old)
    for _ in range(3):
        _forget_tasks(account, now_ms() - DAY)
        with pytest.raises(Task.DoesNotExist):
            tell(account, "t", "failed", old, errorMessage=CODEC)
    assert counted() == [1]


def test_a_task_that_failed_for_two_merged_causes_is_one_open_task(account: Account, people: SimpleNamespace) -> None:
    one, other = two_causes(account)
    merge(by(people.sam, one), other.pk)
    assert again(other).open_tasks == 1
    fail(account, "another", TIMEOUT)
    assert again(other).open_tasks == 2


def test_a_try_that_was_cancelled_says_nothing_about_retrying(account: Account) -> None:
    scheduled = now_ms() - HOUR
    tell(account, "t", "waiting", scheduled + MINUTE, retries=1, errorMessage=TIMEOUT, scheduledAt=scheduled)
    tell(account, "t", "cancelled", scheduled + 2 * MINUTE, retries=1, scheduledAt=scheduled)
    assert Failure.objects.get().retried == 0


def test_older_failures_that_are_learned_late_do_not_wake_an_ignored_group(
    account: Account, people: SimpleNamespace
) -> None:
    group = fail(account, "t", CODEC, now_ms() - 3 * DAY)
    by(people.sam, group).ignore(more=3, hours=24 * 30)
    for number in range(3):
        fail(account, f"late-{number}", CODEC, now_ms() - 2 * DAY)
    assert again(group).state == "ignored"


def test_merging_into_an_ignored_group_does_not_wake_it(account: Account, people: SimpleNamespace) -> None:
    group = fail(account, "t", CODEC, now_ms() - 3 * DAY)
    for number in range(3):
        other = fail(account, f"other-{number}", TIMEOUT)
    by(people.sam, group).ignore(more=3, hours=24 * 30)
    merge(by(people.sam, other), group.pk)
    assert again(group).state == "ignored"


@pytest.mark.parametrize("leaves", [True, False], ids=["left", "viewer now"])
def test_groups_of_who_may_not_triage_any_more_are_nobodys(
    account: Account, people: SimpleNamespace, leaves: bool
) -> None:
    group = by(people.sam, fail(account, "t")).assign(people.sam.pk)
    member = Membership.objects.get(user=people.sam)
    alice = Actor(people.alice.email, people.alice.pk)
    if leaves:
        remove(member, alice)
    else:
        give_role(member, Role.VIEWER, alice)
    found = again(group)
    assert (found.state, found.owner_id, found.owner_name) == ("open", None, "")
    assert found.decisions.order_by("-id")[0].what == "released"


def test_a_cause_that_turns_out_to_be_another_leaves_no_empty_group(account: Account) -> None:
    at = now_ms() - HOUR
    fail(account, "t", "error one", at)
    tell(account, "t", "failed", at + MINUTE, errorMessage=TIMEOUT)
    assert set(Group.objects.values_list("title", flat=True)) == set(
        Group.objects.filter(failures__isnull=False).values_list("title", flat=True)
    )


def test_with_an_account_go_the_groups_that_only_it_had(account: Account, people: SimpleNamespace) -> None:
    fail(account, "t", CODEC)
    kept = by(people.sam, fail(account, "u", TIMEOUT)).resolve()
    Account.objects.filter(pk=account.pk).update(removed_at=now_ms())
    while removing.remove_some():
        continue
    assert list(Group.objects.all()) == [kept]
