"""Searches that take too long, or whose results move on with the clock."""

import pytest
from django.test import Client

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.models import Account
from dashboard.models.deadline import TooBroad
from dashboard.models.finding import Filters
from tests.views.conftest import hold, move
from tests.views.html import Page
from tests.views.searched import alice, note, search
from tests.views.test_board import board

__all__ = ["alice"]  # fixtures


def test_a_search_that_takes_too_long_keeps_the_last_results_and_asks_for_a_date(
    quiet: Account, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keynote = hold(quiet, name="Keynote")
    hold(quiet, name="Interview")
    _stop_searches_for("interview", monkeypatch)
    page = search(alice, "interview", "&last=keynote")
    assert page.ids == [keynote.upstream_id]
    assert "Too broad: add a date, such as created:>2026-11-01." in page.text
    assert "data-unclear" in note(page)
    page = search(alice, "interview")
    assert page.ids == []
    assert "This search takes too long" in page.text
    assert [e for e in page.all("name") if e["name"] == "last"] == []
    assert page.one("id", "board")["hx-trigger"] == "every 60s"


def test_a_live_list_whose_search_becomes_too_slow_keeps_its_rows(
    quiet: Account, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = hold(quiet, name="Interview")
    url = search(alice, "interview").poll_url
    _stop_searches_for("interview", monkeypatch)
    move(task, "completed")
    response = alice.get(url)
    assert response.status_code == 200
    page = Page(response)
    assert page.one("data-task", task.upstream_id)["data-phase"] == "completed"
    assert page.one("id", "board")["hx-trigger"] == "every 60s"
    assert alice.get(page.poll_url).status_code == 204


def test_what_was_found_is_shown_even_if_there_is_no_time_to_count_it(
    quiet: Account, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = hold(quiet, name="Interview")

    def endless(filters: Filters) -> object:
        raise TooBroad

    monkeypatch.setattr(Filters, "counts", endless)
    page = search(alice, "interview")
    assert page.ids == [task.upstream_id]
    assert page.one("data-phase", "completed")["data-count"] == ""
    assert page.one("id", "board")["hx-trigger"] == "every 60s"


def _stop_searches_for(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Filters.first

    def stopped(self: Filters, *args: object) -> object:
        if word in repr(self.condition):
            raise TooBroad
        return first(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Filters, "first", stopped)


def test_what_an_age_finds_moves_on_with_the_clock(
    quiet: Account, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(quiet, at=now_ms() - DAY + HOUR)
    later = now_ms() + 2 * HOUR
    url = search(alice, "age:<24h").poll_url
    for reads_the_clock in ("asked", "recognition"):
        monkeypatch.setattr(f"dashboard.views.{reads_the_clock}.now_ms", lambda: later)
    assert len(search(alice, "video").ids) == 1
    assert search(alice, "age:<24h").ids == []
    assert alice.get(url).status_code == 200


def test_a_search_without_an_age_is_no_news_a_minute_later(
    quiet: Account, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(quiet)
    Account.objects.filter(pk=quiet.pk).update(next_sync_at=now_ms() + DAY)
    url = search(alice, "video created:>2020-01-01").poll_url
    later = now_ms() + MINUTE // 2
    for reads_the_clock in ("asked", "recognition"):
        monkeypatch.setattr(f"dashboard.views.{reads_the_clock}.now_ms", lambda: later)
    assert alice.get(url).status_code == 204


def test_a_task_leads_to_all_that_have_the_same_asset(quiet: Account, alice: Client) -> None:
    made, used = hold(quiet, outputAssetId="a55e7-1"), hold(quiet, type="export", inputAssetId="a55e7-1")
    hold(quiet, outputAssetId="a55e7-2")
    page = Page(alice.get(f"/tasks/{made.upstream_id}/"))
    found = next(link["href"] for link in page.all("href") if "asset" in link["href"])
    assert found == "/?q=asset%3Aa55e7-1"
    assert set(board(alice, found.removeprefix("/")).ids) == {made.upstream_id, used.upstream_id}


def test_the_text_before_leaves_the_link_when_it_is_needed_no_more(quiet: Account, alice: Client) -> None:
    hold(quiet, name="Keynote")
    response = alice.get("/?q=keynote&last=keynot&phase=running")
    assert (response.status_code, response["Location"]) == (302, "/?q=keynote&phase=running")
    assert alice.get("/?last=keynote")["Location"] == "/"
    assert alice.get("/?q=keynote&last=x", headers={"accept": "text/html"}).status_code == 200  # of a script
    assert alice.get("/?q=(key&last=keynote").status_code == 200
