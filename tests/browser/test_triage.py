"""Triage by two people at once, each at a browser of their own: nobody's decision and nobody's words are lost."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import look_at
from tests.browser.reader import Reader, Visit
from tests.browser.stage import Place

FAILED = {"phase": "failed", "errorMessage": "execution timeout", "retries": 2}
OTHER = {"phase": "failed", "errorMessage": "Failed to enqueue task", "retries": 2}


@pytest.fixture
def colleague(place: Place, other_place: Place) -> Place:
    """Somebody else, in the same team."""
    with place.installation._database() as database:
        database.execute(
            "INSERT INTO dashboard_membership (role, joined_at, team_id, user_id) SELECT 'support', ?, a.team_id, u.id "
            "FROM dashboard_account a, dashboard_user u WHERE a.id = ? AND u.email = ?",
            (int(time.time() * 1000), place.account_id, other_place.email),
        )
    return other_place


def furnished(place: Place) -> str:
    """Three tasks that failed for one cause and one for another. The address of the first group."""
    for number in range(3):
        place.add(f"Take {number}.mp4", status=FAILED)
    place.add("Lost.mp4", status=OTHER)
    place.sync()
    with place.installation._database() as database:
        groups = "SELECT g.id FROM dashboard_group g JOIN dashboard_account a ON a.team_id = g.team_id WHERE a.id = ?"
        found = database.execute(groups + " AND g.title = 'execution timeout'", (place.account_id,)).fetchone()
    return f"/failures/{found[0]}/"


def menu(page: Page, act: str) -> None:
    page.locator(f"[data-act={act}] summary").click()


def decide_at_once(one: Reader, other: Reader, path: str) -> None:
    """Both open the page; one resolves, the other ignores, both write. Then the other does it all the same."""
    mine, theirs = one.open(path), other.open(path)
    mine.get_by_role("button", name="Resolve").click()
    expect(mine.locator("#group")).to_have_attribute("data-state", "resolved")
    menu(theirs, "ignore")
    theirs.get_by_label("How many more").fill("7")
    theirs.get_by_role("textbox", name="Hours").fill("3")
    other.expects("409")
    theirs.get_by_role("button", name="Ignore until then").click()
    expect(theirs.locator("[data-deed=resolved]")).to_contain_text("resolved it")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    menu(mine, "notes")
    mine.get_by_label("Note", exact=True).fill("The queue was full")
    mine.get_by_role("button", name="Save note").click()
    expect(mine.locator("[data-deed=noted]")).to_contain_text("The queue was full")
    theirs.get_by_role("button", name="Ignore it all the same").click()
    expect(theirs.locator("#group")).to_have_attribute("data-state", "ignored")
    expect(theirs.locator("#group .kind")).to_contain_text("until 7 more")
    menu(theirs, "notes")
    theirs.get_by_label("Note", exact=True).fill("It still is")
    theirs.get_by_role("button", name="Save note").click()
    deeds = theirs.locator("[data-deed]")
    expect(deeds).to_have_count(4)
    for number, words in enumerate(("resolved it", "The queue was full", "ignored it", "It still is")):
        expect(deeds.nth(number)).to_contain_text(words)


def test_two_people_at_once_lose_nothing(place: Place, colleague: Place, visit: Visit) -> None:
    path = furnished(place)
    decide_at_once(visit(place), visit(colleague), path)


def test_two_people_at_once_lose_nothing_without_scripts(place: Place, colleague: Place, visit: Visit) -> None:
    path = furnished(place)
    decide_at_once(visit(place, java_script_enabled=False), visit(colleague, java_script_enabled=False), path)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_after_an_act_the_focus_is_where_it_is_told_of(place: Place, visit: Visit, scripts: bool) -> None:
    path = furnished(place)
    reader, late = (visit(place, java_script_enabled=scripts, viewport={"width": 390, "height": 800}) for _ in "ab")
    page, old = reader.open(path), late.open(path)
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator(":focus")).to_have_text("Resolved. The next failure of this kind opens it again.")
    menu(page, "ignore")
    page.get_by_label("How many more").fill("lots")
    reader.expects("422")
    page.get_by_role("button", name="Ignore until then").click()
    sentence = page.locator(":focus")
    expect(sentence).to_contain_text("write it as a whole number")
    sentence.click()  # the open menu does not lie over it
    late.expects("409")
    old.get_by_role("button", name="Resolve").click()
    expect(old.locator(":focus")).to_have_text("This has changed since you looked")


def test_what_another_decides_shows_by_itself_and_an_open_form_stays(
    place: Place, colleague: Place, visit: Visit
) -> None:
    path = furnished(place)
    reader, other = visit(place), visit(colleague)
    page, theirs = reader.open(path), other.open(path)
    expect(page.locator("#shared")).to_be_visible()
    menu(page, "notes")
    page.get_by_label("Note", exact=True).fill("half a sen")
    theirs.get_by_role("button", name="Take it").click()
    expect(theirs.locator("#group")).to_have_attribute("data-state", "owned")
    reader.poll()
    expect(page.locator("#group")).to_have_attribute("data-state", "owned")
    expect(page.locator("[data-deed=took]")).to_contain_text(colleague.email)
    expect(page.get_by_label("Note", exact=True)).to_have_value("half a sen")
    expect(page.locator("#shared")).to_be_visible()
    page.get_by_role("button", name="Resolve").click()  # made in the new turn
    expect(page.locator("#group")).to_have_attribute("data-state", "resolved")


def test_what_one_was_told_goes_when_somebody_decides_otherwise(place: Place, colleague: Place, visit: Visit) -> None:
    path = furnished(place)
    reader, other = visit(place), visit(colleague)
    page = reader.open(path)
    page.get_by_role("button", name="Resolve").click()
    done = page.get_by_text("The next failure of this kind opens it again")
    expect(done).to_be_visible()
    theirs = other.open(path)
    menu(theirs, "notes")
    theirs.get_by_label("Note", exact=True).fill("A word")
    theirs.get_by_role("button", name="Save note").click()
    expect(theirs.locator("[data-deed=noted]")).to_have_count(1)
    reader.poll()
    expect(page.locator("[data-deed=noted]")).to_have_count(1)
    expect(done).to_be_visible()  # nothing else was decided
    theirs.get_by_role("button", name="Reopen").click()
    expect(theirs.locator("#group")).to_have_attribute("data-state", "open")
    reader.poll()
    expect(page.locator("#group")).to_have_attribute("data-state", "open")
    expect(done).to_have_count(0)


def test_on_a_phone_notes_and_history_come_before_the_many_tasks(place: Place, visit: Visit) -> None:
    page = visit(place, viewport={"width": 390, "height": 800}).open(furnished(place))
    history, tasks = (page.locator(name).bounding_box() for name in ("#history", "#tasks"))
    assert history
    assert tasks
    assert history["y"] + history["height"] <= tasks["y"]


def test_groups_are_merged_and_taken_apart(place: Place, visit: Visit) -> None:
    path = furnished(place)
    page = visit(place).open(path)
    expect(page.locator("#tasks [data-task]")).to_have_count(3)
    number = path.strip("/").rpartition("/")[2]
    page.goto("/failures/")
    page.get_by_role("link", name="Failed to enqueue task").first.click()
    menu(page, "merge")
    page.get_by_label("Number of the group").fill(f"#{number}")
    page.locator("[data-act=merge]").get_by_role("button", name="Merge", exact=True).click()
    expect(page).to_have_url(f"{place.installation.url}{path}")
    expect(page.locator("#tasks [data-task]")).to_have_count(4)
    page.get_by_role("button", name="Unmerge").click()
    expect(page.locator("#tasks [data-task]")).to_have_count(3)
    expect(page.locator("#patterns")).to_have_count(0)


def test_the_page_looks_right(place: Place, visit: Visit) -> None:
    path = furnished(place)
    reader = visit(place)
    page = reader.open(path)
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#shared")).to_be_visible()
    assert not look_at(page), "the group"
    for act in ("ignore", "assign", "merge"):
        menu(page, act)
        assert not look_at(page), act
        menu(page, act)
    old = visit(place)
    old.open(path)
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator("#group")).to_have_attribute("data-state", "resolved")
    old.expects("409")
    old.page.get_by_role("button", name="Resolve").click()
    expect(old.page.get_by_role("heading", level=1)).to_have_text("This has changed since you looked")
    assert not look_at(old.page), "somebody was faster"
