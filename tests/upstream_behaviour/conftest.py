"""Every check in this folder that takes `stage` runs twice: against the sandbox and against recorded answers."""

from collections.abc import Iterator

import pytest

from tests.upstream_behaviour.stages import Stage, recorded, simulated


@pytest.fixture(scope="session", params=[simulated, recorded], ids=["sandbox", "recorded"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with request.param() as ready:
        yield ready
