"""Surges played through the sandbox's clock over HTTP, from a task that fails at Studio to the card on the board."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import DAY, HOUR, MINUTE, iso
from dashboard.models import Account, Surge
from dashboard.sandbox import Sandbox
from tests.conftest import connect_account
from tests.sync.conftest import Clock, World
from tests.sync.watched import watch
from tests.views.html import Page
from tests.views.region import Region

CODEC = (
    "invalid video file codec or container, check your input file against the input codec and container support matrix"
)
DENIED = 'error on export request: http status 403 Forbidden: "Request has expired at {n}"'


@pytest.fixture
def ahead() -> int:
    """By how many minutes Studio's clock is ahead of ours."""
    return 0


@pytest.fixture
def sandbox(clock: Clock, ahead: int) -> Iterator[Sandbox]:
    with Sandbox(tasks=0, pace=0, projects=3, clock=lambda: clock.now + ahead * MINUTE) as running:
        yield running


@pytest.fixture
def accounts(people: SimpleNamespace, sandbox: Sandbox, world: World) -> list[Account]:
    """Three projects that are watched for half an hour and in which nothing fails."""
    names = ("Production", "Staging", "Archive")
    accounts = [connect_account(people.team, n, sandbox.url, k) for n, k in zip(names, sandbox.keys, strict=True)]
    for project in range(3):
        sandbox.add_task(project, status={"phase": "completed"})
    world.run(60)
    return accounts


@pytest.fixture
def board(accounts: list[Account], sign_in: Callable[[str], Client]) -> Region:
    """Bob's."""
    return Region(sign_in("bob"), "/")


def fail(sandbox: Sandbox, project: int, message: str = CODEC, **status: object) -> str:
    return sandbox.add_task(project, status={"phase": "failed", "retries": 0, "errorMessage": message, **status})


def cards(page: Page) -> list[str]:
    return [card["data-surge"] for card in page.all("data-surge")]


def test_fourteen_failures_in_six_minutes_are_one_card_until_it_is_over(
    board: Region, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    began_at = clock.now
    for number in range(14):
        fail(sandbox, number % 3)
        if number < 13:
            watch(world, 6 / 13)
    watch(world, 1)
    assert board.poll() == 200
    [card] = cards(board.page)
    assert "14 failures in 6 min, 3 accounts, same cause since" in board.page.text
    assert CODEC[:40] in board.page.text
    assert iso(began_at) in {time["datetime"] for time in board.page.all("data-clock")}
    assert any(link.get("href") == f"/failures/{card}/" for link in board.page.elements)
    assert board.poll() == 204
    watch(world, 8)
    assert cards(Page(board.client.get("/")))
    watch(world, 2)
    assert board.poll() == 200
    assert cards(board.page) == []
    assert Surge.objects.get().ended_at is not None


def test_it_is_shown_to_its_team_only(
    board: Region, sandbox: Sandbox, world: World, sign_in: Callable[[str], Client]
) -> None:
    for _ in range(8):
        fail(sandbox, 0)
    watch(world, 1)
    assert len(cards(Page(board.client.get("/")))) == 1
    assert cards(Page(sign_in("charlie").get("/"))) == []


def test_numbers_in_messages_make_no_new_cause_and_two_causes_make_two_cards(
    board: Region, sandbox: Sandbox, world: World
) -> None:
    for number in range(8):
        fail(sandbox, number % 2, DENIED.format(n=number * 991))
        fail(sandbox, 2)
    watch(world, 1)
    page = Page(board.client.get("/"))
    assert len(cards(page)) == 2
    assert "8 failures in 1 min, 2 accounts" in page.text
    assert "8 failures in 1 min, 1 account," in page.text


def test_a_filter_that_finds_nothing_still_shows_it(board: Region, sandbox: Sandbox, world: World) -> None:
    for _ in range(8):
        fail(sandbox, 0)
    watch(world, 1)
    assert len(cards(Page(board.client.get("/?phase=cancelled")))) == 1


def test_an_import_of_many_failures_is_no_surge(people: SimpleNamespace, world: World, clock: Clock) -> None:
    with Sandbox(tasks=0, pace=0, clock=clock) as sandbox:
        for number in range(150):
            fail(sandbox, 0, updatedAt=clock.now - 2 * HOUR - number)
        connect_account(people.team, "New", sandbox.url, sandbox.key)
        watch(world, 3)
    assert not Surge.objects.exists()


def test_a_surge_whose_tasks_all_recover_is_over_at_once(
    board: Region, sandbox: Sandbox, clock: Clock, world: World
) -> None:
    tasks = [fail(sandbox, number % 3) for number in range(9)]
    watch(world, 1)
    assert len(cards(Page(board.client.get("/")))) == 1
    for task in tasks[1:]:
        sandbox.change(task, {"phase": "completed"})
    watch(world, 0.5)
    assert len(cards(Page(board.client.get("/")))) == 1, "one has not recovered"
    sandbox.change(tasks[0], {"phase": "completed"})
    watch(world, 0.5)
    assert cards(Page(board.client.get("/"))) == []


def test_tries_that_studio_repeats_by_itself_are_part_of_it(board: Region, sandbox: Sandbox, world: World) -> None:
    for number in range(7):
        sandbox.add_task(number % 3, status={"phase": "waiting", "retries": 1, "errorMessage": "execution timeout"})
    watch(world, 1)
    assert "7 failures in 1 min, 3 accounts" in Page(board.client.get("/")).text


@pytest.mark.parametrize("ahead", [-4, 4])
def test_studios_clock_may_be_some_minutes_off(board: Region, sandbox: Sandbox, world: World, ahead: int) -> None:
    for number in range(10):
        fail(sandbox, number % 3)
        watch(world, 0.5)
    watch(world, 2)
    assert "10 failures in 4 min, 3 accounts" in Page(board.client.get("/")).text
    watch(world, 13)
    assert cards(Page(board.client.get("/"))) == []


def test_a_surge_that_goes_on_past_midnight_stays_one(board: Region, sandbox: Sandbox, world: World) -> None:
    clock = world.clock
    clock.now += DAY - (clock.now + 3 * MINUTE) % DAY
    for number in range(12):
        fail(sandbox, number % 3)
        watch(world, 0.5)
    watch(world, 5)
    assert clock.now % DAY < 9 * MINUTE
    [surge] = Surge.objects.all()
    assert (surge.tasks, surge.accounts, surge.ended_at) == (12, 3, None)
