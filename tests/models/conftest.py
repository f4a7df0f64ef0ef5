"""An account whose Studio is not asked: these tests hand over the snapshots themselves."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account


@pytest.fixture
def account(people: SimpleNamespace) -> Account:
    return Account.objects.create(team=people.team, name="Production", url="https://studio.example.test/api")
