"""The second factor as a person meets it, with an authenticator app's real codes; saying once more that it is them."""

import sqlite3
from contextlib import closing
from typing import Any

from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import Page, expect

from tests.browser.installation import Installation
from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place
from tests.codes import code_of

SALT = "django.contrib.sessions.SessionStore"
NEW = "another horse battery"


def sign_in(reader: Reader, place: Place, password: str = "") -> Page:
    page = reader.open("/auth/login/")
    page.get_by_label("E-mail").fill(place.email)
    page.get_by_label("Password").fill(password or place.password)
    page.get_by_role("button", name="Sign in").click()
    return page


def set_up(page: Page) -> str:
    """Switches a second factor on, from the profile. Its secret."""
    page.goto("/profile/")
    page.get_by_role("link", name="Set up").click()
    secret = page.locator(".secret code").inner_text()
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def age(reader: Reader, installation: Installation, seconds: int) -> dict[str, Any]:
    """As if the person of this browser had signed in so much earlier. What the session holds."""
    session = next(cookie["value"] for cookie in reader.context.cookies() if cookie["name"] == "sessionid")
    key = installation._environment()["SECRET_KEY"]
    with closing(sqlite3.connect(installation.data_dir / "studio-tasks.sqlite3", timeout=5)) as database, database:
        row = database.execute("SELECT session_data FROM django_session WHERE session_key=?", (session,)).fetchone()
        held = signing.loads(row[0], key=key, salt=SALT, serializer=JSONSerializer)
        for record in held["account_authentication_methods"]:
            record["at"] -= seconds
        data = signing.dumps(held, key=key, salt=SALT, serializer=JSONSerializer, compress=True)
        database.execute("UPDATE django_session SET session_data=? WHERE session_key=?", (data, session))
    return dict(held)


def test_from_setting_it_up_to_signing_in_with_it_and_off_again(place: Place, visit: Visit) -> None:
    secret = set_up(sign_in(visit(), place))
    page = sign_in(visit(), place)
    expect(page.get_by_role("heading", name="One more thing")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("does not fit")
    page.get_by_label("Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.locator(".me")).to_be_visible()
    page.goto("/profile/")
    expect(page.get_by_text("An authenticator app, since")).to_be_visible()
    page.get_by_role("link", name="Switch off").click()
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("status").get_by_text("Your second factor is off")).to_be_visible()


def test_a_recovery_code_signs_in_who_lost_the_device(place: Place, visit: Visit) -> None:
    first = sign_in(visit(), place)
    set_up(first)
    codes = first.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page = sign_in(visit(), place)
    page.get_by_label("recovery code").fill(codes[3])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".me")).to_be_visible()
    page.goto("/profile/")
    expect(page.get_by_text("9 left")).to_be_visible()


def test_after_ten_minutes_one_says_once_more_that_it_is_oneself(place: Place, visit: Visit) -> None:
    reader = visit()
    secret = set_up(sign_in(reader, place))
    age(reader, place.installation, 700)
    page = reader.open("/auth/recovery/new/")
    expect(page.get_by_role("heading", name="Say that it is you")).to_be_visible()
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("not your password")
    page.get_by_role("link", name="Use a code instead").click()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Make new recovery codes?")).to_be_visible()
    age(reader, place.installation, 700)
    page.get_by_role("button", name="Make new ones").click()
    expect(page.get_by_role("heading", name="Say that it is you")).to_be_visible()
    waiting = age(reader, place.installation, 0)["account_reauthentication_state"]["request"]
    assert "HTTP_USER_AGENT" in waiting
    for secret_of_the_server in ("SECRET_KEY", "VAULT_KEYS", "only for tests", "DATA_DIR"):
        assert secret_of_the_server not in waiting
    page.get_by_label("Password").fill(place.password)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The old ones no longer work")).to_be_visible()


def test_a_new_password_and_signing_out_everywhere_else(place: Place, visit: Visit) -> None:
    here, there = visit(), visit()
    page = sign_in(here, place)
    sign_in(there, place)
    page.goto("/profile/")
    expect(page.get_by_text("This browser")).to_have_count(1)
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("All your other browsers are signed out")).to_be_visible()
    expect(there.open("/profile/").get_by_label("E-mail")).to_be_visible()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Present password").fill(place.password)
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Your password was changed")).to_be_visible()
    expect(sign_in(visit(), place, NEW).locator(".me")).to_be_visible()


def test_it_works_without_scripts(place: Place, visit: Visit) -> None:
    page = sign_in(visit(java_script_enabled=False), place)
    secret = set_up(page)
    page = sign_in(visit(java_script_enabled=False), place)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".me")).to_be_visible()


def test_the_pages_look_right(place: Place, visit: Visit) -> None:
    stranger = visit()
    flaws = []
    for path in ("/auth/password/reset/", "/auth/password/reset/done/", "/auth/password/reset/1-a-b/"):
        flaws += look_at(stranger.open(path))
    reader = visit()
    page = sign_in(reader, place)
    for path in ("/profile/", "/auth/confirm/", "/auth/password/", "/auth/totp/"):
        flaws += look_at(reader.open(path))
    set_up(page)
    for path in ("/auth/recovery/", "/auth/recovery/new/", "/auth/totp/off/", "/auth/sessions/", "/profile/"):
        flaws += look_at(reader.open(path))
    flaws += look_at(reader.open("/auth/factor/confirm/"))
    flaws += look_at(sign_in(visit(), place))
    assert not flaws, "\n".join(flaws)
