"""What others do to an account while its key is tested: it is neither undone nor written over."""

from typing import Any

import pytest

from dashboard.models import Account, ApiKey, Health
from dashboard.sandbox import Sandbox
from dashboard.sync import accounts
from dashboard.sync.accounts import replace_key, step_back, test_again
from dashboard.sync.resting import remove
from dashboard.sync.testing import Verdict, verdict_on
from tests.sync.conftest import ALICE, Clock, Sync, entries
from tests.sync.test_keys import NEW_KEY, second_key

test_again.__test__ = False  # type: ignore[attr-defined]
MOVED = "https://elsewhere.example.test/api"


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    sandbox.add_task()
    return sync(account, rounds=2)


def change_around(monkeypatch: pytest.MonkeyPatch, before: dict[str, Any], after: dict[str, Any]) -> None:
    """What others write before the test has its turn, and after it."""

    def judge(url: str, key: str, account: Account) -> Verdict:
        Account.objects.filter(pk=account.pk).update(**before)
        verdict = verdict_on(url, key, account)
        Account.objects.filter(pk=account.pk).update(**after)
        return verdict

    monkeypatch.setattr(accounts, "verdict_on", judge)


def test_a_new_address_that_another_admin_gave_is_not_undone_by_a_new_key(
    synced: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_around(monkeypatch, {"url": f"{sandbox.url}/v2"}, {})
    done = replace_key(synced, second_key(sandbox, NEW_KEY), ALICE)
    assert (done.account, "changed or removed meanwhile" in done.verdict.sentence) == (None, True)
    assert Account.objects.get().url == f"{sandbox.url}/v2"
    assert ApiKey.objects.get().hint == sandbox.key[-4:]


def test_a_test_does_not_undo_what_the_syncer_found_out_meanwhile(
    synced: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    Account.objects.update(import_done_at=None)
    synced.refresh_from_db()
    change_around(monkeypatch, {}, {"import_done_at": clock.now, "not_before_at": clock.now + 60_000})
    test_again(synced, ALICE)
    synced.refresh_from_db()
    assert (synced.import_done_at, synced.not_before_at) == (clock.now, clock.now + 60_000)


@pytest.mark.parametrize("changes", [{"url": MOVED}, {"removed_at": 5}])
def test_a_test_of_what_was_moved_or_removed_meanwhile_means_nothing(
    synced: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    change_around(monkeypatch, {}, changes)
    sandbox.revoke(sandbox.key)
    assert "changed or removed meanwhile" in test_again(synced, ALICE).sentence
    assert Account.objects.get().health == Health.WORKING
    assert len(entries("key.tested")) == 1


def test_a_step_back_on_what_was_removed_meanwhile_is_refused(synced: Account) -> None:
    remove(Account.objects.get(), ALICE)
    assert "changed or removed meanwhile" in step_back(synced, ALICE).verdict.sentence
