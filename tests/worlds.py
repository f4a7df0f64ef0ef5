"""Rows that all tests of a file begin with, stored once: many take longer to store than to ask for."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is stored within stands until the end, in a transaction within which each test takes back its own:

    @pytest.fixture(scope="module")
    def stored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Task]]:
        with standing(django_db_blocker):
            yield store_many()
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
