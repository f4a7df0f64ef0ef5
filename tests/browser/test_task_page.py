"""One task's page while the task lives: what is open stays open, what Studio forgets is kept, the end is the end."""

from playwright.sync_api import expect

from tests.browser.reader import Visit
from tests.browser.stage import Place

DEEP = {"upload": {"url": "https://media.example.test/in.mp4", "one": {"two": {"three": {"four": 5}}, "six": 7}}}


def test_branches_stay_as_the_reader_left_them_until_the_task_is_done(place: Place, visit: Visit) -> None:
    task = place.add("Lighthouse.mp4", params=DEEP)
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    opened, closed = (page.locator(f"[data-branch='params.upload.one{end}']") for end in (".two", ""))
    expect(opened).not_to_have_attribute("open", "")
    opened.locator("> summary").click()
    page.locator("[data-branch='params.upload.one.two.three'] > summary").click()
    expect(page.locator("[data-path='params.upload.one.two.three.four']")).to_be_visible()
    for progress in (0.2, 0.5, 0.9):
        place.studio.change(task, {"phase": "running", "progress": progress, "retries": 0})
        place.sync()
        reader.poll()
        expect(page).to_have_title(f"{progress:.0%} · Lighthouse.mp4 · Studio Tasks".replace("%", " %"))
        expect(page.locator("[data-path='params.upload.one.two.three.four']")).to_be_visible()
    closed.locator("> summary").click()
    place.studio.change(task, {"phase": "completed"}, output={"upload": {"videoSpec": {"duration": 12.5}}})
    place.sync()
    reader.poll()
    expect(page.locator(".head .chip")).to_have_text("Completed")
    expect(page.locator("[data-path='output.upload.videoSpec.duration']")).to_have_attribute("data-value", "12.5")
    expect(closed).not_to_have_attribute("open", "")
    expect(opened).to_have_attribute("open", "")


def test_a_branch_fetched_on_demand_and_the_raw_document_survive_an_update(place: Place, visit: Visit) -> None:
    long = {"upload": {f"part{number}": {"text": "x" * 900, "last": number} for number in range(120)}}
    task = place.add("Long.mp4", params=long)
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    page.locator("#params details[hx-get] > summary").first.click()
    fetched = page.locator("#params details[hx-get] .leaf").first
    expect(fetched).to_be_visible()
    page.get_by_text("Show here").click()
    raw = page.get_by_label("Raw JSON")
    expect(raw).to_contain_text("part119")
    place.studio.change(task, {"phase": "running", "progress": 0.4, "retries": 0})
    place.sync()
    reader.poll()
    expect(page.locator(".head .chip")).to_have_text("Running")
    expect(fetched).to_be_visible()
    expect(raw).to_contain_text("part119")


def test_an_attempts_error_that_studio_forgets_stays_on_the_page(place: Place, visit: Visit) -> None:
    task = place.add("Retry.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    steps: list[dict[str, object]] = [
        {"phase": "running", "progress": 0.6, "retries": 0},
        {"phase": "waiting", "retries": 1, "errorMessage": "the transcoder ran out of orchestrators"},
        {"phase": "running", "progress": 0.1, "retries": 1},
    ]
    for status, word in zip(steps, ("Running", "Retrying", "Running"), strict=True):
        place.studio.change(task, status)
        place.sync()
        reader.poll()
        expect(page.locator(".head .chip")).to_have_text(word)
    assert "errorMessage" not in place.studio.document(task)["status"]  # type: ignore[operator]
    expect(page.locator("#progress")).to_contain_text("the transcoder ran out of orchestrators")
    page.reload()
    expect(page.locator("#progress")).to_contain_text("the transcoder ran out of orchestrators")


def test_a_task_deleted_at_studio_is_shown_as_such_and_kept(place: Place, visit: Visit) -> None:
    task = place.add("Gone.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    place.studio.soft_delete(task)
    page.get_by_role("button", name="Ask Studio now").click()
    expect(page.locator(".head .chip.deleted")).to_be_visible()
    expect(page.get_by_role("heading", name="Gone.mp4")).to_be_visible()
    reader.open("/")
    expect(page.locator(f"[data-task='{task}']")).to_have_attribute("data-overlay", "deleted")


def test_the_page_of_a_task_that_ended_stops_asking(place: Place, visit: Visit) -> None:
    task = place.add("Short.mp4", status={"phase": "running", "progress": 0.5, "retries": 0})
    place.sync()
    reader = visit(place, clock=True)
    page = reader.open(f"/tasks/{task}/")
    place.studio.change(task, {"phase": "failed", "retries": 2, "errorMessage": "no"})
    place.sync()
    reader.poll()
    expect(page.locator("[data-freshness]")).to_contain_text("Final, no longer asking")
    asked = len(reader.polls)
    for _ in range(10):
        reader.later(15)
    assert len(reader.polls) == asked
    reader.open(f"/tasks/{task}/")
    reader.later(60)
    assert len(reader.polls) == asked
    expect(page.get_by_role("button", name="Live")).to_be_hidden()


def test_a_task_that_we_do_not_hold_can_be_asked_for(place: Place, visit: Visit) -> None:
    place.add("Known.mp4")  # an account without any task does not know yet which project is its own
    place.sync()
    reader = visit(place)
    reader.expects("404")
    task = place.add("Just made.mp4")
    page = reader.open(f"/tasks/{task}/")
    expect(page.get_by_role("heading", name="We do not hold this task")).to_be_visible()
    page.get_by_role("button", name="Ask Studio now").click()
    expect(page.locator(".head .chip")).to_have_text("Waiting")
