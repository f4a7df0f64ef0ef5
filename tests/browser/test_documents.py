"""A task's document in a browser: found, copied, and usable at once even when it is very large."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Visit
from tests.browser.stage import Place
from tests.views.test_large_document import large_output

PARAMS = {
    "upload": {
        "url": "https://media.example.test/in.mp4",
        "long": "word " * 300,
        "list": [{"number": number} for number in range(120)],
        "odd \u202ekey": "\x1b[2Jcleared",
    }
}
USABLE_MS = 1_000


@pytest.fixture
def task(place: Place) -> str:
    told = place.add("Lighthouse.mp4", params=PARAMS)
    place.sync()
    return told


def copied(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_a_leaf_is_copied_by_value_and_by_path_with_the_keyboard_alone(place: Place, visit: Visit, task: str) -> None:
    reader = visit(place, permissions=["clipboard-read", "clipboard-write"])
    page = reader.open(f"/tasks/{task}/")
    leaf = page.locator("[data-path='params.upload.url']")
    leaf.locator("> button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("Copied")
    assert copied(page) == "https://media.example.test/in.mp4"
    page.keyboard.press("Tab")
    expect(leaf.locator("> .path")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text === 'params.upload.url')")
    place.studio.change(task, {"phase": "running", "progress": 0.5, "retries": 0})
    place.sync()
    reader.poll()
    expect(leaf.locator("> .path")).to_be_focused()


def test_a_whole_part_and_a_command_are_copied(place: Place, visit: Visit, task: str) -> None:
    page = visit(place, permissions=["clipboard-read", "clipboard-write"]).open(f"/tasks/{task}/")
    page.get_by_role("button", name="Copy params as JSON").click()
    expect(page.locator("#say")).to_have_text("Copied")
    assert json.loads(copied(page)) == PARAMS
    page.get_by_role("button", name="Copy as curl").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('curl '))")
    assert place.key not in copied(page)


def test_what_is_found_survives_news_and_leads_to_its_place(place: Place, visit: Visit, task: str) -> None:
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    page.get_by_role("searchbox", name="Find in this task").press_sequentially("[77].num")
    hit = page.locator("#found .leaf")
    expect(hit).to_have_count(1)
    place.studio.change(task, {"phase": "running", "progress": 0.6, "retries": 0})
    place.sync()
    reader.poll()
    expect(page).to_have_title("60 % · Lighthouse.mp4 · Studio Tasks")
    expect(hit).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("[77].num")
    leaf = page.locator(".tree:not(.found) [data-path='params.upload.list[77].number']")
    expect(leaf).not_to_be_visible()
    hit.get_by_role("link").click()
    expect(leaf).to_be_in_viewport()
    expect(leaf.locator("> button").first).to_be_focused()
    page.get_by_role("searchbox").fill("")
    expect(hit).to_have_count(0)


def test_without_scripts_a_text_is_found_on_a_page_of_its_own(place: Place, visit: Visit, task: str) -> None:
    page = visit(place, java_script_enabled=False).open(f"/tasks/{task}/")
    page.get_by_role("searchbox").fill("in.mp4")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".found .leaf")).to_have_count(1)
    page.locator(".found a").click()
    expect(page.locator("[data-path='params.upload.url']")).to_be_visible()
    page.locator(".long > summary").click()
    expect(page.locator(".long > .s")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_task_is_compared_with_the_last_that_worked_and_with_any_other(
    scripts: bool, place: Place, visit: Visit, task: str
) -> None:
    worked = place.add(
        "Worked.mp4", status={"phase": "completed"}, params={"upload": {"url": "https://b.example.test/"}}
    )
    place.sync()
    page = visit(place, java_script_enabled=scripts).open(f"/tasks/{task}/")
    page.locator("#raw").get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What differs from the last upload that worked")
    row = page.locator("[data-path='params.upload.url']")
    expect(row.locator("td").nth(0)).to_contain_text("https://media.example.test/in.mp4")
    expect(row.locator("td").nth(1)).to_contain_text("https://b.example.test/")
    page.get_by_label("Compare with").fill(task)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("That is this task.")).to_be_visible()
    page.get_by_label("Compare with").fill(f"http://elsewhere.example.test/tasks/{worked}/")
    page.get_by_label("Compare with").press("Enter")
    expect(page.locator("[data-path]")).not_to_have_count(0)


def test_controls_of_a_terminal_and_of_direction_are_seen(place: Place, visit: Visit, task: str) -> None:
    page = visit(place).open(f"/tasks/{task}/")
    leaf = page.locator("#params .leaf").filter(has_text="cleared")
    expect(leaf).to_contain_text("⟨U+202E⟩")
    expect(leaf).to_contain_text("␛")


@pytest.mark.alone
def test_a_task_of_5_mb_is_usable_within_a_second_of_its_arrival(place: Place, visit: Visit) -> None:
    task = place.add("Large.mp4", status={"phase": "completed"}, output=large_output())
    place.sync()
    page = visit(place).open(f"/tasks/{task}/")
    arrival = "performance.getEntriesByType('navigation')[0].responseEnd"
    ready = page.evaluate("new Promise((done) => requestIdleCallback(() => done(performance.now())))")
    assert ready - page.evaluate(arrival) < USABLE_MS
    began = page.evaluate("performance.now()")
    page.locator("[data-branch='output.upload.renditions'] > summary").click()
    expect(page.locator("[data-path='output.upload.renditions[0].name']")).not_to_be_visible()
    page.locator("[data-branch='output.upload.renditions[0]'] > summary").click()
    expect(page.locator("[data-path='output.upload.renditions[0].name']")).to_be_visible()
    assert page.evaluate("performance.now()") - began < 2 * USABLE_MS
    page.get_by_role("searchbox").press_sequentially("here it is")
    expect(page.locator("#found .leaf")).to_have_count(1)
