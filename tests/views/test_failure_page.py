"""The page of one cause of failures."""

import html
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, Task
from dashboard.models.group import Group
from dashboard.models.uniting import merge
from tests.models.failures import CODEC, TIMEOUT, by, fail, tell
from tests.views.html import Page

SignIn = Callable[[str], Client]
Connect = Callable[..., Account]


def look(browser: Client, group: Group, query: str = "") -> Page:
    response = browser.get(f"/failures/{group.pk}/{query}")
    assert response.status_code == 200
    return Page(response)


def region(page: Page) -> dict[str, str]:
    return page.one("data-group")


@pytest.fixture
def group(quiet: Account) -> Group:
    now = now_ms()
    for number in range(3):
        found = fail(quiet, f"task-{number}", at=now - number * HOUR)
    return found


def test_it_says_what_is_so_and_names_its_tasks(sign_in: SignIn, group: Group) -> None:
    page = look(sign_in("bob"), group)
    told = region(page)
    assert (told["data-group"], told["data-tasks"], told["data-state"]) == (str(group.pk), "3", "open")
    assert page.ids == ["task-0", "task-1", "task-2"]
    assert group.title in page.text
    assert group.known_family.cause in page.text
    assert all(step in page.text for step in group.known_family.steps)
    assert "Nobody has it" in page.text


def test_strangers_do_not_learn_that_there_is_a_group(sign_in: SignIn, group: Group) -> None:
    charlie = sign_in("charlie")
    for path in ("", "live/", "shared/"):
        assert charlie.get(f"/failures/{group.pk}/{path}").status_code == 404
    assert charlie.get(f"/failures/{2**70}/").status_code == 404


@pytest.mark.parametrize(
    ("worked", "failed", "said"),
    [
        (0, 0, "Retrying may help: no retry has ended yet."),
        (1, 2, "Retrying may help: 1 of 3 retries succeeded so far, too few to say."),
        (0, 6, "Retrying has not helped: 0 of 6 retries succeeded."),
        (5, 2, "71 % of retries succeed: 5 of 7."),
    ],
)
def test_the_verdict_tells_its_evidence(sign_in: SignIn, quiet: Account, worked: int, failed: int, said: str) -> None:
    group = fail(quiet, "alone", TIMEOUT)
    at = now_ms()
    for number in range(worked + failed):
        fail_then(quiet, f"tried-{number}", at, "completed" if number < worked else "failed")
    page = look(sign_in("bob"), group)
    assert said in page.text
    assert "Retrying can help" not in page.text  # a second opinion


def test_what_is_unlikely_to_help_is_not_praised_by_a_few_retries(sign_in: SignIn, quiet: Account) -> None:
    group = fail(quiet, "broken", CODEC)
    page = look(sign_in("bob"), group)
    assert "Retrying is unlikely to help: no retry has ended yet." in page.text
    assert page.text.count("Retrying") == 1


def test_numbers_of_all_and_of_the_last_days_are_not_mixed(sign_in: SignIn, quiet: Account) -> None:
    now = now_ms()
    for number, days in enumerate((0, 1, 20, 21, 22)):
        group = fail(quiet, f"task-{number}", TIMEOUT, at=now - days * DAY)
    for number in (0, 2):
        tell(quiet, f"task-{number}", "completed", now - number * 9 * DAY)
    page = look(sign_in("bob"), group)
    assert "5 in all, 2 in 14 days" in page.text
    assert "2 of 5 tasks recovered. 3 still failed." in page.text


def fail_then(account: Account, upstream_id: str, at: int, phase: str) -> None:
    """A first try that fails with TIMEOUT, and a second that ends so."""
    born = {"createdAt": at - 9 * MINUTE, "scheduledAt": at - 8 * MINUTE}
    tell(account, upstream_id, "waiting", at - 5 * MINUTE, retries=1, errorMessage=TIMEOUT, **born)
    tell(account, upstream_id, "running", at - 4 * MINUTE, retries=1, **born)
    more = {"errorMessage": CODEC, "retries": 1} if phase == "failed" else {}
    tell(account, upstream_id, phase, at, **more, **born)


