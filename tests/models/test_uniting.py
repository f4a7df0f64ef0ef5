"""Groups that are merged, and taken apart again."""

from types import SimpleNamespace

import pytest

from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, AuditEntry, Decision
from dashboard.models.group import Group
from dashboard.models.settling import wake
from dashboard.models.triage import Moved, Outpaced, Refused
from dashboard.models.uniting import merge, unmerge
from tests.models.failures import CODEC, TIMEOUT, again, by, fail

pytestmark = pytest.mark.django_db
LOST = "Failed to enqueue task"


@pytest.fixture
def codec(account: Account) -> Group:
    fail(account, "one", CODEC, at=now_ms() - HOUR)
    return fail(account, "two", CODEC, at=now_ms() - MINUTE)


@pytest.fixture
def timeout(account: Account) -> Group:
    return fail(account, "three", TIMEOUT, at=now_ms() - 2 * HOUR)


@pytest.fixture
def lost(account: Account) -> Group:
    return fail(account, "four", LOST, at=now_ms() - 3 * HOUR)


def totals(group: Group) -> tuple[int, int, int]:
    return again(group).open_tasks, again(group).first_at, again(group).last_at


def test_the_root_counts_for_all_and_the_merged_one_is_not_shown(
    codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    before = codec.open_tasks, timeout.first_at, codec.last_at
    merge(by(people.sam, timeout), codec.pk)
    assert totals(codec) == (before[0] + 1, before[1], before[2])
    assert again(timeout).state == "merged"
    assert list(Group.objects.roots()) == [codec]
    assert again(codec).pattern_ids == [codec.pk, timeout.pk]


def test_failures_to_come_follow_the_merge(
    account: Account, codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    merge(by(people.sam, timeout), codec.pk)
    by(people.sam, codec).resolve()
    at = now_ms() + SECOND
    assert fail(account, "five", TIMEOUT, at=at).pk == timeout.pk
    assert totals(codec)[::2] == (4, at)
    assert again(codec).state == "regressed"


def test_what_was_merged_into_it_goes_along(codec: Group, timeout: Group, lost: Group, people: SimpleNamespace) -> None:
    merge(by(people.sam, lost), timeout.pk)
    merge(by(people.sam, timeout), codec.pk)
    assert again(lost).merged_into_id == again(timeout).merged_into_id == codec.pk
    assert totals(codec)[0] == 4


def test_merging_into_a_merged_one_means_its_root(
    codec: Group, timeout: Group, lost: Group, people: SimpleNamespace
) -> None:
    merge(by(people.sam, timeout), codec.pk)
    assert merge(by(people.sam, lost), timeout.pk) == codec
    assert again(lost).merged_into_id == codec.pk


def test_a_merge_with_itself_in_a_circle_or_across_teams_is_refused(
    codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    theirs = Group.objects.create(team=people.other, fingerprint="f" * 32, version=1, title="t", family="unknown")
    with pytest.raises(Refused, match="with itself"):
        merge(by(people.sam, codec), codec.pk)
    for unknown in (theirs.pk, 10**12):
        with pytest.raises(Refused, match="has no group"):
            merge(by(people.sam, codec), unknown)
    merge(by(people.sam, timeout), codec.pk)
    with pytest.raises(Refused, match="circle"):
        merge(by(people.sam, codec), timeout.pk)
    with pytest.raises(Moved, match="was merged into"):
        merge(by(people.sam, timeout), codec.pk)
    assert again(codec).merged_into_id is again(theirs).merged_into_id is None


def test_what_is_done_to_a_merged_one_says_where_it_went(codec: Group, timeout: Group, people: SimpleNamespace) -> None:
    merge(by(people.sam, timeout), codec.pk)
    for act in (by(people.sam, timeout).resolve, by(people.sam, timeout).reopen):
        with pytest.raises(Moved) as moved:
            act()
        assert moved.value.root == codec


def test_taken_out_again_each_has_its_own(codec: Group, timeout: Group, lost: Group, people: SimpleNamespace) -> None:
    before = totals(codec), totals(timeout)
    by(people.sam, timeout).assign(people.sam.pk)
    merge(by(people.sam, timeout), codec.pk)
    merge(by(people.sam, lost), codec.pk)
    by(people.sam, codec).resolve()
    unmerge(by(people.sam, codec), timeout.pk)
    unmerge(by(people.sam, codec), lost.pk)
    assert (totals(codec), totals(timeout)) == before
    assert (again(codec).state, again(timeout).state, again(lost).state) == ("resolved", "owned", "open")
    with pytest.raises(Refused, match="not merged into"):
        unmerge(by(people.sam, codec), timeout.pk)


def test_its_own_state_is_looked_at_again_when_it_comes_out(
    account: Account, codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    by(people.sam, timeout).resolve()
    merge(by(people.sam, timeout), codec.pk)
    fail(account, "five", TIMEOUT, at=now_ms() + SECOND)
    assert again(timeout).state == "merged"
    unmerge(by(people.sam, codec), timeout.pk)
    assert again(timeout).state == "regressed"


def test_an_ignored_one_sleeps_on_while_it_is_merged(codec: Group, timeout: Group, people: SimpleNamespace) -> None:
    by(people.sam, timeout).ignore(days=1)
    merge(by(people.sam, timeout), codec.pk)
    wake(now_ms() + 2 * DAY)
    assert again(timeout).triage == "ignored"
    unmerge(by(people.sam, codec), timeout.pk)
    assert again(timeout).state == "ignored"
    wake(now_ms() + 2 * DAY)
    assert again(timeout).state == "open"


def test_what_failed_after_the_root_was_resolved_brings_it_back(
    codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    by(people.sam, timeout, now=now_ms() - HOUR).resolve()
    merge(by(people.sam, codec), timeout.pk)
    assert again(timeout).state == "regressed"


def test_so_many_more_may_be_of_any_pattern(
    account: Account, codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    merge(by(people.sam, timeout), codec.pk)
    by(people.sam, codec).ignore(more=2, hours=1)
    fail(account, "five", TIMEOUT, at=now_ms())
    fail(account, "six", CODEC, at=now_ms())
    assert again(codec).state == "open"


def test_merging_and_taking_out_is_a_turn_of_both_and_told(
    codec: Group, timeout: Group, people: SimpleNamespace
) -> None:
    merge(by(people.sam, timeout, turn=0), codec.pk)
    with pytest.raises(Outpaced) as outpaced:
        by(people.alice, codec, turn=0).resolve()
    assert [decision.what for decision in outpaced.value.meanwhile] == ["merged"]
    with pytest.raises(Outpaced):
        unmerge(by(people.alice, codec, turn=0), timeout.pk)
    unmerge(by(people.alice, codec, turn=1), timeout.pk)
    assert list(Decision.objects.values_list("group", "what").order_by("id")) == [
        (timeout.pk, "merged"),
        (codec.pk, "merged"),
        (timeout.pk, "unmerged"),
        (codec.pk, "unmerged"),
    ]
    audit = AuditEntry.objects.order_by("id").values_list("what", "subject")
    assert list(audit) == [("failure.merged", timeout.title), ("failure.unmerged", timeout.title)]


def test_what_is_still_failed_is_not_out_of_sight_in_a_resolved_group(
    account: Account, people: SimpleNamespace
) -> None:
    group, into = fail(account, "one", CODEC), fail(account, "two", TIMEOUT)
    by(people.sam, into).resolve()
    merge(by(people.sam, group), into.pk)
    assert again(into).state == "open"
    assert into.decisions.order_by("-id")[0].what == "reopened"
