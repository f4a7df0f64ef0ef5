"""Tasks from before there was a search are found after the upgrade."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from dashboard.models import Account, Haystack, Name, Task
from dashboard.models.cards import remember_cards
from dashboard.models.memory import remember
from tests.models.documents import BORN_AT, snapshot
from tests.models.test_words import card, found

NOW = BORN_AT + 400_000
migration: Any = import_module("dashboard.migrations.0009_fill_haystacks")


def fill() -> None:
    migration.fill(apps, connection.schema_editor())


def words() -> tuple[object, ...]:
    texts, names = Haystack.objects.values_list("task_id", "text"), Name.objects.values_list("task_id", "kind", "value")
    return set(texts), set(names), len(names), set(Task.objects.values_list("pk", "title_key", "took"))


@pytest.fixture
def as_before(account: Account, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """Seven tasks as an older version left them; what storing them today writes."""
    monkeypatch.setattr(migration, "BATCH", 3)
    tasks = [snapshot("completed", 20 + n, upstream_id=f"task-{n}", outputAssetId=f"asset-{n}") for n in range(6)]
    remember(account, [*tasks, snapshot("running", upstream_id="odd", errorMessage="odd one")], NOW)
    remember_cards(account, [card(f"Film {n}.mp4", asset_id=f"asset-{n}", playbackId=f"p-{n}") for n in range(3)], NOW)
    today = words()
    forget()
    return today


def forget() -> None:
    Haystack.objects.all().delete()
    Name.objects.all().delete()
    Task.objects.update(title_key="", took=-1)


def test_tasks_from_before_get_the_words_that_storing_them_would_write(as_before: tuple[object, ...]) -> None:
    assert found("film") == set()
    fill()
    assert words() == as_before
    assert found("film 2.mp4") == {"task-2"}


def test_after_an_interruption_the_rest_is_filled(
    as_before: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_batch, batches = migration._fill, []

    def breaks_in_the_third(*known: object) -> None:
        batches.append(known)
        fill_batch(*known)
        if len(batches) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(migration, "_fill", breaks_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        fill()
    assert Haystack.objects.count() == 6
    monkeypatch.setattr(migration, "_fill", fill_batch)
    fill()
    fill()
    assert words() == as_before
