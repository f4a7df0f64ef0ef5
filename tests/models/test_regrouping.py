"""A new version of the function that reads messages: history is grouped anew, and what people decided stays."""

import hashlib
import random
from types import SimpleNamespace

import pytest

from dashboard.clock import DAY, SECOND, now_ms
from dashboard.families import UNKNOWN
from dashboard.fingerprint import VERSION, Fingerprint, fingerprint_of
from dashboard.models import Account, Attempt, Bucket, Decision, Failure, Group, Regrouping, Task
from dashboard.models.failing import record_again
from dashboard.models.regrouping import TASKS_AT_ONCE, is_needed, regroup, tasks_left
from dashboard.models.telling import Reader
from dashboard.models.uniting import merge
from tests.models.failures import again, by, tell
from tests.models.random_lives import Life
from tests.models.test_failing import assert_all_is_true, everything, play

pytestmark = pytest.mark.django_db


def fail(account: Account, upstream_id: str, message: str, at: int | None = None) -> Group:
    """The group of a task that failed so."""
    task = tell(account, upstream_id, "failed", at or now_ms(), errorMessage=message)
    group: Group = Group.objects.get(failures__task=task)
    return group


def caused(name: str) -> Fingerprint:
    return Fingerprint(hashlib.sha256(name.encode()).hexdigest()[:32], name, UNKNOWN)


def second(message: str, task_type: str) -> Fingerprint:
    """Beta and gamma are one cause now, alpha is two; all others are as they were."""
    match message.split():
        case ["beta" | "gamma", *_]:
            return caused("greek")
        case ["alpha", number]:
            return caused("alpha even" if int(number) % 2 == 0 else "alpha odd")
    return fingerprint_of(message, task_type)


NEXT = Reader(VERSION + 1, second)


def run(reader: Reader = NEXT) -> int:
    """All steps; how many tasks were counted again at last."""
    return sum(step.tasks for step in regroup(reader))


def test_nothing_is_needed_twice(account: Account) -> None:
    fail(account, "one", "delta")
    assert is_needed()
    run(Reader(VERSION, fingerprint_of))
    assert not is_needed()
    assert is_needed(NEXT)
    run()
    assert not is_needed(NEXT)
    assert not is_needed()  # what a newer version did is left alone by an older one
    assert run(Reader(VERSION, fingerprint_of)) == 0


def test_the_history_of_an_installation_that_upgrades_is_grouped(account: Account) -> None:
    play(account, [Life(number, random.Random(3)) for number in range(40)], random.Random(4))
    before = [(row["fingerprint"], row["open_tasks"]) for row in Group.objects.order_by("fingerprint").values()]
    Group.objects.all().delete()
    Bucket.objects.all().delete()
    assert not Failure.objects.exists()
    number = Attempt.objects.filter(phase="failed").values("task").distinct().count()
    assert tasks_left() == number
    assert run(Reader(VERSION, fingerprint_of)) == number
    assert before == [(row["fingerprint"], row["open_tasks"]) for row in Group.objects.order_by("fingerprint").values()]
    assert_all_is_true(now=now_ms())
    assert not Decision.objects.exists()


def test_what_most_of_a_group_is_keeps_it_and_the_rest_gets_its_own_in_the_same_state(
    account: Account, people: SimpleNamespace
) -> None:
    group, *_ = [fail(account, f"task-{number}", f"alpha {number}") for number in (1, 3, 5, 2, 4)]
    by(people.sam, group).assign(people.sam.pk)
    by(people.sam, group).note("Looking at it")
    by(people.sam, group).ignore(days=3)
    run()
    odd, even = Group.objects.order_by("pk")
    assert (odd.pk, odd.title, odd.fingerprint) == (group.pk, "alpha odd", caused("alpha odd").value)
    assert (even.title, even.family) == ("alpha even", "unknown")
    assert (odd.open_tasks, even.open_tasks) == (3, 2)
    for each in (odd, even):
        assert (each.state, each.owner, each.version) == ("ignored", people.sam, VERSION + 1)
    assert odd.ignored_until == even.ignored_until
    assert list(odd.decisions.values_list("what", flat=True)) == ["took", "noted", "ignored"]
    told = even.decisions.get()
    assert (told.what, told.by_name, told.told["from"]) == ("regrouped", "Studio Tasks", group.pk)
    assert_all_is_true(second, now_ms())


