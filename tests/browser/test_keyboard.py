"""Without a mouse: everything can be reached, one sees where one is, menus open and close."""

from playwright.sync_api import Page, expect

from tests.browser.reader import Visit
from tests.browser.stage import Stage

TARGETS = """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, pre")]
    .filter((target) => target.checkVisibility({ visibilityProperty: true }))
    .map((target, number) => (target.dataset.number = number))"""
WHERE = """() => {
    const at = document.activeElement;
    const ring = getComputedStyle(at.closest(".field") ?? at);
    const box = at.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 200) / 2);
    return {
        number: at.dataset.number ?? null,
        is_new: at.matches(".leaf > .path"), // it comes when its leaf is reached
        text: at.outerHTML.slice(0, 120),
        ring: ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2,
        covered: at.matches("[data-number]") && !(at.contains(top) || top?.contains(at)),
    };
}"""


def test_everything_can_be_reached_and_one_sees_where_one_is(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    reader.page.add_init_script("localStorage.setItem('live', 'paused')")  # the numbers below must stay
    tasks = [f"/tasks/{stage.kinds[kind]}/" for kind in ("completed", "failed")]
    flaws = []
    for path in ("/", *tasks, f"/accounts/{stage.shelf.account_id}/"):
        flaws += [f"{path}: {flaw}" for flaw in _tab_through(reader.open(path))]
    assert not flaws, "\n".join(flaws)


def _tab_through(page: Page) -> list[str]:
    """Presses Tab from the top of the page to its end. What is wrong on the way, and what was not reached."""
    wanted = {str(number) for number in page.evaluate(TARGETS)}
    reached: set[str] = set()
    flaws = []
    for _ in range(2 * len(wanted)):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE)
        if not here["is_new"]:
            if here["number"] is None or here["number"] in reached:
                break
            reached.add(here["number"])
        if not here["ring"] or here["covered"]:
            flaws.append(f"{'covered' if here['covered'] else 'no ring'}: {here['text']}")
    missed = [page.locator(f"[data-number='{number}']").inner_html() for number in wanted - reached]
    return [*flaws, *(f"not reached: {html[:100]}" for html in missed)]


def test_the_first_tab_offers_to_skip_to_the_content(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_menu_opens_and_closes_and_gives_the_focus_back(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    summary = page.locator("summary").filter(has_text="Any type")
    summary.focus()
    page.keyboard.press("Enter")
    option = page.locator(".pop").get_by_role("link", name="Any type")
    expect(option).to_be_visible()
    page.keyboard.press("Tab")
    expect(option).to_be_focused()
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_row_tells_its_whole_name_when_its_link_has_the_focus(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    link = page.locator(f"[data-task='{stage.kinds['failed']}'] a.name")
    link.focus()
    assert link.evaluate("(name) => name.scrollWidth <= name.clientWidth")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The failed one.mp4")
