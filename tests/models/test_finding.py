"""The lists that filters show, beside a search in plain Python."""

import random
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.conditions import All, Any, Compare, Condition, InGroup, Is, Named, Not, Words
from dashboard.models import Account, Task, seeking
from dashboard.models.finding import Filters
from dashboard.models.memory import remember
from dashboard.models.order import Order, Sort
from tests.models.documents import snapshot
from tests.models.many_tasks import NOW, SPAN, TYPES, Known, store_many

ORDERS = [Order(sort, descending) for sort in Sort for descending in (True, False)]
STRIP = ("", "pending", "waiting", "running", "failed", "completed", "cancelled", "retrying", "stalled", "paused!")


def expected(known: list[Known], filters: Filters) -> list[int]:
    """The ids of the list."""
    found = [each for each in known if each.is_in(filters)]
    found.sort(key=lambda each: each.place(filters.order), reverse=filters.order.descending)
    return [each.task.pk for each in found]


def account_ids_of(known: list[Known]) -> tuple[int, ...]:
    return tuple(sorted({each.task.account_id for each in known}))


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order.sort} {order.descending}")
def test_pages_laid_together_are_the_whole_list_forwards_and_backwards(known: list[Known], order: Order) -> None:
    for phase in ("", "waiting", "stalled"):
        filters = Filters(account_ids_of(known)[:3], phase, order=order)
        forwards = lines = filters.first(7)
        while len(lines) == 7:
            lines = filters.first(7, lines[-1].place)
            forwards = forwards + lines
        assert [line.id for line in forwards] == expected(known, filters)
        backwards = lines = filters.back(7, forwards[-1].place)
        while len(lines) == 7:
            lines = filters.back(7, lines[0].place)
            backwards = lines + backwards
        assert backwards == forwards[:-1]
        assert [each for chunk in filters.chunks(50) for each in chunk] == expected(known, filters)


def test_every_word_of_the_strip_filters_and_is_counted(known: list[Known]) -> None:
    mine = account_ids_of(known)[:3]
    for phase in STRIP:
        for task_type in ("", *TYPES):
            filters = Filters(mine, phase, task_type)
            ids = expected(known, filters)
            assert filters.ids(1000) == ids
            present = {each.task.pk for each in known if each.task.deleted_at is None}
            assert filters.total() == (len(present & set(ids)), False)


def test_tasks_are_found_again_by_their_ids_in_the_order_asked_but_not_those_of_others(known: list[Known]) -> None:
    mine = account_ids_of(known)[:3]
    ids = [each.task.pk for each in known[:40]]
    ours = [each.task.pk for each in known[:40] if each.task.account_id in mine]
    assert [line.id for line in Filters(mine).by_ids(ids)] == ours != ids
    assert Filters(()).by_ids(ids) == []


@pytest.mark.parametrize("most", [10, 100_000], ids=["walked", "few"])
@pytest.mark.parametrize("order", [Order(), Order(Sort.TITLE, False), Order(Sort.RETRIES)], ids=str)
def test_chunks_tell_every_task_once_while_others_come_in(
    known: list[Known], monkeypatch: pytest.MonkeyPatch, order: Order, most: int
) -> None:
    monkeypatch.setattr(seeking, "FEW", most)
    monkeypatch.setattr(seeking, "QUITE_MANY", most)
    monkeypatch.setattr(seeking, "VERY_MANY", most)
    accounts, chance = list(Account.objects.order_by("pk")), random.Random(8)
    for condition in (Words("4"), Not(Words("zebra"))):
        filters = Filters(account_ids_of(known)[:3], condition=condition, order=order)
        before, told = expected(known, filters), list[int]()
        for chunk in filters.chunks(40):
            told += chunk
            known += store_many(accounts, 3, chance)
        assert len(told) == len(set(told))
        assert [task_id for task_id in told if task_id in set(before)] == before
        assert set(told) <= set(expected(known, filters))


def test_a_task_that_changes_while_chunks_are_read_is_told_although_it_moved_above_them(known: list[Known]) -> None:
    filters = Filters(account_ids_of(known)[:3])
    before = expected(known, filters)
    chunks = filters.chunks(40)
    told = next(chunks)
    newest = Task.objects.get(pk=told[0]).updated_at
    for later, task_id in enumerate((before[-1], before[-2], told[3]), 1):
        Task.objects.filter(pk=task_id).update(updated_at=newest + later)
    told += [task_id for chunk in chunks for task_id in chunk]
    assert set(told) == set(before)
    assert told[-3:] == [told[3], before[-2], before[-1]]


def test_a_search_that_nothing_can_hold_for_reads_next_to_nothing(known: list[Known]) -> None:
    mine = account_ids_of(known)[:3]
    for condition in (Words("quite certainly nowhere"), Named(("id",), "nobody")):
        with CaptureQueriesContext(connection) as queries:
            assert Filters(mine, condition=condition).first(50) == []
        assert len(queries) <= 2


