"""`regroup`: history grouped in the foreground, told as it goes on."""

import io

import pytest
from django.core.management import call_command

from dashboard.fingerprint import VERSION
from dashboard.management.commands import regroup as command
from dashboard.models import Account, Group, Regrouping, Task, Team
from dashboard.models import regrouping as regrouping_model
from tests.models.documents import BORN_AT
from tests.models.failures import tell


@pytest.fixture
def failed(db: None) -> list[Task]:
    """As an installation has them that did not know groups."""
    team = Team.objects.create(name="Acme")
    account = Account.objects.create(team=team, name="Production", url="https://studio.example.test/api")
    tasks = [tell(account, f"task-{n}", "failed", BORN_AT + n, errorMessage="execution timeout") for n in range(5)]
    Group.objects.all().delete()
    return tasks


def regroup(*words: str) -> str:
    out = io.StringIO()
    call_command("regroup", *words, stdout=out)
    return out.getvalue()


def test_it_groups_what_was_stored_before_and_says_how_many(failed: list[Task]) -> None:
    assert regroup() == "Done: 5 tasks counted again.\n"
    assert Group.objects.get().open_tasks == 5


def test_it_says_how_far_it_is(failed: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "TOLD_EVERY", 2)
    monkeypatch.setattr(regrouping_model, "TASKS_AT_ONCE", 2)
    assert regroup().splitlines() == ["2 of 5 tasks", "4 of 5 tasks", "Done: 5 tasks counted again."]


def test_a_second_run_has_nothing_to_do_unless_told_to_do_it_again(failed: list[Task]) -> None:
    regroup()
    assert regroup() == f"Nothing to do: all failures are grouped by version {VERSION}.\n"
    assert regroup("--again") == "Done: 5 tasks counted again.\n"
    assert Group.objects.get().open_tasks == 5


def test_groups_of_an_older_version_are_brought_over(failed: list[Task]) -> None:
    regroup()
    Group.objects.update(version=0)
    Regrouping.objects.update(version=0)
    assert regroup() == "Done: 5 tasks counted again, 1 group brought over.\n"


def test_interrupted_it_goes_on_where_it_was(failed: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrouping_model, "TASKS_AT_ONCE", 2)
    next(regrouping_model.regroup())
    assert regroup() == "Done: 3 tasks counted again.\n"
    assert Group.objects.get().open_tasks == 5
