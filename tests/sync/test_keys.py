"""Keys with overlap: tested while the old one works, promoted, one step back, until the old one is deleted."""

from types import SimpleNamespace

import pytest

from dashboard.models import Account, ApiKey, AuditEntry, Health, PreviousKey
from dashboard.models.api_key import redactor_of
from dashboard.sandbox import Sandbox
from dashboard.sandbox.keys import Key
from dashboard.sync import accounts
from dashboard.sync.accounts import change, connect, delete_old_key, replace_key, step_back, test_again
from dashboard.sync.resting import archive
from dashboard.sync.testing import Outcome, Verdict, verdict_on
from tests.sync.conftest import ALICE, Clock, Sync, entries

test_again.__test__ = False  # type: ignore[attr-defined]
NEW_KEY = "5d7c9f10-4b2a-4f57-9a61-0b8f2f6c1e77"
UNKNOWN_KEY = "00000000-1111-4222-8333-444444444444"


@pytest.fixture
def new_key(sandbox: Sandbox) -> str:
    """A second key of the same project."""
    return second_key(sandbox, NEW_KEY)


def second_key(sandbox: Sandbox, text: str, access: str = "full") -> str:
    held = sandbox.world.ring._keys[sandbox.key]
    sandbox.world.ring.add(Key(text, held.user, held.project, access))
    return text


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    sandbox.add_task()
    return sync(account, rounds=2)


def test_a_good_key_takes_over_and_the_old_one_is_kept(synced: Account, sandbox: Sandbox, new_key: str) -> None:
    done = replace_key(synced, new_key, ALICE)
    assert done.account
    assert (ApiKey.objects.get().open(), PreviousKey.objects.get().open()) == (new_key, sandbox.key)
    assert entries("key.replaced") == [({"key": f"…{sandbox.key[-4:]}"}, {"key": "…1e77"})]


def test_the_new_key_is_asked_with_at_once_and_nothing_is_walked_anew(
    synced: Account, sandbox: Sandbox, clock: Clock, sync: Sync, new_key: str
) -> None:
    before = (synced.watermark, synced.import_done_at)
    replace_key(synced, new_key, ALICE)
    assert synced.next_sync_at == clock.now
    sandbox.calls.clear()
    sync(synced)
    assert {call.key_hint for call in sandbox.calls} == {new_key[-4:]}
    assert (synced.watermark, synced.import_done_at) == before


def test_a_key_that_studio_does_not_know_changes_nothing_and_is_noted(synced: Account, sandbox: Sandbox) -> None:
    before = Account.objects.filter(pk=synced.pk).values("health", "next_sync_at", "error").get()
    done = replace_key(synced, UNKNOWN_KEY, ALICE)
    assert (done.account, done.verdict.outcome) == (None, Outcome.REFUSED)
    assert Account.objects.filter(pk=synced.pk).values("health", "next_sync_at", "error").get() == before
    assert ApiKey.objects.get().open() == sandbox.key
    assert not PreviousKey.objects.exists()
    assert entries("key.refused") == [({}, {"key": "…4444"})]


def test_a_key_of_another_project_is_refused_also_before_the_first_task_is_stored(
    people: SimpleNamespace, sandbox: Sandbox
) -> None:
    sandbox.add_task()
    sandbox.add_task(project=1)
    account = connect(people.team, "Production", sandbox.url, sandbox.key, ALICE).account
    assert account
    assert "another project" in replace_key(account, sandbox.sister_key, ALICE).verdict.sentence
    assert ApiKey.objects.get().open() == sandbox.key


@pytest.mark.parametrize("trouble", [{"failing": 503}, {"rate_limited": True}])
def test_a_key_that_studio_cannot_confirm_does_not_take_the_place_of_one_in_use(
    synced: Account, sandbox: Sandbox, new_key: str, trouble: dict[str, object]
) -> None:
    sandbox.switches.change(trouble)
    done = replace_key(synced, new_key, ALICE)
    assert (done.account, done.verdict.outcome) == (None, Outcome.UNSURE)
    assert "the one that was in use stays in use" in done.verdict.sentence
    assert ApiKey.objects.get().open() == sandbox.key


def test_it_takes_the_place_of_one_that_was_rejected(
    synced: Account, sandbox: Sandbox, sync: Sync, new_key: str
) -> None:
    sandbox.revoke(sandbox.key)
    sync(synced)
    sandbox.switches.change({"failing": 503})
    assert replace_key(synced, new_key, ALICE).account
    assert ApiKey.objects.get().open() == new_key


def test_the_same_key_again_is_no_replacement(synced: Account, sandbox: Sandbox) -> None:
    assert replace_key(synced, sandbox.key, ALICE).account
    assert not PreviousKey.objects.exists()
    assert entries("key.replaced") == []


def test_one_step_back_swaps_the_keys_and_is_due_at_once(
    synced: Account, sandbox: Sandbox, clock: Clock, new_key: str
) -> None:
    replace_key(synced, new_key, ALICE)
    Account.objects.update(next_sync_at=None, health=Health.REJECTED)
    assert step_back(synced, ALICE).account
    assert (ApiKey.objects.get().open(), PreviousKey.objects.get().open()) == (sandbox.key, new_key)
    assert (synced.health, synced.next_sync_at) == (Health.NEW, clock.now)
    assert entries("key.stepped_back") == [({"key": "…1e77"}, {"key": f"…{sandbox.key[-4:]}"})]
    assert step_back(synced, ALICE).account
    assert ApiKey.objects.get().open() == new_key


def test_without_a_previous_key_there_is_no_way_back(synced: Account) -> None:
    assert "no previous key" in step_back(synced, ALICE).verdict.sentence
    assert entries("key.stepped_back") == []


