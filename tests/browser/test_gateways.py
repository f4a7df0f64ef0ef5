"""The gateways of a team in a browser: set on their page, tested from there and from the server, read from."""

import re

from playwright.sync_api import Page, expect

from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import IPFS, NFT, VIDEO, Place
from tests.upstream.servers import always, serving

SECONDS_MS = 15_000


def exported(place: Place) -> str:
    output = {"export": {"ipfs": {**IPFS, **NFT}}}
    task = place.add("Drop 17.mp4", type="export", status={"phase": "completed"}, output=output)
    place.sync()
    return task


def flaws_of(page: Page, but: str = ".tree") -> list[str]:
    return [f for f in look_at(page, but) if "a.open" not in f]


def set_gateways(reader: Reader, task: str, text: str) -> None:
    page = reader.open(f"/tasks/{task}/")
    page.locator("#ipfs").get_by_role("link", name="Gateways").first.click()
    page.get_by_label("Gateways", exact=True).fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The gateways were saved.")).to_be_visible()
    assert not flaws_of(page)
    reader.open(f"/tasks/{task}/")


def asked_elsewhere(reader: Reader) -> list[str]:
    """What the page asked of others than this site, and forgets it."""
    ours = (f"{reader.origin}/", "data:", "blob:")
    others = [request.url for request in reader.requests if not request.url.startswith(ours)]
    reader.requests[:] = [request for request in reader.requests if request.url.startswith(ours)]
    return others


def test_gateways_are_tested_from_here_and_from_there(place: Place, visit: Visit) -> None:
    task = exported(place)
    reader = visit(place)
    set_gateways(reader, task, place.studio.gateways)
    page = reader.page
    video = page.locator("#ipfs .cid").filter(has=page.get_by_role("heading", name="Video"))
    rows = video.locator("[data-gateway]")
    expect(rows.first).to_be_hidden()
    assert asked_elsewhere(reader) == []
    video.get_by_role("button", name="Test from my browser").click()
    for row in (rows.nth(0), rows.nth(1)):
        expect(row.locator("[data-mine]")).to_have_text(re.compile(r"Your browser: [\d.]+\sm?s, plays, seeks"))
        expect(row).to_contain_text("not asked from this server")
    port = place.studio.port
    assert set(asked_elsewhere(reader)) == {
        f"http://127.0.0.1:{port}/ipfs/{VIDEO}",
        f"http://{VIDEO}.ipfs.localhost:{port}/",
    }
    assert not flaws_of(page)
    video.get_by_role("button", name="Test from this server").click()
    expect(rows.nth(0)).to_contain_text("plays, seeks, 48.0", timeout=SECONDS_MS)
    expect(rows.nth(1)).to_contain_text("plays, seeks, 48.0")
    page.get_by_role("button", name="Read the metadata").click()
    expect(page.get_by_label("Metadata, NFT metadata")).to_contain_text('"animation_url"', timeout=SECONDS_MS)
    assert asked_elsewhere(reader) == []
    assert not flaws_of(page)


def test_what_a_browser_cannot_learn_is_said_honestly(place: Place, visit: Visit) -> None:
    task = exported(place)
    reader = visit(place)
    reader.expects("net::ERR|CORS|Content Security Policy")
    elsewhere = always(302, Location="http://localhost:9/", Access_Control_Allow_Origin="*")
    with serving(elsewhere) as server, serving(always(200, b"x", Content_Type="video/mp4")) as closed:
        others = [server.url.removesuffix("/api"), closed.url.removesuffix("/api"), "http://127.0.0.1:9"]
        set_gateways(reader, task, "\n".join([place.studio.gateways, *others]))
        page = reader.page
        page.get_by_role("button", name="Test from my browser").first.click()
        told = page.locator("#ipfs .cid").first.locator("[data-mine]")
        expect(told.nth(0)).to_contain_text("plays, seeks")
        expect(told.nth(2)).to_contain_text("blocked: it sends one on to a host that is not in the team’s list")
        for number in (3, 4):
            expect(told.nth(number)).to_contain_text("blocked: it cannot be reached, or lets no other site read")
        asked_elsewhere(reader)


def test_the_links_are_in_a_menu_that_fits(place: Place, visit: Visit) -> None:
    task = exported(place)
    reader = visit(place, viewport={"width": 390, "height": 844})
    page = reader.open(f"/tasks/{task}/")
    page.locator("#ipfs summary").filter(has_text="Links").first.click()
    link = page.locator("#ipfs .pop a").filter(has_text="dweb.link").first
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", f"https://{VIDEO}.ipfs.dweb.link")
    assert not flaws_of(page, but=".tree, .cid + .cid, .tests"), "the menu lies over what follows, as menus do"


def test_without_scripts_the_server_still_asks(place: Place, visit: Visit) -> None:
    task = exported(place)
    set_gateways(visit(place), task, place.studio.gateways)
    reader = visit(place, java_script_enabled=False)
    page = reader.open(f"/tasks/{task}/")
    expect(page.get_by_role("button", name="Test from my browser").first).to_be_hidden()
    metadata = page.locator("#ipfs .cid").filter(has_text="NFT metadata")
    metadata.get_by_role("button", name="Test from this server").click()
    expect(page.locator("#ipfs")).to_contain_text("answers, application/json", timeout=SECONDS_MS)
    assert page.url.endswith("/#ipfs")
