"""What a person does about a task in a browser: retry it and follow it, write notes; with and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Visit
from tests.browser.stage import Place

FAILED = {"phase": "failed", "retries": 2, "errorMessage": "internal error processing file"}


def retry(page: Page) -> None:
    page.locator("summary").filter(has_text="Retry").click()
    expect(page.get_by_text("starts it again from attempt 1")).to_be_visible()
    page.get_by_role("button", name="Retry now").click()


def test_a_failed_task_is_retried_and_its_new_attempt_followed(place: Place, visit: Visit) -> None:
    task = place.add("Harbour.mp4", status=FAILED)
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    retry(page)
    expect(page.get_by_text("Studio took the retry")).to_be_visible()
    expect(page.locator(".head .chip")).to_have_text("Waiting")
    place.studio.change(task, {"phase": "running", "progress": 0.37, "retries": 0})
    place.sync()
    reader.poll()
    expect(page.locator("[data-attempt]").last).to_have_attribute("data-peak", "0.37")
    expect(page.locator("[data-attempt]").nth(2)).to_contain_text("internal error processing file")
    expect(page.locator("#timeline")).to_contain_text(f"by {place.email}")


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["scripts", "none"])
def test_a_note_is_written_and_read(place: Place, visit: Visit, options: dict[str, Any]) -> None:
    task = place.add("Noted.mp4", status=FAILED)
    place.sync()
    page = visit(place, **options).open(f"/tasks/{task}/")
    page.locator("summary").filter(has_text="Add note").click()
    page.get_by_label("Note", exact=True).fill("The bucket moved on Friday.")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#notes")).to_contain_text("The bucket moved on Friday.")
    expect(page.locator("#notes")).to_contain_text(place.email)


def test_without_scripts_a_task_is_retried_too(place: Place, visit: Visit) -> None:
    task = place.add("Harbour.mp4", status=FAILED)
    place.sync()
    page = visit(place, java_script_enabled=False).open(f"/tasks/{task}/")
    retry(page)
    expect(page.locator(".head .chip")).to_have_text("Waiting")


def test_a_note_that_is_being_written_survives_news(place: Place, visit: Visit) -> None:
    task = place.add("Drafted.mp4", status={"phase": "running", "progress": 0.1, "retries": 0})
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    page.locator("summary").filter(has_text="Add note").click()
    page.get_by_label("Note", exact=True).fill("Half a sent")
    place.studio.change(task, {"phase": "running", "progress": 0.6, "retries": 0})
    place.sync()
    reader.poll()
    expect(page).to_have_title("60 % · Drafted.mp4 · Studio Tasks".replace(" %", "\u00a0%"))
    expect(page.get_by_label("Note", exact=True)).to_have_value("Half a sent")
