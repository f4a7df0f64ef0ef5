"""Failures, their buckets and their groups, beside a count of them from the beginning."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from dashboard.clock import DAY, HOUR
from dashboard.fingerprint import Fingerprint, fingerprint_of
from dashboard.models import Account, Attempt, Bucket, Failure, Group, Observation, Task
from dashboard.models.bucket import HOURS_KEPT_MS
from dashboard.models.failing import forget, record_again
from dashboard.models.memory import mark_gone, remember
from tests.models.documents import BORN_AT, snapshot
from tests.models.random_lives import SPAN, Life, heard

Read = Callable[[str, str], Fingerprint]
TASKS = 300
NOW = BORN_AT + SPAN + DAY
FIELDS = (
    "first_at", "at", "times", "is_final", "retried", "worked", "recovered_at", "recovered_by", "is_open", "message",
)  # fmt: skip


@pytest.fixture
def accounts(people: SimpleNamespace) -> list[Account]:
    """Two of Acme and one of others."""
    teams = (people.team, people.team, people.other)
    return [
        Account.objects.create(team=team, name=f"A{n}", url="https://x.example.test") for n, team in enumerate(teams)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_after_random_lives_everything_equals_a_count_from_the_beginning(accounts: list[Account], seed: int) -> None:
    chance = random.Random(seed)
    for account in accounts:
        play(account, [Life(number, chance) for number in range(TASKS // 3)], chance)
    assert_all_is_true()
    assert Failure.objects.count() > TASKS / 5
    assert Failure.objects.exclude(recovered_by="").exists()


def test_counting_everything_again_changes_nothing(accounts: list[Account]) -> None:
    chance = random.Random(7)
    play(accounts[0], [Life(number, chance) for number in range(60)], chance)
    before = everything()
    record_again(accounts[0], list(Task.objects.values_list("pk", flat=True)), NOW)
    assert everything() == before


def test_tasks_that_are_forgotten_stay_in_the_buckets_but_are_open_no_more(accounts: list[Account]) -> None:
    chance = random.Random(8)
    play(accounts[0], [Life(number, chance) for number in range(60)], chance)
    buckets = list(Bucket.objects.order_by("pk").values())
    gone = chance.sample(list(Task.objects.values_list("pk", flat=True)), 30)
    forget(gone)
    Task.objects.filter(pk__in=gone).delete()
    assert list(Bucket.objects.order_by("pk").values()) == buckets
    assert_open_tasks_are_true()


def test_a_task_that_failed_without_a_word_counts_as_that_also_after_it_was_retried(account: Account) -> None:
    remember(account, [snapshot("failed", 10, retries=0)], NOW)
    remember(account, [snapshot("waiting", 20, retries=0, scheduledAt=BORN_AT + 15_000)], NOW)
    failure = Failure.objects.get()
    assert (failure.is_final, failure.is_open, failure.message) == (False, True, "")


def test_another_task_that_made_the_asset_also_saves_one_that_is_still_being_retried(account: Account) -> None:
    remember(account, [snapshot("waiting", 10, "a", retries=1, errorMessage="timeout", outputAssetId="x")], NOW)
    remember(account, [snapshot("completed", 20, "b", outputAssetId="x")], NOW)
    assert Failure.objects.get().recovered_by == "b"
    assert_all_is_true()


def test_what_is_told_later_of_a_task_that_made_an_asset_does_not_move_when_it_did(account: Account) -> None:
    remember(account, [snapshot("failed", 10, "before", errorMessage="timeout", outputAssetId="x")], NOW)
    remember(account, [snapshot("completed", 20, "maker", outputAssetId="x")], NOW)
    remember(account, [snapshot("failed", 30, "after", errorMessage="timeout", outputAssetId="x")], NOW)
    remember(account, [snapshot("completed", 40, "maker", outputAssetId="x", deleted=True)], NOW)
    remember(account, [snapshot("failed", 15, "late", errorMessage="timeout", outputAssetId="x")], NOW)
    told = Failure.objects.values_list("task__upstream_id", "recovered_at", "is_open")
    made_at = BORN_AT + 20_000
    assert set(told) == {("before", made_at, False), ("late", made_at, False), ("after", None, True)}
    assert_all_is_true()


def test_each_failure_stays_recovered_when_the_tasks_that_made_its_asset_are_forgotten(account: Account) -> None:
    for at, message in ((10, "timeout"), (30, "Unsupported codec: vp6"), (50, "timeout")):
        told = {"scheduledAt": BORN_AT + at * 1000, "errorMessage": message, "outputAssetId": "x"}
        remember(account, [snapshot("failed", at, **told)], NOW)
        remember(account, [snapshot("completed", at + 10, f"maker-{at}", outputAssetId="x")], NOW)
    before = everything()
    makers = Task.objects.filter(phase="completed")
    forget(list(makers.values_list("pk", flat=True)))
    makers.delete()
    record_again(account, list(Task.objects.values_list("pk", flat=True)), NOW)
    assert everything() == before
    assert not Failure.objects.filter(is_open=True).exists()


def play(account: Account, lives: list[Life], chance: random.Random) -> None:
    for batch in heard(lives, chance):
        now = min(NOW, batch[0].updated_at + HOUR)
        remember(account, batch, now)
        if chance.random() < 0.05:
            mark_gone(chance.choice(Task.objects.filter(account=account).order_by("pk")), now)


def everything() -> list[object]:
    failures = list(Failure.objects.order_by("task", "group").values("task", "group", *FIELDS))
    buckets = list(Bucket.objects.order_by("pk").values())
    return [failures, buckets, list(Group.objects.order_by("pk").values())]


def assert_all_is_true(read: Read = fingerprint_of, now: int = NOW) -> None:
    """`read`: the function from message and type to fingerprint. `now`: of the last change."""
    assert_failures_are_true(read)
    assert_buckets_are_true(now)
    assert_open_tasks_are_true()


def assert_failures_are_true(read: Read) -> None:
    held = {
        (failure.task_id, failure.group.team_id, failure.group.fingerprint): {f: getattr(failure, f) for f in FIELDS}
        for failure in Failure.objects.select_related("group")
    }
    tasks = list(Task.objects.select_related("account"))
    completed = dict(Observation.objects.filter(phase="completed").order_by("-at").values_list("task", "at"))  # first
    made = [(t.account_id, t.output_asset_id, completed[t.pk], t.upstream_id) for t in tasks if t.phase == "completed"]
    expected = {}
    for task in tasks:
        for value, told in told_by(task, read).items():
            makers = [
                m[2:] for m in made if m[:2] == (task.account_id, task.output_asset_id) and m[1] and m[2] > told["at"]
            ]
            recovered = (
                (max(task.updated_at, told["at"]), "") if task.phase == "completed" else min(makers, default=(None, ""))
            )
            told["recovered_at"], told["recovered_by"] = recovered
            told["is_open"] = recovered[0] is None and task.deleted_at is None and task.phase != "cancelled"
            expected[task.pk, task.account.team_id, value] = told
    assert held == expected


def told_by(task: Task, read: Read) -> dict[str, dict[str, object]]:
    """By fingerprint what the attempts say. One that was seen to fail, or whose reason was seen, counts."""
    tries = list(Attempt.objects.filter(task=task).order_by("series", "number"))
    found: dict[str, list[int]] = defaultdict(list)
    for place, attempt in enumerate(tries):
        if attempt.phase == "failed" and (attempt.error or attempt.ended_at):
            found[read(attempt.error, task.type).value].append(place)
    told = {}
    for value, places in found.items():
        times = [tries[place].ended_at or tries[place].started_at or task.updated_at for place in places]
        after = [tries[place + 1].phase for place in places if place + 1 < len(tries)]
        told[value] = {
            "first_at": min(times),
            "at": max(times),
            "times": len(places),
            "is_final": places[-1] == len(tries) - 1 and task.phase == "failed",
            "retried": sum(phase in ("completed", "failed") for phase in after),
            "worked": after.count("completed"),
            "message": tries[places[-1]].error,
        }
    return told


def assert_buckets_are_true(now: int) -> None:
    names = ("tasks", "retried", "worked", "recovered")
    expected: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for failure in Failure.objects.all():
        for hours in (1, 24):
            at = failure.at - failure.at % (hours * HOUR)
            told = (1, failure.retried, failure.worked, int(failure.recovered_at is not None))
            where = (failure.group_id, failure.account_id, failure.type, hours, at)
            expected[where].update(dict(zip(names, told, strict=True)))
    kept = now - HOURS_KEPT_MS
    held = {
        (b.group_id, b.account_id, b.type, b.hours, b.at): [getattr(b, name) for name in names]
        for b in Bucket.objects.all()
        if b.hours == 24 or b.at >= kept
    }
    wanted = {
        where: [sums[name] for name in names] for where, sums in expected.items() if where[3] == 24 or where[4] >= kept
    }
    assert {where: sums for where, sums in held.items() if any(sums)} == wanted


def assert_open_tasks_are_true() -> None:
    for group in Group.objects.filter(merged_into=None):
        failures = Failure.objects.filter(group__in=group.pattern_ids)
        assert group.open_tasks == failures.filter(is_open=True).count(), group
        times = list(failures.values_list("first_at", "at"))
        if times:
            assert group.first_at <= min(first for first, _ in times)
            assert group.last_at >= max(last for _, last in times)
        before = group.state
        group.settle()
        assert group.state == before
