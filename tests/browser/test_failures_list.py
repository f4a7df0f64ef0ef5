"""The list of causes in a browser: rows stay where they are while failures come, and one that was opened stays open."""

from playwright.sync_api import expect

from tests.browser.reader import Visit
from tests.browser.stage import Place

ROWS = "[...document.querySelectorAll('[data-group]')].map((row) => [row.dataset.group, row.getBoundingClientRect().y])"


def failed(message: str) -> dict[str, object]:
    return {"status": {"phase": "failed", "retries": 2, "errorMessage": message}}


def test_an_opened_row_stays_open_and_in_its_place_while_failures_come(place: Place, visit: Visit) -> None:
    for message in ("execution timeout", "internal error processing file", "file download failed"):
        place.add(**failed(message))
    place.sync()
    reader = visit(place)
    page = reader.open("/failures/")
    timeout = page.locator("[data-group]", has_text="execution timeout")
    timeout.locator("summary").click()
    expect(page.get_by_text("The task has not recovered by itself.")).to_be_visible()
    where = page.evaluate(ROWS)
    assert len(where) == 3
    for _ in range(2):
        place.add(**failed("execution timeout"))
    place.add(**failed("a machine fell over"))
    place.sync()
    reader.poll()
    expect(timeout).to_have_attribute("data-tasks", "3")
    assert page.evaluate(ROWS) == where
    expect(page.get_by_text("The task has not recovered by itself.")).to_be_visible()
    page.get_by_role("link", name="1 new: show").click()
    expect(page.locator("[data-group]")).to_have_count(4)
    page.keyboard.press("j")
    expect(page.locator("[data-group]").first.locator("a.name")).to_be_focused()