def test_what_was_seen_last_is_told_of_each_part(account: Account) -> None:
    at = now_ms()
    group = fail(account, "one", "alpha 1", at=at)
    fail(account, "three", "alpha 3", at=at + SECOND)
    fail(account, "two", "alpha 2", at=at + 10 * SECOND)
    run()
    even = Group.objects.exclude(pk=group.pk).get()
    assert (again(group).last_at, even.last_at) == (at + SECOND, at + 10 * SECOND)
    assert even.first_at == even.last_at


@pytest.mark.parametrize("touched", ["beta", "gamma"])
def test_of_two_that_are_one_the_one_that_people_touched_stays(
    account: Account, people: SimpleNamespace, touched: str
) -> None:
    groups = {"beta": fail(account, "one", "beta"), "gamma": fail(account, "two", "gamma")}
    kept = groups.pop(touched)
    [other] = groups.values()
    by(people.sam, kept).resolve()
    run()
    kept, other = again(kept), again(other)
    assert (kept.fingerprint, kept.title, kept.state) == (caused("greek").value, "greek", "resolved")
    assert (other.merged_into_id, other.state) == (kept.pk, "merged")
    assert [d.told.get("pattern") for d in kept.decisions.filter(what="regrouped")] == [other.pk]
    assert [d.told.get("into") for d in other.decisions.filter(what="regrouped")] == [kept.pk]
    assert kept.open_tasks == 2
    assert_all_is_true(second, now_ms())


def test_of_two_that_people_touched_the_more_pressing_state_and_both_histories_stay(
    account: Account, people: SimpleNamespace
) -> None:
    beta, gamma = fail(account, "one", "beta"), fail(account, "two", "gamma")
    by(people.sam, beta).resolve()
    by(people.alice, gamma).assign(people.alice.pk)
    run()
    beta, gamma = again(beta), again(gamma)
    assert (beta.state, beta.owner, gamma.merged_into_id) == ("owned", people.alice, beta.pk)
    assert [d.what for d in beta.decisions.all()] == ["resolved", "regrouped"]
    assert [d.what for d in gamma.decisions.all()] == ["took", "regrouped"]


def test_what_people_merged_stays_merged(account: Account, people: SimpleNamespace) -> None:
    alpha, delta = fail(account, "one", "alpha 1"), fail(account, "two", "delta")
    fail(account, "three", "alpha 3")
    fail(account, "four", "alpha 4")
    merge(by(people.sam, alpha), delta.pk)
    run()
    assert set(again(delta).merged.values_list("title", flat=True)) == {"alpha odd", "alpha even"}
    assert again(delta).open_tasks == 4
    assert [group.pk for group in Group.objects.roots()] == [delta.pk]
    assert_all_is_true(second, now_ms())


def test_a_part_of_a_merged_group_that_joins_another_brings_the_whole_along(
    account: Account, people: SimpleNamespace
) -> None:
    beta, delta, gamma = (fail(account, word, word) for word in ("beta", "delta", "gamma"))
    merge(by(people.sam, beta), delta.pk)
    run()
    assert {group.pk: group.merged_into_id for group in Group.objects.all()} == {
        beta.pk: delta.pk,
        delta.pk: None,
        gamma.pk: delta.pk,
    }
    assert again(delta).open_tasks == 3
    assert_all_is_true(second, now_ms())


