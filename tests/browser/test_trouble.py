"""What a page says when this server, Studio or the session fails, and that it recovers without a reload."""

import time

from playwright.sync_api import expect

from tests.browser.installation import until
from tests.browser.reader import POLL, Reader, Visit
from tests.browser.stage import Place, Stage

SURELY_STALE_SECONDS = 20


def test_a_page_whose_server_is_gone_says_so_asks_less_and_less_and_recovers(
    stage: Stage, place: Place, visit: Visit
) -> None:
    place.add("Patient.mp4")
    place.sync()
    reader = visit(place, clock=True)
    reader.expects("ERR_CONNECTION_REFUSED|Failed to fetch|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")
    page = reader.open("/")
    page.evaluate("document.addEventListener('live:state', () => { window.told = (window.told ?? 0) + 1; })")
    reader.stop_clock()
    stage.installation.stop()
    try:
        reader.later(3)
        _wait_until_told(reader, 1)
        line = page.locator("[data-freshness]")
        expect(line).to_contain_text("Cannot reach this server; what you see is from")
        expect(line).to_have_attribute("data-freshness", "stopped")
        expect(page.locator("[data-live-word]")).to_have_text("Retrying")
        expect(page.get_by_role("link", name="Patient.mp4")).to_be_visible()
        for number, wait in enumerate((3, 6, 12), 1):
            reader.later(wait * 0.75)
            assert len(reader.polls) == number, f"asked again before {wait} s"
            reader.later(wait * 0.5)
            _wait_until_told(reader, number + 1)
    finally:
        stage.installation.start()
    page.clock.resume()
    with page.expect_response(POLL):
        reader.later(30)
    expect(line).not_to_contain_text("Cannot reach")
    expect(line).to_have_attribute("data-freshness", "live")
    expect(page.locator("[data-live-word]")).to_have_text("Live")


def test_who_was_signed_out_in_another_tab_is_told_in_place(place: Place, visit: Visit) -> None:
    place.add("Still here.mp4")
    place.sync()
    reader = visit(place, clock=True)
    reader.expects("401")
    page = reader.open("/?size=50")
    other = reader.context.new_page()
    other.goto("/accounts/")
    other.get_by_text("menu").locator("..").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("Password")).to_be_visible()
    other.close()
    assert reader.poll().status == 401
    line = page.locator("[data-freshness]")
    expect(line).to_contain_text("You were signed out.")
    expect(page.locator("[data-live-word]")).to_have_text("Stopped")
    expect(page.get_by_role("link", name="Still here.mp4")).to_be_visible()
    asked = len(reader.polls)
    for _ in range(6):
        reader.later(30)
    assert len(reader.polls) == asked
    line.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(place.email)
    page.get_by_label("Password").fill(place.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{reader.origin}/?size=50")


def test_pages_stay_fast_while_studio_hangs_and_say_why_they_are_old(stage: Stage, visit: Visit) -> None:
    deaf = stage.deaf
    reader = visit(deaf)
    page = reader.open("/")
    task = page.locator("[data-task]").first.get_attribute("data-task")
    line = page.locator("[data-freshness]")
    for _ in range(SURELY_STALE_SECONDS):
        if line.get_attribute("data-freshness") == "stale":
            break
        page.wait_for_timeout(1000)
        reader.poll()
    for path in ("/accounts/", f"/tasks/{task}/", "/"):
        started = time.monotonic()
        reader.open(path)
        assert time.monotonic() - started < 5, "Studio would have taken ten"
    expect(line).to_have_attribute("data-freshness", "stale")
    expect(line).to_contain_text("Production: ")
    expect(line).to_contain_text("· since ")
    expect(page.locator("[data-task]")).to_have_count(3)
    deaf.studio.switches.reset()
    deaf.add("After.mp4")
    deaf.sync()
    reader.poll()
    expect(line).to_have_attribute("data-freshness", "live")


def test_a_rejected_key_is_told_in_words_with_the_way_out(place: Place, visit: Visit) -> None:
    place.add("Last words.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    place.studio.revoke(place.key)
    place.sync()
    reader.poll()
    expect(page.locator("[data-freshness]")).to_have_attribute("data-freshness", "stopped")
    expect(page.locator("[data-freshness]")).to_contain_text("Production: ")
    page.get_by_role("link", name="Replace the key").click()
    expect(page.get_by_label("New API key")).to_be_visible()
    assert place.key not in page.content()


def _wait_until_told(reader: Reader, times: int) -> None:
    """Until the page has taken note of so many answers or failures; its clock ticks a little meanwhile."""

    def is_told() -> bool:
        reader.later(0)
        return bool(reader.page.evaluate("window.told") == times)

    until(is_told, 10, lambda: f"the page was told less than {times} times")
