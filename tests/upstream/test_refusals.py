"""Answers that are no success."""

import gzip
import json
import time
from email.utils import formatdate

import pytest

from dashboard.upstream.errors import (
    BadAnswer,
    BadRequest,
    KeyLimited,
    KeyRejected,
    NotFound,
    RateLimited,
    Redirected,
    ServerError,
    UpstreamError,
)
from dashboard.upstream.refusals import retry_after_seconds

from .asking import Asker
from .secrets_and_ids import KEY
from .servers import always, serving


def said(*errors: str) -> str:
    return json.dumps({"errors": errors})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((401, KeyRejected), (403, KeyLimited), (404, NotFound), (429, RateLimited), (400, BadRequest)),
        *((405, BadRequest), (418, BadRequest), (422, BadRequest), (500, ServerError), (502, ServerError)),
        *((503, ServerError), (301, Redirected), (302, Redirected), (307, Redirected), (304, BadAnswer)),
    ],
)
def test_every_status_has_its_named_error(ask: Asker, status: int, kind: type[UpstreamError]) -> None:
    with serving(always(status, "" if status == 304 else said("it is so"))) as server:
        error = ask.error(server.url, "list_tasks", limit=1)
    assert type(error) is kind
    assert error.status == status
    assert str(error) == error.sentence
    assert ("it is so" in error.sentence) == (status >= 400)


@pytest.mark.parametrize(
    "body", ['{"message": "it is so"}', "<html>no words</html>", "", "[]", "null", '{"errors": 7}']
)
def test_an_error_body_of_any_shape_leaves_the_status_its_meaning(ask: Asker, body: str) -> None:
    with serving(always(403, body)) as server:
        error = ask.error(server.url, "list_tasks", limit=1)
    assert type(error) is KeyLimited
    assert ("it is so" in error.sentence) == ("it is so" in body)
    assert "html" not in error.sentence


@pytest.mark.parametrize(
    "echo",
    [
        f"no token {KEY} found",
        f"no token {KEY.upper()} found",
        f"no user found from authorization header: Bearer {KEY}",
        f"{KEY}",
        f"key={KEY.replace('-', '')}",
    ],
)
@pytest.mark.parametrize("shape", [{"errors": ["%"]}, {"message": "%"}, {"errors": ["a", "%"], "message": "%"}])
def test_the_key_that_is_echoed_never_survives(ask: Asker, echo: str, shape: dict[str, object]) -> None:
    body = json.dumps(shape).replace("%", echo)
    with serving(always(401, body)) as server:
        error = ask.error(server.url, "me")
    assert isinstance(error, KeyRejected)
    assert KEY[:13] not in error.sentence.lower()
    assert KEY.replace("-", "") not in error.sentence.lower()
    assert "[redacted: " in error.sentence


def test_a_short_key_that_is_echoed_never_survives_either(ask: Asker) -> None:
    with serving(always(401, said("no token not-a-real-key found"))) as server:
        assert "not-a-real-key" not in ask.error(server.url, "me", key="another-key").sentence


def test_words_of_studio_are_cut(ask: Asker) -> None:
    with serving(always(400, said("word " * 500, "x"))) as server:
        error = ask.error(server.url, "list_tasks", limit=1)
    assert 250 < len(error.sentence) < 400
    assert error.sentence.endswith("…")


def test_a_huge_error_body_does_not_hide_the_status(ask: Asker) -> None:
    with serving(always(403, said("x" * 5_000_000))) as server:
        assert type(ask.error(server.url, "me")) is KeyLimited
    with serving(always(502, gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip")) as server:
        assert type(ask.error(server.url, "me")) is ServerError
    with serving(always(404, b"junk", Content_Encoding="gzip")) as server:
        assert type(ask.error(server.url, "me")) is NotFound


@pytest.mark.parametrize(
    ("status", "body", "broken"),
    [
        (500, '{"message":"Cannot read properties of undefined (reading \'upload\')"}', True),
        (500, said("Internal server error: error"), False),
        (500, "oops", False),
        (502, '{"message":"Bad gateway"}', False),
    ],
)
def test_a_broken_row_is_told_from_other_failures(ask: Asker, status: int, body: str, broken: bool) -> None:
    with serving(always(status, body)) as server:
        error = ask.error(server.url, "list_tasks", limit=1)
    assert isinstance(error, ServerError)
    assert error.broken_row is broken


@pytest.mark.parametrize(("status", "header"), [(429, "7"), (503, "7")])
def test_the_wish_to_wait_is_heard(ask: Asker, status: int, header: str) -> None:
    with serving(always(status, said("slow down"), Retry_After=header)) as server:
        assert ask.error(server.url, "list_tasks", limit=1).retry_after_seconds == 7
    with serving(always(status, said("slow down"))) as server:
        assert ask.error(server.url, "list_tasks", limit=1).retry_after_seconds is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("7", 7), (" 7 ", 7), ("1.5", 1.5), ("0", 0), ("-3", 0), ("99999", 3600), ("", None), ("soon", None)),
        *(
            ("nan", None),
            ("inf", None),
            ("9" * 60, None),
            ("Sun, 99 Nov 2026", None),
            ("Mon, 01 Jan 1990 00:00:00 GMT", 0),
        ),
    ],
)
def test_retry_after_is_seconds_within_an_hour(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header) == seconds


def test_retry_after_may_be_a_date() -> None:
    now = time.time()
    assert retry_after_seconds(formatdate(now + 90, usegmt=True), now) == pytest.approx(90, abs=1)
    assert retry_after_seconds(formatdate(now + 90_000, usegmt=True), now) == 3600


def test_a_redirect_is_not_followed(ask: Asker) -> None:
    with serving(always(200, "[]")) as other, serving(always(302, "", Location=other.url + "/task")) as server:
        error = ask.error(server.url, "list_tasks", limit=1)
    assert type(error) is Redirected
    assert "redirect" in error.sentence
    assert other.seen == []
