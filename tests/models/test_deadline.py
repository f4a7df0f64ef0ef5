"""What takes too long is stopped by the database, and nothing else comes to harm."""

import time

import pytest
from django.db import connection, transaction

from dashboard.models import Team
from dashboard.models.deadline import TooBroad, check, deadline

FOREVER = "SELECT COUNT(*) FROM {0} a CROSS JOIN {0} b CROSS JOIN {0} c CROSS JOIN {0} d CROSS JOIN {0} e"


def ask(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)
        cursor.fetchall()


def count_for(seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        Team.objects.count()


def ask_after_a_short_one(query: str) -> None:
    with deadline(20):
        Team.objects.count()
    ask(query)


@pytest.fixture
def forever(db: None) -> str:
    """A query that would need hours."""
    Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(200))
    return FOREVER.format("dashboard_team")


def test_a_slow_query_is_stopped_and_the_connection_stays_usable(forever: str) -> None:
    started = time.monotonic()
    with pytest.raises(TooBroad), deadline(0.2):
        ask(forever)
    assert 0.15 < time.monotonic() - started < 2
    Team.objects.create(name="Afterwards")
    assert Team.objects.count() == 201


def test_many_quick_queries_have_one_deadline_together(db: None) -> None:
    started = time.monotonic()
    with pytest.raises(TooBroad), deadline(0.2):
        count_for(5)
    assert time.monotonic() - started < 2


def test_an_outer_deadline_holds_within_an_inner_one(forever: str) -> None:
    started = time.monotonic()
    with pytest.raises(TooBroad), deadline(0.2), deadline(20):
        ask(forever)
    assert time.monotonic() - started < 2
    with pytest.raises(TooBroad), deadline(0.5):
        ask_after_a_short_one(forever)


def test_what_is_done_in_time_leaves_nothing_behind(forever: str) -> None:
    with deadline(0.2):
        assert Team.objects.count() == 200
    time.sleep(0.25)
    check()
    assert Team.objects.count() == 200
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
            assert cursor.fetchone() == ("0", "on")


@pytest.mark.django_db(transaction=True)
def test_a_stopped_query_within_a_transaction_spoils_only_itself() -> None:
    Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(200))
    with transaction.atomic():
        Team.objects.create(name="Before")
        with pytest.raises(TooBroad), deadline(0.2):
            ask(FOREVER.format("dashboard_team"))
        Team.objects.create(name="After")
    assert Team.objects.count() == 202
    with pytest.raises(TooBroad), deadline(0.2):
        ask(FOREVER.format("dashboard_team"))
    assert Team.objects.count() == 202


def test_other_errors_stay_what_they_are(db: None) -> None:
    with pytest.raises(ZeroDivisionError), deadline(1):
        raise ZeroDivisionError


def test_an_inner_deadline_that_was_missed_leaves_the_outer_one_usable(forever: str) -> None:
    with deadline(20):
        with pytest.raises(TooBroad), deadline(0.2):
            ask(forever)
        assert Team.objects.count() == 200
