"""Views in a browser: saved, opened, passed on, gone back from; all of it without JavaScript too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place


@pytest.fixture
def watched(place: Place) -> Place:
    for title, phase in (("Harbour.mp4", "failed"), ("Harbour two.mp4", "completed"), ("Reel.mp4", "failed")):
        place.add(title, status={"phase": phase})
    place.sync()
    return place


def shown(page: Page) -> list[str]:
    return sorted(page.locator("[data-task] .name").all_inner_texts())


def save(page: Page, name: str, for_team: bool = False) -> None:
    """From the board's menu to the saved view."""
    page.locator(".views > summary").click()
    page.get_by_role("link", name="Save this view").click()
    page.locator("#view-name").fill(name)
    if for_team:
        page.get_by_label("Who sees it").select_option(index=1)
    page.get_by_role("button", name="Save view").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_filter_is_saved_and_opened_again(scripts: bool, watched: Place, visit: Visit) -> None:
    page = visit(watched, java_script_enabled=scripts).open("/?q=harbour&phase=failed")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    save(page, "Failed in the harbour")
    expect(page.locator(".views > summary")).to_contain_text("Failed in the harbour")
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    assert shown(page) == ["Harbour.mp4"]
    page.goto("/")
    expect(page.locator("[data-task]")).to_have_count(3)
    page.locator(".views > summary").click()
    page.locator(".views").get_by_role("link", name="Failed in the harbour").click()
    expect(page).to_have_url(f"{watched.installation.url}/?q=harbour&phase=failed")
    assert shown(page) == ["Harbour.mp4"]


def test_back_leads_through_the_views_as_one_came(watched: Place, visit: Visit) -> None:
    page = visit(watched).open("/?phase=failed")
    for name in ("In flight", "Stalled"):
        page.locator(".views > summary").click()
        page.locator(".views").get_by_role("link", name=name, exact=True).click()
        expect(page.locator(".views > summary")).to_contain_text(name)
    page.go_back()
    expect(page.locator(".views > summary")).to_contain_text("In flight")
    expect(page.locator("#q")).to_have_value("phase:pending,waiting,running")
    page.go_back()
    expect(page).to_have_url(f"{watched.installation.url}/?phase=failed")
    expect(page.locator("[data-task]")).to_have_count(2)


def test_a_search_as_one_types_is_unsaved_at_once(watched: Place, visit: Visit) -> None:
    page = visit(watched).open("/")
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    page.locator("#q").press_sequentially("harbour")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    expect(page.locator("[data-task]")).to_have_count(2)
    save(page, "The harbour")
    expect(page.locator(".views > summary")).to_contain_text("The harbour")


def test_a_copied_link_opens_the_same_list_in_the_same_order(watched: Place, visit: Visit) -> None:
    reader = visit(watched, permissions=["clipboard-read", "clipboard-write"])
    page = reader.open("/?q=harbour")
    choose(page, order="Task, Z to A")
    names = page.locator("[data-task] .name").all_inner_texts()
    assert names == ["Harbour.mp4", "Harbour two.mp4"]
    page.goto("/?q=harbour")
    page.locator(".views > summary").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#say")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{watched.installation.url}/?q=harbour&sort=-title"
    page.goto(link)
    assert page.locator("[data-task] .name").all_inner_texts() == names


@pytest.mark.parametrize("scripts", [True, False])
def test_columns_and_size_are_remembered_on_the_next_visit(scripts: bool, watched: Place, visit: Visit) -> None:
    page = visit(watched, java_script_enabled=scripts).open("/?phase=failed")
    choose(page, size="50", columns=["Retries"])
    expect(page).to_have_url(f"{watched.installation.url}/?phase=failed&size=50")
    for path in ("/?phase=failed&size=50", "/"):
        page.goto(path)
        expect(page.get_by_role("columnheader", name="Retries")).to_be_visible()
        page.locator(".display > summary").click()
        expect(page.get_by_label("Tasks a page")).to_have_value("50")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_click_on_a_column_is_remembered_on_the_next_visit(scripts: bool, watched: Place, visit: Visit) -> None:
    page = visit(watched, java_script_enabled=scripts).open("/?q=harbour")
    task = page.get_by_role("columnheader", name="Task", exact=True)
    task.get_by_role("button").click()
    expect(page).to_have_url(f"{watched.installation.url}/?q=harbour&sort=title")
    task.get_by_role("button").click()
    expect(page).to_have_url(f"{watched.installation.url}/?q=harbour&sort=-title")
    page.goto("/")
    expect(task).to_have_attribute("aria-sort", "descending")


def test_the_way_back_leads_to_the_order_before_a_click(watched: Place, visit: Visit) -> None:
    page = visit(watched).open("/?q=harbour")
    task, updated = (page.get_by_role("columnheader", name=name, exact=True) for name in ("Task", "Updated"))
    before = page.locator("[data-task] .name").all_inner_texts()
    present = page.locator("th[aria-sort]").inner_text()
    other = updated if present == "Task" else task
    other.get_by_role("button").click()
    expect(other).to_have_attribute("aria-sort", re.compile("."))
    page.go_back()
    expect(page.locator("th[aria-sort]")).to_have_text(present)
    assert page.locator("[data-task] .name").all_inner_texts() == before
    page.go_forward()
    expect(other).to_have_attribute("aria-sort", re.compile("."))


def test_a_teams_view_is_renamed_and_deleted_where_all_views_are(watched: Place, visit: Visit) -> None:
    reader: Reader = visit(watched)
    reader.expects("422")
    page = reader.open("/?phase=failed")
    save(page, "Ours", for_team=True)
    save(reader.open("/?phase=completed"), "Theirs", for_team=True)
    page.goto("/views/")
    row = page.locator("[data-view]").filter(has_text="Ours")
    more(row)
    row.get_by_label("Name").fill("theirs")
    row.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert")).to_have_text("There is a view of this name already.")
    row = page.locator("[data-view]").filter(has_text="Ours")
    row.get_by_label("Name").fill("Broken")
    row.get_by_role("button", name="Rename").click()
    row = page.locator("[data-view]").filter(has_text="Broken")
    more(row)
    row.get_by_role("button", name="Delete for everybody").click()
    expect(page.locator("[data-view]")).to_have_count(1)


def test_the_menus_and_the_page_look_well(watched: Place, visit: Visit) -> None:
    reader = visit(watched)
    save(reader.open("/?phase=failed&q=harbour"), "A name that goes on and on until there are sixty of letters")
    flaws = [
        flaw for path in ("/views/", "/views/?query=q%3Dreel%26sort%3Dtitle") for flaw in look_at(reader.open(path))
    ]
    more(reader.open("/views/").locator("[data-view]"))
    flaws += look_at(reader.page)
    for menu in (".views", ".display"):
        reader.open("/?q=reel").locator(f"{menu} > summary").click()
        flaws += look_at(reader.page)
    assert not flaws, "\n".join(flaws)


def more(row: object) -> None:
    row.locator("details > summary").click()  # type: ignore[attr-defined]


def choose(page: Page, order: str = "", size: str = "", columns: list[str] | None = None) -> None:
    page.locator(".display > summary").click()
    if order:
        page.get_by_label("Order").select_option(label=order)
    if size:
        page.get_by_label("Tasks a page").select_option(size)
    for column in columns or []:
        page.locator(".display").get_by_label(column, exact=True).check()
    page.get_by_role("button", name="Apply and remember").click()
    page.wait_for_load_state()
