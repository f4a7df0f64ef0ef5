"""Searching while one types: the list follows, the box keeps focus and caret, the URL and the way back are right."""

import re

from playwright.sync_api import Page, expect

from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place, Stage

CARET = "document.activeElement.id + ' ' + document.activeElement.selectionStart"


def furnished(place: Place, visit: Visit, *titles: str) -> tuple[Reader, Page]:
    for title in titles or ("Harbour at dawn.mp4", "Harbour at noon.mp4", "Mountain at dawn.mp4"):
        place.add(title)
    place.sync()
    reader = visit(place)
    return reader, reader.open("/")


def test_the_list_follows_what_is_typed_and_the_box_keeps_focus_and_caret(place: Place, visit: Visit) -> None:
    reader, page = furnished(place, visit)
    page.evaluate("document.body.dataset.same = 'yes'")
    page.keyboard.press("/")
    page.keyboard.type("dawn")
    expect(page.locator("[data-task]")).to_have_count(2)
    expect(page).to_have_url(f"{reader.origin}/?q=dawn")
    assert page.evaluate(CARET) == "q 4"
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("harbour ")
    expect(page.locator("[data-task]")).to_have_count(1)
    assert page.evaluate(CARET) == "q 8"
    expect(page.locator("#q")).to_have_value("harbour dawn")
    assert page.evaluate("document.body.dataset.same") == "yes", "it was no reload"


def test_the_live_region_goes_on_with_the_new_search(place: Place, visit: Visit) -> None:
    reader, page = furnished(place, visit)
    page.locator("#q").fill("dawn")
    expect(page.locator("[data-task]")).to_have_count(2)
    place.add("Another dawn.mp4")
    place.add("Another noon.mp4")
    place.sync()
    assert "q=dawn" in reader.poll().url
    expect(page.locator(".news")).to_contain_text("1 new")
    expect(page.locator("[data-task]")).to_have_count(2)


def test_a_burst_of_typing_is_one_step_back(place: Place, visit: Visit) -> None:
    reader, page = furnished(place, visit)
    box = page.locator("#q")
    for text in ("dawn", "dawn mountain"):
        box.fill(text)
        expect(page).to_have_url(re.compile("q=" + text.replace(" ", r"(\+|%20)") + "$"))
    page.go_back()
    expect(page).to_have_url(f"{reader.origin}/")
    expect(page.locator("[data-task]")).to_have_count(3)
    expect(box).to_have_value("")
    page.go_forward()
    expect(page.locator("[data-task]")).to_have_count(1)
    expect(box).to_have_value("dawn mountain")


def test_enter_asks_at_once_and_coming_back_from_a_task_shows_the_search_again(place: Place, visit: Visit) -> None:
    reader, page = furnished(place, visit)
    page.locator("#q").fill("mountain")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{reader.origin}/?q=mountain")
    page.get_by_role("link", name="Mountain at dawn.mp4").click()
    expect(page.locator("h1")).to_have_text("Mountain at dawn.mp4")
    page.go_back()
    expect(page.locator("[data-task]")).to_have_count(1)
    expect(page.locator("#q")).to_have_value("mountain")


def test_what_cannot_be_read_is_explained_and_the_results_before_it_stay(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    box = page.locator("#q")
    box.fill("dawn")
    expect(page.locator("[data-task]")).to_have_count(2)
    box.fill("dawn (mountain")
    note = page.locator("#q-note")
    expect(note).to_have_attribute("role", "alert")
    expect(note.locator("mark")).to_have_count(1)
    expect(page.locator("[data-task]")).to_have_count(2)
    page.reload()
    expect(page.locator("[data-task]")).to_have_count(2)
    expect(box).to_have_value("dawn (mountain")
    box.fill("dawn (mountain)")
    expect(page.locator("[data-task]")).to_have_count(1)
    expect(note).not_to_have_attribute("role", "alert")
    assert "last=" not in page.url


def test_an_id_that_is_pasted_leads_to_its_task(place: Place, visit: Visit) -> None:
    task = place.add("The one.mp4")
    reader, page = furnished(place, visit)
    page.locator("#q").fill(task)
    expect(page).to_have_url(f"{reader.origin}/tasks/{task}/")
    page.go_back()
    expect(page).to_have_url(f"{reader.origin}/")


def test_suggestions_are_moved_through_with_arrows(place: Place, visit: Visit) -> None:
    place.add("Broken.mp4", status={"phase": "failed", "errorMessage": "out of tape", "retries": 0})
    _, page = furnished(place, visit)
    box, options = page.locator("#q"), page.locator("#suggestions [role=option]:visible")
    box.focus()
    page.keyboard.type("phase:f")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile(".+"))
    expect(page.locator("#" + (box.get_attribute("aria-activedescendant") or ""))).to_contain_text("phase:failed")
    page.keyboard.press("Enter")
    expect(box).to_have_value("phase:failed")
    expect(box).to_be_focused()
    expect(options).to_have_count(0)
    expect(page.locator("[data-task]")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=phase(:|%3A)failed$"))


def test_escape_closes_the_suggestions_and_leaves_the_text(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    page.locator("#q").focus()
    page.keyboard.type("ty")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("ty")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")


def test_what_is_chosen_stays_when_one_searches(place: Place, visit: Visit) -> None:
    _, page = furnished(place, visit)
    page.get_by_label("Phases").get_by_role("link", name="Waiting").click()
    page.locator("#q").fill("dawn")
    expect(page.locator("[data-task]")).to_have_count(2)
    assert "phase=waiting" in page.url
    expect(page.get_by_label("Phases").locator("[aria-current]")).to_contain_text("Waiting")


def test_searching_works_without_scripts(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf, java_script_enabled=False).open("/")
    page.get_by_label("Search tasks").fill("phase:failed")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("[data-task]")).to_have_count(1)
    expect(page.get_by_label("Search tasks")).to_have_value("phase:failed")
