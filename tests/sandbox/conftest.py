"""A sandbox with a clock that stands still until a test turns it."""

from collections.abc import Callable, Iterator

import pytest

from dashboard.sandbox import Sandbox
from tests.sandbox.asking import Asker

EPOCH_AT = 1_790_000_000_000


class Clock:
    """A clock by hand, in ms."""

    def __init__(self) -> None:
        self.now = EPOCH_AT

    def __call__(self) -> int:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(clock: Clock) -> Iterator[Sandbox]:
    """No task but those that the test adds; nothing moves by itself."""
    with Sandbox(tasks=0, clock=clock, pace=0) as sandbox:
        yield sandbox


@pytest.fixture
def lively(clock: Clock) -> Iterator[Sandbox]:
    """400 tasks and the stream, by the test's clock."""
    with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def full() -> Iterator[Sandbox]:
    """400 tasks that stand still; for tests that only read."""
    with Sandbox(epoch_at=EPOCH_AT, clock=lambda: EPOCH_AT, pace=0) as sandbox:
        yield sandbox


@pytest.fixture
def asker() -> Iterator[Callable[..., Asker]]:
    """Makes callers: `asker(sandbox)` has the full key, `asker(sandbox, key)` another, None none."""
    made: list[Asker] = []

    def make(sandbox: Sandbox, key: str | None = "", timeout: float = 10) -> Asker:
        made.append(Asker(sandbox.url, sandbox.key if key == "" else key, timeout))
        return made[-1]

    yield make
    for caller in made:
        caller.close()
