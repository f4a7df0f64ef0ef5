"""The page of the audit and its CSV: who may read it, what it says, how it is sifted."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import DAY
from dashboard.models import Account, AuditEntry, Membership, Role, Team, User
from dashboard.models.audit import COMMAND, STUDIO_TASKS, Actor
from dashboard.views.sheet import defused
from tests.views.html import Page

SignIn = Callable[[str], Client]
BOTH = ("/audit/", "/audit.csv")


@pytest.fixture
def alice(people: SimpleNamespace) -> Actor:
    return Actor(people.alice.email, people.alice.pk, "203.0.113.9")


def entries(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row["data-what"] for row in Page(response).all("data-entry")]


def table(response: Any) -> list[list[str]]:
    """The rows of a CSV without its head."""
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))[1:]


def put(at: int, team: Team, what: str = "note.written", **fields: Any) -> None:
    AuditEntry.objects.create(at=at, team_id=team.pk, what=what, **{"who": "alice@example.com"} | fields)


@pytest.mark.parametrize("path", BOTH)
def test_only_those_who_may_read_the_audit_of_a_team_do(path: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    asked = f"{path}?team={people.team.pk}"
    statuses = {name: sign_in(name).get(asked).status_code for name in ("alice", "sam", "bob", "charlie")}
    assert statuses == {"alice": 200, "sam": 403, "bob": 403, "charlie": 404}


@pytest.mark.parametrize("path", BOTH)
def test_without_a_team_in_the_address_it_is_the_first_that_one_administers(
    path: str, people: SimpleNamespace, sign_in: SignIn
) -> None:
    people.other.add(people.sam, Role.ADMIN)
    put(1, people.other, "gateways.set")
    sam = sign_in("sam")
    assert sam.get(path).status_code == 200
    assert entries(sam.get("/audit/"))[-1] == "gateways.set"
    assert sign_in("bob").get(path).status_code == 403


@pytest.mark.parametrize("path", BOTH)
def test_who_is_in_no_team_is_told_403(path: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    Membership.objects.filter(user=people.bob).delete()
    assert sign_in("bob").get(path).status_code == 403


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("team", ["999999", "x", "1e3", "-1", str(10**30), "%00", "١"])
def test_a_team_that_is_none_is_not_found(path: str, team: str, sign_in: SignIn) -> None:
    assert sign_in("alice").get(f"{path}?team={team}").status_code == 404


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_done_to_it(
    path: str, method: str, people: SimpleNamespace, alice: Actor, sign_in: SignIn
) -> None:
    AuditEntry.note(alice, "gateways.set", people.team.pk)
    assert getattr(sign_in("alice"), method)(path).status_code == 405
    assert AuditEntry.objects.count() == 1


def test_an_entry_tells_who_did_what_on_what_when_and_from_where(
    people: SimpleNamespace, alice: Actor, sign_in: SignIn
) -> None:
    AuditEntry.note(
        alice, "member.role_changed", people.team.pk, "bob@example.com", {"role": "viewer"}, {"role": "support"}
    )
    page = Page(sign_in("alice").get("/audit/"))
    assert "changed the role of bob@example.com from viewer to support" in page.text
    assert "203.0.113.9" in page.text
    assert page.one("datetime")["datetime"].endswith("Z")
    assert page.one("href", f"/audit/?team={people.team.pk}&who=alice%40example.com")


def test_a_subject_leads_to_where_it_is_seen(
    people: SimpleNamespace, alice: Actor, quiet: Account, sign_in: SignIn
) -> None:
    AuditEntry.note(alice, "key.replaced", people.team.pk, quiet.name, {"key": "…a91f"}, {"key": "…77c0"})
    AuditEntry.note(alice, "account.removed", people.team.pk, "Gone")
    AuditEntry.note(alice, "task.exported", people.team.pk, "a/b")
    page = Page(sign_in("alice").get("/audit/"))
    assert page.one("href", f"/accounts/{quiet.pk}/")
    assert page.one("href", "/tasks/a%252Fb/")
    assert "replaced the key of Acme Live: …a91f by …77c0" in page.text
    assert "removed Gone" in page.text


def test_what_the_product_does_by_itself_is_told_so(people: SimpleNamespace, sign_in: SignIn) -> None:
    AuditEntry.note(STUDIO_TASKS, "account.duplicate_found", people.team.pk, "Staging")
    page = Page(sign_in("alice").get("/audit/"))
    assert "Studio Tasks" in page.text
    assert "by itself" in page.text


def test_before_and_after_of_other_fields_stand_below(people: SimpleNamespace, alice: Actor, sign_in: SignIn) -> None:
    before, after = {"days": None}, {"days": 90}
    AuditEntry.note(alice, "team.retention_set", people.team.pk, "Acme", before, after)
    AuditEntry.note(alice, "gateways.set", people.team.pk, "Acme", {"gateways": "a" * 99}, {"gateways": "b" * 99})
    page = Page(sign_in("alice").get("/audit/"))
    assert "Days kept as the whole server does → 90" in page.text
    assert "a" * 99 + " → " + "b" * 99 in page.text


def test_what_is_told_once_is_not_told_again_below(people: SimpleNamespace, alice: Actor, sign_in: SignIn) -> None:
    AuditEntry.note(alice, "account.connected", people.team.pk, "Production", None, {"name": "Production"})
    AuditEntry.note(alice, "account.renamed", people.team.pk, "Live", {"name": "Production"}, {"name": "Live"})
    AuditEntry.note(alice, "member.removed", people.team.pk, "bob@example.com", {"role": "viewer"})
    AuditEntry.note(alice, "signed_in", None, alice.name, None, {"by": ["password", "mfa"]})
    page = Page(sign_in("alice").get("/audit/"))
    assert "renamed the account Live, formerly Production" in page.text
    assert "Name" not in page.text
    assert "Role viewer" in page.text
    assert "viewer →" not in page.text
    assert "signed in with password, second factor" in page.text


def test_what_was_done_to_anothers_sign_in_says_whose(people: SimpleNamespace, alice: Actor, sign_in: SignIn) -> None:
    AuditEntry.note(replace(COMMAND, user_id=people.sam.pk), "factor.removed", None, "sam@example.com")
    AuditEntry.note(alice, "password.changed", None, alice.name)
    page = Page(sign_in("alice").get("/audit/"))
    assert "removed a second factor for sam@example.com" in page.text
    assert "changed the password for" not in page.text


def test_what_people_typed_is_shown_as_text(people: SimpleNamespace, sign_in: SignIn) -> None:
    odd = "<script>alert(1)</script>\u202e"
    AuditEntry.note(Actor(odd, 1, odd, odd), "account.renamed", people.team.pk, odd, {"name": odd}, {odd: odd})
    source = Page(sign_in("alice").get("/audit/")).source
    assert "<script>alert" not in source
    assert "\u202e" not in source


@pytest.mark.parametrize("stored", ["", "[]", "null", "{", '{"role": {"a": [1]}}', '{"role": null}'])
def test_an_entry_that_was_stored_oddly_is_shown_all_the_same(
    stored: str, people: SimpleNamespace, sign_in: SignIn
) -> None:
    put(1, people.team, "member.role_changed", before=stored, after=stored)
    put(1, people.team, "a.word.of.tomorrow", before=stored, after=stored)
    assert len(entries(sign_in("alice").get("/audit/"))) == 2


def test_pages_follow_each_other_without_a_gap_in_both_directions(people: SimpleNamespace, sign_in: SignIn) -> None:
    for number in range(120):
        put(number // 7, people.team, subject=str(number))
    browser, seen = sign_in("alice"), list[str]()
    page = Page(browser.get("/audit/"))
    assert page.link("prev") is None
    seen += [row["data-entry"] for row in page.all("data-entry")]
    while older := page.link("next"):
        page = Page(browser.get(older))
        seen += [row["data-entry"] for row in page.all("data-entry")]
    assert len(seen) == len(set(seen)) == 120
    back = [row["data-entry"] for row in page.all("data-entry")]
    while newer := page.link("prev"):
        page = Page(browser.get(newer))
        back = [row["data-entry"] for row in page.all("data-entry")] + back
    assert back == seen


@pytest.mark.parametrize("key", ["older=x", "newer=1-", "older=1-99999999999999999999", "older=1-1-1"])
def test_a_place_in_the_list_that_no_page_gave_out_is_explained(key: str, sign_in: SignIn) -> None:
    response = sign_in("alice").get(f"/audit/?{key}")
    assert response.status_code == 400
    assert "cannot be read" in response.content.decode()


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("from=1970-01-02", ["key.tested", "signed_in"]),
        ("to=1970-01-02", ["note.written", "key.tested"]),
        ("from=1970-01-02&to=1970-01-02", ["key.tested"]),
        ("what=keys", ["key.tested"]),
        ("what=signed_in", ["signed_in"]),
        ("who=bob", ["signed_in"]),
        ("q=PROD", ["key.tested"]),
        ("who=alice&what=tasks&to=1970-01-01", ["note.written"]),
        ("who=alice&what=signed_in", []),
    ],
)
@pytest.mark.parametrize("path", BOTH)
def test_filters_ask_for_whole_days_of_utc_and_for_parts_of_names(
    path: str, filters: str, found: list[str], people: SimpleNamespace, sign_in: SignIn
) -> None:
    put(DAY - 1, people.team, "note.written")
    put(2 * DAY - 1, people.team, "key.tested", subject="Production")
    put(2 * DAY, people.team, "signed_in", who="bob@example.com")
    response = sign_in("alice").get(f"{path}?{filters}")
    if path == "/audit/":
        assert sorted(entries(response)) == sorted(found)
    else:
        assert sorted(row[3] for row in table(response) if row[3] != "audit.exported") == sorted(found)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ("from=yesterday", "“yesterday” is no day"),
        ("from=2026-02-30", "“2026-02-30” is no day"),
        ("to=2026-13-01", "“2026-13-01” is no day"),
        ("to=99999-01-01", "is no day"),
        ("from=2026-01-02&to=2026-01-01", "The last day is before the first."),
        ("what=everything", "There is no such act"),
        ("to=%00%F0%9F", "is no day"),
    ],
)
@pytest.mark.parametrize("path", BOTH)
def test_a_filter_that_cannot_be_is_explained(path: str, filters: str, sentence: str, sign_in: SignIn) -> None:
    response = sign_in("alice").get(f"{path}?{filters}")
    assert response.status_code == 422
    page = Page(response)
    assert sentence in page.text
    assert page.one("role", "alert")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("filters", ["from=0001-01-01&to=9999-12-31", "who=%00", "q=%00%25_!'\"", "who=" + "x" * 5000])
@pytest.mark.parametrize("path", BOTH)
def test_odd_filters_are_no_error(path: str, filters: str, sign_in: SignIn) -> None:
    assert sign_in("alice").get(f"{path}?{filters}").status_code == 200


def test_an_empty_audit_says_why_it_is_empty(people: SimpleNamespace, sign_in: SignIn) -> None:
    alice = sign_in("alice")
    assert "Nothing has happened yet" in Page(alice.get("/audit/")).text
    page = Page(alice.get("/audit/?q=nothing"))
    assert "No entry matches" in page.text
    assert len([a for a in page.all("href") if a["href"] == f"/audit/?team={people.team.pk}"]) >= 1
    assert "Nothing further" in Page(alice.get("/audit/?older=1-1")).text


@pytest.mark.parametrize(("days", "told"), [(730, "Kept for 730 days."), (0, "Kept for ever.")])
def test_the_page_says_how_long_entries_are_kept(days: int, told: str, sign_in: SignIn, settings: Any) -> None:
    settings.KEEP_AUDIT_DAYS = days
    assert told in Page(sign_in("alice").get("/audit/")).text


def test_the_filters_stay_in_the_form_and_in_the_links(people: SimpleNamespace, sign_in: SignIn) -> None:
    for number in range(60):
        put(number, people.team, subject="Production")
    page = Page(sign_in("alice").get("/audit/?q=prod&what=tasks&from=1970-01-01"))
    assert page.one("id", "q")["value"] == "prod"
    assert page.one("selected")["value"] == "tasks"
    for link in (page.link("next") or "", page.one("download")["href"]):
        assert "q=prod&" in link + "&"
        assert "what=tasks" in link
        assert "from=1970-01-01" in link


def test_the_csv_is_noted_before_it_starts_and_tells_all(
    people: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.models.trail.CHUNK", 10)
    for number in range(35):
        put(number, people.team, subject=str(number), after='{"a": 1}')
    response = sign_in("alice").get("/audit.csv?from=1970-01-01")
    noted = AuditEntry.objects.get(what="audit.exported")
    assert (noted.who, noted.team_id, noted.after) == ("alice@example.com", people.team.pk, '{"from": "1970-01-01"}')
    assert response["Content-Disposition"].startswith('attachment; filename="audit-')
    assert response["Cache-Control"] == "no-store"
    rows = table(response)
    assert [row[4] for row in rows] == [people.team.name, *[str(n) for n in reversed(range(35))]]
    assert rows[1][:4] == ["1970-01-01T00:00:00Z", "alice@example.com", "Note written", "note.written"]
    assert rows[1][8] == '{"a": 1}'


def test_asking_for_the_head_of_the_csv_is_refused_and_notes_nothing(sign_in: SignIn) -> None:
    assert sign_in("alice").head("/audit.csv").status_code == 405
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@a", " =1", "\t=1", "\rx", "\nx", "＝1", "  -a", '=HYPERLINK("x")', "\u00a0=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    assert defused(cell) == f"'{cell}"
    put(1, people.team, subject=cell, who=cell)
    row = table(sign_in("alice").get("/audit.csv"))[-1]
    assert (row[1], row[4]) == (f"'{cell}", f"'{cell}")


@pytest.mark.parametrize("cell", ["", "a=1", "…a91f", "203.0.113.9", '{"a": 1}', "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


def test_no_other_team_and_no_former_member_is_told_of(people: SimpleNamespace, alice: Actor, sign_in: SignIn) -> None:
    left = User.objects.create_user("left@example.com")
    for person in (people.charlie, left):
        AuditEntry.note(Actor(person.email, person.pk), "signed_in", None)
    AuditEntry.note(Actor("charlie@example.com", people.charlie.pk), "gateways.set", people.other.pk, "Elsewhere")
    AuditEntry.note(Actor("somebody"), "sign_in.failed", None, "ghost@example.com")
    AuditEntry.note(alice, "signed_in", None)
    browser = sign_in("alice")
    for path in ("/audit/", "/audit/?who=charlie", "/audit/?q=ghost", "/audit/?what=gateways.set"):
        text = Page(browser.get(path)).text
        assert "set the IPFS gateways" not in text
        assert "Elsewhere" not in text
        assert "left@example.com" not in text
    assert entries(browser.get("/audit/")) == ["signed_in"]


def test_a_page_costs_a_query_for_its_entries_and_one_for_the_members(
    people: SimpleNamespace, alice: Actor, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        put(number, people.team)
    browser = sign_in("alice")
    with django_assert_max_num_queries(7):  # session, person, for the header teams twice and causes, and the two
        browser.get("/audit/")


def test_a_whole_e_mail_asks_for_that_person_alone(people: SimpleNamespace, alice: Actor, sign_in: SignIn) -> None:
    for number, who in enumerate(("bob@example.com", "bbob@example.com", "BOB@example.com")):
        put(number, people.team, who=who)
    browser = sign_in("alice")
    for typed, number in (("bob%40example.com", 2), ("bbob%40example.com", 1), ("ob%40", 3), ("%40example", 3)):
        assert len(entries(browser.get(f"/audit/?who={typed}"))) == number, typed
