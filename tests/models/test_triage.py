"""What people decide about groups of failures: who has them, what is out of sight, what is done."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, AuditEntry, Decision
from dashboard.models.settling import wake
from dashboard.models.triage import Outpaced, Refused
from tests.models.failures import TIMEOUT, again, by, fail, tell

pytestmark = pytest.mark.django_db


def told(group: object) -> list[str]:
    return list(Decision.objects.filter(group=group).values_list("what", flat=True))


def test_a_new_cause_is_open_and_nobodys(account: Account) -> None:
    group = fail(account, "one")
    assert (group.state, group.open_tasks, group.owner_name, group.turn) == ("open", 1, "", 0)


def test_who_takes_it_has_it(account: Account, people: SimpleNamespace) -> None:
    group = by(people.sam, fail(account, "one")).assign(people.sam.pk)
    assert (again(group).state, again(group).owner, again(group).owner_name) == ("owned", people.sam, people.sam.email)
    by(people.alice, group).assign(None)
    assert (again(group).state, again(group).owner, again(group).owner_name) == ("open", None, "")
    by(people.alice, group).assign(people.sam.pk)
    assert told(group) == ["took", "released", "assigned"]


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_nothing_is_given_to_people_who_cannot_act_on_it(account: Account, people: SimpleNamespace, name: str) -> None:
    group = fail(account, "one")
    with pytest.raises(Refused, match="not in the team, or may not triage"):
        by(people.sam, group).assign(getattr(people, name).pk)
    assert (again(group).turn, told(group)) == (0, [])


def test_who_lost_the_right_meanwhile_changes_nothing(account: Account, people: SimpleNamespace) -> None:
    group = fail(account, "one")
    with pytest.raises(PermissionDenied):
        by(people.bob, group).resolve()
    with pytest.raises(PermissionDenied):
        by(people.charlie, group).note("hello")
    assert again(group).state == "open"


def test_every_act_is_in_the_history_and_in_the_audit(account: Account, people: SimpleNamespace) -> None:
    group, before = fail(account, "one"), Account.objects.get().revision
    by(people.sam, group).assign(people.sam.pk)
    by(people.sam, group).resolve()
    by(people.alice, group).reopen()
    by(people.alice, group).ignore(days=1)
    by(people.sam, group).note("The key ab was wrong")
    assert told(group) == ["took", "resolved", "reopened", "ignored", "noted"]
    entries = AuditEntry.objects.order_by("id").values_list("what", "who", "subject")
    assert [what for what, _, _ in entries] == [f"failure.{what}" for what in told(group)]
    assert {subject for _, _, subject in entries} == {group.title}
    assert Account.objects.get().revision == before + 5  # pages that show it have news
    assert again(group).turn == 4  # notes are no turn


def test_a_note_that_was_sent_twice_is_kept_once(account: Account, people: SimpleNamespace) -> None:
    group, now = fail(account, "one"), now_ms()
    first = by(people.sam, group, now=now).note("Ask Ann")
    assert by(people.sam, group, now=now + 9 * SECOND).note("Ask Ann") == first
    assert told(group) == ["noted"]
    assert AuditEntry.objects.filter(what="failure.noted").count() == 1
    by(people.sam, group, now=now + 9 * SECOND).note("Ask Bea")
    by(people.alice, group, now=now + 9 * SECOND).note("Ask Ann")
    by(people.sam, group, now=now + 11 * SECOND).note("Ask Ann")
    assert told(group) == ["noted"] * 4


def test_what_was_resolved_comes_back_by_the_next_failure(account: Account, people: SimpleNamespace) -> None:
    group = by(people.sam, fail(account, "one")).resolve()
    assert again(group).state == "resolved"
    fail(account, "two", at=now_ms() + SECOND)
    assert again(group).state == "regressed"
    assert told(group)[-1] == "regressed"
    assert Decision.objects.get(what="regressed").by_name == "Studio Tasks"


def test_another_failure_of_the_same_task_is_one_too(account: Account, people: SimpleNamespace) -> None:
    group = by(people.sam, fail(account, "one")).resolve()
    tell(account, "one", "running", now_ms() + SECOND, scheduledAt=now_ms() + SECOND)
    fail(account, "one", at=now_ms() + 2 * SECOND, scheduledAt=now_ms() + SECOND)
    assert again(group).state == "regressed"


def test_the_same_failure_told_again_brings_nothing_back(account: Account, people: SimpleNamespace) -> None:
    at = now_ms()
    group = by(people.sam, fail(account, "one", at=at)).resolve()
    fail(account, "one", at=at, name="renamed")
    assert again(group).state == "resolved"


def test_old_failures_that_an_import_finds_bring_nothing_back(account: Account, people: SimpleNamespace) -> None:
    group = by(people.sam, fail(account, "one")).resolve()
    fail(account, "old", at=now_ms() - HOUR)
    assert (again(group).state, again(group).open_tasks) == ("resolved", 2)


def test_a_failure_that_a_retry_has_saved_already_brings_nothing_back(
    account: Account, people: SimpleNamespace
) -> None:
    group = by(people.sam, fail(account, "one", TIMEOUT)).resolve()
    soon = now_ms() + SECOND
    tell(account, "two", "completed", soon + SECOND)
    tell(account, "two", "completed", soon + 2 * SECOND)
    assert again(group).state == "resolved"


@pytest.mark.parametrize("minutes", [-4, 0, 60, 24 * 60])
def test_a_clock_of_studios_that_is_wrong_hides_no_failure(
    account: Account, people: SimpleNamespace, minutes: int
) -> None:
    """Behind by a few minutes, or ahead by as much as it likes."""
    apart = minutes * MINUTE
    group = by(people.sam, fail(account, "one", at=now_ms() - MINUTE + apart)).resolve()
    fail(account, "two", at=now_ms() + SECOND + apart)
    assert again(group).state == "regressed"


def test_a_failure_known_too_late_for_who_resolved_brings_it_back(account: Account, people: SimpleNamespace) -> None:
    group = by(people.sam, fail(account, "one")).resolve()
    fail(account, "two", at=now_ms() - MINUTE)
    assert again(group).state == "regressed"


def test_ignored_for_a_time_it_is_open_after_it(account: Account, people: SimpleNamespace) -> None:
    now = now_ms()
    group = by(people.sam, fail(account, "one"), now=now).ignore(days=1)
    fail(account, "two", at=now + SECOND)
    wake(now + DAY - 1)
    assert again(group).state == "ignored"
    wake(now + DAY)
    assert (again(group).state, again(group).ignored_until) == ("open", None)
    assert told(group) == ["ignored", "woke"]
    wake(now + 2 * DAY)
    assert told(group) == ["ignored", "woke"]


def test_ignored_until_so_many_more_it_is_open_with_the_last_of_them(account: Account, people: SimpleNamespace) -> None:
    at = now_ms()
    group = by(people.sam, fail(account, "one", at=at)).ignore(more=3, hours=2)
    for number in (1, 2):
        fail(account, f"more {number}", at=at + number)
        assert again(group).state == "ignored"
    fail(account, "more 3", at=at + 3)
    assert (again(group).state, again(group).ignored_more) == ("open", None)
    assert Decision.objects.get(what="woke").told == {"came": 3, "hours": 2}


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_what_failed_before_does_not_count_as_more_whatever_studios_clock_says(
    account: Account, people: SimpleNamespace, hours: int
) -> None:
    at = now_ms() + hours * 30 * MINUTE
    for number in range(4):
        group = fail(account, f"before {number}", at=at - number)
    by(people.sam, group).ignore(more=2, hours=24)
    fail(account, "more 1", at=at + 1)
    assert again(group).state == "ignored"
    fail(account, "more 2", at=at + 2)
    assert again(group).state == "open"


def test_too_few_within_the_hours_wake_nothing(account: Account, people: SimpleNamespace) -> None:
    start = now_ms() - 10 * HOUR
    group = by(people.sam, fail(account, "one", at=start), now=start).ignore(more=3, hours=1)
    for number in range(1, 10):
        fail(account, f"every hour {number}", at=start + number * HOUR)
    assert again(group).state == "ignored"


@pytest.mark.parametrize(
    ("days", "more", "hours"),
    [(None, None, None), (0, None, None), (-1, None, None), (10**9, None, None), (None, 0, 1), (None, -1, 1),
     (None, 10**9, 1), (None, 5, None), (None, 5, 0), (None, 5, -1), (None, 5, 10**9), (1, 0, 0)],
)  # fmt: skip
def test_absurd_patience_is_refused_in_words(
    account: Account, people: SimpleNamespace, days: int | None, more: int | None, hours: int | None
) -> None:
    group = fail(account, "one")
    with pytest.raises(Refused, match="number"):
        by(people.sam, group).ignore(days, more, hours)
    assert (again(group).state, told(group)) == ("open", [])


def test_who_decides_after_another_is_told_and_changes_nothing(account: Account, people: SimpleNamespace) -> None:
    group = fail(account, "one")
    by(people.sam, group, turn=0).assign(people.sam.pk)
    by(people.sam, group, turn=1).resolve()
    with pytest.raises(Outpaced) as outpaced:
        by(people.alice, group, turn=0).ignore(days=7)
    assert [(decision.what, decision.by_name) for decision in outpaced.value.meanwhile] == [
        ("took", "sam@example.com"),
        ("resolved", "sam@example.com"),
    ]
    assert (again(group).state, again(group).turn, told(group)) == ("resolved", 2, ["took", "resolved"])


def test_the_clock_counts_as_another_too(account: Account, people: SimpleNamespace) -> None:
    group = by(people.sam, fail(account, "one")).resolve()
    turn = again(group).turn
    fail(account, "two", at=now_ms() + SECOND)
    with pytest.raises(Outpaced) as outpaced:
        by(people.sam, group, turn=turn).ignore(days=7)
    assert [decision.what for decision in outpaced.value.meanwhile] == ["regressed"]


def test_notes_never_get_in_each_others_way(account: Account, people: SimpleNamespace) -> None:
    group = fail(account, "one")
    by(people.sam, group, turn=0).note("first")
    by(people.alice, group, turn=0).note("second")
    by(people.sam, group, turn=0).resolve()
    by(people.alice, group, turn=0).note("third")
    notes = Decision.objects.filter(group=group, what="noted").values_list("text", flat=True)
    assert list(notes) == ["first", "second", "third"]


def test_a_secret_in_a_note_is_not_kept(account: Account, people: SimpleNamespace) -> None:
    by(people.sam, fail(account, "one")).note(
        "They sent Authorization: Bearer 0c6e2b1a7c1e4d0f9c551f2e3d4c5b6a with it"
    )
    assert "0c6e2b1a7c1e4d0f" not in Decision.objects.get().text


def test_a_group_of_which_nothing_is_failed_any_more_has_recovered_and_opens_again(
    account: Account, people: SimpleNamespace
) -> None:
    group = by(people.sam, fail(account, "one", TIMEOUT)).assign(people.sam.pk)
    tell(account, "one", "completed", now_ms() + SECOND)
    assert (again(group).state, again(group).open_tasks) == ("recovered", 0)
    fail(account, "two", TIMEOUT, at=now_ms() + 2 * SECOND)
    assert again(group).state == "owned"
