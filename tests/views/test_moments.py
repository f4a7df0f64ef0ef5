"""Times without scripts: short, in UTC, and never raw where a person reads."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.clock import iso, now_ms, short
from dashboard.models import Account
from dashboard.templatetags.moments import in_short
from tests.views.conftest import hold, move

RAW = re.compile(r"<time(?! class=\"z\")[^>]*>\d{4}-\d\d-\d\dT[\d:]+Z<")
"""But for a document, which tells exactly what its numbers mean."""


def test_a_moment_is_told_in_short() -> None:
    assert in_short("2023-12-31T02:02:09Z") == "31 Dec 2023"
    at = now_ms()
    assert in_short(iso(at)) == short(at)


@pytest.mark.parametrize("place", ["", "as-of-\ufdd0", "<slot x>"])
def test_a_place_for_a_moment_stays(place: str) -> None:
    assert in_short(place) == place


def test_no_page_shows_a_raw_time(quiet: Account, sign_in: Callable[[str], Client]) -> None:
    alice = sign_in("alice")
    task = move(hold(quiet), "failed", errorMessage="no")
    alice.post(f"/tasks/{task.upstream_id}/notes/", {"text": "Look at it"})
    alice.post("/retries/", {"ids": task.upstream_id})
    batch = alice.get("/retries/").content.decode()
    assert "/retries/" in batch
    paths = ["/", f"/tasks/{task.upstream_id}/", "/accounts/", f"/accounts/{quiet.pk}/", "/retries/"]
    paths += re.findall(r'"(/retries/\d+/)"', batch)[:1]
    paths += ["/audit/"]
    for path in paths:
        response = alice.get(path)
        assert response.status_code == 200, path
        assert (path, RAW.findall(response.content.decode())) == (path, [])
