"""A task that failed for several causes which are shown as one counts once, wherever tasks are counted."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from pytest_django import DjangoDbBlocker

from dashboard import conditions
from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, Failure, Group, Task, Team
from dashboard.models.causes import Cause, top_causes
from dashboard.models.chosen_failures import DAYS_DRAWN, HOURS_DRAWN, Chosen, Span, Summed
from dashboard.models.compiling import Sql
from dashboard.models.doubles import Tasks, tasks_of
from dashboard.models.failing import forget, record_again
from dashboard.models.failure import Found, Kindred, kindred_of, newest_of
from dashboard.models.listed_groups import SHOWN, ListedGroups, Sort
from dashboard.models.matched_groups import MatchedGroups
from dashboard.models.memory import mark_gone
from dashboard.models.uniting import merge, unmerge
from tests.conftest import new_people
from tests.models.failures import CODEC, TIMEOUT, again, by, fail, tell
from tests.worlds import standing

pytestmark = pytest.mark.django_db
CAUSES = (CODEC, TIMEOUT, "internal error processing file", "error saving file to storage", "file is empty")
TASKS = 26


@pytest.fixture(scope="module", params=[1, 2])
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[SimpleNamespace]:
    """A root that two others were merged into, and two groups that stay alone; failed in two accounts."""
    chance = random.Random(request.param)
    with standing(django_db_blocker):
        people = new_people()
        accounts = [account_of(people.team, name) for name in ("Production", "Staging")]
        for number in range(TASKS):
            live(chance, chance.choice(accounts), f"task-{number}")
        first, *others = chance.sample(list(Group.objects.order_by("pk")), 3)
        for one in others:
            merge(by(people.sam, one), first.pk)
        for number in range(TASKS, TASKS + 9):
            live(chance, chance.choice(accounts), f"task-{number}")
        yield SimpleNamespace(root=first, accounts=accounts, people=people, seed=chance.random())


def account_of(team: Team, name: str) -> Account:
    return Account.objects.create(team=team, name=name, url="https://studio.example.test/api")


@pytest.fixture
def root(world: SimpleNamespace, db: None) -> Group:
    return again(world.root)


@pytest.fixture
def accounts(world: SimpleNamespace) -> list[Account]:
    return list(world.accounts)


def live(chance: random.Random, account: Account, name: str) -> Task:
    """Up to four tries that fail hours or days apart, and what comes of them."""
    tries = chance.choice((1, 1, 2, 3, 4))
    at = now_ms() - chance.choice((chance.randrange(MINUTE, 30 * HOUR), chance.randrange(MINUTE, 40 * DAY)))
    fields = {"type": chance.choice(("upload", "export")), "createdAt": at - MINUTE}
    for number in range(tries):
        task = tell(account, name, "failed", at, retries=number, errorMessage=chance.choice(CAUSES), **fields)
        at = min(now_ms() - SECOND, at + chance.choice((MINUTE, HOUR, DAY, 9 * DAY)))
    ending = chance.random()
    if ending < 0.3:
        tell(account, name, "completed", now_ms(), retries=tries, **fields)
    elif ending < 0.4:
        tell(account, name, "cancelled", now_ms(), retries=tries, **fields)
    elif ending < 0.5:
        mark_gone(task, now_ms())
    elif ending < 0.7 and tries > 1:
        made_between(chance, task)
    return task


def made_between(chance: random.Random, task: Task) -> None:
    """Another task made its asset after one of its failures, maybe before the next."""
    times = sorted(Failure.objects.filter(task=task).values_list("at", flat=True))
    Task.objects.filter(pk=task.pk).update(output_asset_id=f"asset-{task.pk}")
    at = chance.choice(times) + SECOND
    maker = tell(task.account, f"maker-{task.pk}", "completed", at)
    Task.objects.filter(pk=maker.pk).update(output_asset_id=f"asset-{task.pk}", updated_at=at)
    record_again(task.account, [task.pk], now_ms())


def failures_by_root() -> dict[int, list[Failure]]:
    found = defaultdict(list)
    for failure in Failure.objects.select_related("group").order_by("at", "pk"):
        found[failure.group.merged_into_id or failure.group_id].append(failure)
    return found


def last_by_task(failures: list[Failure]) -> list[Failure]:
    """They are in the order of time."""
    return list({failure.task_id: failure for failure in failures}.values())


def test_there_is_something_to_count_twice(root: Group) -> None:
    failures = failures_by_root()[root.pk]
    assert len(last_by_task(failures)) < len(failures)
    assert any(failure.recovered_at for failure in failures)


def test_tasks_of_a_root(root: Group, accounts: list[Account]) -> None:
    for pk, failures in failures_by_root().items():
        for ids in (None, [accounts[0].pk]):
            last = last_by_task([one for one in failures if ids is None or one.account_id in ids])
            expected = Tasks(
                len(last), sum(one.is_open for one in last), sum(one.recovered_at is not None for one in last)
            )
            assert tasks_of(Group(pk=pk).pattern_ids, ids) == expected
        assert again(Group(pk=pk)).open_tasks == len({one.task_id for one in failures if one.is_open})


def test_taking_a_pattern_out_counts_anew(root: Group, world: SimpleNamespace) -> None:
    unmerge(by(world.people.sam, root), root.pattern_ids[1])
    for pk, failures in failures_by_root().items():
        assert again(Group(pk=pk)).open_tasks == len({one.task_id for one in failures if one.is_open})


def test_what_is_forgotten_is_open_no_more(root: Group, world: SimpleNamespace) -> None:
    gone = random.Random(world.seed).sample(list(Task.objects.order_by("pk").values_list("pk", flat=True)), TASKS // 2)
    forget(gone)
    Task.objects.filter(pk__in=gone).delete()
    for pk, failures in failures_by_root().items():
        assert again(Group(pk=pk)).open_tasks == len({one.task_id for one in failures if one.is_open})


def test_the_others_that_failed_so(root: Group) -> None:
    by_root, newest = failures_by_root(), dict[int, tuple[tuple[int, int], int]]()
    for pk, failures in by_root.items():
        for one in failures:
            if one.task_id not in newest or (one.at, one.pk) > newest[one.task_id][0]:
                newest[one.task_id] = (one.at, one.pk), pk
    for task_id, (_, pk) in newest.items():
        assert kindred_of(task_id) == Kindred(pk, len({one.task_id for one in by_root[pk]}))


def test_the_causes_that_most_tasks_failed_for(root: Group, accounts: list[Account]) -> None:
    today = now_ms() - now_ms() % DAY
    pks = [account.pk for account in accounts]
    for ids in (pks[:1], pks):
        for first, last in ((0, 1), (3, 1), (20, 5), (50, 0)):
            span = Span(today - first * DAY, today + DAY - last * DAY)
            tasks = {
                pk: len({one.task_id for one in failures if one.at in span and one.account_id in ids})
                for pk, failures in failures_by_root().items()
            }
            expected = sorted(((n, pk) for pk, n in tasks.items() if n), key=lambda one: (-one[0], one[1]))[:3]
            found = top_causes(ids, span.from_at, span.to_at, 3)
            assert found == [Cause(pk, again(Group(pk=pk)).title, n) for n, pk in expected]


def spans(now: int) -> list[Span]:
    today = now - now % DAY
    closed = [Span.of_days(today - first * DAY, today - last * DAY, now) for first, last in ((30, 10), (9, 2), (1, 1))]
    return [*(Span.last(days, now) for days in (1, 7, 14, 30)), *closed]


def choices(accounts: list[Account]) -> list[Chosen]:
    both, now = tuple(account.pk for account in accounts), now_ms()
    team = (accounts[0].team_id,)
    return [
        Chosen(team, ids, span, now, kind, is_all_accounts=ids == both)
        for span in spans(now)
        for ids, kind in ((both, ""), (both, "export"), (both[:1], ""))
    ]


def expected_of(chosen: Chosen, failures: list[Failure]) -> Summed:
    meant = [one for one in failures if one.account_id in chosen.account_ids and one.type == (chosen.type or one.type)]
    told, within = Summed(), [one for one in meant if one.at in chosen.span]
    last = last_by_task(within)
    told.tasks, told.recovered = len(last), sum(one.recovered_at is not None for one in last)
    told.retried, told.worked = sum(one.retried for one in within), sum(one.worked for one in within)
    told.accounts, told.types = {one.account_id for one in last}, Counter(one.type for one in last)
    for one in last_by_task(meant):
        day, hour = (one.at - chosen.first_day_drawn) // DAY, (one.at - chosen.first_hour_drawn) // HOUR
        if 0 <= day < DAYS_DRAWN:
            told.days[day] += 1
        if 0 <= hour < HOURS_DRAWN:
            told.hours[hour] += 1
    return told


def test_what_the_list_tells_of_a_root(root: Group, accounts: list[Account]) -> None:
    by_root = failures_by_root()
    for chosen in choices(accounts):
        listed = ListedGroups(chosen)
        groups = listed.by_ids(list(by_root))
        for source in (listed, MatchedGroups(chosen, conditions.All(()))):
            told = source.sums(groups)
            for pk, failures in by_root.items():
                assert told[pk] == expected_of(chosen, failures), (source, again(Group(pk=pk)))


def test_sorted_by_tasks(root: Group, accounts: list[Account]) -> None:
    by_root = failures_by_root()
    for chosen in choices(accounts):
        tasks = {pk: expected_of(chosen, failures).tasks for pk, failures in by_root.items()}
        expected = sorted(((n, pk) for pk, n in tasks.items() if n), reverse=True)
        for source in (ListedGroups(chosen), MatchedGroups(chosen, conditions.All(()))):
            found, after = list[tuple[int, int]](), None
            while page := source.page(SHOWN, Sort.TASKS, 2, after):
                found += [(key.updated_at, group.id) for group, key in page]
                after = page[-1][1]
            assert found == expected


def test_the_newest_failures_of_several_patterns(root: Group, accounts: list[Account]) -> None:
    patterns, account = root.pattern_ids, accounts[0]
    rows = Failure.objects.filter(group__in=patterns, account=account).order_by("-at", "-pk")
    expected = list(rows.values_list(*Found._fields))
    assert newest_of(patterns, [account.pk], 9) == expected[:9]
    closed = list(rows.filter(is_open=False).values_list(*Found._fields))
    assert newest_of(patterns, [account.pk], 99, Sql("NOT is_open")) == closed


def test_a_group_that_only_an_account_had_which_is_being_removed_is_not_listed(db: None) -> None:
    team = Team.objects.create(name="Of two accounts")
    account, other = account_of(team, "Production"), account_of(team, "Staging")
    fail(other, "gone", CODEC)
    kept = fail(account, "here", TIMEOUT)
    Account.objects.filter(pk=other.pk).update(removed_at=now_ms())
    now = now_ms()
    for sort in Sort:
        listed = ListedGroups(Chosen((team.pk,), (account.pk,), Span.last(14, now), now))
        assert [group.id for group, _ in listed.page(SHOWN, sort, 9)] == [kept.pk]
        assert listed.counts()["open"] == 1
