"""The board while tasks move: cells change in place, rows and what the reader is doing stay."""

from playwright.sync_api import expect

from tests.browser.reader import Visit
from tests.browser.stage import Place, Stage

ROWS = "[...document.querySelectorAll('[data-task]')].map((row) => [row.dataset.task, row.getBoundingClientRect().y])"


def running(progress: float) -> dict[str, object]:
    return {"phase": "running", "progress": progress, "retries": 0}


def test_a_task_goes_from_waiting_to_completed_without_a_reload(place: Place, visit: Visit) -> None:
    task = place.add("Harbour at dawn.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    row = page.locator(f"[data-task='{task}']")
    expect(row).to_have_attribute("data-phase", "waiting")
    page.evaluate("document.body.dataset.same = 'yes'")
    for progress in (0.12, 0.47, 0.83):
        place.studio.change(task, running(progress))
        place.sync()
        reader.poll()
        expect(row).to_have_attribute("data-progress", str(progress))
    expect(row).to_have_attribute("data-phase", "running")
    expect(page).to_have_title("(1) 83\u00a0% · Tasks · Studio Tasks")
    place.studio.change(task, {"phase": "completed", "retries": 0})
    place.sync()
    reader.poll()
    expect(row).to_have_attribute("data-phase", "completed")
    expect(row).to_have_attribute("data-progress", "1")
    expect(page).to_have_title("Tasks · Studio Tasks")
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_no_row_moves_while_others_change_and_new_ones_arrive(place: Place, visit: Visit) -> None:
    tasks = [place.add(f"Take {number}.mp4") for number in range(8)]
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    expect(page.locator("[data-task]")).to_have_count(8)
    where = page.evaluate(ROWS)
    new = []
    for number, task in enumerate((tasks[0], tasks[4], tasks[7], tasks[0])):
        progress = round(0.2 + number / 10, 1)
        place.studio.change(task, running(progress))
        new.append(place.add(f"New take {number}.mp4"))
        if number == 2:
            place.studio.change(new[0], {"phase": "failed", "errorMessage": "out of tape", "retries": 0})
        place.sync()
        reader.poll()
        expect(page.locator(f"[data-task='{task}']")).to_have_attribute("data-progress", str(progress))
        assert page.evaluate(ROWS) == where
    pill = page.get_by_role("link", name="4 new, 1 failed: show")
    pill.click()
    expect(page.locator("[data-task]")).to_have_count(12)
    shown = [task for task, _ in page.evaluate(ROWS)]
    assert set(shown[:2]) == {new[3], tasks[0]}, "the newest changes stand on top now"
    assert set(shown) == {*new, *tasks}
    expect(page.get_by_text("new: show")).to_have_count(0)


def test_focus_selection_and_an_open_menu_survive_an_update(place: Place, visit: Visit) -> None:
    read, moving = place.add("Read me.mp4"), place.add("Moving.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    page.locator("summary").filter(has_text="Any type").click()
    page.locator(f"[data-task='{moving}'] a").evaluate("(link) => { window.link = link; link.focus(); }")
    page.locator(f"[data-task='{read}'] .c-name .sub .cut").evaluate("(text) => getSelection().selectAllChildren(text)")
    selected = page.evaluate("getSelection().toString()")
    for progress in (0.3, 0.6):
        place.studio.change(moving, running(progress))
        place.studio.change(read, running(progress / 2))
        place.sync()
        reader.poll()
        expect(page.locator(f"[data-task='{moving}']")).to_have_attribute("data-progress", str(progress))
        assert page.evaluate("document.activeElement === window.link && window.link.isConnected")
        assert page.evaluate("getSelection().toString()") == selected
        expect(page.locator(".pop").get_by_role("link", name="upload")).to_be_visible()


def test_only_cells_that_changed_are_marked(place: Place, visit: Visit) -> None:
    still, moving = place.add("Still.mp4", status=running(0.1)), place.add("Moving.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    place.studio.change(moving, running(0.5))
    place.sync()
    reader.poll()
    expect(page.locator(f"[data-task='{moving}'] .c-phase[data-changed]")).to_be_visible()
    assert page.locator(f"[data-task='{still}'] [data-changed]").count() == 0
    assert page.locator(f"[data-task='{moving}'] .c-name[data-changed]").count() == 0


def test_the_next_page_is_a_link_and_comes_back(stage: Stage, visit: Visit) -> None:
    page = visit(stage.gallery).open("/")
    rows = page.locator("[data-task]")
    expect(rows).to_have_count(25)
    first = [task for task, _ in page.evaluate(ROWS)]
    page.locator("a[rel=next]").click()
    expect(page.locator("a[rel=prev]")).to_be_visible()
    expect(rows).to_have_count(25)
    assert not {task for task, _ in page.evaluate(ROWS)} & set(first)
    page.locator("a[rel=prev]").click()
    expect(page.locator(f"[data-task='{first[-1]}']")).to_be_visible()
    expect(rows).to_have_count(25)
