"""Trying a key: only what may pass by itself is kept with a warning; a wrong address is refused in one sentence."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.sandbox import Sandbox
from dashboard.sync.testing import Outcome, try_key
from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import KeyLimited, TimedOut
from tests.upstream.servers import always, closed_port, hanging, own_certificate, serving

KEY = "a-key-of-mine"


def tried(url: str, **options: Any) -> tuple[Outcome, str]:
    verdict = try_key(Studio(allow_private=True, **options), Connection(url, KEY))
    return verdict.outcome, verdict.sentence


def test_a_refused_connection_is_refused() -> None:
    outcome, sentence = tried(f"http://127.0.0.1:{closed_port()}/api")
    assert outcome is Outcome.REFUSED
    assert "refused" in sentence


def test_an_unknown_host_name_is_refused() -> None:
    outcome, sentence = tried("https://no-such-host.invalid/api")
    assert outcome is Outcome.REFUSED
    assert "the name is unknown" in sentence


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Any) -> None:
    with serving(always(200, "[]"), certificate=own_certificate(tmp_path)) as server:
        outcome, sentence = tried(server.url.replace("http:", "https:"))
    assert outcome is Outcome.REFUSED
    assert "certificate" in sentence


def test_a_server_that_does_not_answer_in_time_is_a_warning() -> None:
    with serving(hanging) as server:
        outcome, sentence = tried(server.url, seconds=0.3)
    assert outcome is Outcome.UNSURE
    assert "in time" in sentence


Trouble = Callable[..., Any]


@pytest.mark.parametrize(
    ("error", "outcome"), [(KeyLimited("No.", 403), Outcome.LIMITED), (TimedOut("Late."), Outcome.UNSURE)]
)
def test_what_me_told_is_kept_although_the_list_refuses(error: Exception, outcome: Outcome) -> None:
    def refuse(*args: Any, **options: Any) -> None:
        raise error

    user = SimpleNamespace(email="ann@example.test", default_project_id="project-1")
    studio: Any = SimpleNamespace(me=lambda connection: user, list_tasks=refuse)
    verdict = try_key(studio, Connection("https://studio.example.test/api", KEY))
    assert (verdict.outcome, verdict.studio_user, verdict.default_project) == (outcome, user.email, "project-1")


def test_a_good_key_works(sandbox: Sandbox) -> None:
    verdict = try_key(Studio(allow_private=True), Connection(sandbox.url, sandbox.key))
    assert verdict.outcome is Outcome.WORKS
