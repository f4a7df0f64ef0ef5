"""Everything that one must be able to do works with JavaScript off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place, Stage

LONG = {"upload": {f"part{number}": {"text": "x" * 900, "in": {"last": number}} for number in range(120)}}


def without(visit: Visit, place: Place | None) -> Reader:
    return visit(place, java_script_enabled=False)


def test_the_board_its_filters_and_its_pages_are_links(stage: Stage, visit: Visit) -> None:
    page = without(visit, stage.gallery).open("/")
    expect(page.locator("[data-task]")).to_have_count(25)
    short = re.compile(r"^\d+ [A-Z][a-z]{2}(, \d\d:\d\d| \d{4})$")
    expect(page.locator("[data-task] .c-when time").first).to_contain_text(short)
    page.locator("a[rel=next]").click()
    expect(page.locator("a[rel=prev]")).to_be_visible()
    page.get_by_label("Phases").get_by_role("link", name="Completed").click()
    expect(page.locator("[data-task]:not([data-phase=completed])")).to_have_count(0)
    page.locator("summary").filter(has_text="Any type").click()
    page.locator(".pop").get_by_role("link", name="export-data").click()
    assert page.locator("[data-task]").count() > 0
    expect(page.locator("[data-task]").filter(has_not_text="export-data")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/views/"])
def test_no_button_is_there_that_only_a_script_could_act_on(path: str, stage: Stage, visit: Visit) -> None:
    page = without(visit, stage.shelf).open(path)
    if path == "/":
        page.locator(".views > summary").click()
        expect(page.get_by_role("link", name="All views")).to_be_visible()
    expect(page.locator("button:is([data-copy-text], [data-copy-url], [data-copy-first]):visible")).to_have_count(0)


def test_branches_open_and_long_ones_are_pages_of_their_own(place: Place, visit: Visit) -> None:
    task = place.add("Long.mp4", params=LONG)
    place.sync()
    reader = without(visit, place)
    page = reader.open(f"/tasks/{task}/")
    expect(page.locator(".head .chip")).to_have_text("Waiting")
    branch = page.locator("[data-branch='params.upload.part0.in']")
    assert branch.get_attribute("open") is None
    branch.locator("> summary").click()
    expect(page.locator("[data-path='params.upload.part0.in.last']")).to_be_visible()
    folded = page.locator("#params details[hx-get]").first
    folded.locator("> summary").click()
    folded.get_by_role("link", name="Open this branch").click()
    expect(page.locator(".tree .leaf, .tree details").first).to_be_visible()
    page.get_by_role("link", name="Long.mp4").click()
    page.get_by_role("link", name="Open as JSON").click()
    expect(page.locator("body")).to_contain_text('"part119"')


def test_signing_in_adding_an_account_and_signing_out(place: Place, visit: Visit) -> None:
    reader = without(visit, None)
    reader.expects("422")
    page = reader.open("/")
    page.get_by_label("E-mail").fill(place.email)
    page.get_by_label("Password").fill(place.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Accounts", exact=True).click()
    page.get_by_role("link", name="Add account").click()
    _fill(page, "Second", place.studio.url, "not-a-key")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Second")
    expect(page.get_by_label("API key")).to_have_value("")
    _fill(page, "Second", place.studio.url, place.studio.sister_key)
    expect(page).to_have_url(f"{reader.origin}/")
    page.get_by_text("menu").locator("..").click()
    page.get_by_role("button", name="Theme: Light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_text("menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_deleted_task_can_be_asked_for_without_scripts(place: Place, visit: Visit) -> None:
    task = place.add("Gone.mp4")
    place.sync()
    page = without(visit, place).open(f"/tasks/{task}/")
    place.studio.soft_delete(task)
    page.get_by_role("button", name="Ask Studio now").click()
    expect(page.locator(".head .chip.deleted")).to_be_visible()


def _fill(page: Page, name: str, url: str, key: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("API address").fill(url)
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Test and save").click()
