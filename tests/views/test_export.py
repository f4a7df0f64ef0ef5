"""The list to take along: CSV and NDJSON of what the filters let through or of what was ticked."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account, AuditEntry, Right, Role, Task
from dashboard.models.deadline import TooBroad
from dashboard.models.rights import RIGHTS
from dashboard.views import export
from dashboard.views.sheet import COLUMNS
from tests.views.conftest import Connect, hold, hold_many, move

SignIn = Callable[[str], Client]
CSV, NDJSON = "/tasks/export.csv", "/tasks/export.ndjson"


def body(response: Any) -> str:
    text: str = response.getvalue().decode()
    return text


def sheet(browser: Client, query: str = "") -> list[dict[str, str]]:
    response = browser.get(CSV + query)
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(body(response), newline="")))


def ids(browser: Client, query: str = "") -> list[str]:
    return [row["id"] for row in sheet(browser, query)]


def test_the_csv_has_the_documented_columns_and_a_row_for_each_task(quiet: Account, sign_in: SignIn) -> None:
    task = hold(
        quiet, at=1_760_000_000_000, name='Say "hi", all', status={"phase": "completed", "updatedAt": 1_760_000_009_500}
    )
    response = sign_in("bob").get(CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="tasks-')
    text = body(response)
    assert text.endswith("\r\n")
    assert text.splitlines()[0] == ",".join(COLUMNS)
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert (row["id"], row["title"], row["phase"], row["progress"]) == (
        task.upstream_id,
        task.title,
        "completed",
        "1.0",
    )
    assert (row["account"], row["team"]) == ("Acme Live", "Acme")
    assert (row["created_at"], row["updated_at"]) == ("2025-10-09T08:53:19Z", "2025-10-09T08:53:29Z")
    assert (row["deleted_at"], row["cid"]) == ("", "")


def test_each_line_of_the_ndjson_is_the_document_of_its_task(quiet: Account, sign_in: SignIn) -> None:
    odd = "one\u2028two\u0085three\nfour"
    tasks = [hold(quiet), hold(quiet, params={"upload": {"url": "https://u:secret@host.test/a.mp4", "text": odd}})]
    bob = sign_in("bob")
    text = body(bob.get(NDJSON))
    lines = text.splitlines()
    assert len(lines) == 2
    found = {json.loads(line)["id"]: json.loads(line) for line in lines}
    for task in tasks:
        assert found[task.upstream_id] == bob.get(f"/tasks/{task.upstream_id}.json").json()
    assert "secret" not in text


def test_the_exported_set_is_what_the_boards_filters_let_through(
    quiet: Account, connect_quiet: Connect, sign_in: SignIn
) -> None:
    other = connect_quiet("Staging")
    failed = move(hold(quiet), "failed", errorMessage="no")
    clip, theirs = hold(quiet, type="clip"), hold(other)
    bob = sign_in("bob")
    assert ids(bob, "?phase=failed") == [failed.upstream_id]
    assert ids(bob, "?type=clip") == [clip.upstream_id]
    assert ids(bob, f"?account={other.pk}") == [theirs.upstream_id]
    assert set(ids(bob, f"?team={quiet.team_id}")) == {failed.upstream_id, clip.upstream_id, theirs.upstream_id}
    assert ids(bob, "?phase=cancelled") == []


def test_the_rows_come_in_the_order_that_is_asked_for(quiet: Account, sign_in: SignIn) -> None:
    tasks = [
        hold(quiet, name=name, at=at)
        for name, at in (("b", 1_760_000_002_000), ("c", 1_760_000_001_000), ("a", 1_760_000_003_000))
    ]
    by_time = sorted(tasks, key=lambda task: -task.updated_at)
    assert ids(sign_in("bob")) == [task.upstream_id for task in by_time]
    assert ids(sign_in("bob"), "?sort=created.asc") == [task.upstream_id for task in by_time[::-1]]


def test_ticked_tasks_are_exported_in_their_order_and_no_others(
    quiet: Account, people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    first, second, third = hold(quiet), hold(quiet), hold(quiet)
    foreign = hold(connect_quiet("Theirs", team=people.other))
    asked = f"?ids={third.upstream_id},{foreign.upstream_id}&ids={first.upstream_id}&ids=unknown&ids=%00&phase=failed"
    assert ids(sign_in("bob"), asked) == [third.upstream_id, first.upstream_id]
    assert second.upstream_id not in body(sign_in("bob").get(NDJSON + asked))


def test_of_a_task_that_two_accounts_hold_the_newest_copy_is_taken(
    quiet: Account, connect_quiet: Connect, sign_in: SignIn
) -> None:
    old = hold(quiet, id="twice", at=1_760_000_000_000)
    new = hold(connect_quiet("Staging"), id="twice", at=1_760_000_100_000)
    assert [row["account"] for row in sheet(sign_in("bob"), "?ids=twice")] == [new.account.name]
    assert [row["account"] for row in sheet(sign_in("bob"), f"?ids=twice&account={quiet.pk}")] == [old.account.name]


def test_large_sets_come_in_several_reads_and_are_whole(
    quiet: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 20)
    monkeypatch.setattr("dashboard.models.taking.ROWS", 7)
    monkeypatch.setattr("dashboard.models.taking.LETTERS", 300)
    hold_many(quiet, [1_760_000_000_000 + 1000 * number for number in range(83)])
    expected = list(Task.objects.order_by("-updated_at").values_list("upstream_id", flat=True))
    assert ids(sign_in("bob")) == expected
    assert [json.loads(line)["id"] for line in body(sign_in("bob").get(NDJSON)).splitlines()] == expected


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@a", "\t=1", '=HYPERLINK("http://evil.test")', "＝1"])
def test_no_cell_runs_in_a_spreadsheet(quiet: Account, sign_in: SignIn, title: str) -> None:
    task = hold(quiet)
    Task.objects.filter(pk=task.pk).update(title=title, error=title, type=title, project_id=title, upstream_id=title)
    Account.objects.filter(pk=quiet.pk).update(name=title)
    (row,) = sheet(sign_in("bob"))
    assert [row[name] for name in ("id", "title", "error", "type", "project_id", "account")] == [f"'{title}"] * 6


def test_the_export_is_told_in_the_audit_of_each_team(quiet: Account, sign_in: SignIn) -> None:
    task = move(hold(quiet), "failed")
    hold(quiet)
    bob = sign_in("bob")
    body(bob.get(f"{CSV}?phase=failed"))
    body(bob.get(f"{NDJSON}?ids={task.upstream_id}"))
    entries = AuditEntry.objects.filter(what="tasks.exported").order_by("id")
    assert [(entry.who, entry.team_id) for entry in entries] == [("bob@example.com", quiet.team_id)] * 2
    assert [json.loads(entry.after) for entry in entries] == [
        {"query": "phase=failed", "form": "CSV", "number": 1},
        {"query": "", "form": "NDJSON", "number": 1},
    ]


@pytest.mark.parametrize("path", [CSV, NDJSON])
def test_asking_for_the_head_writes_nothing_and_tells_what_a_get_would_be(
    quiet: Account, sign_in: SignIn, path: str
) -> None:
    hold(quiet)
    response = sign_in("bob").head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert "attachment" in response["Content-Disposition"]
    assert not AuditEntry.objects.exists()


def test_only_accounts_in_which_one_may_export_are_exported(
    quiet: Account, people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RIGHTS, Right.EXPORT, Role.ADMIN)
    task, theirs = hold(quiet), hold(connect_quiet("Theirs", team=people.other))
    assert sign_in("bob").get(CSV).status_code == 403
    people.other.add(people.bob, Role.ADMIN)
    assert ids(sign_in("bob")) == [theirs.upstream_id]
    assert ids(sign_in("bob"), f"?ids={task.upstream_id},{theirs.upstream_id}") == [theirs.upstream_id]


def test_another_teams_account_is_not_there(quiet: Account, people: SimpleNamespace, sign_in: SignIn) -> None:
    hold(quiet)
    for query in (f"?account={quiet.pk}", f"?team={quiet.team_id}", "?account=x"):
        assert sign_in("charlie").get(CSV + query).status_code == 404
    assert sheet(sign_in("charlie")) == []


def test_a_third_export_in_one_process_is_told_to_come_back(quiet: Account, sign_in: SignIn) -> None:
    hold(quiet)
    bob = sign_in("bob")
    under_way = [sign_in("alice").get(CSV), sign_in("sam").get(CSV)]
    read = [iter(response) for response in under_way]  # type: ignore[call-overload]
    assert [b"id" in next(one) for one in read] == [True, True]
    refused = bob.get(CSV)
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    for one in read:
        list(one)
    assert len(ids(bob)) == 1


def test_what_breaks_before_the_first_row_stands_in_nobodys_way(
    quiet: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = sign_in("bob")

    def broken(*arguments: object) -> None:
        raise RuntimeError

    for place in ("dashboard.views.export.written", "dashboard.views.export._note"):
        for _ in range(3):
            with monkeypatch.context() as patch:
                patch.setattr(place, broken)
                with pytest.raises(RuntimeError):
                    bob.get(CSV)
    assert ids(bob) == []


@pytest.mark.parametrize("q", ["(", "nonsense:1", "created:yesterdayish", "a" * 600])
def test_an_unclear_search_exports_nothing_and_says_why(quiet: Account, sign_in: SignIn, q: str) -> None:
    hold(quiet)
    response = sign_in("bob").get(CSV, {"q": q})
    assert response.status_code == 400
    assert "Nothing was exported." in response.content.decode()
    assert not AuditEntry.objects.exists()


def test_a_search_is_exported_as_the_list_finds_it(quiet: Account, sign_in: SignIn) -> None:
    failed = move(hold(quiet), "failed", errorMessage="out of memory")
    move(hold(quiet), "failed", errorMessage="execution timeout")
    bob = sign_in("bob")
    assert ids(bob, "?q=error:memory") == [failed.upstream_id]
    assert ids(bob, "?q=account:acme+-error:timeout") == [failed.upstream_id]
    assert ids(bob, f"?q={failed.upstream_id[:8]}&phase=failed") == [failed.upstream_id]


def test_a_search_that_takes_too_long_exports_nothing(
    quiet: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broad(*arguments: object) -> None:
        raise TooBroad

    monkeypatch.setattr("dashboard.models.finding.Filters.first", broad)
    response = sign_in("bob").get(CSV, {"q": "anything"})
    assert response.status_code == 400
    assert "Too broad: add a date" in response.content.decode()
    assert not AuditEntry.objects.exists()
