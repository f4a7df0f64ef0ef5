"""300 random searches over 5,000 random tasks, beside a search in plain Python."""

import random
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from dashboard.models import merging, seeking
from dashboard.models.finding import Filters
from tests.models.many_tasks import TYPES, Known, store_many, two_teams
from tests.models.random_filters import filters_of
from tests.models.test_finding import STRIP, account_ids_of, expected
from tests.worlds import standing

TASKS, QUERIES, WALKED = 5000, 300, 50


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Known]]:
    with standing(django_db_blocker):
        yield store_many(two_teams(), TASKS, random.Random(11))


@pytest.fixture(params=["few", "walked", "walked on"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """5,000 are few; the same must be found as if they were many."""
    if request.param != "few":
        monkeypatch.setattr(seeking, "VERY_FEW", 3)
        monkeypatch.setattr(seeking, "FEW", 10)
        monkeypatch.setattr(seeking, "QUITE_MANY", 20)
        monkeypatch.setattr(seeking, "VERY_MANY", 30)
        monkeypatch.setattr(merging, "AT_FIRST", 5)
        monkeypatch.setattr(merging, "FEWEST", 2)
        monkeypatch.setattr(seeking, "A_TEST", 40)
        monkeypatch.setattr(seeking, "PATIENCE", 30 if request.param == "walked on" else 10**6)
    return request.param


def test_random_searches_find_what_a_search_in_plain_python_finds(known: list[Known], way: str) -> None:
    chance, mine = random.Random(23), account_ids_of(known)[:3]
    found = 0
    queries = QUERIES if way == "few" else WALKED
    for _ in range(queries):
        filters = filters_of(chance, known, mine)
        held = [each for each in known if each.task.account_id in mine and each.holds(filters.condition)]
        ids = expected(held, filters)
        found += bool(ids)
        assert _pages(filters, chance) == ids, filters
        assert filters.ids(TASKS) == ids, filters
        assert [each for chunk in Filters(*vars_of(filters)).chunks(700) for each in chunk] == ids
        _check_counts(filters, held, chance)
    assert found > queries / 2


def vars_of(filters: Filters) -> tuple[object, ...]:
    return filters.account_ids, filters.phase, filters.type, filters.condition, filters.order


def _pages(filters: Filters, chance: random.Random) -> list[int]:
    """All ids, a few pages by keyset; the way back gives the same."""
    size = chance.choice((50, 400, 5001))
    found = lines = filters.first(size)
    while len(lines) == size:
        before, lines = lines, filters.first(size, lines[-1].place)
        if lines:
            assert filters.back(size, lines[0].place) == before
        found = found + lines
    return [line.id for line in found]


def _check_counts(filters: Filters, held: list[Known], chance: random.Random) -> None:
    counts = filters.counts()
    for phase, task_type in [
        *((phase, filters.type) for phase in STRIP),
        *((filters.phase, task_type) for task_type in chance.sample(("", *TYPES), 2)),
    ]:
        like = Filters(filters.account_ids, phase, task_type)
        number = sum(each.is_in(like) and each.task.deleted_at is None for each in held)
        assert counts.of(phase, task_type) == (number, False), (phase, task_type, filters)
    assert filters.total() == counts.of(filters.phase, filters.type)
