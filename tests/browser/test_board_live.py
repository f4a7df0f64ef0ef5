"""The board while many tasks move: nothing jumps, the tab tells what happens, only what is watched is said."""

import re

from playwright.sync_api import Route, expect

from tests.browser.reader import POLL, Visit
from tests.browser.stage import Place, Stage
from tests.browser.test_polling import HIDEABLE

ROWS = "[...document.querySelectorAll('[data-task]')].map((row) => [row.dataset.task, row.getBoundingClientRect().y])"
ICON = "document.querySelector('link[rel=icon]').getAttribute('href')"
FAILED = {"phase": "failed", "errorMessage": "out of tape", "retries": 0}
TOLD = """(failed) => document.dispatchEvent(
    new CustomEvent("live:state", { detail: { kind: "fine", title: "", failed } }))"""
HEARD = """window.heard = [];
    new MutationObserver(() => heard.push(document.getElementById("say").textContent))
    .observe(document.getElementById("say"), { childList: true })"""


def running(progress: float) -> dict[str, object]:
    return {"phase": "running", "progress": progress, "retries": 0}


def test_25_rows_stay_where_they_are_while_40_updates_come_in(place: Place, visit: Visit) -> None:
    for number in range(30):
        place.add(f"Take {number}.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    expect(page.locator("[data-task]")).to_have_count(25)
    page.evaluate("scrollTo(0, 200)")
    where = page.evaluate(ROWS)
    tasks = [task for task, _ in where]
    for number in range(10):
        for task in tasks[number::10][:2]:
            place.studio.change(task, running(round(0.1 + number / 20, 2)))
        place.studio.change(tasks[20 + number % 5], FAILED if number % 2 else running(0.5))
        place.add(f"New take {number}.mp4")
        place.sync()
        reader.poll()
        expect(page.locator(f"[data-task='{tasks[number]}']")).to_have_attribute("data-phase", "running")
        assert page.evaluate(ROWS) == where
    expect(page.locator(".news")).to_contain_text("10 new")
    assert page.evaluate("scrollY") == 200


def test_cards_stay_where_they_are_on_a_phone(place: Place, visit: Visit) -> None:
    tasks = [place.add(f"Take {number}.mp4") for number in range(6)]
    place.sync()
    reader = visit(place, viewport={"width": 390, "height": 844})
    page = reader.open("/")
    where = page.evaluate(ROWS)
    for status in (running(0.4), {"phase": "waiting", "retries": 1, "errorMessage": "timed out"}, FAILED):
        place.studio.change(tasks[3], status)
        place.studio.change(tasks[5], {"phase": "completed"})
        place.add("New.mp4")
        place.sync()
        reader.poll()
        expect(page.locator(f"[data-task='{tasks[3]}']")).to_have_attribute("data-phase", str(status["phase"]))
        assert page.evaluate(ROWS) == where


def test_the_title_tells_progress_and_the_icon_a_new_failure_until_somebody_is_here(place: Place, visit: Visit) -> None:
    one, other = place.add("One.mp4"), place.add("Other.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    calm = page.evaluate(ICON)
    place.studio.change(one, running(0.42))
    place.studio.change(other, running(0.84))
    place.sync()
    reader.poll()
    expect(page).to_have_title("(2) 63\u00a0% · Tasks · Studio Tasks")
    assert page.evaluate(ICON) == calm
    place.studio.change(other, FAILED)
    place.sync()
    reader.poll()
    expect(page).to_have_title("(1) 42\u00a0% · Tasks · Studio Tasks")
    assert "favicon-failed" in page.evaluate(ICON)
    place.studio.change(one, running(0.5))
    place.sync()
    reader.poll()
    assert "favicon-failed" in page.evaluate(ICON), "nobody has been here"
    page.keyboard.press("Shift")
    assert page.evaluate(ICON) == calm


def test_a_count_that_was_stopped_is_no_news_of_a_failure(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    calm = page.evaluate(ICON)
    for failed in ("1", "", "1"):
        page.evaluate(TOLD, failed)
        assert page.evaluate(ICON) == calm
    page.evaluate(TOLD, "2")
    assert page.evaluate(ICON) != calm


def test_a_hidden_tab_is_told_counts_only(place: Place, visit: Visit) -> None:
    task = place.add("Away.mp4")
    place.sync()
    reader = visit(place, clock=True)
    reader.expects("htmx:error: timeout")  # the clock may leap while an answer is on its way
    reader.page.add_init_script(HIDEABLE)
    page = reader.open("/")
    row = page.locator(f"[data-task='{task}']")
    page.evaluate("leave(true)")
    place.studio.change(task, FAILED)
    place.sync()
    with page.expect_response(POLL) as looked:
        for _ in range(22):
            reader.later(3)
    assert looked.value.status == 204
    page.wait_for_function("document.querySelector('link[rel=icon]').href.includes('favicon-failed')")
    expect(row).to_have_attribute("data-phase", "waiting")
    with page.expect_response(POLL):
        page.evaluate("leave(false)")
    expect(row).to_have_attribute("data-phase", "failed")


def test_how_often_is_chosen_and_remembered(place: Place, visit: Visit) -> None:
    place.add()
    place.sync()
    reader = visit(place, clock=True)
    page = reader.open("/")
    page.get_by_text("How often").locator("..").click()
    page.get_by_role("button", name="Every minute").click()
    page.reload()
    asked = len(reader.polls)
    for _ in range(18):
        reader.later(3)
    assert len(reader.polls) == asked
    with page.expect_response(POLL):
        for _ in range(3):
            reader.later(3)
    page.get_by_text("How often").locator("..").click()
    expect(page.get_by_role("button", name="Every minute")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Every 3 s").click()
    with page.expect_response(POLL):
        reader.later(3)


def test_screen_readers_hear_of_watched_rows_only(place: Place, visit: Visit) -> None:
    ticked, focused, other = (place.add(f"{name}.mp4") for name in ("Ticked", "Focused", "Other"))
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    page.evaluate(HEARD)
    page.locator(f"[data-task='{ticked}'] .tick").check()
    page.locator(f"[data-task='{focused}'] .name").focus()
    place.studio.change(other, FAILED)
    place.sync()
    reader.poll()
    expect(page.locator(f"[data-task='{other}']")).to_have_attribute("data-phase", "failed")
    assert page.evaluate("heard") == []
    for task in (ticked, focused):
        place.studio.change(task, running(0.3))
    place.sync()
    reader.poll()
    page.wait_for_function("heard.length > 0")
    [said] = page.evaluate("heard")
    assert "Ticked.mp4: Running" in said
    assert "Focused.mp4: Running" in said
    for task in (ticked, focused):
        place.studio.change(task, running(0.6))
    place.sync()
    reader.poll()
    expect(page.locator(f"[data-task='{ticked}']")).to_have_attribute("data-progress", "0.6")
    assert page.evaluate("heard") == [said], "progress is no new phase"


def test_screen_readers_hear_how_many_were_found_if_somebody_counted(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    say = page.locator("#say")
    page.locator("#q").fill("phase:failed")
    expect(say).to_have_text("1 task")
    page.evaluate(HEARD)
    page.route(re.compile(r"/\?q=phase.*running"), uncounted)
    page.locator("#q").fill("phase:running")
    expect(page.locator("[data-task]")).to_have_count(2)
    assert page.evaluate("heard") == []


def uncounted(route: Route) -> None:
    """The page as it is when counting took too long."""
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub('data-total="[^"]*"', 'data-total=""', answer.text()))
