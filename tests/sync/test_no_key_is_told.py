"""Whatever goes wrong: no key in a log, a traceback, a debug page, the account, or the audit."""

import logging
import sys
import traceback
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter, get_exception_reporter_filter

from dashboard.debug_page import Discreet
from dashboard.forms.accounts import AccountForm
from dashboard.models import Account, ApiKey, AuditEntry, PreviousKey, Team
from dashboard.sandbox import Sandbox
from dashboard.sync import accounts, testing, twins
from dashboard.sync.accounts import connect, replace_key, step_back, test_again
from dashboard.sync.history import History
from dashboard.sync.syncer import Syncer
from dashboard.upstream.client import Studio
from tests.sync.conftest import ALICE, Sync
from tests.sync.test_keys import NEW_KEY, UNKNOWN_KEY, second_key

test_again.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def synced(account: Account, sandbox: Sandbox, sync: Sync) -> Account:
    sandbox.add_task()
    second_key(sandbox, NEW_KEY)
    return sync(account)


def fail(*args: Any, **options: Any) -> None:
    raise RuntimeError("something unforeseen")


def report() -> str:
    """The debug page, and the text that would be mailed, of the exception at hand."""
    reporter = ExceptionReporter(None, *sys.exc_info())
    assert isinstance(reporter.filter, Discreet)
    return reporter.get_traceback_html() + reporter.get_traceback_text() + traceback.format_exc()


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Studio, "me"),
        (Studio, "list_tasks"),
        (testing, "verdict_of"),
        (accounts, "objection"),
        (accounts, "note_change"),
        (accounts, "start_over"),
        (type(ApiKey.objects), "promote"),
        (type(ApiKey.objects), "store"),
        (ApiKey, "open"),
    ],
)
@pytest.mark.parametrize("act", ["connect", "replace_key", "test_again"])
def test_a_fault_of_our_own_shows_no_key(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, monkeypatch: Any, place: Any, name: str, act: str
) -> None:
    monkeypatch.setattr(place, name, fail)
    try:
        if act == "connect":
            connect(people.other, "New", sandbox.url, NEW_KEY, ALICE)
        elif act == "replace_key":
            replace_key(synced, NEW_KEY, ALICE)
        else:
            test_again(synced, ALICE)
    except RuntimeError:
        told = report()
        assert "something unforeseen" in told
        assert NEW_KEY not in told
        assert sandbox.key not in told


def djangos_own_report() -> str:
    """What Django's own filter would show, which hides only what is marked."""
    reporter = ExceptionReporter(None, *sys.exc_info())
    reporter.filter = SafeExceptionReporterFilter()
    return str(reporter.get_traceback_html())


@pytest.mark.parametrize(("place", "name"), [(ApiKey, "opened"), (twins, "hint_of")])
def test_what_looks_for_the_same_key_is_marked(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, monkeypatch: Any, place: Any, name: str
) -> None:
    monkeypatch.setattr(place, name, fail)
    told = ""
    try:
        twins.twin_by_key(Account(team=people.team), sandbox.url, sandbox.key)
    except RuntimeError:
        told = djangos_own_report()
    assert "something unforeseen" in told
    assert sandbox.key not in told


def filled_in(team: Team) -> AccountForm:
    told = {"team": team.pk, "name": "New", "url": "https://a.test/api", "key": NEW_KEY}
    return AccountForm(told, teams=Team.objects.all())


def test_what_checks_a_form_is_marked(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    form = filled_in(people.team)
    monkeypatch.setattr(AccountForm, "_check_name_is_free", fail)
    told = ""
    try:
        form.is_valid()
    except RuntimeError:
        told = djangos_own_report()
    assert "something unforeseen" in told
    assert NEW_KEY not in told


def test_the_settings_know_the_filter() -> None:
    assert isinstance(get_exception_reporter_filter(None), Discreet)


def test_a_round_that_fails_unforeseen_is_logged_without_the_key(
    synced: Account, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_key(synced, NEW_KEY, ALICE)
    monkeypatch.setattr(History, "catch_up", fail)
    caplog.set_level(logging.DEBUG)
    async_to_sync(Syncer().run)(once=True)
    assert "something unforeseen" in caplog.text
    assert NEW_KEY not in caplog.text
    assert sandbox.key not in caplog.text


def test_no_row_but_the_sealed_ones_holds_a_key_or_its_seal(
    synced: Account, people: SimpleNamespace, sandbox: Sandbox, sync: Sync
) -> None:
    replace_key(synced, NEW_KEY, ALICE)
    step_back(synced, ALICE)
    replace_key(synced, UNKNOWN_KEY, ALICE)
    connect(people.team, "Odd", sandbox.url, UNKNOWN_KEY, ALICE)
    sandbox.revoke(sandbox.key)
    sync(synced)
    test_again(Account.objects.get(), ALICE)
    told = serializers.serialize("json", [*Account.objects.all(), *AuditEntry.objects.all()])
    seals = [row.sealed for model in (ApiKey, PreviousKey) for row in model._default_manager.all()]
    assert len(seals) == 2
    for secret in (sandbox.key, NEW_KEY, UNKNOWN_KEY, *seals):
        assert secret not in told
