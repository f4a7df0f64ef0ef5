"""When we were not watching: pages must not tell of a quiet time that nobody saw."""

from dashboard.models import Account, Gap
from dashboard.models.gap import gaps_of
from dashboard.sandbox import Sandbox
from tests.sync.conftest import Clock, Sync, World

MINUTE = 60_000


def test_a_syncer_that_stood_still_leaves_a_gap_from_its_last_success_to_its_next(
    account: Account, clock: Clock, sync: Sync
) -> None:
    sync(account)
    began = clock.now
    clock.turn(minutes=30)
    sync(account)
    assert gaps_of(account.pk, 0, clock.now) == [(began, clock.now)]
    sync(account)
    assert Gap.objects.count() == 1


def test_a_studio_that_does_not_answer_leaves_one_too(account: Account, sandbox: Sandbox, world: World) -> None:
    world.run(2)
    sandbox.switches.failing = 503
    world.run(1800)
    assert not Gap.objects.exists()
    sandbox.switches.failing = 0
    world.run(600)
    gap = Gap.objects.get()
    assert 25 * MINUTE < gap.until_at - gap.from_at < 40 * MINUTE


def test_an_account_that_nobody_watches_is_asked_rarely_and_has_no_gaps(
    account: Account, sandbox: Sandbox, world: World
) -> None:
    sandbox.add_task(status={"phase": "completed"})
    world.run(7200)
    assert not Gap.objects.exists()


def test_a_little_late_is_no_gap(account: Account, clock: Clock, sync: Sync) -> None:
    sync(account)
    clock.turn(minutes=7.9)
    sync(account)
    assert not Gap.objects.exists()


def test_before_the_first_success_there_is_no_gap(account: Account, clock: Clock, sync: Sync) -> None:
    clock.turn(minutes=60)
    sync(account)
    assert not Gap.objects.exists()


def test_gaps_are_told_as_far_as_they_touch_a_time_and_of_one_account_only(account: Account) -> None:
    other = Account.objects.create(team=account.team, name="Other", url=account.url)
    for from_at, until_at in ((10, 20), (30, 40), (50, 60)):
        Gap.objects.create(account=account, from_at=from_at, until_at=until_at)
    Gap.objects.create(account=other, from_at=0, until_at=99)
    assert gaps_of(account.pk, 15, 35) == [(15, 20), (30, 35)]
    assert gaps_of(account.pk, 20, 30) == []