def test_the_old_key_is_deleted_once(synced: Account, sandbox: Sandbox, new_key: str) -> None:
    replace_key(synced, new_key, ALICE)
    assert delete_old_key(synced, ALICE)
    assert not delete_old_key(synced, ALICE)
    assert not PreviousKey.objects.exists()
    assert entries("key.old_deleted") == [({"key": f"…{sandbox.key[-4:]}"}, {})]


def test_what_studio_says_is_redacted_of_both_keys(synced: Account, sandbox: Sandbox, sync: Sync, new_key: str) -> None:
    replace_key(synced, new_key, ALICE)
    task_id = sandbox.add_task(status={"phase": "failed", "errorMessage": f"no token {sandbox.key}, {new_key} found"})
    sync(synced)
    task = synced.tasks.get(upstream_id=task_id)
    assert sandbox.key not in task.error + task.document
    assert new_key not in task.error + task.document
    assert redactor_of(synced).text(f"{sandbox.key} {new_key}").count("[redacted") == 2


def test_another_server_gets_neither_key_that_was_given_for_the_first(
    account: Account, sandbox: Sandbox, clock: Clock, new_key: str
) -> None:
    assert replace_key(account, new_key, ALICE).account
    with Sandbox(tasks=1, seed=77, pace=0, clock=clock) as elsewhere:
        assert change(account, "Production", elsewhere.url, elsewhere.key, ALICE).account
        assert not PreviousKey.objects.exists()
        assert "no previous key" in step_back(account, ALICE).verdict.sentence


def test_an_archived_account_comes_back_with_a_key_of_its_project_only(
    synced: Account, sandbox: Sandbox, clock: Clock, sync: Sync
) -> None:
    sandbox.add_task(project=1)
    archive(synced, ALICE)
    assert "another project" in replace_key(synced, sandbox.sister_key, ALICE).verdict.sentence
    assert synced.archived_at
    assert replace_key(synced, sandbox.key, ALICE).account
    assert (synced.archived_at, synced.next_sync_at) == (None, clock.now)
    assert sync(synced).health == Health.WORKING


def test_a_key_that_a_test_finds_rejected_is_not_used_any_more(synced: Account, sandbox: Sandbox) -> None:
    sandbox.revoke(sandbox.key)
    test_again(synced, ALICE)
    synced.refresh_from_db()
    assert (synced.health, synced.next_sync_at) == (Health.REJECTED, None)
    assert entries("key.tested") == [({}, {"outcome": "refused", "key": f"…{sandbox.key[-4:]}"})]


def test_connecting_renaming_and_moving_are_noted_without_the_key(people: SimpleNamespace, sandbox: Sandbox) -> None:
    account = connect(people.team, "Production", sandbox.url, sandbox.key, ALICE).account
    assert account
    change(account, "Live", sandbox.url, "", ALICE)
    assert entries("account.renamed") == [({"name": "Production"}, {"name": "Live"})]
    for told in AuditEntry.objects.values_list("before", "after", "subject"):
        assert sandbox.key not in "".join(told)
    assert AuditEntry.objects.get(what="account.connected").team_id == people.team.pk


@pytest.mark.parametrize("sealed", ["", "garbage", "of another account"])
def test_a_key_that_cannot_be_opened_has_a_way_out(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, clock: Clock, sync: Sync, sealed: str
) -> None:
    if sealed.startswith("of"):
        other = Account.objects.create(team=people.other, name="Other", url=sandbox.url)
        sealed = ApiKey.objects.store(other, sandbox.key).sealed
    ApiKey.objects.filter(account=synced).update(sealed=sealed)
    sandbox.calls.clear()
    held = Account.objects.get(pk=synced.pk)
    assert test_again(held, ALICE).outcome is Outcome.REFUSED
    held.refresh_from_db()
    assert (held.health, held.next_sync_at) == (Health.UNOPENABLE, clock.now + 300_000)
    assert sync(held).health == Health.UNOPENABLE
    assert len(sandbox.calls) == 0
    assert replace_key(held, sandbox.key, ALICE).account
    assert not PreviousKey.objects.exists()
    assert sync(held).health == Health.WORKING


def test_a_test_of_the_old_key_does_not_speak_for_the_new_one(
    synced: Account, sandbox: Sandbox, new_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replaced_meanwhile(*args: object) -> Verdict:
        monkeypatch.setattr(accounts, "verdict_on", verdict_on)
        assert replace_key(Account.objects.get(), new_key, ALICE).account
        return Verdict(Outcome.REFUSED, "Studio does not know this key.", rejects_key=True)

    monkeypatch.setattr(accounts, "verdict_on", replaced_meanwhile)
    test_again(synced, ALICE)
    synced.refresh_from_db()
    assert synced.health == Health.NEW


def test_what_others_changed_during_a_test_is_not_taken_back(
    synced: Account, sandbox: Sandbox, new_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*changes: tuple[str, str]) -> None:
        def judge(url: str, key: str, account: Account) -> Verdict:
            verdict = verdict_on(url, key, account)
            Account.objects.filter(pk=account.pk).update(**dict(changes))
            return verdict

        monkeypatch.setattr(accounts, "verdict_on", judge)

    meanwhile(("name", "Renamed"))
    assert replace_key(synced, new_key, ALICE).account
    assert Account.objects.get().name == "Renamed"
    meanwhile(("url", "https://elsewhere.example.test/api"))
    assert "changed or removed meanwhile" in replace_key(synced, sandbox.key, ALICE).verdict.sentence
    assert Account.objects.get().url == "https://elsewhere.example.test/api"
