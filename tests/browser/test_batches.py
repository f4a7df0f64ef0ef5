"""Retrying many tasks: ticked in the list, asked about, followed to the end, with scripts and without."""

from playwright.sync_api import Page, expect

from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place

FAILED = {"phase": "failed", "errorMessage": "out of tape", "retries": 2}


def furnished(place: Place, failed: int) -> list[str]:
    """So many tasks that failed, and one that goes on. The ids of the failed."""
    tasks = [place.add(f"Take {number}.mp4", status=FAILED) for number in range(failed)]
    place.add("Going on.mp4")
    place.sync()
    return tasks


def follow(place: Place, reader: Reader, until: str) -> None:
    """Rounds of the syncer and looks of the page, until the page says so."""
    answer = reader.page.locator("[data-cell=answer]")
    for _ in range(10):
        if until in answer.inner_text():
            return
        place.sync()
        reader.poll()
    expect(answer).to_contain_text(until)


def phases(place: Place, tasks: list[str]) -> set[str]:
    return {place.studio.document(task)["status"]["phase"] for task in tasks}  # type: ignore[index,call-overload]


def test_failed_tasks_are_ticked_retried_and_followed_to_the_end(place: Place, visit: Visit) -> None:
    tasks = furnished(place, 3)
    reader = visit(place)
    page: Page = reader.open("/?phase=failed")
    for task in tasks[:2]:
        page.locator(f"[data-task='{task}'] .tick").click()
    page.get_by_role("button", name="Retry 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retry 2 tasks?")
    page.get_by_role("button", name="Retry 2 tasks").click()
    expect(page.locator("#batch")).to_have_attribute("data-total", "2")
    follow(place, reader, "2 started again.")
    expect(page.locator("#batch")).to_have_attribute("data-left", "0")
    expect(page.locator("#batch progress").first).to_have_attribute("value", "100")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert "failed" not in phases(place, tasks[:2])
    assert phases(place, tasks[2:]) == {"failed"}
    page.get_by_role("link", name="Retries").click()
    expect(page.locator("[data-batch] .name")).to_have_text("2 tasks")


def test_all_that_a_search_finds_is_retried_and_stopped_without_scripts(place: Place, visit: Visit) -> None:
    tasks = furnished(place, 12)
    page = visit(place, java_script_enabled=False).open("/retries/new/?all=1&q=error:tape+OR+name:going")
    expect(page.locator("main")).to_contain_text("1 waiting")
    page.get_by_role("button", name="Retry 12 tasks").click()
    expect(page.locator("#batch")).to_have_attribute("data-total", "13")
    page.get_by_role("button", name="Stop").click()  # ten a minute are asked for at most
    expect(page.locator("main")).to_contain_text("of its tasks will not be asked for.")
    expect(page.locator("#batch [data-item=stopped]").first).to_be_visible()
    assert "failed" in phases(place, tasks)


def test_the_pages_of_a_batch_look_right(place: Place, visit: Visit) -> None:
    furnished(place, 3)
    reader = visit(place)
    page = reader.open("/retries/")
    assert not look_at(page), "no batch yet"
    page.goto("/retries/new/?all=1")
    assert not look_at(page), "the question"
    page.get_by_role("button", name="Retry 3 tasks").click()
    expect(page.locator("#batch")).to_be_visible()
    follow(place, reader, "3 started again")
    assert not look_at(page), "the batch"
    page.goto("/retries/")
    assert not look_at(page), "the list"
