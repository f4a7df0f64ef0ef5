"""Ticking rows: what is ticked stays ticked while the list lives, and the bar says and sends exactly that."""

from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place

FAILED = {"phase": "failed", "errorMessage": "out of tape", "retries": 2}
TICKED = "[...document.querySelectorAll('[data-task] .tick:checked')].map((box) => box.value)"


def furnished(place: Place, visit: Visit, number: int = 6, **options: object) -> tuple[Reader, Page, list[str]]:
    """A board with so many tasks, of which the first two failed. Their ids in the order of the list."""
    for nth in range(number):
        place.add(f"Take {nth}.mp4", **({"status": FAILED} if nth < 2 else {}))
    place.sync()
    reader = visit(place, **options)
    page = reader.open("/")
    return reader, page, [row.get_attribute("data-task") or "" for row in page.locator("[data-task]").all()]


def tick(page: Page, task: str, **options: object) -> None:
    page.locator(f"[data-task='{task}'] .tick").click(**options)  # type: ignore[arg-type]


def test_ticks_and_their_number_survive_updates(place: Place, visit: Visit) -> None:
    reader, page, tasks = furnished(place, visit)
    failed = [row.get_attribute("data-task") or "" for row in page.locator("[data-task][data-phase=failed]").all()]
    moving = next(task for task in tasks if task not in failed)
    for task in (*failed, moving):
        tick(page, task)
    expect(page.locator("#bulk")).to_contain_text("3 selected")
    expect(page.get_by_role("button", name="Retry 2")).to_be_enabled()
    for progress in (0.2, 0.6):
        place.studio.change(moving, {"phase": "running", "progress": progress, "retries": 0})
        place.add(f"New at {progress}.mp4")
        place.sync()
        reader.poll()
        expect(page.locator(f"[data-task='{moving}']")).to_have_attribute("data-progress", str(progress))
        assert set(page.evaluate(TICKED)) == {*failed, moving}
    place.studio.change(moving, FAILED)
    place.sync()
    reader.poll()
    expect(page.get_by_role("button", name="Retry 3")).to_be_enabled()
    expect(page.locator("#bulk")).to_contain_text("3 selected")


def test_shift_takes_the_rows_between_and_the_head_takes_the_page(place: Place, visit: Visit) -> None:
    _, page, tasks = furnished(place, visit)
    head = page.get_by_label("Select all on this page")
    tick(page, tasks[1])
    tick(page, tasks[4], modifiers=["Shift"])
    assert page.evaluate(TICKED) == tasks[1:5]
    assert head.evaluate("(box) => box.indeterminate")
    tick(page, tasks[2], modifiers=["Shift"])
    assert page.evaluate(TICKED) == tasks[1:2], "what Shift ends on decides"
    head.check()
    assert page.evaluate(TICKED) == tasks
    page.get_by_role("button", name="Clear the selection").click()
    expect(page.locator("#bulk")).to_be_hidden()
    assert page.evaluate(TICKED) == []
    assert not head.is_checked()


def test_all_that_match_means_the_search_and_not_what_stands_on_the_page(place: Place, visit: Visit) -> None:
    _, page, tasks = furnished(place, visit, 28)
    tick(page, tasks[0])
    expect(page.locator("#bulk")).to_contain_text("1 selected on this page only")
    box = page.get_by_text("Select all 28 matching").bounding_box()
    assert box is not None
    at = page.evaluate("scrollY")
    page.mouse.click(box["x"] + 20, box["y"] + 8)
    assert page.evaluate("scrollY") == at
    expect(page.locator("#bulk")).to_contain_text("28 selected")
    expect(page.locator("#bulk")).to_contain_text("All 28 matching, not only this page")
    expect(page.locator("#bulk")).not_to_contain_text("on this page only")
    assert len(page.evaluate(TICKED)) == 25
    with page.expect_request(lambda request: "/retries/new/" in request.url) as asked:
        page.get_by_role("button", name="Retry 2").click(no_wait_after=True)
    told = dict(parse_qsl(urlsplit(asked.value.url).query))
    assert told["all"] == "1"
    assert told["count"] == "28"
    assert "ids" not in told
    expect(page.locator("h1")).to_be_visible()


def test_the_pill_brings_what_is_new_and_leaves_the_ticks(place: Place, visit: Visit) -> None:
    reader, page, tasks = furnished(place, visit)
    page.evaluate("document.body.dataset.same = 'yes'")
    tick(page, tasks[2])
    new = place.add("New.mp4")
    place.sync()
    reader.poll()
    page.get_by_role("link", name="1 new").click()
    expect(page.locator(f"[data-task='{new}']")).to_be_visible()
    assert page.evaluate(TICKED) == [tasks[2]]
    expect(page.locator("#bulk")).to_contain_text("1 selected")
    expect(page.locator(".news a")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[data-task]') !== null"), "the pill is gone, its focus is not"
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_all_is_forgotten_with_another_search_and_ticks_are_not(place: Place, visit: Visit) -> None:
    _, page, tasks = furnished(place, visit, 26)
    tick(page, tasks[0])
    page.get_by_text("Select all 26 matching").click()
    page.locator("#q").fill("phase:failed")
    expect(page.locator("[data-task]")).to_have_count(2)
    expect(page.locator("#bulk [name=all]")).not_to_be_checked()
    page.get_by_role("button", name="Clear the selection").click()
    page.locator("[data-task] .tick").first.check()
    page.locator("#q").fill("phase:waiting")
    expect(page.locator("[data-task]")).to_have_count(24)
    expect(page.locator("#bulk")).to_be_hidden()
    page.locator("#q").fill("")
    expect(page.locator("[data-task]")).to_have_count(25)
    page.locator("#q").fill("phase:failed")
    expect(page.locator("#bulk")).to_contain_text("1 selected")


def test_the_ids_of_what_is_ticked_and_of_all_that_match_can_be_copied(place: Place, visit: Visit) -> None:
    reader, page, tasks = furnished(place, visit, 27)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for task in tasks[:2]:
        tick(page, task)
    copy = page.get_by_role("button", name="Copy ids")
    copy.click()
    expect(page.locator("#say")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "\n".join(tasks[:2])
    expect(page.locator("#say")).to_have_text("")
    page.get_by_text("Select all 27 matching").click()
    copy.click()
    expect(page.locator("#say")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert len(copied) == 27
    assert copied[:25] == tasks


def test_only_what_failed_can_be_retried(place: Place, visit: Visit) -> None:
    _, page, _ = furnished(place, visit)
    page.locator("[data-task][data-phase=waiting] .tick").first.click()
    retry = page.get_by_role("button", name="Retry")
    expect(retry).to_be_disabled()
    page.locator("[data-task][data-phase=failed] .tick").first.click()
    expect(retry).to_have_text("Retry 1")
    expect(retry).to_be_enabled()


def test_ticks_are_plain_controls_of_a_form_without_scripts(place: Place, visit: Visit) -> None:
    _, page, tasks = furnished(place, visit, java_script_enabled=False)
    for task in tasks[2:4]:
        tick(page, task)
    expect(page.locator("#bulk")).to_be_visible()
    with page.expect_download() as export:
        page.get_by_role("button", name="Export").click()
    csv = export.value.path().read_text()
    assert [task in csv for task in tasks] == [False, False, True, True, False, False]
