"""Every page in both themes, at four widths: no axe violation, no sideways scroll, no overlap, no small target."""

from playwright.sync_api import expect

from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import KINDS, Place, Stage


def look_at_all(reader: Reader, *paths: str) -> None:
    flaws = [flaw for path in paths for flaw in look_at(reader.open(path))]
    assert not flaws, "\n".join(flaws)


def test_flaws_would_be_seen(visit: Visit) -> None:
    page = visit().open("/auth/login/")
    page.evaluate("""() => {
        document.querySelector(".foot").style.width = "3000px";
        document.querySelector("button").style.height = "20px";
        Object.assign(document.querySelector("h1").style, { transform: "translateY(24px)", color: "#eee" });
    }""")
    flaws = "\n".join(look_at(page))
    for word in ("scrolls sideways", "lies over", "20.0 px small", "light: color-contrast"):
        assert word in flaws


def test_the_sign_in_page(visit: Visit) -> None:
    page = visit().open("/auth/login/")
    assert not look_at(page)
    page.get_by_label("E-mail").fill("nobody@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not look_at(page)


def test_the_pages_of_somebody_with_tasks(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    account = f"/accounts/{stage.shelf.account_id}/"
    look_at_all(reader, "/?phase=nonsense", "/accounts/", "/accounts/new/", account, "/")
    reader.page.locator("summary").filter(has_text="Any type").click()
    assert not look_at(reader.page), "a menu is open"


def test_the_pages_of_an_admin(stage: Stage, visit: Visit) -> None:
    account = f"/accounts/{stage.shelf.account_id}"
    pages = (f"{account}/key/", f"{account}/delete/", "/team/", "/team/new/", "/audit/", "/audit/?from=nonsense")
    reader = visit(stage.shelf)
    reader.expects("422")
    look_at_all(reader, *pages)


def test_the_pages_about_oneself(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    look_at_all(reader, "/profile/", "/tokens/", "/auth/password/", "/auth/totp/", "/auth/sessions/", "/auth/confirm/")


def test_the_pages_of_somebody_without_an_account(stage: Stage, visit: Visit) -> None:
    look_at_all(visit(stage.newcomer), "/", "/accounts/")


def test_the_pages_that_say_no(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.shelf)
    reader.expects("40[04]")
    look_at_all(reader, "/tasks/of-somebody-else/", "/nowhere/", "/?older=broken")


def test_the_page_of_a_task_in_each_phase(stage: Stage, visit: Visit) -> None:
    stage.keep_running()
    reader = visit(stage.shelf)
    flaws = []
    for kind in KINDS:
        page = reader.open(f"/tasks/{stage.kinds[kind]}/")
        expect(page.locator(f".head .chip.{'other' if kind == 'queued' else kind}")).to_be_visible()
        flaws += look_at(page, but="" if kind == "completed" else ".tree")
    assert not flaws, "\n".join(flaws)


def test_pages_full_of_trouble(place: Place, visit: Visit) -> None:
    task = place.add("Gone.mp4")
    place.sync()
    reader = visit(place)
    page = reader.open(f"/tasks/{task}/")
    place.studio.soft_delete(task)
    page.get_by_role("button", name="Ask Studio now").click()
    expect(page.locator(".head .chip.deleted")).to_be_visible()
    assert not look_at(page)
    place.studio.revoke(place.key)
    place.sync()
    look_at_all(reader, "/", "/accounts/")


def test_words_that_never_end(place: Place, visit: Visit) -> None:
    name = "averylongnamewithoutanyspaceinit" * 8 + ".mp4"
    status = {"phase": "failed", "retries": 2, "errorMessage": "https://media.example.test/" + "path/" * 60}
    task = place.add(name, status=status, params={"upload": {"k" * 120: "v" * 400}})
    place.sync()
    look_at_all(visit(place), "/", f"/tasks/{task}/")


def test_names_that_never_end(place: Place, visit: Visit) -> None:
    reader = visit(place)
    page = reader.open("/team/")
    page.get_by_label("Name").fill("W" * 100)
    page.get_by_role("button", name="Save settings").click()
    page.goto(f"/accounts/{place.account_id}/")
    page.get_by_label("Name").fill("Q" * 100)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Q" * 100)).to_be_visible()
    account = f"/accounts/{place.account_id}/"
    look_at_all(reader, "/", "/accounts/", account, f"{account}delete/", "/team/", "/audit/", "/tokens/", "/profile/")


def test_what_is_found_and_what_differs(place: Place, visit: Visit) -> None:
    url = "https://media.example.test/" + "path/" * 60
    long = {"upload": {"url": url, "text": "word " * 90, "\u202ek" * 40: [1, None]}}
    task = place.add("This one.mp4", params=long)
    place.add("The other.mp4", status={"phase": "completed"})
    place.sync()
    path = f"/tasks/{task}"
    look_at_all(visit(place), f"{path}/find/?q=a", f"{path}/compare/", f"{path}/branch/?path=params")


def test_a_board_with_things_open_and_selected(stage: Stage, visit: Visit) -> None:
    page = visit(stage.shelf).open("/?q=(one&last=mp4")
    expect(page.locator("#q-note mark")).to_be_visible()
    page.locator("#q").fill("-phase:")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    flaws = look_at(page)
    page.keyboard.press("Escape")
    page.locator("#q").fill("one")
    expect(page.locator("[data-task]")).to_have_count(len(KINDS))
    page.get_by_label("Select all on this page").check()
    flaws += look_at(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Select", exact=True).click()
    flaws += look_at(page)
    page.locator("details.display summary").click()
    flaws += look_at(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not [*flaws, *look_at(page)], "\n".join(flaws)
