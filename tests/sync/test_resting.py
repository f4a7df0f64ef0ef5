"""Accounts at rest: paused and resumed, archived with their history, removed bit by bit."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync

from dashboard.clock import now_ms
from dashboard.models import (
    Account,
    ApiKey,
    Asset,
    AuditEntry,
    Gap,
    Health,
    Note,
    Observation,
    PreviousKey,
    Retry,
    Tally,
    Task,
)
from dashboard.models.seen import Freshness, Sight
from dashboard.models.syncing import key_state
from dashboard.sandbox import Sandbox
from dashboard.sync import removing
from dashboard.sync.accounts import connect, replace_key
from dashboard.sync.asking import ask_now
from dashboard.sync.resting import archive, pause, remove, resume
from dashboard.sync.syncer import Syncer
from tests.sync.conftest import ALICE, Clock, Sync, World, entries
from tests.sync.test_keys import NEW_KEY, second_key


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    for number in range(3):
        sandbox.add_task(asset_name=f"Film {number}")
    return sync(account, rounds=2)


def sight(people: SimpleNamespace) -> Sight:
    return Sight.of(people.alice.pk, now_ms())


def test_a_paused_account_is_not_asked_and_says_who_paused_it(
    synced: Account, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    pause(synced, ALICE)
    assert (synced.paused_by, synced.paused_at, key_state(synced, clock.now)) == (ALICE.name, clock.now, "paused")
    sandbox.calls.clear()
    Account.objects.note_watched([synced.pk], clock.now)
    world.run(3600)
    assert len(sandbox.calls) == 0


def test_a_resumed_account_is_due_at_once_and_each_act_is_noted_once(synced: Account, clock: Clock) -> None:
    resume(synced, ALICE)
    pause(synced, ALICE)
    pause(synced, ALICE)
    clock.turn(minutes=1)
    resume(synced, ALICE)
    assert (synced.paused, synced.paused_by, synced.paused_at) == (False, "", None)
    assert Account.objects.due(clock.now).get() == synced
    assert len(entries("account.paused")) == len(entries("account.resumed")) == 1


def test_resuming_does_not_use_a_rejected_key_nor_ask_before_studio_wants(synced: Account, clock: Clock) -> None:
    pause(synced, ALICE)
    Account.objects.update(health=Health.REJECTED, next_sync_at=None)
    resume(synced, ALICE)
    assert synced.next_sync_at is None
    pause(synced, ALICE)
    Account.objects.update(next_sync_at=clock.now + 900_000, not_before_at=clock.now + 600_000)
    resume(synced, ALICE)
    assert synced.next_sync_at == clock.now + 600_000


def test_archiving_deletes_both_keys_and_keeps_the_history(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    replace_key(synced, second_key(sandbox, NEW_KEY), ALICE)
    archive(synced, ALICE)
    archive(synced, ALICE)
    assert not ApiKey.objects.exists()
    assert not PreviousKey.objects.exists()
    assert Task.objects.count() == 3
    assert key_state(synced, clock.now) == "archived"
    assert [account.id for account in sight(people).accounts] == [synced.pk]
    assert len(entries("account.archived")) == 1
    sandbox.calls.clear()
    clock.turn(minutes=60)
    world.run(3600)
    assert "No key is stored" in ask_now(sandbox.ids()[0], [synced], ALICE).sentences[0]
    assert len(sandbox.calls) == 0


def test_an_archived_account_does_not_make_the_page_old(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock
) -> None:
    archive(synced, ALICE)
    clock.turn(minutes=60)
    seen = sight(people)
    assert (seen.freshness, seen.worst, seen.as_of_at) == (Freshness.LIVE, None, None)


def test_a_round_that_was_under_way_ends_without_a_trace(synced: Account, clock: Clock) -> None:
    assert synced.claim("slow", clock.now, 60_000)
    remove(Account.objects.get(), ALICE)
    synced.give_back("slow", clock.now)
    assert Account.objects.get().next_sync_at is None


def test_a_removed_account_is_gone_for_everybody_at_once_and_its_name_is_free(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock
) -> None:
    remove(synced, ALICE)
    remove(synced, ALICE)
    assert not Account.objects.visible_to(people.alice).exists()
    assert sight(people).accounts == ()
    assert not Account.objects.due(clock.now).exists()
    assert not ApiKey.objects.exists()
    assert entries("account.removed") == [({"tasks": 3}, {})]
    assert connect(people.team, "Production", sandbox.url, sandbox.key, ALICE).account


def test_its_rows_go_bit_by_bit_and_nothing_of_others_does(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "BATCH", 2)
    kept = connect(people.other, "Production", sandbox.url, sandbox.key, ALICE).account
    assert kept
    sync(kept, rounds=2)
    task = Task.objects.filter(account=synced)[0]
    Note.objects.create(task=task, author=people.alice, text="mine", created_at=now_ms())
    Retry.objects.create(task=task, by=people.alice, by_name="Alice", asked_at=now_ms())
    Gap.objects.create(account=synced, from_at=1, until_at=2)
    before = {model: model.objects.filter(**of(model, kept)).count() for model in (Task, Observation, Asset, Tally)}
    remove(synced, ALICE)
    assert removing.remove_some()
    assert 0 < Observation.objects.filter(task__account=synced).count() < 3
    while removing.remove_some():
        continue
    assert list(Account.objects.all()) == [kept]
    assert not Note.objects.exists()
    assert not Gap.objects.exists()
    after = {model: model.objects.filter(**of(model, kept)).count() for model in (Task, Observation, Asset, Tally)}
    assert after == before
    assert AuditEntry.objects.filter(what="account.removed").exists()


def of(model: type, account: Account) -> dict[str, Account]:
    return {"task__account": account} if model is Observation else {"account": account}


def test_the_syncer_removes_what_is_removed(synced: Account) -> None:
    remove(synced, ALICE)
    async_to_sync(Syncer().run)(once=True)
    assert not Account.objects.exists()
    assert not Task.objects.exists()


def test_a_removed_account_takes_no_key_any_more(synced: Account, sandbox: Sandbox) -> None:
    late = Account.objects.get()
    remove(synced, ALICE)
    assert replace_key(late, sandbox.key, ALICE).account is None
    assert not ApiKey.objects.exists()


def test_a_verb_says_whether_it_did_anything(synced: Account) -> None:
    assert (resume(synced, ALICE), pause(synced, ALICE), pause(synced, ALICE)) == (False, True, False)
    assert (resume(synced, ALICE), archive(synced, ALICE), archive(synced, ALICE)) == (True, True, False)
    assert not pause(synced, ALICE)
    assert (remove(synced, ALICE), remove(synced, ALICE), archive(synced, ALICE)) == (True, False, False)
    while removing.remove_some():
        continue
    assert not any(verb(synced, ALICE) for verb in (pause, resume, archive, remove))


def test_a_syncer_that_is_faster_with_the_rows_does_not_make_a_removal_fail(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "refresh_from_db", lambda *args: Account.objects.get(pk=0))
    assert remove(account, ALICE)


def test_an_archived_account_that_holds_nothing_keeps_nobody_from_its_project(
    account: Account, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    Account.objects.update(project_id=sandbox.project_id())
    archive(account, ALICE)
    sandbox.add_task()
    assert connect(people.team, "Again", sandbox.url, sandbox.key, ALICE).account