def test_merged_ones_that_become_one_show_as_that(account: Account, people: SimpleNamespace) -> None:
    beta, gamma = fail(account, "one", "beta"), fail(account, "two", "gamma")
    merge(by(people.sam, beta), gamma.pk)
    run()
    assert (again(gamma).title, again(gamma).open_tasks, again(beta).merged_into_id) == ("greek", 2, gamma.pk)
    assert_all_is_true(second, now_ms())


def test_a_task_that_failed_for_two_causes_that_become_one_is_one_open_task(account: Account) -> None:
    fail(account, "two", "beta")
    tell(account, "one", "waiting", now_ms(), retries=1, errorMessage="beta")
    fail(account, "three", "gamma")
    tell(account, "one", "failed", now_ms() + SECOND, retries=1, errorMessage="gamma")
    assert sum(group.open_tasks for group in Group.objects.all()) == 4
    run()
    assert Group.objects.roots().get().open_tasks == 3
    assert_all_is_true(second, now_ms())


def test_groups_that_change_places_do_not_get_in_each_others_way(account: Account, people: SimpleNamespace) -> None:
    words = ("beta", "gamma", "delta")
    turned = dict(zip(words, (*words[1:], words[0]), strict=True))

    def third(message: str, task_type: str) -> Fingerprint:
        return fingerprint_of(turned.get(message, message), task_type)

    groups = {word: fail(account, word, word) for word in words}
    by(people.sam, groups["delta"]).resolve()
    run(Reader(VERSION + 1, third))
    for word, group in groups.items():
        assert again(group).fingerprint == fingerprint_of(turned[word]).value
        assert again(group).merged_into_id is None
    assert again(groups["delta"]).state == "resolved"
    assert_all_is_true(third, now_ms())


def test_part_of_one_may_join_another_without_merging_the_two(account: Account, people: SimpleNamespace) -> None:
    def third(message: str, task_type: str) -> Fingerprint:
        return fingerprint_of("delta" if message == "alpha 2" else message, task_type)

    alpha, delta = fail(account, "one", "alpha 1"), fail(account, "two", "delta")
    fail(account, "three", "alpha 3")
    fail(account, "four", "alpha 2")
    by(people.sam, alpha).resolve()
    run(Reader(VERSION + 1, third))
    assert (again(alpha).state, again(alpha).open_tasks) == ("resolved", 2)
    assert (again(delta).state, again(delta).open_tasks) == ("open", 2)
    assert Group.objects.count() == 2


def test_old_failures_are_no_news(account: Account, people: SimpleNamespace) -> None:
    """A failure that comes to a resolved or ignored group from elsewhere neither brings it back nor wakes it."""
    soon = now_ms() + DAY
    alpha, delta = fail(account, "one", "alpha 1"), fail(account, "two", "delta")
    for number in range(3, 13, 2):
        fail(account, f"task-{number}", f"alpha {number}", at=soon)
    by(people.sam, delta).ignore(more=2, hours=24)

    def third(message: str, task_type: str) -> Fingerprint:
        return fingerprint_of("delta" if message.startswith("alpha") else message, task_type)

    by(people.sam, alpha).resolve()
    run(Reader(VERSION + 1, third))
    root = Group.objects.roots().get()
    assert root.state == "ignored"
    assert not Decision.objects.filter(what__in=("regressed", "woke")).exists()


def test_messages_that_were_cut_are_read_as_a_whole(account: Account) -> None:
    long = "omega " + "x" * 2000

    def third(message: str, task_type: str) -> Fingerprint:
        return caused(f"{len(message)} long")

    group = fail(account, "one", long)
    run(Reader(VERSION + 1, third))
    assert again(group).title == f"{len(long)} long"
    assert Group.objects.count() == 1


def test_a_group_without_failures_is_what_its_title_says(account: Account, people: SimpleNamespace) -> None:
    beta = by(people.sam, fail(account, "one", "beta")).resolve()
    Task.objects.all().delete()
    run()
    assert (again(beta).fingerprint, again(beta).state) == (caused("greek").value, "resolved")


