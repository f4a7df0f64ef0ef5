"""What the page says that asks whether to retry many tasks: why some are skipped, one line for each reason."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Account, Task
from dashboard.models.retry_draft import why_not
from dashboard.phases import PHASES, RETRYABLE
from dashboard.views.retries_words import of_many
from tests.views.conftest import hold, move
from tests.views.html import Page


def test_each_reason_is_one_line_with_its_number(
    quiet: Account, failed: list[Task], sign_in: Callable[[str], Client]
) -> None:
    for _ in range(3):
        move(hold(quiet), "completed")
    hold(quiet)
    page = Page(sign_in("sam").get("/retries/new/?all=1"))
    assert "<h2>Skipped</h2>" in page.source
    assert "<li><b>3</b> completed</li><li><b>1</b> running</li>" in page.source


@pytest.mark.parametrize("phase", sorted({*PHASES} - {*RETRYABLE}))
def test_every_phase_is_said_by_its_name(phase: str) -> None:
    assert of_many(why_not(phase, None)) == phase


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("It is in line already, in batch 5.", "in line already, in batch 5"),
        ("It was deleted at Studio.", "deleted at Studio"),
        ("Studio rejects the key of It is a. b.", "Studio rejects the key of It is a. b."),
        ("sam@example.com may not retry tasks of Acme.", "sam@example.com may not retry tasks of Acme."),
    ],
)
def test_what_is_said_of_one_task_is_told_of_many(reason: str, words: str) -> None:
    assert of_many(reason) == words
