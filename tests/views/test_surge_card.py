"""The card of a surge on the board."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import HOUR, MINUTE, now_ms
from dashboard.models import Account, Role, Surge, Team
from dashboard.models.group import Group
from dashboard.models.surge import watch_for_surges
from tests.models.failures import CODEC, TIMEOUT, fail
from tests.views.conftest import Connect
from tests.views.html import Page
from tests.views.region import Region

pytestmark = pytest.mark.django_db


def surge(account: Account, number: int = 8, message: str = TIMEOUT) -> Group:
    now = now_ms()
    groups = [fail(account, f"{message[:9]}-{n}", message, now - n * 30_000) for n in range(number)]
    watch_for_surges(now)
    return groups[0]


def test_it_says_how_many_where_since_when_and_why(quiet: Account, sign_in: Any) -> None:
    group = surge(quiet)
    page = Page(sign_in("bob").get("/"))
    assert page.one("data-surge")["data-surge"] == str(group.pk)
    assert "8 failures in 4 min, 1 account, same cause since" in page.text
    assert TIMEOUT in page.text


@pytest.mark.parametrize(
    ("tasks", "length", "accounts", "words"),
    [
        (5, 0, 1, "5 failures in 1 min, 1 account,"),
        (14, 6 * MINUTE, 3, "14 failures in 6 min, 3 accounts,"),
        (12_345, 119 * MINUTE, 20, "12,345 failures in 119 min, 20 accounts,"),
        (12_345, 26 * HOUR, 20, "12,345 failures in 26 h, 20 accounts,"),
    ],
)
def test_its_words(quiet: Account, sign_in: Any, tasks: int, length: int, accounts: int, words: str) -> None:
    surge(quiet)
    since_at = Surge.objects.get().since_at
    Surge.objects.update(tasks=tasks, last_at=since_at + length, accounts=accounts)
    assert words in Page(sign_in("bob").get("/")).text


def test_what_a_message_holds_is_text(quiet: Account, sign_in: Any) -> None:
    surge(quiet)
    Group.objects.update(title="<script>alert('no')</script> 100 %s {{ x }}")
    source = Page(sign_in("bob").get("/")).source
    assert "<script>alert" not in source
    assert "&lt;script&gt;alert(&#x27;no&#x27;)&lt;/script&gt; 100 %s {{ x }}" in source


def test_a_long_cause_is_cut(quiet: Account, sign_in: Any) -> None:
    surge(quiet)
    Group.objects.update(title="x" * 400)
    assert f"{'x' * 120}…" in Page(sign_in("bob").get("/")).text


def test_the_open_board_learns_of_it_and_of_its_end(quiet: Account, sign_in: Any) -> None:
    board = Region(sign_in("bob"), "/")
    fail(quiet, "first", at=now_ms() - HOUR)
    assert board.poll() == 200
    assert board.poll() == 204
    surge(quiet)
    assert board.poll() == 200
    assert len(board.page.all("data-surge")) == 1
    assert board.poll() == 204
    watch_for_surges(now_ms() + HOUR)
    assert board.poll() == 200
    assert board.page.all("data-surge") == []


def test_the_newest_three_are_shown(quiet: Account, sign_in: Any) -> None:
    for message in ("cannot enqueue", "no tape", "disk on fire", "lost the way"):
        surge(quiet, message=message)
    assert len(Page(sign_in("bob").get("/")).all("data-surge")) == 3


def test_teams_see_their_own(quiet: Account, sign_in: Any, people: SimpleNamespace) -> None:
    surge(quiet)
    assert Page(sign_in("charlie").get("/")).all("data-surge") == []
    second = Team.objects.create(name="Second")
    second.add(people.bob, Role.VIEWER)
    client: Client = sign_in("bob")
    assert Page(client.get(f"/?team={second.pk}")).all("data-surge") == []
    assert Page(client.get(f"/?team={people.team.pk}")).all("data-surge")


def test_a_board_of_one_account_tells_of_those_that_it_has_a_part_in(
    quiet: Account, connect_quiet: Connect, sign_in: Any
) -> None:
    other, calm = connect_quiet("Staging"), connect_quiet("Archive")
    before = fail(calm, "before", TIMEOUT, now_ms() - HOUR)
    merged = fail(other, "codec", CODEC, now_ms())
    assert surge(quiet) == before
    Group.objects.filter(pk=merged.pk).update(merged_into=before)
    boards = ["/", *(f"/?account={account.pk}" for account in (quiet, other, calm))]
    bob = sign_in("bob")
    assert [len(Page(bob.get(board)).all("data-surge")) for board in boards] == [1, 1, 1, 0]
