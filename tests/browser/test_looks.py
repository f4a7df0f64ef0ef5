"""Every page in both themes, at four widths: no axe violation, no sideways scroll, no overlap, no small target."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import look_at
from tests.browser.reader import Visit
from tests.browser.stage import KINDS, Place, Stage


def test_the_sign_in_page(visit: Visit) -> None:
    page = visit().open("/auth/login/")
    look_at(page)
    page.get_by_label("E-mail").fill("nobody@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page)


@pytest.mark.parametrize("path", ["/", "/?phase=failed", "/?phase=nonsense", "/accounts/", "/accounts/new/"])
def test_the_pages_of_somebody_with_tasks(path: str, stage: Stage, visit: Visit) -> None:
    look_at(visit(stage.shelf).open(path))


@pytest.mark.parametrize("path", ["/", "/accounts/"])
def test_the_pages_of_somebody_without_an_account(path: str, stage: Stage, visit: Visit) -> None:
    look_at(visit(stage.newcomer).open(path))


def test_the_page_of_one_account(stage: Stage, visit: Visit) -> None:
    look_at(visit(stage.shelf).open(f"/accounts/{stage.shelf.account_id}/"))


@pytest.mark.parametrize("path", ["/tasks/of-somebody-else/", "/nowhere/", "/?older=broken"])
def test_the_pages_that_say_no(path: str, stage: Stage, visit: Visit) -> None:
    reader = visit(stage.gallery)
    reader.expects("40[04]")
    look_at(reader.open(path))


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_task_in_each_phase(kind: str, stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open(f"/tasks/{stage.kinds[kind]}/")
    expect(page.locator(f".head .chip.{'other' if kind == 'queued' else kind}")).to_be_visible()
    look_at(page)


def test_a_menu_that_is_open(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/")
    page.locator("summary").filter(has_text="Any type").click()
    look_at(page)


def test_a_page_full_of_trouble(place: Place, visit: Visit) -> None:
    task = place.add("Gone.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    place.studio.soft_delete(task)
    page.get_by_role("button", name="Ask Studio now").click()
    expect(page.locator(".head .chip")).to_have_text("Deleted at Studio")
    look_at(page)
    place.studio.revoke(place.key)
    place.sync()
    for path in ("/", "/accounts/"):
        look_at(reader.open(path))


def test_words_that_never_end(place: Place, visit: Visit) -> None:
    name = "averylongnamewithoutanyspaceinit" * 8 + ".mp4"
    status = {"phase": "failed", "retries": 2, "errorMessage": "https://media.example.test/" + "path/" * 60}
    task = place.add(name, status=status, params={"upload": {"k" * 120: "v" * 400}})
    place.sync()
    reader = visit(place)
    for path in ("/", f"/tasks/{task}/"):
        page: Page = reader.open(path)
        look_at(page)
