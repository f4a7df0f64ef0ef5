"""Acts on tasks and gateways are noted, in the transaction of the act, and no secret is among what is noted."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, AuditEntry, Note, Probe, Retry, Task, Team
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons
from tests.upstream.servers import always, serving
from tests.views.conftest import hold

SignIn = Callable[[str], Client]
FAILED = {"phase": "failed", "retries": 2, "errorMessage": "internal error processing file"}
DONE = {"phase": "completed", "updatedAt": 1_760_000_000_000}
CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"


@pytest.fixture
def failed(account: Account, sandbox: Sandbox, sync: Callable[..., Account]) -> Task:
    upstream_id = sandbox.add_task(asset_name="Harbour.mp4", status=FAILED)
    sync(account)
    sandbox.calls.clear()
    return Task.objects.get(upstream_id=upstream_id)


@pytest.fixture
def broken_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **told: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEntry.objects.__class__, "create", fail)


def noted() -> list[tuple[str, str]]:
    """What was done to what, in its order."""
    return [(entry.what, entry.subject) for entry in AuditEntry.objects.order_by("id")]


def the_one() -> AuditEntry:
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.address, entry.via) == ("sam@example.com", "127.0.0.1", "browser")
    return entry


def test_asking_studio_is_noted_with_the_account_it_went_through(failed: Task, sign_in: SignIn) -> None:
    sign_in("sam").post(f"/tasks/{failed.upstream_id}/ask/")
    asked, answered = AuditEntry.objects.order_by("id")
    for entry, what in ((asked, "task.asked"), (answered, "task.answered")):
        told = entry.who, entry.what, entry.subject, entry.team_id
        assert told == ("sam@example.com", what, failed.upstream_id, failed.account.team_id)
    assert asked.after == '{"account": "Production"}'
    assert answered.after == '{"account": "Production", "outcome": "found"}'


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ({"rate_limited": True}, "refused"),
        ({"failing": 502}, "no answer"),
        ({"malformed": "html"}, "no answer"),
        ({}, "not kept"),
    ],
)
def test_what_came_of_asking_studio_is_noted_in_a_word(
    trouble: dict[str, Any], outcome: str, failed: Task, sandbox: Sandbox, sign_in: SignIn
) -> None:
    sandbox.switches.change(trouble)
    task_id = failed.upstream_id if trouble else sandbox.add_task(project=1)
    sign_in("sam").post(f"/tasks/{task_id}/ask/")
    assert noted() == [("task.asked", task_id), ("task.answered", task_id)]
    assert json.loads(AuditEntry.objects.latest("id").after)["outcome"] == outcome


def test_where_nothing_could_be_asked_neither_wish_nor_answer_is_noted(failed: Task, sign_in: SignIn) -> None:
    Account.objects.filter(pk=failed.account_id).update(not_before_at=now_ms() + 60_000)
    sign_in("sam").post(f"/tasks/{failed.upstream_id}/ask/")
    assert noted() == []


def test_an_answer_is_kept_and_noted_together_or_not_at_all(
    failed: Task, sandbox: Sandbox, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(actor: Any, what: str, *arguments: Any, **told: Any) -> AuditEntry:
        if what == "task.answered":
            raise DatabaseError("disk full")
        return note(actor, what, *arguments, **told)

    note = AuditEntry.note
    monkeypatch.setattr(AuditEntry, "note", broken)
    sandbox.change(failed.upstream_id, {"phase": "running", "progress": 0.2, "retries": 0})
    sam = sign_in("sam")
    sam.raise_request_exception = False
    assert sam.post(f"/tasks/{failed.upstream_id}/ask/").status_code == 500
    assert Task.objects.get(pk=failed.pk).phase == "failed"


def test_asking_about_an_unknown_task_is_noted_too_and_an_act_that_found_no_place_is_not(
    failed: Task, sign_in: SignIn
) -> None:
    with buttons.a_place(), buttons.a_place():
        assert sign_in("sam").post("/tasks/unknown/ask/").status_code == 503
    assert noted() == []
    sign_in("sam").post("/tasks/unknown/ask/")
    assert noted() == [("task.asked", "unknown"), ("task.answered", "unknown")]
    assert json.loads(AuditEntry.objects.latest("id").after)["outcome"] == "not found"


@pytest.mark.parametrize(
    ("trouble", "outcome"), [({}, "task.retry_started"), ({"rate_limited": True}, "task.retry_refused")]
)
def test_a_retry_is_noted_before_the_call_and_its_outcome_after(
    trouble: dict[str, Any], outcome: str, failed: Task, sandbox: Sandbox, sign_in: SignIn
) -> None:
    sandbox.switches.change(trouble)
    sign_in("sam").post(f"/tasks/{failed.upstream_id}/retry/")
    assert noted() == [("task.retry_asked", failed.upstream_id), (outcome, failed.upstream_id)]
    assert {entry.who for entry in AuditEntry.objects.all()} == {"sam@example.com"}
    assert {entry.team_id for entry in AuditEntry.objects.all()} == {failed.account.team_id}


def test_a_retry_without_an_answer_is_noted_as_not_known(failed: Task, sandbox: Sandbox, sign_in: SignIn) -> None:
    sandbox.switches.change({"failing": 502})
    sign_in("sam").post(f"/tasks/{failed.upstream_id}/retry/")
    assert [what for what, _ in noted()] == ["task.retry_asked", "task.retry_unknown"]


def test_a_note_is_noted_without_its_text(failed: Task, sign_in: SignIn) -> None:
    sign_in("sam").post(f"/tasks/{failed.upstream_id}/notes/", {"text": "The customer called."})
    entry = the_one()
    assert (entry.what, entry.subject, entry.before, entry.after) == ("note.written", failed.upstream_id, "{}", "{}")


def test_taking_a_task_along_is_noted_and_looking_at_it_is_not(failed: Task, sign_in: SignIn) -> None:
    bob, task = sign_in("bob"), f"/tasks/{failed.upstream_id}"
    for looked_at in (f"{task}/", f"{task}.json", f"{task}.json?path=status", f"{task}/compare/"):
        bob.get(looked_at)
    bob.head(f"{task}/bundle.md")
    bob.head(f"{task}.json?download=1")
    assert noted() == []
    bob.get(f"{task}/bundle.md")
    bob.get(f"{task}.json?download=1")
    assert noted() == [("task.exported", failed.upstream_id)] * 2
    forms = [json.loads(entry.after)["as"] for entry in AuditEntry.objects.order_by("id")]
    assert forms == ["Markdown", "JSON"]


def test_asking_gateways_is_noted(quiet: Account, people: SimpleNamespace, sign_in: SignIn) -> None:
    with serving(always(200, "{}")) as server:
        Team.objects.filter(pk=people.team.pk).update(gateways=server.url.removesuffix("/api"))
        task = with_cid(quiet)
        sign_in("sam").post(f"/tasks/{task.upstream_id}/probe/", {"cid": CID})
        sign_in("sam").post(f"/tasks/{task.upstream_id}/metadata/", {"cid": CID})
    assert noted() == [("task.probed", task.upstream_id)] * 2
    assert Probe.objects.exists()


def with_cid(account: Account) -> Task:
    return hold(account, type="export", output={"export": {"ipfs": {"videoFileCid": CID}}}, status=DONE)


def test_setting_gateways_is_noted_with_hosts_and_only_if_they_changed(
    people: SimpleNamespace, sign_in: SignIn
) -> None:
    alice, path = sign_in("alice"), f"/teams/{people.team.pk}/gateways/"
    for typed in ("https://ipfs.io\nhttps://{cid}.ipfs.dweb.link", "https://ipfs.io\nhttps://{cid}.ipfs.dweb.link", ""):
        alice.post(path, {"gateways": typed})
    assert noted() == [("gateways.set", people.team.name)] * 2
    told = [(entry.before, entry.after) for entry in AuditEntry.objects.order_by("id")]
    usual, own = '{"gateways": "the usual ones"}', '{"gateways": "ipfs.io, dweb.link"}'
    assert told == [(usual, own), (own, usual)]


@pytest.mark.usefixtures("broken_audit")
def test_without_the_audit_nothing_is_done(failed: Task, sandbox: Sandbox, sign_in: SignIn) -> None:
    alice, task = sign_in("alice"), f"/tasks/{failed.upstream_id}"
    alice.raise_request_exception = False
    acts: dict[str, dict[str, str]] = {
        f"{task}/ask/": {},
        f"{task}/retry/": {},
        f"{task}/notes/": {"text": "Odd"},
        f"/teams/{failed.account.team_id}/gateways/": {"gateways": "https://ipfs.io"},
    }
    for path, form in acts.items():
        assert alice.post(path, form).status_code == 500
    assert alice.get(f"{task}/bundle.md").status_code == 500
    assert alice.get("/audit.csv").status_code == 500
    assert not sandbox.calls
    assert not Note.objects.exists()
    assert not Retry.objects.exists()
    assert Team.objects.get(pk=failed.account.team_id).gateways == ""
    assert Task.objects.get(pk=failed.pk).version == failed.version


def test_no_planted_secret_is_in_what_was_noted(failed: Task, sandbox: Sandbox, sign_in: SignIn) -> None:
    alice, task = sign_in("alice"), f"/tasks/{failed.upstream_id}"
    key = sandbox.key
    alice.post(f"{task}/notes/", {"text": f"my key is {key}"})
    alice.post(
        f"/teams/{failed.account.team_id}/gateways/", {"gateways": f"https://me:{key}@ipfs.io\nhttps://x.test/{key}"}
    )
    alice.post(f"/teams/{failed.account.team_id}/gateways/", {"gateways": f"https://x.test/{key}/{{cid}}"})
    sandbox.revoke(key)
    alice.post(f"{task}/ask/")
    alice.post(f"{task}/retry/")
    alice.get(f"{task}/bundle.md")
    assert len(noted()) >= 6
    for entry in AuditEntry.objects.values():
        assert not [secret for secret in sandbox.secrets if secret and secret in repr(entry)]
