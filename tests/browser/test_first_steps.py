"""An empty installation: from the printed link to the first task that moves, at the installation's own pace."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from dashboard.sandbox import Sandbox
from tests.browser.installation import Installation
from tests.browser.looks import look_at
from tests.browser.reader import Reader


@pytest.fixture
def newborn(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("newborn"))
    installation.start()
    yield installation
    installation.stop()


def test_from_the_printed_link_to_a_task_that_moves(newborn: Installation, chromium: Browser, sandbox: Sandbox) -> None:
    task = sandbox.add_task(asset_name="First of all.mp4")
    reader = Reader(chromium, newborn.url)
    page = reader.open(newborn.setup_link)
    assert not look_at(page)
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_label("Team").fill("Acme")
    page.get_by_role("button", name="Create and sign in").click()
    expect(page).to_have_url(f"{newborn.url}/accounts/new/")
    page.get_by_label("Name").fill("Production")
    page.get_by_label("API address").fill(sandbox.url)
    page.get_by_label("API key").fill(sandbox.key)
    page.get_by_role("button", name="Test and save").click()
    row = page.locator(f"[data-task='{task}']")
    expect(row).to_have_attribute("data-phase", "waiting")
    expect(row).to_contain_text("First of all.mp4")
    sandbox.change(task, {"phase": "running", "progress": 0.5, "retries": 0})
    expect(row).to_have_attribute("data-progress", "0.5", timeout=15_000)
    assert sandbox.key not in page.content()
    reader.expects("404")
    answer = page.goto(newborn.setup_link)
    assert answer
    assert answer.status == 404, "the link works once"
    reader.close()
