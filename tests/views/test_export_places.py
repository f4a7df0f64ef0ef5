"""How many exports a process writes at once, who has to wait, and what ends one."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory

from dashboard.models import Account, AuditEntry, Role, User
from dashboard.models.deadline import TooBroad, check
from dashboard.models.finding import Filters
from dashboard.models.memory import mark_gone
from dashboard.views import export, export_parts
from tests.views.conftest import Connect, hold, hold_many

SignIn = Callable[[str], Client]
CSV = "/tasks/export.csv"


@pytest.fixture
def started() -> Callable[..., Any]:
    """`started(user)`: the answer, before the server has sent anything of it."""

    def start(user: User, query: str = "") -> Any:
        request = RequestFactory().get(CSV + query)
        request.user = user
        return export.as_csv(request)

    return start


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """`later(61)`: so many seconds pass."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(export_parts, "monotonic", lambda: clock.now)

    def turn(seconds: float) -> None:
        clock.now += seconds

    return turn


def hang_up(response: Any) -> None:
    """What the server does when the connection ends, but for closing the connection to the database."""
    for close in response._resource_closers:
        close()


def test_a_person_has_one_export_under_way_and_a_process_two(
    quiet: Account, people: SimpleNamespace, started: Callable[..., Any]
) -> None:
    hold(quiet)
    first, second = started(people.bob), started(people.bob)
    assert (first.status_code, second.status_code, second["Retry-After"]) == (200, 503, "30")
    assert started(people.sam).status_code == 200
    assert started(people.alice).status_code == 503
    hang_up(first)
    assert started(people.alice).status_code == 200


def test_an_export_that_is_read_to_its_end_gives_its_place_back(
    quiet: Account, people: SimpleNamespace, started: Callable[..., Any]
) -> None:
    hold(quiet)
    for _ in range(3):
        assert b"id" in b"".join(started(people.bob).streaming_content)


def test_an_export_that_nobody_reads_for_a_minute_is_cut_off_and_loses_its_place(
    quiet: Account,
    people: SimpleNamespace,
    started: Callable[..., Any],
    later: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "CHUNK", 5)
    hold_many(quiet, [1_760_000_000_000 + number for number in range(20)])
    sleeping, reading = started(people.bob), started(people.sam)
    parts = iter(reading)
    for _ in range(2):
        later(40)
        assert next(parts)
    assert started(people.alice).status_code == 200
    with pytest.raises(export_parts.Cut):
        next(iter(sleeping))


def test_every_part_of_a_search_has_to_come_in_time(
    quiet: Account, people: SimpleNamespace, started: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 5)
    hold_many(quiet, [1_760_000_000_000 + number for number in range(20)])
    parts = iter(started(people.bob, "?q=many"))
    assert next(parts)
    monkeypatch.setattr(export_parts, "STEP_SECONDS", 0)
    with pytest.raises(TooBroad):
        list(parts)
    assert started(people.bob).status_code == 200


def test_a_list_that_needs_no_search_may_take_its_time(
    quiet: Account, people: SimpleNamespace, started: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_parts, "STEP_SECONDS", 0)
    monkeypatch.setattr(export, "CHUNK", 5)
    hold_many(quiet, [1_760_000_000_000 + number for number in range(20)])
    assert b"".join(started(people.bob).streaming_content).count(b"\r\n") == 21


def test_only_teams_whose_tasks_are_taken_along_read_of_it_in_their_audit(
    quiet: Account, people: SimpleNamespace, connect_quiet: Connect, sign_in: SignIn
) -> None:
    theirs = connect_quiet("Theirs", team=people.other)
    people.other.add(people.bob, Role.VIEWER)
    hold(quiet, name="Private words")
    gone = hold(theirs, name="Something else")
    bob = sign_in("bob")
    bob.get(CSV, {"q": "private"}).getvalue()  # type: ignore[attr-defined]
    bob.get(CSV, {"q": "nowhere"}).getvalue()  # type: ignore[attr-defined]
    assert [entry.team_id for entry in AuditEntry.objects.all()] == [quiet.team_id]
    mark_gone(gone, gone.updated_at + 1)
    bob.get(CSV, {"q": "something"}).getvalue()  # type: ignore[attr-defined]
    assert [entry.team_id for entry in AuditEntry.objects.order_by("id")] == [quiet.team_id, people.other.pk]


def test_a_phase_in_another_order_is_looked_for_in_time_too(
    quiet: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(quiet)

    def first(self: Filters, *arguments: Any) -> list[Any]:
        check()
        return []

    monkeypatch.setattr(Filters, "first", first)
    monkeypatch.setattr("dashboard.views.board_found.SECONDS", 0)
    bob = sign_in("bob")
    assert "Too broad" not in bob.get("/?phase=failed").content.decode()
    assert "Too broad" in bob.get("/?phase=failed&sort=title").content.decode()
