"""The world of a test with somebody who watches its failures, as the syncer does beside asking."""

from dashboard.models.settling import wake
from dashboard.models.surge import watch_for_surges
from tests.sync.conftest import World

LOOK_SECONDS = 30


def watch(world: World, minutes: float) -> None:
    """Lets time pass."""
    for _ in range(round(minutes * 60 / LOOK_SECONDS)):
        world.run(LOOK_SECONDS)
        wake(world.clock.now)
        watch_for_surges(world.clock.now)
