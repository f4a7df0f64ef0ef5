"""The list of causes in a browser: rows stay where they are while failures come, and one that was opened stays open."""

import re

from playwright.sync_api import Page, expect

from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place

EDGES = (
    "[document.querySelector('.f-own'), document.querySelector('.groups')].map((e) => e.getBoundingClientRect().right)"
)
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
    expect(page.locator("[data-group]").first.locator("a.name")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-group]").nth(1).locator("a.name")).to_be_focused()


def furnished(place: Place, visit: Visit) -> tuple[Reader, Page]:
    for message in ("execution timeout", "internal error processing file", "file download failed"):
        place.add(**failed(message))
    place.sync()
    reader = visit(place)
    return reader, reader.open("/failures/")


def test_the_list_follows_what_is_typed(place: Place, visit: Visit) -> None:
    reader, page = furnished(place, visit)
    page.evaluate("document.body.dataset.same = 'yes'")
    page.keyboard.press("/")
    page.keyboard.type("error:file")
    expect(page.locator("[data-group]")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/failures/\?q=error(:|%3A)file$"))
    expect(page.locator("#say")).to_have_text("2 causes")
    expect(page.locator("#q")).to_be_focused()
    assert "q=error%3Afile" in reader.poll().url
    page.go_back()
    expect(page.locator("[data-group]")).to_have_count(3)
    expect(page.locator("#q")).to_have_value("")
    assert page.evaluate("document.body.dataset.same") == "yes", "it was no reload"


def test_what_cannot_be_read_is_explained_while_the_results_before_it_stay(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    page.locator("#q").fill("timeout")
    expect(page.locator("[data-group]")).to_have_count(1)
    page.locator("#q").fill("timeout )")
    expect(page.locator("#q-note")).to_contain_text("Shown is still “timeout”.")
    expect(page.locator("[data-group]")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()


def test_another_search_closes_what_was_opened_of_the_one_before(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    for number in range(3):
        page.locator("[data-group] summary").nth(number).click()
    said = page.get_by_text("The task has not recovered by itself.")
    expect(said).to_have_count(3)
    page.locator("#q").fill("timeout")
    expect(page.locator("[data-group]")).to_have_count(1)
    expect(said).to_be_hidden()
    page.locator("[data-group] summary").click()
    expect(page.get_by_text("Newest of 1 that match")).to_be_visible()


def test_the_search_says_what_could_be_typed(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    page.locator("#q").press_sequentially("acc")
    page.get_by_role("option").first.click()
    expect(page.locator("#q")).to_have_value("account:")
    expect(page.locator("#suggestions")).to_be_visible()


def test_the_columns_fill_the_list_also_where_they_are_narrow(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    for width in (1001, 1100, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        owner, table = page.evaluate(EDGES)
        assert owner == table
        expect(page.locator("td.f-day").first).to_be_visible()


def test_the_menus_of_a_phone_stay_on_its_screen(place: Place, visit: Visit) -> None:
    place.add(type="export", **failed("execution timeout"))
    _, page = furnished(place, visit)
    page.set_viewport_size({"width": 390, "height": 800})
    menus = page.locator(".filters > .menu, .head .menu")
    for number in range(menus.count()):
        menus.nth(number).locator("summary").click()
        box = menus.nth(number).locator(".pop").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.keyboard.press("Escape")
    assert menus.count() == 4


def test_the_list_looks_right(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    page.locator("[data-group] summary").first.click()
    expect(page.get_by_text("The task has not recovered by itself.")).to_be_visible()
    assert not look_at(page), "a row is open"
    page.locator("#q").press_sequentially("age:")
    expect(page.get_by_role("option").first).to_be_visible()
    assert not look_at(page), "the suggestions are open"
