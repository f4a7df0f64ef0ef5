"""Servers that hang, drip or hang up, and names that lead where they must not."""

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import BadAnswer, PrivateAddress, TimedOut, Unreachable
from dashboard.upstream.network import AsyncGuard, Guard, deadline, seconds_left

from .asking import Asker, ask_with_asyncio
from .secrets_and_ids import KEY
from .servers import (
    Behave,
    always,
    closed_port,
    dripping,
    dripping_headers,
    hanging,
    hanging_up,
    nonsense,
    own_certificate,
    serving,
    truncated,
)


@pytest.mark.alone
@pytest.mark.parametrize("behave", [hanging, dripping, dripping_headers])
def test_no_server_takes_longer_than_the_deadline(ask: Asker, behave: Behave) -> None:
    with serving(behave) as server:
        start = time.monotonic()
        error = ask.error(server.url, "list_tasks", limit=1, seconds=0.3)
    assert type(error) is TimedOut
    assert "127.0.0.1" in error.sentence
    assert 0.25 < time.monotonic() - start < 2


@pytest.mark.parametrize("behave", [nonsense, hanging_up])
def test_a_server_that_does_not_speak_http_is_unreachable(ask: Asker, behave: Behave) -> None:
    with serving(behave) as server:
        assert type(ask.error(server.url, "list_tasks", limit=1)) is Unreachable


def test_an_answer_that_is_cut_off_is_a_bad_answer(ask: Asker) -> None:
    with serving(truncated) as server:
        error = ask.error(server.url, "list_tasks", limit=1)
    assert type(error) is BadAnswer
    assert "cut off" in error.sentence


def test_a_closed_port_is_unreachable(ask: Asker) -> None:
    error = ask.error(f"http://127.0.0.1:{closed_port()}/api", "me")
    assert type(error) is Unreachable
    assert "refused" in error.sentence


def test_a_server_without_tls_is_unreachable_over_https(ask: Asker) -> None:
    with serving(always(200, "[]")) as server:
        error = ask.error(server.url.replace("http:", "https:"), "me")
    assert type(error) is Unreachable
    assert server.seen == []


def test_a_certificate_that_nobody_vouches_for_is_refused(ask: Asker, tmp_path: Path) -> None:
    with serving(always(200, "[]"), certificate=own_certificate(tmp_path)) as server:
        error = ask.error(server.url.replace("http:", "https:"), "me")
    assert type(error) is Unreachable
    assert "certificate" in error.sentence
    assert server.seen == []


@pytest.mark.parametrize("url", ["http://", "http://[", "nonsense", "", "http://h.test:99999999/api"])
def test_what_is_no_url_is_unreachable(ask: Asker, url: str) -> None:
    assert isinstance(ask.error(url, "me"), Unreachable)


