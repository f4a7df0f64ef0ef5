"""Handing out access without handing out keys: an invitation, a role, a key replaced while people look."""

import re

from playwright.sync_api import expect

from tests.browser.looks import look_at
from tests.browser.reader import Visit
from tests.browser.stage import Place

INVITED = "nina@example.com"
NEW_KEY = "9c0ffee9-5eed-4bad-9dea-900000009f9f"


def test_an_invited_colleague_sees_tasks_and_no_key_and_is_gone_the_moment_they_are_removed(
    place: Place, visit: Visit
) -> None:
    task = place.add("Theirs to see.mp4")
    place.sync()
    admin = visit(place).open("/team/")
    admin.get_by_label("E-mail").fill(INVITED)
    admin.get_by_label("Role", exact=True).select_option("viewer")
    admin.get_by_role("button", name="Invite", exact=True).click()
    link = admin.get_by_role("textbox", name=f"Link for {INVITED}").input_value()
    reader = visit()
    nina = reader.open(link)
    assert not look_at(nina)
    nina.get_by_label("Password").fill("her very own pass phrase")
    nina.get_by_role("button", name="Join").click()
    expect(nina.locator(f"[data-task='{task}']")).to_contain_text("Theirs to see.mp4")
    nina.goto(f"/accounts/{place.account_id}/")
    expect(nina.get_by_text(f"…{place.key[-4:]}").first).to_be_visible()
    expect(nina.get_by_role("button", name=re.compile("Test|Replace|Pause|Delete"))).to_have_count(0)
    assert place.key not in nina.content()
    reader.expects("410")
    again = visit()
    again.expects("410")
    expect(again.open(link).get_by_role("alert")).to_contain_text("used")
    admin.reload()
    row = admin.locator("tr", has_text=INVITED)
    row.locator("summary", has_text="Remove").click()
    row.get_by_role("button", name=re.compile("Remove")).click()
    expect(admin.locator("tr", has_text=INVITED)).to_have_count(0)
    reader.expects("404")
    gone = nina.goto(f"/tasks/{task}/")
    assert gone
    assert gone.status == 404


def test_a_key_is_replaced_while_the_old_one_goes_on_and_there_is_one_step_back(place: Place, visit: Visit) -> None:
    place.studio.add_key(NEW_KEY, place.project)
    place.add("Seen through any key.mp4")
    place.sync()
    reader = visit(place)
    reader.expects("422")
    page = reader.open(f"/accounts/{place.account_id}/key/")
    key = page.get_by_label("New API key")
    key.fill("00000000-dead-dead-dead-000000000000")
    page.get_by_role("button", name="Test and replace").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("New API key")).to_have_value("")
    expect(page.get_by_text(f"…{place.key[-4:]}").first).to_be_visible()
    page.get_by_label("New API key").fill(NEW_KEY)
    page.get_by_role("button", name="Test and replace").click()
    expect(page.locator("li", has_text="in use")).to_contain_text(f"…{NEW_KEY[-4:]}")
    expect(page.locator("li", has_text="old, kept")).to_contain_text(f"…{place.key[-4:]}")
    assert not look_at(page)
    place.sync()
    expect(page.locator("[data-key-state]")).to_have_attribute("data-key-state", "working")
    page.get_by_role("button", name="Step back").click()
    expect(page.locator("li", has_text="in use")).to_contain_text(f"…{place.key[-4:]}")
    page.get_by_text("Delete the old key").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("li", has_text="old, kept")).to_have_count(0)
