"""An account whose Studio is not asked: these tests hand over the snapshots themselves. Many tasks, stored once."""

import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from pytest_django import DjangoDbBlocker

from dashboard.models import Account
from tests.models.many_tasks import Known, store_many, two_teams
from tests.worlds import standing


@pytest.fixture
def account(people: SimpleNamespace) -> Account:
    return Account.objects.create(team=people.team, name="Production", url="https://studio.example.test/api")


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Known]]:
    """Tasks of two teams that all tests of a file begin with; a file may store others."""
    with standing(django_db_blocker):
        yield store_many(two_teams(), 400, random.Random(5))


@pytest.fixture
def known(stored: list[Known], db: None) -> list[Known]:
    return list(stored)
