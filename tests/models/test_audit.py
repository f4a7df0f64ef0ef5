"""The audit is only ever added to, tells no secret, and what it tells a team is the team's alone."""

import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import serializers
from django.db import connection, transaction

from dashboard.clock import DAY, now_ms
from dashboard.models import AuditEntry, Membership, Role, User
from dashboard.models.audit import COMMAND, LONGEST, Actor, AppendOnly
from dashboard.models.trail import Key, Trail, Wanted, members_of

ALICE = Actor("alice@example.com", 1, "203.0.113.9")


@pytest.fixture
def entry(db: None) -> AuditEntry:
    return AuditEntry.note(ALICE, "member.role_changed", 1, "bob@example.com", {"role": "viewer"}, {"role": "admin"})


def changed(entry: AuditEntry) -> AuditEntry:
    entry.who = "nobody"
    return entry


def loaded_again(entry: AuditEntry) -> None:
    """As a fixture does it, past `save`."""
    for read in serializers.deserialize("python", serializers.serialize("python", [changed(entry)])):
        read.save()


REFUSED = {
    "save": lambda entry: changed(entry).save(),
    "save under its key": lambda entry: AuditEntry(pk=entry.pk, at=1, who="nobody", what="signed_in").save(),
    "insert under a key": lambda entry: AuditEntry(pk=99, at=1, who="x", what="signed_in").save(force_insert=True),
    "create under its key": lambda entry: AuditEntry.objects.create(pk=entry.pk, at=1, who="nobody", what="signed_in"),
    "raw save": lambda entry: changed(entry).save_base(raw=True),
    "loading": loaded_again,
    "delete": lambda entry: entry.delete(),
    "update": lambda entry: AuditEntry.objects.update(who="nobody"),
    "filtered update": lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(who="nobody"),
    "delete all": lambda entry: AuditEntry.objects.all().delete(),
    "filtered delete": lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
    "bulk update": lambda entry: AuditEntry.objects.bulk_update([changed(entry)], ["who"]),
    "bulk create under its key": lambda entry: AuditEntry.objects.bulk_create([entry], ignore_conflicts=True),
    "bulk create in its place": lambda entry: AuditEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["id"], update_fields=["who"]
    ),
    "update or create": lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"who": "nobody"}),
    "the base manager's update": lambda entry: AuditEntry._base_manager.update(who="nobody"),
    "the base manager's delete": lambda entry: AuditEntry._base_manager.all().delete(),
}


@pytest.mark.parametrize("way", REFUSED)
def test_no_way_through_the_models_changes_an_entry(way: str, entry: AuditEntry) -> None:
    with pytest.raises(AppendOnly), transaction.atomic():
        REFUSED[way](entry)
    assert list(AuditEntry.objects.values_list("pk", "who")) == [(entry.pk, "alice@example.com")]


def test_nothing_that_goes_takes_an_entry_along(people: SimpleNamespace) -> None:
    AuditEntry.note(Actor(people.sam.email, people.sam.pk), "signed_in", None)
    AuditEntry.note(Actor(people.sam.email, people.sam.pk), "gateways.set", people.team.pk)
    people.sam.delete()
    people.team.delete()
    assert AuditEntry.objects.count() == 2


def test_an_act_that_fails_leaves_no_entry(people: SimpleNamespace) -> None:
    with transaction.atomic():
        AuditEntry.note(ALICE, "gateways.set", people.team.pk)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_whatever_is_typed_can_be_noted_and_long_texts_are_cut(db: None) -> None:
    odd = "a\0b\ud800" + "x" * 1000
    entry = AuditEntry.note(Actor(odd, None, odd, odd), "sign_in.failed", None, odd, {"x": odd}, {"y": [odd, None, 3]})
    entry.refresh_from_db()
    assert len(entry.subject) == LONGEST
    assert "\0" not in entry.who + entry.subject + entry.before + entry.after + entry.address + entry.via


