"""Searching while one types: the list follows, the box keeps focus and caret, the URL and the way back are right."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.reader import POLL, Reader, Visit
from tests.browser.stage import Place, Stage

PAUSE_MS = 600  # longer than the page waits for another key
BOARD = re.compile(r"/(\?.*)?$")
LOST = "ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to fetch"
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


@pytest.mark.parametrize("away", ["a task", "a reload"])
def test_the_way_back_from_a_page_that_was_left_leads_to_its_own_list(away: str, stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    page = reader.open("/")
    page.locator("#q").fill("phase:failed")
    expect(page.locator("[data-task]")).to_have_count(1)
    if away == "a task":
        page.locator("[data-task] .name").click()
        expect(page.locator("h1")).to_contain_text("The failed one")
        page.go_back()
    else:
        page.reload()
    expect(page.locator("[data-task]")).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(f"{reader.origin}/")
    expect(page.locator("[data-task]")).to_have_count(9)
    expect(page.locator("#q")).to_have_value("")


def test_enter_after_the_list_has_followed_leaves_no_second_step_back(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    page = reader.open("/")
    page.locator("#q").fill("phase:failed")
    expect(page.locator("[data-task]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("#q").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q")).not_to_be_focused()
    page.go_back()
    expect(page).to_have_url(f"{reader.origin}/")
    expect(page.locator("[data-task]")).to_have_count(9)


def test_escape_leaves_the_box_and_then_the_selection(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    page.locator("#q").fill("one.mp4")
    expect(page.locator("#say")).to_have_text("9 tasks")
    page.locator("[data-task] .tick").first.check()
    page.locator("#q").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("one.mp4")
    expect(page.locator("#q")).not_to_be_focused()
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator("#bulk button:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()


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


def test_nothing_complains_while_one_chooses_from_the_suggestions(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    strip, note = page.get_by_label("Phases"), page.locator("#q-note[data-unclear]")
    where = strip.bounding_box()
    page.locator("#q").focus()
    for text in ("phase:", "f"):
        page.keyboard.type(text)
        expect(page.locator("#suggestions [role=option]").first).to_be_visible()
        page.wait_for_timeout(PAUSE_MS)
        expect(note).to_be_hidden()
        assert strip.bounding_box() == where
    page.keyboard.type("z")
    expect(note).to_be_visible()
    assert strip.bounding_box() == where, "it has its place"


@pytest.mark.parametrize("unfinished", ["cid:", 'title "of tape', "(dawn"])
def test_what_is_not_finished_is_no_error_yet(unfinished: str, stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf, clock=True)
    page = reader.open("/")
    page.keyboard.press("/")
    expect(page.locator("script[data-src]")).to_have_count(0)
    reader.stop_clock()
    page.locator("#q").fill(unfinished)
    reader.later(PAUSE_MS / 1000)
    page.evaluate("1")
    assert page.url == f"{reader.origin}/"
    reader.later(PAUSE_MS / 1000)
    page.keyboard.press("Escape")  # from what is suggested, or from the box
    expect(page.locator("#q-note[data-unclear]")).to_be_visible()


def test_a_search_that_the_network_lost_is_made_when_it_is_back(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    reader.expects(LOST)
    page = reader.open("/")
    page.keyboard.press("/")
    expect(page.locator("script[data-src]")).to_have_count(0)
    reader.context.set_offline(True)
    page.locator("#q").fill("phase:failed")
    line = page.locator("[data-freshness]")
    expect(line).to_contain_text("Cannot reach this server")
    reader.context.set_offline(False)
    expect(page.locator("[data-task]")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=phase(:|%3A)failed$"))
    expect(line).not_to_contain_text("Cannot reach")


def test_a_way_back_that_the_network_lost_is_gone_when_the_server_answers(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    reader.expects(LOST)
    page = reader.open("/")
    page.locator("#q").fill("phase:failed")
    expect(page.locator("[data-task]")).to_have_count(1)
    page.route(BOARD, lambda route: route.abort())
    page.go_back()
    expect(page.locator("[data-freshness]")).to_contain_text("Cannot reach this server")
    page.unroute(BOARD)
    reader.poll()
    expect(page.locator("[data-task]")).to_have_count(9)
    expect(page.locator("[data-freshness]")).to_have_attribute("data-freshness", "live")


def test_a_search_that_is_answered_ends_the_trouble_of_the_list_before(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    reader.expects("503|403")
    page = reader.open("/")
    line = page.locator("[data-freshness]")
    for status, search, tasks in ((503, "phase:failed", 1), (403, "one.mp4", 9)):
        page.route(POLL, answering(status))
        reader.poll()
        expect(line).to_have_attribute("data-freshness", "stopped")
        page.unroute(POLL)
        page.locator("#q").fill(search)
        expect(page.locator("[data-task]")).to_have_count(tasks)
        expect(line).to_have_attribute("data-freshness", "live")
        assert reader.poll().status < 400, "it is asked for as before"


def answering(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status)


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