BEFORE, SINCE = Compare("created_at", "<", NOW - SPAN // 2), Compare("created_at", ">=", NOW - SPAN // 2)


def suppose_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "VERY_FEW", 0)
    monkeypatch.setattr(seeking, "FEW", 0)


def is_walk(sql: str) -> bool:
    """Whether tasks are read in the order of the list."""
    return "dashboard_task" in sql and "ORDER BY" in sql


def assert_walked(queries: list[dict[str, str]]) -> None:
    """By one query; that they are many may be seen before, from an index too."""
    read = [query["sql"] for query in queries if "dashboard_task" in query["sql"]]
    assert [is_walk(sql) for sql in read] == [False] * (len(read) - 1) + [True]
    assert not [sql for sql in read if "t.id IN" in sql]


@pytest.mark.parametrize(
    "condition",
    [BEFORE, SINCE, Not(BEFORE), All((SINCE, BEFORE)), Not(All((SINCE, BEFORE))), Any((SINCE, BEFORE)),
     All((BEFORE, Compare("updated_at", ">", NOW - SPAN)))],
)  # fmt: skip
def test_a_page_by_date_is_read_from_the_index_of_the_usual_order_alone(
    known: list[Known], monkeypatch: pytest.MonkeyPatch, condition: Condition
) -> None:
    suppose_many(monkeypatch)
    for phase in ("", "failed", "stalled"):
        for task_type in ("", "upload"):
            filters = Filters(account_ids_of(known)[:3], phase, task_type, condition)
            ids = expected(known, filters)
            with CaptureQueriesContext(connection) as queries:
                assert [line.id for line in filters.first(1000)] == ids
            if ids:  # no task at all is as few as can be
                assert_walked(queries.captured_queries)


def test_phases_by_progress_are_read_from_its_index_alone(known: list[Known], monkeypatch: pytest.MonkeyPatch) -> None:
    suppose_many(monkeypatch)
    for descending in (True, False):
        filters = Filters(account_ids_of(known)[:3], "failed", order=Order(Sort.PROGRESS, descending))
        with CaptureQueriesContext(connection) as queries:
            assert [line.id for line in filters.first(1000)] == expected(known, filters)
        assert_walked(queries.captured_queries)


@pytest.mark.parametrize(
    "filters",
    [Filters((), "failed", order=Order(Sort.PROGRESS)), Filters((), condition=All((SINCE, BEFORE)))],
    ids=["phase by progress", "date"],
)
def test_where_few_are_meant_no_index_is_walked_past_all_the_others(known: list[Known], filters: Filters) -> None:
    filters = replace(filters, account_ids=account_ids_of(known)[:3])
    with CaptureQueriesContext(connection) as queries:
        assert [line.id for line in filters.first(1000)] == expected(known, filters)
    assert not [query for query in queries if is_walk(query["sql"])]


@pytest.mark.parametrize("condition", [BEFORE, SINCE, Not(InGroup(1)), Not(Named(("id",), "nobody"))])
def test_what_nothing_leads_to_is_counted_by_the_database_rather_than_read(
    known: list[Known], monkeypatch: pytest.MonkeyPatch, condition: Condition
) -> None:
    suppose_many(monkeypatch)
    filters = Filters(account_ids_of(known)[:3], condition=condition)
    with CaptureQueriesContext(connection) as queries:
        counts = {phase: filters.counts().of(phase).number for phase in STRIP}
    assert not [query for query in queries if "deleted_at IS NOT NULL" in query["sql"]]
    held = [each for each in known if each.is_in(filters) and each.task.deleted_at is None]
    for phase, number in counts.items():
        assert number == sum(each.is_in(Filters(filters.account_ids, phase)) for each in held)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order.sort} {order.descending}")
def test_sqlite_reads_every_plain_list_from_an_index_without_sorting(known: list[Known], order: Order) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics")
    phases = STRIP if order.sort is Sort.UPDATED else ("",)
    with CaptureQueriesContext(connection) as queries:
        for phase in phases:
            filters = Filters(account_ids_of(known)[:3], phase, "upload" if phases != ("",) else "", order=order)
            first = filters.first(5)
            filters.first(5, first[-1].place)
            filters.back(5, first[-1].place)
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "SEARCH t USING" in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert "SCAN t" not in plan, plan


def test_a_type_that_only_deleted_tasks_have_is_found(account: Account) -> None:
    remember(account, [snapshot("failed", 1, id="gone", type="thumbs", deleted=True)], 1)
    held = Task.objects.get(account=account)
    assert Filters((account.pk,), condition=Is("type", ("thumbs",))).ids(5) == [held.pk]
    assert Filters((account.pk,), condition=Not(Is("type", ("thumbs",)))).ids(5) == []