def test_a_new_failure_that_came_between_is_joined_with_what_was_known(
    account: Account, people: SimpleNamespace
) -> None:
    """After the upgrade, before its group was brought over: the function is the new one already."""
    beta = by(people.sam, fail(account, "one", "beta")).assign(people.sam.pk)
    task = fail(account, "two", "delta").failures.get().task
    Attempt.objects.filter(task=task).update(error="gamma")
    record_again(account, [task.pk], now_ms(), NEXT)
    assert Group.objects.get(fingerprint=caused("greek").value).pk != beta.pk
    run()
    assert (again(beta).fingerprint, again(beta).open_tasks, again(beta).state) == (caused("greek").value, 2, "owned")


def test_interrupted_anywhere_it_goes_on(account: Account, people: SimpleNamespace) -> None:
    play(account, [Life(number, random.Random(5)) for number in range(60)], random.Random(6))
    groups = [fail(account, f"beta-{n}", ("beta", "gamma", f"alpha {n}")[n % 3]) for n in range(12)]
    by(people.sam, groups[0]).assign(people.sam.pk)
    steps = 0
    while is_needed(NEXT):
        for number, _ in enumerate(regroup(NEXT)):
            if number == steps:
                break
        steps += 1
    assert again(groups[0]).state == "owned"
    assert_all_is_true(second, now_ms())


def test_two_at_once_do_no_harm(account: Account, people: SimpleNamespace) -> None:
    groups = [fail(account, f"beta-{n}", ("beta", "gamma", f"alpha {n}")[n % 3]) for n in range(12)]
    by(people.sam, groups[1]).resolve()
    both = [regroup(NEXT), regroup(NEXT)]
    while both:
        both = [steps for steps in both if next(steps, None) is not None]
    assert not is_needed(NEXT)
    assert again(groups[1]).state == "resolved"
    assert Decision.objects.filter(what="regrouped", said__contains="into").count() == 1
    assert_all_is_true(second, now_ms())


def test_after_random_lives_and_decisions_all_is_true_and_nothing_decided_is_lost(
    account: Account, people: SimpleNamespace
) -> None:
    chance = random.Random(9)

    def coarse(message: str, task_type: str) -> Fingerprint:
        """Joins by the first letter; splits by what comes last."""
        told = message[:1] if message[:1] in "eE" else message[-3:]
        return caused(told)

    play(account, [Life(number, chance) for number in range(100)], chance)
    groups = list(Group.objects.order_by("pk"))
    for group in chance.sample(groups, 4):
        by(people.sam, group).assign(people.sam.pk)
    for group in chance.sample(groups, 2):
        by(people.sam, group).resolve()
    merge(by(people.sam, groups[0]), groups[-1].pk)
    decided = list(Decision.objects.values_list("pk", "group", "what"))
    run(Reader(VERSION + 1, coarse))
    assert_all_is_true(coarse, now_ms())
    assert list(Decision.objects.exclude(what="regrouped").values_list("pk", "group", "what")) == decided
    assert again(groups[0]).merged_into_id is not None
    assert not Group.objects.filter(version__lte=VERSION).exists()
    before = everything()
    Regrouping.objects.all().delete()
    run(Reader(VERSION + 1, coarse))
    assert everything() == before


def test_tasks_of_removed_accounts_are_left_alone(account: Account) -> None:
    fail(account, "one", "delta")
    Group.objects.all().delete()
    Account.objects.update(removed_at=now_ms())
    run(Reader(VERSION, fingerprint_of))
    assert not Group.objects.exists()


def test_many_tasks_are_walked_in_portions(account: Account) -> None:
    for number in range(TASKS_AT_ONCE // 50 + 1):
        fail(account, f"task-{number}", "delta")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.models.regrouping.TASKS_AT_ONCE", 2)
        assert [step.tasks for step in regroup() if step.tasks] == [2, 2, 1]
    assert Regrouping.objects.get().done_at is not None
    assert Regrouping.objects.get().upto == Task.objects.latest("pk").pk
