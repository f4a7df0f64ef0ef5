"""When a page asks the server: as told, never twice at once, seldom while nobody sees it."""

from playwright.sync_api import Route, expect

from tests.browser.reader import POLL, Visit
from tests.browser.stage import Place

HIDEABLE = """
  window.away = false;
  Object.defineProperty(document, "hidden", { get: () => window.away });
  Object.defineProperty(document, "visibilityState", { get: () => (window.away ? "hidden" : "visible") });
  window.leave = (away) => { window.away = away; document.dispatchEvent(new Event("visibilitychange")); };
"""


def test_a_page_that_is_paused_does_not_ask_until_it_is_live_again(place: Place, visit: Visit) -> None:
    task = place.add()
    place.sync()
    reader = visit(place, clock=True)
    page = reader.open("/")
    page.get_by_role("button", name="Live").click()
    button = page.get_by_role("button", name="Paused")
    expect(button).to_be_visible()
    for _ in range(5):
        reader.later(15)
    assert not reader.polls
    reader.open(f"/tasks/{task}/")
    expect(button).to_be_visible()
    reader.later(15)
    assert not reader.polls, "the choice holds on the next page"
    with page.expect_response(POLL):
        page.keyboard.press("r")
    expect(page.get_by_role("button", name="Live")).to_be_visible()
    page.keyboard.press("r")
    expect(button).to_be_visible()


def test_the_key_r_is_a_letter_where_one_types(place: Place, visit: Visit) -> None:
    page = visit(place).open("/accounts/new/")
    page.get_by_label("Name").press_sequentially("rr")
    assert page.evaluate("localStorage.getItem('live')") is None


def test_a_hidden_tab_asks_once_a_minute_and_at_once_when_it_is_seen_again(place: Place, visit: Visit) -> None:
    place.add()
    place.sync()
    reader = visit(place, clock=True)
    reader.expects("htmx:error: timeout")  # the clock may leap while an answer is on its way
    reader.page.add_init_script(HIDEABLE)
    page = reader.open("/")
    reader.poll()
    page.evaluate("leave(true)")
    asked = len(reader.polls)
    for _ in range(19):
        reader.later(3)
    assert len(reader.polls) == asked
    for _ in range(21):
        reader.later(3)
    assert len(reader.polls) - asked in (1, 2), "two minutes"
    with page.expect_response(POLL):
        page.evaluate("leave(false)")


def test_a_hidden_tab_does_not_count_as_somebody_who_watches(place: Place, visit: Visit) -> None:
    place.add()
    place.sync()
    reader = visit(place, clock=True)
    reader.expects("htmx:error: timeout")  # the clock may leap while an answer is on its way
    reader.page.add_init_script(HIDEABLE)
    page = reader.open("/")
    page.evaluate("leave(true)")
    place.installation.forget_watchers(place.account_id)
    with page.expect_response(POLL):
        for _ in range(22):
            reader.later(3)
    assert not place.installation.is_watched(place.account_id)


def test_questions_never_overlap_when_the_server_is_slow(place: Place, visit: Visit) -> None:
    place.add()
    place.sync()
    reader = visit(place, clock=True)
    page = reader.open("/")
    held: list[Route] = []
    page.route(POLL, lambda route: held.append(route))
    with page.expect_request(POLL):
        reader.later(3)
    for _ in range(4):
        reader.later(3)
    page.evaluate("1")
    assert len(reader.polls) == len(held) == 1
    held[0].continue_()
    page.unroute(POLL)
    reader.poll()


def test_a_board_on_which_nothing_moves_asks_less_often(place: Place, visit: Visit) -> None:
    task = place.add()
    place.sync()
    reader = visit(place, clock=True)
    reader.open("/")
    assert reader.interval == 3
    place.studio.change(task, {"phase": "completed"})
    place.sync()
    reader.poll()
    expect(reader.page.locator(f"[data-task='{task}']")).to_have_attribute("data-phase", "completed")
    assert reader.interval == 15