def test_it_tells_how_each_task_fared(sign_in: SignIn, quiet: Account) -> None:
    at = now_ms() - HOUR
    group = fail(quiet, "for-good", TIMEOUT, at=at)
    fail_then(quiet, "second-try", at, "completed")
    fail_then(quiet, "other-reason", at, "failed")
    maker = "0123abcd-89ab-4def-8123-456789abcdef"
    fail(quiet, "by-another", TIMEOUT, at=at, outputAssetId="asset-1")
    tell(quiet, maker, "completed", at + MINUTE, outputAssetId="asset-1")
    fail(quiet, "later", TIMEOUT, at=at)
    tell(quiet, "later", "completed", at + MINUTE)
    fail(quiet, "gone", TIMEOUT, at=at)
    tell(quiet, "gone", "failed", at + SECOND, errorMessage=TIMEOUT, deleted=True)
    Task.objects.filter(upstream_id="gone").update(deleted_at=at + MINUTE)
    fail(quiet, "again", TIMEOUT, at=at)
    tell(quiet, "again", "running", at + MINUTE, scheduledAt=at + MINUTE)
    page = look(sign_in("bob"), group)
    rows = dict(part.split('"', 1) for part in page.source.split('<li data-task="')[1:])
    assert "failed, not tried again" in rows["for-good"]
    assert "failed, then worked at try 2" in rows["second-try"]
    assert "failed so first, then for another reason" in rows["other-reason"]
    assert "recovered: made by task" in rows["by-another"]
    assert f"/tasks/{maker}/" in rows["by-another"]
    assert f'title="{maker}"' in rows["by-another"]
    assert ">0123abcd<" in rows["by-another"]
    assert "recovered: completed later" in rows["later"] or "worked at try" in rows["later"]
    assert "deleted at Studio" in rows["gone"]
    assert "being tried again" in rows["again"]


def test_open_ones_come_first_and_the_pages_hold_each_once(sign_in: SignIn, quiet: Account) -> None:
    start = now_ms() - DAY
    for number in range(60):
        group = fail(quiet, f"t{number}", TIMEOUT, at=start + number * MINUTE)
    for number in range(30, 60):
        tell(quiet, f"t{number}", "completed", start + 100 * MINUTE)
    browser, seen, query = sign_in("bob"), list[str](), ""
    while True:
        page = look(browser, group, query)
        seen += page.ids
        nexts = [e["href"] for e in page.elements if e["tag"] == "a" and "after=" in e.get("href", "")]
        if not nexts:
            break
        query = nexts[0].partition("/?")[2].partition("#")[0]
        query = f"?{query}"
    assert seen[:30] == [f"t{number}" for number in range(29, -1, -1)]
    assert sorted(seen) == sorted(f"t{number}" for number in range(60))
    assert len(look(browser, group, "?show=open").ids) == 25
    recovered = look(browser, group, "?show=recovered").ids
    assert recovered == [f"t{number}" for number in range(59, 34, -1)]


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=open.1-x", "?show=open&after=recovered.1-1", "?after=open.9-%00"]
)
def test_a_place_that_no_page_gave_out_is_told(sign_in: SignIn, group: Group, query: str) -> None:
    assert sign_in("bob").get(f"/failures/{group.pk}/{query}").status_code == 400


def test_messages_that_differ_are_shown_and_long_ones_cut(sign_in: SignIn, quiet: Account) -> None:
    long = 'error on export request: http status 403 Forbidden: "' + "<Error>Access</Error>\x00\x1b" * 50_000 + '"'
    group = fail(quiet, "one", long)
    fail(quiet, "two", 'error on export request: http status 403 Forbidden: "other words altogether"')
    page = look(sign_in("bob"), group)
    assert "other words altogether" in page.text
    assert len(page.source) < 60_000
    assert "\x00" not in page.source
    assert "\x1b" not in page.source
    assert "<Error>Access" not in page.source
    assert "Whole message" in page.text


def test_messages_of_one_shape_are_one_sample(sign_in: SignIn, quiet: Account) -> None:
    for number in range(4):
        group = fail(quiet, f"t{number}", f"failed to read frame {number * 7} of 900")
    page = look(sign_in("bob"), group)
    assert page.text.count("failed to read frame") == 3  # in both titles and once
    assert "4 of this shape" in page.text


def test_steps_show_code_as_code(sign_in: SignIn, quiet: Account) -> None:
    group = fail(quiet, "dest", "missing ipfs or custom export")
    page = look(sign_in("bob"), group)
    assert "give either <code>ipfs</code> or <code>custom</code>" in page.source
    assert "<code>ipfs</code>" in sign_in("bob").get("/tasks/dest/").content.decode()


def test_times_can_be_read_without_scripts(sign_in: SignIn, group: Group, people: SimpleNamespace) -> None:
    by(people.sam, group).note("hello")
    by(people.sam, group).ignore(days=1)
    browser = sign_in("sam")
    sources = look(browser, group).source, browser.get(f"/failures/{group.pk}/shared/").content.decode()
    late = browser.post(f"/failures/{group.pk}/resolve/", {"turn": "0"})
    assert late.status_code == 409
    for source in (*sources, late.content.decode()):
        assert "<time" in source
        assert not re.search(r"<time[^>]*>\d{4}-\d\d-", source)


def test_the_chart_says_who_decided_what_and_how_many_failed_when(
    sign_in: SignIn, group: Group, people: SimpleNamespace
) -> None:
    by(people.sam, group).resolve()
    page = look(sign_in("bob"), group)
    assert "somebody decided" not in page.text
    chart = page.source.partition('id="days"')[2].partition("</section>")[0]
    assert people.sam.email in chart
    assert "resolved it" in chart
    assert "3 in 24 hours" in chart
    assert re.search(r"<title>\d+ \w+: \d tasks?</title>", chart)


