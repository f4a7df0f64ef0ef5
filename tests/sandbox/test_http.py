"""HTTP itself: headers, ETags, connections, speed, and the command that serves it all."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from dashboard.sandbox import Sandbox
from tests.sandbox.asking import Asker
from tests.sandbox.conftest import EPOCH_AT

Make = Callable[..., Asker]


def test_the_headers_are_those_of_the_real_one(full: Sandbox, asker: Make) -> None:
    headers = asker(full).get("/task").headers
    assert headers["x-powered-by"] == "Express"
    assert headers["vary"] == "Authorization, Origin"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["keep-alive"] == "timeout=5"
    assert not {"cache-control", "x-ratelimit-limit", "retry-after", "server"} & set(headers)


def test_the_etag_of_an_empty_list_is_the_one_that_express_computes(empty: Sandbox, asker: Make) -> None:
    assert asker(empty).get("/task").headers["etag"] == 'W/"2-l9Fw4VUO7kr8CvBlt4zaMCqXZ0w"'


def test_an_unchanged_answer_costs_no_bytes(full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    tag = caller.get("/task", limit="3").headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        reply = caller.get("/task", {"If-None-Match": known}, limit="3")
        assert (reply.status, reply.body) == (304, b"")
        assert "content-type" not in reply.headers
    assert caller.get("/task", {"If-None-Match": tag}, limit="4").status == 200
    assert caller.get("/task/nope", {"If-None-Match": "*"}).status == 404


def test_head_is_get_without_a_body(full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    whole, head = caller.get("/task", limit="3"), caller.ask("HEAD", "/task", limit="3")
    assert head.body == b""
    assert head.headers["content-length"] == str(len(whole.body))
    assert head.headers["etag"] == whole.headers["etag"]


def test_one_connection_serves_many_requests(full: Sandbox) -> None:
    with socket.create_connection(("127.0.0.1", full.port), 5) as connection:
        for _ in range(3):
            connection.sendall(b"GET /api/version HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\n")


@pytest.mark.alone
def test_two_hundred_tasks_come_within_thirty_milliseconds(full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    caller.get("/task", limit="200")
    times = []
    for _ in range(10):
        began = time.perf_counter()
        caller.get("/task", limit="200")
        times.append(time.perf_counter() - began)
    assert min(times) < 0.03


def test_twenty_callers_at_once_are_served(full: Sandbox) -> None:
    statuses: list[int] = []

    def call() -> None:
        caller = Asker(full.url, full.key)
        statuses.extend(caller.get("/task", limit="20", cursor=f"skip{20 * n}").status for n in range(5))
        caller.close()

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert statuses == [200] * 100


@pytest.mark.alone
def test_a_deep_page_of_many_is_as_fast_as_the_first(asker: Make) -> None:
    with Sandbox(tasks=6_000, epoch_at=EPOCH_AT, clock=lambda: EPOCH_AT, pace=0) as sandbox:
        caller = asker(sandbox)
        for cursor in ("skip0", "skip3000", "skip5900"):
            times = []
            for _ in range(3):
                began = time.perf_counter()
                assert len(caller.get("/task", limit="100", cursor=cursor, count="1").json) == 100
                times.append(time.perf_counter() - began)
            assert min(times) < 0.1


def test_the_command_prints_its_url_and_key_and_ends_on_a_signal() -> None:
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--tasks", "9", "--failing", "503"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        key = process.stdout.readline().split()[-1]
        assert process.stdout.readline()
        assert Asker(url, key).get("/task").status == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert key == Sandbox(tasks=0).key
