"""What a process keeps rendered is bounded by what it takes in memory, and nobody is shown another's copy."""

from collections.abc import Callable
from sys import getsizeof

from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Task
from dashboard.models.memory import mark_gone
from dashboard.views.kept import MEGABYTE, Kept
from tests.views.conftest import Connect, hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
WIDE = "\U0001f3a5"  # a letter that makes each of its text's letters take 4 bytes


def test_everything_that_a_process_keeps_stays_below_100_mb() -> None:
    assert Kept.all
    assert sum(kept.most for kept in Kept.all) <= 100 * MEGABYTE


def test_a_text_counts_as_the_bytes_that_it_takes() -> None:
    kept: Kept[int, str] = Kept(1)
    text = WIDE + "x" * 60_000
    kept.put({number: text + str(number) for number in range(10)})
    found = kept.find(range(10))
    assert 1 < len(found) < 10
    assert sum(map(getsizeof, found.values())) <= kept.most


def test_what_is_larger_than_the_whole_memory_is_shown_and_not_kept() -> None:
    kept: Kept[str, str] = Kept(1)
    assert len(kept.get("large", lambda: "x" * 2_000_000)) == 2_000_000
    assert kept.find(["large"]) == {}


def test_the_links_of_a_kept_page_lead_to_the_copy_that_was_chosen(
    quiet: Account, connect_quiet: Connect, sign_in: SignIn
) -> None:
    now, other, bob = now_ms(), connect_quiet("Other"), sign_in("bob")
    for account, at in ((quiet, now), (other, now - 1000)):
        hold(account, id="both", at=at, output={"rows": [{"text": "x" * 1000}] * 200})
    for query in ("", f"?account={quiet.pk}", f"?account={other.pk}", "", f"?account={quiet.pk}"):
        page = Page(bob.get(f"/tasks/both/{query}"))
        asked = [element["hx-get"] for element in page.all("hx-get")]
        asked += [element["formaction"] for element in page.all("formaction") if "ask" in element["formaction"]]
        asked += [element["href"] for element in page.all("href") if "branch" in element["href"]]
        assert len(asked) > 2
        wanted = query.removeprefix("?")
        assert all((wanted in url) if wanted else ("account=" not in url) for url in asked)


def test_a_task_that_was_deleted_and_came_back_is_not_shown_as_it_was(quiet: Account, sign_in: SignIn) -> None:
    task, bob = hold(quiet, params={"upload": {"note": "before"}}), sign_in("bob")
    mark_gone(task, now_ms())
    assert "before" in bob.get(f"/tasks/{task.upstream_id}/").content.decode()
    hold(quiet, id=task.upstream_id, at=task.updated_at + 1, params={"upload": {"note": "after"}})
    mark_gone(Task.objects.get(), now_ms())
    page = Page(bob.get(f"/tasks/{task.upstream_id}/"))
    assert page.leaves["params.upload.note"] == "after"