def test_the_way_back_leads_to_the_list_that_one_came_from(sign_in: SignIn, group: Group) -> None:
    browser = sign_in("bob")

    def back(referer: str) -> str:
        page = Page(browser.get(f"/failures/{group.pk}/", HTTP_REFERER=referer))
        crumb = page.source.partition('class="crumb"')[2].partition("</nav>")[0]
        return html.unescape(crumb.partition('href="')[2].partition('"')[0])

    assert back("http://testserver/failures/?state=all&q=%22a%26b") == "/failures/?state=all&q=%22a%26b"
    for other in (
        "",
        "http://testserver/failures/",
        "http://testserver/failures/7/?state=all",
        "http://testserver/?state=all",
        "http://evil.test/failures/?state=all",
        "javascript:/failures/?state=all",
        "//testserver@evil.test/failures/?a=1",
        "http://[bad/failures/?a=1",
        "http://testserver:99999999/failures/?a=1",
        "http://testserver/failures/?" + "a" * 5000,
    ):
        assert back(other) == "/failures/", other


def test_a_viewer_sees_no_buttons(sign_in: SignIn, group: Group) -> None:
    bob, sam = look(sign_in("bob"), group), look(sign_in("sam"), group)
    path = f"/failures/{group.pk}/"
    assert not [form for form in bob.all("action") if path in form["action"]]
    acts = {form["action"].removeprefix(path) for form in sam.all("action") if path in form["action"]}
    assert acts == {"resolve/", "ignore/", "assign/", "merge/", "notes/"}
    assert sum("go" in button.get("class", "").split() for button in sam.elements if button["tag"] == "button") == 1


def test_who_retries_from_here_is_asked_first(sign_in: SignIn, group: Group) -> None:
    assert f"/retries/new/?group={group.pk}" in look(sign_in("sam"), group).source
    assert "/retries/new/" not in look(sign_in("bob"), group).source


def test_a_merged_group_leads_to_its_root_which_tells_of_all(
    sign_in: SignIn, group: Group, quiet: Account, people: SimpleNamespace
) -> None:
    other = fail(quiet, "slow", TIMEOUT)
    by(people.sam, other).note("Seen in May too")
    merge(by(people.sam, other), group.pk)
    browser = sign_in("sam")
    assert browser.get(f"/failures/{other.pk}/")["Location"] == f"/failures/{group.pk}/"
    page = look(browser, group)
    assert region(page)["data-tasks"] == "4"
    assert "slow" in page.ids
    assert page.one("data-pattern")["data-pattern"] == str(other.pk)
    assert "Seen in May too" in page.text
    assert [deed["data-deed"] for deed in page.all("data-deed")].count("merged") == 1


def test_similar_groups_are_offered_for_a_merge(sign_in: SignIn, quiet: Account, connect_quiet: Connect,
                                                people: SimpleNamespace) -> None:  # fmt: skip
    one = fail(quiet, "one", 'error on export request: http status 403 Forbidden: "a"')
    two = fail(quiet, "two", 'error on export request: http status 401 Unauthorized: "a"')
    fail(quiet, "three", "Failed to enqueue task")
    fail(connect_quiet("Theirs", people.other), "four", 'error on export request: http status 403 Forbidden: "a"')
    into = [button["value"] for button in look(sign_in("sam"), one).all("name") if button["name"] == "into"]
    assert into == [str(two.pk), ""]
    assert f"#{two.pk} · 1 task" in look(sign_in("sam"), one).text


def test_a_poll_is_empty_until_something_is_decided_or_fails(
    sign_in: SignIn, group: Group, quiet: Account, people: SimpleNamespace
) -> None:
    browser = sign_in("bob")
    poll = look(browser, group).poll_url
    assert browser.get(poll).status_code == 204
    by(people.sam, group).note("hello")
    page = Page(browser.get(poll))
    assert "hello" in page.text
    assert browser.get(page.poll_url).status_code == 204
    fail(quiet, "more")
    page = Page(browser.get(page.poll_url))
    assert region(page)["data-tasks"] == "4"
    by(people.sam, group).resolve()
    assert region(Page(browser.get(page.poll_url)))["data-state"] == "resolved"


def test_an_old_group_still_tells_its_numbers(sign_in: SignIn, quiet: Account) -> None:
    group = fail(quiet, "old", at=now_ms() - 40 * DAY)
    page = look(sign_in("bob"), group)
    assert region(page)["data-tasks"] == "1"
    assert page.ids == ["old"]


def test_the_page_costs_few_queries_however_many_tasks(
    sign_in: SignIn, group: Group, django_assert_max_num_queries: Callable[..., object]
) -> None:
    browser = sign_in("sam")
    with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
        look(browser, group)
