"""The board by keys alone, and by touch: search, move, tick, open, come back."""

from playwright.sync_api import Page, Route, expect

from tests.browser.reader import Visit
from tests.browser.stage import Place, Stage

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
AT = "document.activeElement.closest('[data-task]')?.dataset.task"
WAITING = "script[data-src]"  # scripts that come with the first sign of somebody


def in_order(page: Page) -> list[str]:
    return [row.get_attribute("data-task") or "" for row in page.locator("[data-task]").all()]


def test_search_move_tick_open_and_come_back_without_a_mouse(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    page = reader.open("/")
    page.keyboard.press("/")
    page.keyboard.type("one.mp4 -phase:completed")
    expect(page.locator("[data-task]")).to_have_count(8)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("[data-task]")).to_have_count(8)
    page.wait_for_load_state()
    tasks = in_order(page)
    for key in "jjjk":
        page.keyboard.press(key)
    assert page.evaluate(AT) == tasks[1]
    page.keyboard.press("x")
    expect(page.locator(f"[data-task='{tasks[1]}'] .tick")).to_be_checked()
    expect(page.locator("#bulk")).to_contain_text("1 selected")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{reader.origin}/tasks/{tasks[2]}/")
    page.go_back()
    expect(page.locator("[data-task]")).to_have_count(8)
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page.locator("[data-task]:not([data-phase=failed])")).to_have_count(0)
    expect(page.get_by_label("Phases").locator("[aria-current]")).to_contain_text("Failed")


def test_keys_are_letters_where_one_types(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    page.locator("#q").focus()
    page.keyboard.type("jxrt?g")
    expect(page.locator("#q")).to_have_value("jxrt?g")
    assert page.evaluate(AT) is None
    assert not page.locator("#help").is_visible()
    assert page.evaluate("localStorage.getItem('live')") is None
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_the_box_of_all_rows_is_no_row(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    page = reader.open("/")
    head = page.get_by_label("Select all on this page")
    for before in ("Shift", "j"):
        page.keyboard.press(before)
        expect(page.locator(WAITING)).to_have_count(0)
        head.focus()
        page.keyboard.press("Enter")
        expect(head).to_be_focused()
        assert page.url == f"{reader.origin}/"


def test_a_key_acts_once_while_the_other_scripts_are_on_their_way(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    held: list[Route] = []
    page.route("**/js/copy.*", lambda route: held.append(route))
    tasks = in_order(page)
    with page.expect_event("requestfinished", lambda request: "/js/shortcuts." in request.url):
        page.keyboard.press("Shift")
    page.wait_for_timeout(200)
    page.keyboard.press("j")
    held[0].continue_()
    expect(page.locator(WAITING)).to_have_count(0)
    assert page.evaluate(AT) == tasks[0]


def test_a_script_that_is_lost_stops_no_other_and_is_asked_for_again(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    reader.expects("ERR_FAILED|Failed to fetch")
    page = reader.open("/")
    page.route("**/js/copy.*", lambda route: route.abort())
    page.keyboard.press("j")
    expect(page.locator("[data-task]").first.locator(".name")).to_be_focused()
    expect(page.locator(WAITING)).to_have_count(1)
    page.unroute("**/js/copy.*")
    page.wait_for_timeout(1100)
    page.keyboard.press("Shift")
    expect(page.locator(WAITING)).to_have_count(0)
    page.locator(".views > summary").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#say")).to_have_text("Copied")


def test_the_sheet_lists_the_keys_and_gives_the_focus_back(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    page.keyboard.press("j")
    expect(page.locator(WAITING)).to_have_count(0)
    here = page.evaluate(AT)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    page.keyboard.press("j")
    assert page.evaluate(AT) is None, "what is behind the sheet does not move"
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert page.evaluate(AT) == here


def test_t_changes_the_theme_in_place_and_it_is_remembered(place: Place, visit: Visit) -> None:
    page = visit(place, color_scheme="light").open("/")
    with page.expect_response("**/theme/"):
        page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    with page.expect_response("**/theme/"):
        page.keyboard.press("t")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keys_can_be_turned_off(place: Place, visit: Visit) -> None:
    place.add("One.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/profile/")
    page.get_by_role("button", name="Switch off").click()
    page = reader.open("/")
    for key in ("j", "x", "r", "t", "?", "/"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert not page.locator("#help").is_visible()
    assert page.evaluate("localStorage.getItem('live')") is None


def test_a_phone_searches_selects_and_has_the_bar_above_its_tabs(place: Place, visit: Visit) -> None:
    tasks = [place.add(f"{name}.mp4") for name in ("Alder", "Birch", "Cedar", "Dogwood")]
    place.sync()
    reader = visit(place, **PHONE)
    page = reader.open("/")
    expect(page.locator("#q")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tick = page.locator(f"[data-task='{tasks[1]}'] .tick")
    expect(tick).to_be_hidden()
    page.get_by_role("button", name="Select", exact=True).tap()
    expect(tick).to_be_visible()
    page.locator(f"[data-task='{tasks[1]}'] .c-why").tap(force=True)
    page.locator(f"[data-task='{tasks[2]}'] .name").tap(force=True)
    expect(page).to_have_url(f"{reader.origin}/")
    bar, tabs = page.locator("#bulk"), page.get_by_role("navigation", name="Main")
    expect(bar).to_contain_text("2 selected")
    expect(bar).to_be_in_viewport()
    bar_box, tabs_box = bar.bounding_box(), tabs.bounding_box()
    assert bar_box is not None
    assert tabs_box is not None
    assert bar_box["y"] + bar_box["height"] <= tabs_box["y"]
    page.get_by_role("button", name="Done", exact=True).tap()
    expect(tick).to_be_hidden()
    expect(bar).to_be_hidden()
    page.locator("#q").fill("cedar")
    expect(page.locator("[data-task]")).to_have_count(1)
    page.locator(f"[data-task='{tasks[2]}'] .name").tap()
    expect(page.locator("h1")).to_have_text("Cedar.mp4")