class Names:
    """A resolver of our own: each lookup gives the next list of addresses, the last one for ever."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def guard(ask: Asker, resolve: Names, allow_private: bool = False) -> dict[str, Any]:
    kind = AsyncGuard if ask._ask is ask_with_asyncio else Guard
    return {"allow_private": allow_private, "transport": kind(allow_private, resolve)}


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1", "192.168.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["169.254.169.254"],
        ["64:ff9b::a00:1"],
    ],
)
def test_a_name_that_leads_to_a_private_address_is_refused(ask: Asker, addresses: list[str]) -> None:
    with serving(always(200, "[]")) as server:
        port = server.url.split(":")[2]
        error = ask.error(f"https://studio.test:{port}", "me", options=guard(ask, Names(addresses)))
    assert isinstance(error, PrivateAddress)
    assert server.seen == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_a_private_host_is_refused_in_every_spelling(ask: Asker, host: str) -> None:
    error = ask.error(f"https://{host}:{closed_port()}/api", "me", options={"allow_private": False})
    assert isinstance(error, PrivateAddress)


def test_a_name_that_resolves_differently_the_second_time_gains_nothing(ask: Asker) -> None:
    names = Names(["192.88.99.1", "10.0.0.1"], ["127.0.0.1"])
    for _ in range(2):
        error = ask.error("https://rebinding.test/api", "me", options=guard(ask, names))
        assert isinstance(error, PrivateAddress)


def test_the_connection_goes_to_the_address_that_was_judged(ask: Asker) -> None:
    names = Names(["127.0.0.1"], OSError("asked twice"))
    with serving(always(200, "[]")) as server:
        port = server.url.split(":")[2]
        url = f"http://studio.test:{port}"
        assert ask(url, "list_tasks", limit=1, options=guard(ask, names, allow_private=True)).rows == 0
    assert names.asked == [("studio.test", int(port.split("/")[0]))]
    assert server.seen[0].headers["host"].startswith("studio.test:")


def test_the_next_address_is_tried_when_one_does_not_answer(ask: Asker) -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])
    with serving(always(200, "[]")) as server:
        url = server.url.replace("127.0.0.1", "studio.test")
        assert ask(url, "list_tasks", limit=1, options=guard(ask, names, allow_private=True)).rows == 0


@pytest.mark.parametrize("trouble", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_resolved_is_unreachable(ask: Asker, trouble: Exception) -> None:
    error = ask.error("https://nowhere.test/api", "me", options=guard(ask, Names(trouble)))
    assert type(error) is Unreachable
    assert "name is unknown" in error.sentence


def test_a_name_without_addresses_is_unreachable(ask: Asker) -> None:
    assert type(ask.error("https://nowhere.test/api", "me", options=guard(ask, Names([])))) is Unreachable


@pytest.mark.alone
def test_a_name_server_that_hangs_does_not_outlast_the_deadline(ask: Asker) -> None:
    class Slow(Names):
        def __call__(self, host: str, port: int) -> list[str]:
            time.sleep(1)
            return ["127.0.0.1"]

    start = time.monotonic()
    error = ask.error("https://slow.test/api", "me", seconds=0.2, options=guard(ask, Slow([])))
    assert type(error) is TimedOut
    assert time.monotonic() - start < 0.9


@pytest.mark.alone
def test_hung_accounts_do_not_hold_up_the_others() -> None:
    async def asked() -> float:
        studio = AsyncStudio(allow_private=True, seconds=2)
        with serving(hanging) as hung, serving(always(200, "[]")) as well:
            waiting = [asyncio.create_task(studio.me(Connection(f"{hung.url}/{number}", KEY))) for number in range(120)]
            await asyncio.sleep(0.2)
            start = time.monotonic()
            await studio.list_tasks(Connection(well.url, KEY), limit=1)
            took = time.monotonic() - start
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        await studio.aclose()
        return took

    assert asyncio.run(asked()) < 1


def test_a_connection_is_used_again() -> None:
    async def asked() -> int:
        ports: set[int] = set()
        studio = AsyncStudio(allow_private=True)

        def remember(handler: Any) -> None:
            ports.add(handler.client_address[1])
            handler.answer(200, "[]")

        with serving(remember) as server:
            for _ in range(3):
                await studio.list_tasks(Connection(server.url, KEY), limit=1)
        await studio.aclose()
        return len(ports)

    assert asyncio.run(asked()) == 1


def test_cancelling_a_question_is_no_error_of_studios() -> None:
    async def asked() -> None:
        studio = AsyncStudio(allow_private=True)
        with serving(hanging) as server:
            task = asyncio.create_task(studio.me(Connection(server.url, KEY)))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await studio.aclose()

    asyncio.run(asked())


def test_the_environment_names_no_proxy(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    with serving(always(200, "[]")) as server:
        assert ask(server.url, "list_tasks", limit=1).rows == 0


def test_no_key_is_logged(ask: Asker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(always(401, f'{{"errors":["no token {KEY} found"]}}')) as server:
        ask.error(server.url, "me")
    with serving(truncated) as server:
        ask.error(server.url, "list_tasks", limit=1)
    assert caplog.records
    assert KEY not in caplog.text


def test_the_outside_world_has_one_seam() -> None:
    async def asked() -> int:
        studio = AsyncStudio(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=[])))
        return (await studio.list_tasks(Connection("https://studio.test/api", KEY), limit=1)).rows

    assert asyncio.run(asked()) == 0


def test_a_deadline_within_a_deadline_never_lasts_longer() -> None:
    with deadline(1), deadline(60):
        assert (seconds_left(None) or 60) <= 1
