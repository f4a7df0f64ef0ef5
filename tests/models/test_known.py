"""Rows that are shown already, told again: as by their ids, but without asking for what the search read anyway."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.conditions import All, Condition, InAccounts, Is, Not, Words
from dashboard.models import Account
from dashboard.models.finding import Filters
from dashboard.models.order import Order, Sort
from tests.models.many_tasks import Known

CONDITIONS: list[Condition] = [All(()), Words("zebra"), Not(Words("zebra")), Is("phase", ("failed",))]


@pytest.mark.parametrize("order", [Order(), Order(Sort.TITLE, False), Order(Sort.RETRIES)], ids=str)
@pytest.mark.parametrize("phase", ["", "waiting", "completed", "stalled"])
def test_they_are_the_same_lines_in_the_same_order(known: list[Known], phase: str, order: Order) -> None:
    mine = tuple(sorted({each.task.account_id for each in known}))[:3]
    ids = [each.task.pk for each in known[:60]]
    random.Random(3).shuffle(ids)
    for condition in (*CONDITIONS, All((Words("zebra"), InAccounts(mine[:1])))):
        filters = Filters(mine, phase, condition=condition, order=order)
        lines = filters.known(ids)
        assert lines == Filters(mine, phase, condition=condition, order=order).by_ids(ids)
        assert {line.account_id for line in lines} == set(mine)
        assert Filters((), phase, condition=condition, order=order).known(ids) == []


def test_only_those_that_the_search_finds_no_more_are_asked_for(known: list[Known]) -> None:
    filters = Filters(tuple(Account.objects.values_list("pk", flat=True)), condition=Words("zebra"))
    found = filters.first(30)
    other = next(each.task.pk for each in known if each.task.pk not in filters.ids(400))
    with CaptureQueriesContext(connection) as captured:
        assert filters.known([line.id for line in found]) == found
    assert len(captured) == 0
    with CaptureQueriesContext(connection) as captured:
        assert [line.id for line in filters.known([other, found[0].id])] == [other, found[0].id]
    assert len(captured) == 1