def test_a_secret_handed_over_by_mistake_is_not_kept(db: None) -> None:
    told = {"url": "https://me:hunter22@studio.test/api", "said": "Authorization: Bearer abcdef0123456789abcdef"}
    entry = AuditEntry.note(ALICE, "account.url_changed", 1, "Production", told, {"list": [told["said"]]})
    assert "hunter22" not in entry.before
    assert "abcdef0123456789abcdef" not in entry.before + entry.after
    assert "…a91f" in AuditEntry.note(ALICE, "key.replaced", 1, "Production", None, {"key": "…a91f"}).after


def put(at: int, team_id: int | None, user_id: int | None, **fields: Any) -> None:
    fields = {"who": f"user {user_id}", "what": "note.written", "subject": "a"} | fields
    AuditEntry.objects.create(at=at, team_id=team_id, user_id=user_id, **fields)


def test_a_team_reads_its_own_entries_and_its_present_members_and_no_others(people: SimpleNamespace) -> None:
    """Of random entries, against the rule written out plainly."""
    chance = random.Random(7)
    left = User.objects.create_user("left@example.com")
    both = User.objects.create_user("both@example.com")
    people.team.add(both, Role.VIEWER)
    people.other.add(both, Role.VIEWER)
    Membership.objects.filter(user=both, team=people.team).update(joined_at=500)
    Membership.objects.exclude(user=both, team=people.team).update(joined_at=0)
    persons = [people.alice, people.sam, people.bob, people.charlie, left, both]
    for _ in range(400):
        team = chance.choice([people.team.pk, people.other.pk, 999, None, None])
        put(chance.randrange(1000), team, chance.choice([*[person.pk for person in persons], None, 12345]))
    for team in (people.team, people.other):
        joined = dict(Membership.objects.filter(team=team).values_list("user_id", "joined_at"))
        expected = [
            entry.pk
            for entry in AuditEntry.objects.all()
            if entry.team_id == team.pk
            or (entry.team_id is None and entry.user_id in joined and entry.at >= joined[entry.user_id])
        ]
        trail = Trail(team.pk, members_of(team.pk))
        assert [line.id for line in trail.everything()] == expected
        assert page_by_page(trail) == expected
        assert page_by_page_upwards(trail) == expected


def page_by_page(trail: Trail, size: int = 7) -> list[int]:
    lines = trail.newest(size)
    found = [line.id for line in lines]
    while lines:
        lines = trail.newest(size, lines[-1].key)
        found += [line.id for line in lines]
    return found


def page_by_page_upwards(trail: Trail, size: int = 7) -> list[int]:
    found, key = list[int](), Key(-1, 0)
    while lines := trail.next_newer(size, key):
        found, key = [line.id for line in lines] + found, lines[0].key
    return found


def test_who_left_the_team_is_no_longer_told_of(people: SimpleNamespace) -> None:
    AuditEntry.note(Actor(people.sam.email, people.sam.pk), "signed_in", None)
    assert Trail(people.team.pk, members_of(people.team.pk)).newest(9)
    Membership.objects.filter(user=people.sam).delete()
    assert not Trail(people.team.pk, members_of(people.team.pk)).newest(9)


