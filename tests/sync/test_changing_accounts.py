"""Another key or URL for an account: it stays one project's, and its walks begin anew on another server."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.models import Account, ApiKey, Health, Task
from dashboard.models.audit import COMMAND
from dashboard.sandbox import Sandbox
from dashboard.sync.accounts import change, connect, test_again
from dashboard.sync.asking import ask_now
from dashboard.sync.testing import Outcome
from dashboard.upstream.client import Studio
from dashboard.upstream.errors import KeyLimited
from tests.sync.conftest import ALICE, Clock, Sync

test_again.__test__ = False  # type: ignore[attr-defined]
ANOTHER = "This key opens another project; add it as a new account."


@pytest.fixture
def elsewhere(clock: Clock) -> Iterator[Sandbox]:
    """Another server, with a project of its own."""
    with Sandbox(tasks=5, seed=77, pace=0, clock=clock) as other:
        yield other


@pytest.fixture
def twin(clock: Clock) -> Iterator[Sandbox]:
    """The same project under another address."""
    with Sandbox(tasks=5, pace=0, clock=clock) as other:
        yield other


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, clock: Clock, sync: Sync) -> Account:
    """It holds one task and has walked everything."""
    sandbox.add_task()
    return sync(account, rounds=2)


def test_a_key_of_another_project_is_refused_while_tasks_are_held(synced: Account, sandbox: Sandbox) -> None:
    sandbox.add_task(project=1)
    connected = change(synced, "Production", sandbox.url, sandbox.sister_key, ALICE)
    assert (connected.account, connected.verdict.outcome) == (None, Outcome.REFUSED)
    assert connected.verdict.sentence == ANOTHER
    synced.refresh_from_db()
    assert synced.project_id == sandbox.project_id()
    assert ApiKey.objects.get().open() == sandbox.key


def test_another_server_with_another_project_is_refused_while_tasks_are_held(
    synced: Account, sandbox: Sandbox, elsewhere: Sandbox
) -> None:
    connected = change(synced, "Production", elsewhere.url, elsewhere.key, ALICE)
    assert connected.verdict.sentence == ANOTHER
    synced.refresh_from_db()
    assert synced.url == sandbox.url


def test_another_server_that_shows_no_project_is_refused_while_tasks_are_held(
    synced: Account, sandbox: Sandbox, twin: Sandbox
) -> None:
    twin.switches.failing = 503
    connected = change(synced, "Production", twin.url, twin.key, ALICE)
    assert (connected.account, connected.verdict.outcome) == (None, Outcome.REFUSED)
    assert "has to show a task of the same project" in connected.verdict.sentence


def test_without_tasks_the_walks_begin_anew(
    account: Account, sandbox: Sandbox, elsewhere: Sandbox, clock: Clock, sync: Sync
) -> None:
    sync(account)
    Account.objects.update(watermark=clock.now, project_id=sandbox.project_id(), names_cursor="skip200", unreadable=3)
    assert change(account, "Production", elsewhere.url, elsewhere.key, ALICE).account
    account.refresh_from_db()
    assert (account.import_done_at, account.import_before, account.imported) == (None, None, 0)
    assert (account.watermark, account.names_cursor, account.names_done_at, account.unreadable) == (0, "", None, 0)
    sync(account)
    assert account.project_id == elsewhere.project_id()
    assert set(Task.objects.values_list("upstream_id", flat=True)) == set(elsewhere.ids())


def test_the_same_project_may_move_to_another_address_and_is_walked_anew(
    synced: Account, sandbox: Sandbox, twin: Sandbox, sync: Sync
) -> None:
    assert twin.project_id() == sandbox.project_id()
    assert change(synced, "Production", twin.url, twin.key, ALICE).account
    synced.refresh_from_db()
    assert (synced.import_done_at, synced.watermark) == (None, 0)
    sync(synced, rounds=2)
    assert set(Task.objects.values_list("upstream_id", flat=True)) >= set(twin.ids())


def test_another_key_of_the_same_project_goes_on_where_the_old_one_was(synced: Account, sandbox: Sandbox) -> None:
    before = (synced.watermark, synced.import_done_at)
    assert change(synced, "Production", sandbox.url, sandbox.key, ALICE).account
    synced.refresh_from_db()
    assert (synced.watermark, synced.import_done_at) == before


def test_a_task_that_the_account_does_not_own_is_not_kept_when_asked_by_id(
    account: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    """The key of a project can GET a task that has moved to a sister project."""
    task_id = sandbox.add_task()
    clock.turn(minutes=2)
    sandbox.add_task(status={"phase": "completed"})
    sync(account)
    sandbox.soft_delete(task_id)
    sandbox.change(task_id, projectId=sandbox.project_id(1), deleted=None)
    clock.turn(minutes=11)
    sandbox.soft_delete(task_id)
    sync(account)
    held = Task.objects.get(upstream_id=task_id)
    assert held.project_id == sandbox.project_id()
    assert held.heard_at == clock.now


def test_an_account_without_a_key_is_refused_in_words(account: Account, sandbox: Sandbox) -> None:
    ApiKey.objects.all().delete()
    account = Account.objects.get(pk=account.pk)
    verdict = change(account, "Production", sandbox.url + "/v2", "", ALICE).verdict
    assert (verdict.outcome, verdict.sentence) == (Outcome.REFUSED, "No key is stored for this account.")
    assert test_again(account, ALICE).sentence == verdict.sentence
    assert ask_now("anything", [account], COMMAND).sentences == ("Production: No key is stored for this account.",)


def test_a_key_that_may_not_list_still_names_its_user(
    people: SimpleNamespace, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`me` may answer although the list does not."""

    def refuse(*args: Any, **options: Any) -> None:
        raise KeyLimited("It may not list.", 403)

    monkeypatch.setattr(Studio, "list_tasks", refuse)
    account = connect(people.team, "Limited", sandbox.url, sandbox.key, ALICE).account
    assert account
    account.refresh_from_db()
    assert account.health == Health.LIMITED
    assert account.studio_user == "alice@acme.example.test"
    assert account.studio_default_project == sandbox.project_id()


@pytest.mark.parametrize("default_is_known", [True, False])
def test_a_limited_key_keeps_what_belongs_to_the_default_project(
    account: Account, sandbox: Sandbox, default_is_known: bool
) -> None:
    ApiKey.objects.store(account, sandbox.limited_key)
    default = sandbox.project_id() if default_is_known else ""
    Account.objects.update(health=Health.LIMITED, studio_default_project=default, project_id="")
    account = Account.objects.get()
    answer = ask_now(sandbox.add_task(), [account], COMMAND)
    assert answer.found is default_is_known
    assert default_is_known or "not known yet" in answer.sentences[0]
    assert not ask_now(sandbox.add_task(project=1), [account], COMMAND).found


@pytest.mark.parametrize(("key", "hint"), [("short", ""), ("eleven-char", ""), ("twelve-chars", "hars")])
def test_a_short_key_gives_no_hint(account: Account, key: str, hint: str) -> None:
    assert ApiKey.objects.store(account, key).hint == hint
