"""The button that retries a task: who may press it, what is said, and that the new attempt is followed."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client

from dashboard.models import Account, Outcome, Retry, Task
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons, retrying
from tests.views.html import Page
from tests.views.region import Region

SignIn = Callable[[str], Client]
FAILED = {"phase": "failed", "retries": 2, "errorMessage": "internal error processing file"}


@pytest.fixture
def failed(account: Account, sandbox: Sandbox, sync: Callable[..., Account]) -> Task:
    upstream_id = sandbox.add_task(asset_name="Harbour.mp4", status=FAILED)
    sync(account)
    return Task.objects.get(upstream_id=upstream_id)


def press(browser: Client, task: Task) -> Page:
    response = browser.post(f"/tasks/{task.upstream_id}/retry/", follow=True)
    return Page(response)


def test_a_failed_task_is_started_again_and_followed(sign_in: SignIn, failed: Task, sandbox: Sandbox) -> None:
    page = press(sign_in("sam"), failed)
    assert "Studio took the retry" in page.text
    assert page.poll_url
    assert sandbox.document(failed.upstream_id)["status"]["phase"] != "failed"  # type: ignore[index,call-overload]
    asked = Retry.objects.get()
    assert (asked.outcome, asked.by_name) == (Outcome.STARTED, "sam@example.com")


def test_the_page_says_what_will_happen_before_it_is_pressed(sign_in: SignIn, failed: Task) -> None:
    page = Page(sign_in("sam").get(f"/tasks/{failed.upstream_id}/"))
    assert "starts it again from attempt 1" in page.text
    assert page.one("formaction", f"/tasks/{failed.upstream_id}/retry/")


def test_the_error_of_the_first_start_stays_on_the_page(sign_in: SignIn, failed: Task) -> None:
    sam = sign_in("sam")
    press(sam, failed)
    assert "internal error processing file" in Page(sam.get(f"/tasks/{failed.upstream_id}/")).text


def test_a_viewer_sees_no_button_and_is_refused(sign_in: SignIn, failed: Task, sandbox: Sandbox) -> None:
    bob = sign_in("bob")
    assert "/retry/" not in bob.get(f"/tasks/{failed.upstream_id}/").content.decode()
    assert bob.post(f"/tasks/{failed.upstream_id}/retry/").status_code == 403
    assert not Retry.objects.exists()
    assert sandbox.document(failed.upstream_id)["status"]["phase"] == "failed"  # type: ignore[index,call-overload]


def test_a_task_that_is_running_already_is_left_alone(sign_in: SignIn, failed: Task, sandbox: Sandbox) -> None:
    Task.objects.filter(pk=failed.pk).update(phase="running")
    page = press(sign_in("sam"), failed)
    assert "Nothing was changed." in page.text
    assert not Retry.objects.exists()


def test_studios_refusal_is_told_in_its_words(sign_in: SignIn, failed: Task, sandbox: Sandbox) -> None:
    sandbox.change(failed.upstream_id, {"phase": "running", "progress": 0.2, "retries": 0})
    page = press(sign_in("sam"), failed)
    assert "refused the retry" in page.text
    assert Retry.objects.get().outcome == Outcome.REFUSED


def test_without_an_answer_the_page_says_that_nobody_knows(sign_in: SignIn, failed: Task, sandbox: Sandbox) -> None:
    sandbox.switches.change({"failing": 502})
    page = press(sign_in("sam"), failed)
    assert "is not known yet" in page.text
    assert Retry.objects.get().outcome == Outcome.UNKNOWN


def test_while_both_places_are_taken_one_is_told_to_come_back(sign_in: SignIn, failed: Task) -> None:
    with buttons.a_place(), buttons.a_place():
        response = sign_in("sam").post(f"/tasks/{failed.upstream_id}/retry/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Nothing was changed." in response.content.decode()


def test_a_retry_that_studio_took_but_does_not_show_yet_keeps_the_page_live(sign_in: SignIn, failed: Task) -> None:
    Task.objects.filter(pk=failed.pk).update(retried_at=failed.updated_at + 1)
    assert "every" in Page(sign_in("sam").get(f"/tasks/{failed.upstream_id}/")).all("hx-trigger")[0]["hx-trigger"]
    Task.objects.filter(pk=failed.pk).update(retried_at=failed.updated_at - 1)
    with pytest.raises(StopIteration):
        Region(sign_in("sam"), f"/tasks/{failed.upstream_id}/")


def test_a_locked_database_after_studio_was_asked_does_not_ask_again(
    sign_in: SignIn, failed: Task, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*arguments: object) -> None:
        raise OperationalError("database is locked")

    sandbox.switches.change({"failing": 502})
    monkeypatch.setattr(retrying, "keep_task", locked)
    monkeypatch.setattr(retrying, "wait_as_told", locked)
    sandbox.calls.clear()
    assert "is not known yet" in press(sign_in("sam"), failed).text
    assert sum(call.method == "POST" for call in sandbox.calls) == 1
    assert Retry.objects.get().outcome == Outcome.UNKNOWN