def test_a_team_of_more_people_than_one_query_takes_is_told_of_them_all(people: SimpleNamespace) -> None:
    users = User.objects.bulk_create([User(email=f"u{n}@example.com") for n in range(230)])
    Membership.objects.bulk_create([Membership(team=people.team, user=user, role=Role.VIEWER) for user in users])
    for user in users:
        AuditEntry.note(Actor(user.email, user.pk), "signed_in", None)
    trail = Trail(people.team.pk, members_of(people.team.pk))
    assert len(page_by_page(trail, 50)) == 230
    assert [line.who for line in trail.newest(2)] == ["u229@example.com", "u228@example.com"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(who="ALICE"), ["100%", "a_b"]),
        (Wanted(who="bob"), ["Axb"]),
        (Wanted(text="%"), ["100%"]),
        (Wanted(text="a_B"), ["a_b"]),
        (Wanted(text="!"), []),
        (Wanted(words=("key.tested", "signed_in")), ["a_b", "Axb"]),
        (Wanted(from_at=20, before_at=30), ["a_b"]),
        (Wanted(who="alice", words=("key.tested",), from_at=20, text="b"), ["a_b"]),
    ],
)
def test_filters_are_taken_literally_and_all_must_match(
    people: SimpleNamespace, wanted: Wanted, found: list[str]
) -> None:
    put(10, people.team.pk, 1, who="alice@example.com", what="note.written", subject="100%")
    put(20, people.team.pk, 1, who="Alice@example.com", what="key.tested", subject="a_b")
    put(30, people.team.pk, 2, who="bob@example.com", what="key.tested", subject="Axb")
    lines = Trail(people.team.pk, [], wanted).newest(9)
    assert sorted(line.subject for line in lines) == sorted(found)


def fill(number: int, team: int, other: int, person: int) -> None:
    """An entry a second: a third of the team, a third of another, a third of a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            "INSERT INTO dashboard_auditentry (at, team_id, user_id, who, what, subject, address, via, before, after) "
            "SELECT i * 1000, CASE i % 3 WHEN 0 THEN %s WHEN 1 THEN %s END, %s, 'bob', 'signed_in', '', '', '', '{}', "
            "'{}' FROM n".replace("% 3", "%% 3"),
            [number, team, other, person],
        )


def test_pages_come_from_the_indexes_and_are_fast_among_100_000_entries(people: SimpleNamespace) -> None:
    fill(100_000, people.team.pk, people.other.pk, people.bob.pk)
    Membership.objects.update(joined_at=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    trail = Trail(people.team.pk, members_of(people.team.pk))
    middle = Key(50_000_000, 0)
    took = []
    for _ in range(3):  # neighbours on the machine must not fail a test
        begin = now_ms()
        first, deep = trail.newest(51), trail.newest(51, middle)
        took.append(now_ms() - begin)
        assert len(first) == len(deep) == 51
    assert min(took) < 100
    for beyond in (None, middle):
        parts = [
            ("team_id = %s", [people.team.pk]),
            ("team_id IS NULL AND user_id = %s AND at >= %s", [people.bob.pk, 0]),
        ]
        plan = explained(*trail._query(parts, "<", beyond, "DESC", 51))
        assert "Index Scan" in plan or ("audit_of_team" in plan and "audit_of_person" in plan)
        assert "SCAN dashboard_auditentry" not in plan
        assert "Seq Scan" not in plan


def explained(query: str, values: list[Any]) -> str:
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(prefix + query, values)
        return "\n".join(str(row) for row in cursor.fetchall())


def test_one_query_reads_a_page(people: SimpleNamespace, django_assert_num_queries: Any) -> None:
    put(1, people.team.pk, None)
    members = members_of(people.team.pk)
    with django_assert_num_queries(1):
        Trail(people.team.pk, members).newest(51)


def test_only_the_oldest_go_after_their_days_a_batch_at_a_time(db: None) -> None:
    for day in range(10):
        put(day * DAY, 1, None)
    assert AuditEntry.objects.forget_before(8 * DAY, 5) == 5
    assert min(AuditEntry.objects.values_list("at", flat=True)) == 5 * DAY
    assert AuditEntry.objects.forget_before(8 * DAY, 5) == 3
    assert AuditEntry.objects.forget_before(8 * DAY, 5) == 0
    assert AuditEntry.objects.count() == 2


def test_the_operator_has_no_id_and_no_address(db: None) -> None:
    entry = AuditEntry.note(COMMAND, "vault.rotated", None)
    assert (entry.user_id, entry.address, entry.via) == (None, "", "command")
