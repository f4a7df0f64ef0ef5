"""The button "ask Studio now": the only time that a task's page waits for Studio, and never for long."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Task
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons
from tests.conftest import connect_account
from tests.views.html import Page

SignIn = Callable[[str], Client]


@pytest.fixture
def watched(account: Account, sandbox: Sandbox) -> Account:
    """An account whose project is known."""
    Account.objects.filter(pk=account.pk).update(project_id=sandbox.project_id())
    account.refresh_from_db()
    return account


@pytest.fixture
def sam(sign_in: SignIn, watched: Account) -> Client:
    return sign_in("sam")


def test_a_task_that_we_do_not_hold_is_found_and_kept(sam: Client, sandbox: Sandbox) -> None:
    task_id = sandbox.add_task(name="Brand new")
    assert sam.get(f"/tasks/{task_id}/").status_code == 404
    response = sam.post(f"/tasks/{task_id}/ask/")
    assert (response.status_code, response["Location"]) == (302, f"/tasks/{task_id}/")
    assert "Brand new" in Page(sam.get(f"/tasks/{task_id}/")).text


def test_a_task_that_nobody_knows_is_said_to_be_so(sam: Client) -> None:
    response = sam.post("/tasks/no-such-task/ask/")
    assert response.status_code == 404
    assert "Studio does not know this task through Production." in response.content.decode()


def test_a_task_of_a_sister_project_is_refused_and_not_kept(sam: Client, sandbox: Sandbox) -> None:
    task_id = sandbox.add_task(project=1)
    response = sam.post(f"/tasks/{task_id}/ask/")
    assert response.status_code == 404
    assert "belongs to another project" in response.content.decode()
    assert Task.objects.count() == 0


def test_each_account_of_the_user_is_asked_until_one_owns_the_task(
    sam: Client, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    sister = connect_account(people.team, "A sister", sandbox.url, sandbox.sister_key)
    Account.objects.filter(pk=sister.pk).update(project_id=sandbox.project_id(1))
    task_id = sandbox.add_task(project=1)
    assert sam.post(f"/tasks/{task_id}/ask/").status_code == 302
    assert Task.objects.get().account == sister


def test_a_task_of_another_teams_account_is_not_asked_for(
    sandbox: Sandbox, watched: Account, people: SimpleNamespace, sign_in: SignIn
) -> None:
    theirs = connect_account(people.other, "Theirs", sandbox.url, sandbox.sister_key)
    Account.objects.filter(pk=theirs.pk).update(project_id=sandbox.project_id(1))
    task_id = sandbox.add_task()
    assert sign_in("charlie").post(f"/tasks/{task_id}/ask/").status_code == 404
    assert Task.objects.count() == 0


def test_a_viewer_may_not_ask(sign_in: SignIn, watched: Account, sandbox: Sandbox) -> None:
    began = now_ms()
    assert sign_in("bob").post(f"/tasks/{sandbox.add_task()}/ask/").status_code == 403
    assert sandbox.calls_since(began) == []


def test_what_changed_since_is_shown_and_what_was_deleted_is_marked(sam: Client, sandbox: Sandbox) -> None:
    task_id = sandbox.add_task()
    sam.post(f"/tasks/{task_id}/ask/")
    sandbox.change(task_id, status={"phase": "running", "progress": 0.5})
    assert sam.post(f"/tasks/{task_id}/ask/").status_code == 302
    assert Page(sam.get(f"/tasks/{task_id}/")).leaves["status.progress"] == "0.5"
    sandbox.hard_delete(task_id)
    response = sam.post(f"/tasks/{task_id}/ask/", follow=True)
    assert "Deleted at Studio." in Page(response).text
    assert "Studio does not know this task through Production." in Page(response).text


def test_the_chosen_copy_is_the_one_asked_for(
    sam: Client, watched: Account, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    second = connect_account(people.team, "Second", sandbox.url, sandbox.key)
    Account.objects.filter(pk=second.pk).update(project_id=sandbox.project_id())
    task_id = sandbox.add_task()
    sam.post(f"/tasks/{task_id}/ask/")
    held = Task.objects.get()
    copy = Task.objects.get()
    copy.pk, copy.account = None, second if held.account == watched else watched
    copy.heard_at = 0
    copy.save()
    path = f"/tasks/{task_id}/?account={copy.account_id}"
    button = Page(sam.get(path)).one("formaction", f"/tasks/{task_id}/ask/?account={copy.account_id}")
    assert sam.post(button["formaction"])["Location"] == path
    copy.refresh_from_db()
    assert copy.heard_at > 0


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"failing": 503}, "Production: Studio has a problem of its own"),
        ({"rate_limited": True}, "Production: Studio asks us to slow down"),
        ({"malformed": "html"}, "Production: The answer is a web page"),
        ({"redirect_to": "http://127.0.0.1:1/"}, "Production: The address answers with a redirect"),
    ],
)
def test_trouble_at_studio_is_one_sentence(
    trouble: dict[str, object], sentence: str, sam: Client, sandbox: Sandbox
) -> None:
    sandbox.switches.change(trouble)
    response = sam.post("/tasks/some-task/ask/")
    assert response.status_code == 404
    assert sentence in response.content.decode()
    assert sandbox.key not in response.content.decode()


def test_a_rejected_key_is_said_without_repeating_it(sam: Client, sandbox: Sandbox) -> None:
    sandbox.revoke(sandbox.key)
    answer = sam.post("/tasks/some-task/ask/").content.decode()
    assert "Studio rejects the key of Production." in answer
    assert sandbox.key not in answer


@pytest.fixture
def both_places_taken() -> Iterator[None]:
    with buttons.a_place(), buttons.a_place():
        yield


def test_whoever_comes_third_is_told_to_try_again(
    both_places_taken: None, sign_in: SignIn, sam: Client, watched: Account, sandbox: Sandbox
) -> None:
    began = now_ms()
    posts = [
        sam.post("/tasks/some-task/ask/"),
        sign_in("alice").post(f"/accounts/{watched.pk}/test/"),
        sign_in("alice").post(f"/accounts/{watched.pk}/", {"name": "X", "url": watched.url, "key": sandbox.key}),
        sign_in("alice").post(
            "/accounts/new/", {"team": watched.team_id, "name": "X", "url": watched.url, "key": sandbox.key}
        ),
    ]
    for response in posts:
        assert response.status_code == 503
        assert response["Retry-After"] == "5"
        assert "Busy, try again" in response.content.decode()
    assert sandbox.calls_since(began) == []


def test_a_form_that_came_too_early_is_shown_again_as_it_was_filled_in_but_for_the_key(
    both_places_taken: None, sign_in: SignIn, watched: Account, sandbox: Sandbox
) -> None:
    alice = sign_in("alice")
    told = {"team": watched.team_id, "name": "Typed", "url": f"{sandbox.url}/x", "key": sandbox.key}
    for path in ("/accounts/new/", f"/accounts/{watched.pk}/"):
        response = alice.post(path, told)
        page = Page(response)
        assert response.status_code == 503
        assert page.one("name", "name")["value"] == "Typed"
        assert page.one("name", "url")["value"] == f"{sandbox.url}/x"
        assert "Studio is being asked by others right now." in page.text
        assert page.one("role", "alert")
        assert sandbox.key not in page.source


def test_a_place_is_free_again_afterwards(sam: Client) -> None:
    for _ in range(5):
        assert sam.post("/tasks/some-task/ask/").status_code == 404


def test_who_has_no_call_left_in_this_minute_is_told_to_try_again(sam: Client, watched: Account) -> None:
    Account.objects.filter(pk=watched.pk).update(calls=str([now_ms() - 32_000] * 25))
    response = sam.post("/tasks/some-task/ask/")
    assert response.status_code == 503
    assert "The 25 calls of this minute are used up; try again in 30 seconds." in Page(response).text
    assert response["Retry-After"] == "30"


@pytest.mark.usefixtures("impatient")
def test_a_hanging_studio_is_given_up_on_and_the_account_given_back(
    sam: Client, watched: Account, sandbox: Sandbox
) -> None:
    sandbox.switches.hanging = True
    started = now_ms()
    response = sam.post("/tasks/some-task/ask/")
    assert now_ms() - started < 5_000
    assert response.status_code in (404, 503)
    watched.refresh_from_db()
    assert watched.claimed_by == ""


@pytest.mark.usefixtures("impatient")
def test_several_slow_answers_share_the_time_of_one_button(
    sam: Client, people: SimpleNamespace, sandbox: Sandbox
) -> None:
    for name in ("Second", "Third", "Fourth"):
        connect_account(people.team, name, sandbox.url, sandbox.key)
    sandbox.switches.slow_seconds = 0.4
    began = now_ms()
    assert sam.post("/tasks/some-task/ask/").status_code in (404, 503)
    assert len(sandbox.calls_since(began)) <= 2


@pytest.mark.usefixtures("impatient")
def test_an_account_that_the_syncer_holds_is_waited_for_but_not_forever(sam: Client, watched: Account) -> None:
    assert watched.claim("syncer", now_ms(), 60_000)
    assert sam.post("/tasks/some-task/ask/").status_code == 503
    watched.refresh_from_db()
    assert watched.claimed_by == "syncer"


def test_the_places_are_counted_between_threads() -> None:
    entered, leave = threading.Barrier(3), threading.Event()

    def hold_a_place() -> None:
        with buttons.a_place():
            entered.wait(5)
            leave.wait(5)

    threads = [threading.Thread(target=hold_a_place) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(5)
    with pytest.raises(buttons.Busy), buttons.a_place():
        pass
    leave.set()
    for thread in threads:
        thread.join()
    with buttons.a_place():
        pass
