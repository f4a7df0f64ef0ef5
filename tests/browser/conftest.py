"""One Chromium and one stage for the whole folder; a fresh browser context per test."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from dashboard.sandbox import Sandbox
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place, Stage
from tests.conftest import skip_or_fail

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--renderer-process-limit=1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with this folder: while it lives no other test could use asyncio."""
    path = shutil.which("chromium")
    if path is None:
        skip_or_fail("Chromium")
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def stage(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Stage]:
    wanted = [name for item in request.session.items for name in getattr(item, "fixturenames", ())]
    places = wanted.count("place") + wanted.count("other_place")
    studio, gallery = Sandbox(tasks=0, pace=0, projects=1 + places), Sandbox(tasks=60, pace=0, seed=3)
    with studio, gallery, Sandbox(tasks=3, pace=0, seed=4) as deaf:
        stage = Stage(tmp_path_factory.mktemp("installation"), studio, gallery, deaf)
        stage.start()
        yield stage
        stage.installation.stop()


@pytest.fixture
def place(stage: Stage) -> Place:
    """Somebody whose tasks this test may change."""
    return stage.places.pop()


@pytest.fixture
def other_place(stage: Stage) -> Place:
    """Somebody else, with other tasks."""
    return stage.places.pop()


@pytest.fixture
def visit(chromium: Browser, stage: Stage) -> Iterator[Visit]:
    """`visit(place)` is its person at a browser; `visit()` is somebody who is not signed in."""
    readers: list[Reader] = []

    def at(place: Place | None = None, **options: Any) -> Reader:
        session = place.session if place else ""
        readers.append(Reader(chromium, stage.installation.url, session, **options))
        return readers[-1]

    yield at
    for reader in readers:
        reader.close()
