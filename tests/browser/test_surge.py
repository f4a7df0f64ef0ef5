"""A surge on an open board: its card comes by itself, and goes when nothing of it is failed any more."""

from playwright.sync_api import expect

from tests.browser.installation import until
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place

FAILED: dict[str, object] = {"phase": "failed", "errorMessage": "execution timeout", "retries": 2}
LOOK_SECONDS = 30
"""The syncer looks for surges every five."""


def has_card(reader: Reader, number: int) -> bool:
    reader.poll()
    return reader.page.locator("[data-surge]").count() == number


def test_its_card_comes_by_itself_and_goes_when_all_is_well(place: Place, visit: Visit) -> None:
    tasks = [place.add(f"Take {number}.mp4") for number in range(7)]
    place.sync()
    reader = visit(place)
    page = reader.open("/")
    expect(page.locator("[data-task]")).to_have_count(7)
    expect(page.locator("[data-surge]")).to_have_count(0)
    for task in tasks:
        place.studio.change(task, FAILED)
    place.sync()
    until(lambda: has_card(reader, 1), LOOK_SECONDS, lambda: "no card")
    card = page.locator("[data-surge]")
    expect(card).to_contain_text("7 failures in 1 min, 1 account, same cause since")
    expect(card).to_contain_text("execution timeout")
    number = card.get_attribute("data-surge")
    expect(card.get_by_role("link", name="Open group")).to_have_attribute("href", f"/failures/{number}/")
    for task in tasks:
        place.studio.change(task, {"phase": "completed"})
    place.sync()
    until(lambda: has_card(reader, 0), LOOK_SECONDS, lambda: "the card stays")
    expect(page.locator("[data-task]")).to_have_count(7)
