"""The doors: the sign-in form, the theme that a reader chose, what the clipboard gets, what a first visit weighs."""

from playwright.sync_api import expect

from tests.browser.installation import until
from tests.browser.reader import Visit
from tests.browser.stage import Place, Stage

KILOBYTE = 1024
GROUND = "getComputedStyle(document.documentElement).backgroundColor"
PASTED = "navigator.clipboard.readText()"
ODD = {"upload": {"url": "https://media.example.test/a.mp4", "note": 'say "hi"\n <b>twice</b> é', "n": 1.5, "no": None}}


def test_a_wrong_password_is_told_and_the_right_one_leads_to_where_one_was_going(stage: Stage, visit: Visit) -> None:
    reader = visit()
    page = reader.open("/accounts/")
    page.get_by_label("E-mail").fill(stage.newcomer.email)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(stage.newcomer.email)
    page.get_by_label("Password").fill(stage.newcomer.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{reader.origin}/accounts/")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()


def test_a_chosen_theme_stays_and_is_there_from_the_first_byte(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.newcomer, color_scheme="light")
    page = reader.open("/accounts/")
    light = page.evaluate(
        "getComputedStyle(document.body).backgroundColor || getComputedStyle(document.documentElement)"
    )
    page.get_by_text("menu").locator("..").click()
    page.get_by_role("button", name="Theme: Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(f"{reader.origin}/accounts/")
    page.get_by_text("menu").locator("..").click()
    expect(page.get_by_role("button", name="Theme: Dark")).to_have_attribute("aria-pressed", "true")
    answer = page.goto("/")
    assert answer
    assert '<html lang="en" data-theme="dark">' in answer.text()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.evaluate(GROUND) != light


def test_copy_buttons_put_the_raw_value_on_the_clipboard(place: Place, visit: Visit) -> None:
    task = place.add("Copy me.mp4", params=ODD)
    place.sync()
    reader = visit(place, permissions=["clipboard-read", "clipboard-write"])
    page = reader.open(f"/tasks/{task}/")
    for name, raw in (("note", ODD["upload"]["note"]), ("n", "1.5"), ("no", "null")):
        leaf = page.locator(f"[data-path='params.upload.{name}']")
        leaf.hover()
        leaf.get_by_role("button", name=f"Copy {name}", exact=True).click()
        expect(page.get_by_text("Copied")).to_be_attached()
        assert page.evaluate(PASTED) == raw
    page.get_by_role("button", name="Copy Task id").click()
    until(lambda: page.evaluate(PASTED) == task, 5, lambda: "the id was not copied")


def test_copying_works_where_the_browser_offers_no_clipboard(place: Place, visit: Visit) -> None:
    task = place.add("By hand.mp4", params=ODD)
    place.sync()
    reader = visit(place, permissions=["clipboard-read", "clipboard-write"])
    reader.page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })")
    page = reader.open(f"/tasks/{task}/")
    button = page.get_by_role("button", name="Copy note", exact=True)
    button.click()
    expect(page.get_by_text("Copied")).to_be_attached()
    expect(button).to_be_focused()
    other = reader.context.new_page()
    other.goto("/accounts/")
    other.bring_to_front()
    assert other.evaluate(PASTED) == ODD["upload"]["note"]


def test_a_first_visit_weighs_at_most_45_kilobytes(stage: Stage, visit: Visit) -> None:
    reader = visit(stage.gallery)
    weights: list[float] = []
    wire = reader.context.new_cdp_session(reader.page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page = reader.open("/")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-task]").count() == 25
    assert len(weights) > 10, "page, styles, scripts, icons"
    assert sum(weights) <= 45 * KILOBYTE, sum(weights)


def test_static_files_are_taken_for_what_they_say_they_are(stage: Stage, visit: Visit) -> None:
    page = visit(stage.gallery).page
    with page.expect_response(lambda response: "/static/" in response.url and response.url.endswith(".css")) as seen:
        page.goto("/")
    assert seen.value.headers["x-content-type-options"] == "nosniff"
