"""What can be made to go wrong, and that it stops going wrong when switched off."""

import gzip
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest

from dashboard.sandbox import Sandbox, Switches
from tests.sandbox.asking import Asker

Make = Callable[..., Asker]


@pytest.fixture
def some(empty: Sandbox) -> Sandbox:
    """Thirty tasks."""
    for _ in range(30):
        empty.add_task()
    return empty


def test_a_server_that_ignores_parameters_gives_the_newest_twenty(some: Sandbox, asker: Make) -> None:
    some.switches.documented_only = "ignore"
    filters = [{"id": "phase", "value": "failed"}]
    reply = asker(some).get("/task", limit="3", cursor="skip5", count="1", filters=filters)
    assert reply.status == 200
    assert [task["id"] for task in reply.json] == some.ids()[::-1][:20]
    assert "link" not in reply.headers
    assert "x-total-count" not in reply.headers


def test_a_server_that_refuses_filters_still_pages(some: Sandbox, asker: Make) -> None:
    some.switches.documented_only = "refuse"
    caller = asker(some)
    assert caller.get("/task", order="createdAt-true").status == 400
    assert caller.get("/task", filters="[]").status == 400
    assert len(caller.get("/task", limit="3", cursor="skip5").json) == 3


def test_a_slow_server_is_slow(some: Sandbox, asker: Make) -> None:
    some.switches.slow_seconds = 0.2
    began = time.monotonic()
    assert asker(some).get("/task").status == 200
    assert time.monotonic() - began >= 0.2


def test_a_dripping_server_sends_byte_after_byte(some: Sandbox, asker: Make) -> None:
    some.switches.dripping, some.switches.drip_seconds = True, 0.01
    began = time.monotonic()
    assert asker(some, "wrong").get("/task").body == b'{"errors":["no token wrong found"]}'
    assert time.monotonic() - began >= 0.3


def test_a_hanging_server_never_answers_but_others_may_be_served(some: Sandbox, asker: Make) -> None:
    some.switches.hanging, some.switches.only_keys = True, (some.key,)
    with pytest.raises(TimeoutError):
        asker(some, timeout=0.3).get("/task")
    assert some.calls.all()[-1].status == 0
    assert asker(some, some.sister_key).get("/task").status == 200


def test_a_hung_call_ends_with_the_sandbox(empty: Sandbox, asker: Make) -> None:
    empty.switches.hanging = True
    caller = asker(empty)
    ended: list[type] = []

    def hang() -> None:
        try:
            caller.get("/task")
        except (OSError, http.client.HTTPException) as error:
            ended.append(type(error))

    thread = threading.Thread(target=hang)
    thread.start()
    time.sleep(0.1)
    empty.stop()
    thread.join(2)
    assert ended


def test_a_rate_limit_may_say_for_how_long(some: Sandbox, asker: Make) -> None:
    some.switches.rate_limited = True
    assert "retry-after" not in asker(some).get("/task").headers
    some.switches.retry_after_seconds = 7
    reply = asker(some).get("/task")
    assert (reply.status, reply.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_server_fails_everywhere(some: Sandbox, asker: Make, status: int) -> None:
    some.switches.failing = status
    for path in ("/task", "/user/me", "/asset"):
        assert asker(some).get(path).status == status


def test_a_truncated_answer_is_shorter_than_it_promised(some: Sandbox, asker: Make) -> None:
    some.switches.truncated = True
    with pytest.raises(http.client.IncompleteRead):
        asker(some).get("/task")


@pytest.mark.parametrize(("kind", "begins"), [("html", b"<html"), ("object", b"{"), ("null", b"null")])
def test_a_malformed_answer_is_a_success_by_its_status(some: Sandbox, asker: Make, kind: str, begins: bytes) -> None:
    some.switches.malformed = kind
    reply = asker(some).get("/task")
    assert reply.status == 200
    assert reply.body.startswith(begins)


def test_a_huge_answer_is_fifty_megabytes_of_good_json(some: Sandbox, asker: Make) -> None:
    some.switches.huge = True
    body = asker(some).get("/task", limit="1").body
    assert len(body) > 49 * 1024 * 1024
    assert body.endswith(b'"}]')


def test_fat_rows_make_smaller_pages_worth_while(some: Sandbox, asker: Make) -> None:
    some.switches.fat_row_bytes = 100_000
    reply = asker(some).get("/task", limit="5")
    assert 500_000 < len(reply.body) < 510_000
    assert len(reply.json) == 5


def test_rows_that_are_no_tasks_stand_before_the_others_and_count(some: Sandbox, asker: Make) -> None:
    some.switches.unreadable_rows = 4
    caller = asker(some)
    first = caller.get("/task", limit="6", count="1")
    assert first.headers["x-total-count"] == "34"
    assert first.json[:2] == ["not a task", None]
    assert [isinstance(row, dict) and "createdAt" in row for row in first.json] == [False] * 4 + [True] * 2
    second = caller.get("/task", limit="6", cursor=str(first.cursor))
    newest = [task["id"] for task in first.json[4:] + second.json]
    assert newest == [task["id"] for task in caller.get("/task", limit="12").json[4:]]


def test_a_broken_row_breaks_each_page_that_it_is_on(some: Sandbox, asker: Make) -> None:
    caller = asker(some)
    broken = caller.get("/task", limit="30").json[7]["id"]
    some.switches.broken_rows = (broken,)
    message = {"message": "Cannot read properties of undefined (reading 'upload')"}
    for path in ("/task?limit=10", f"/task/{broken}"):
        reply = caller.get(path)
        assert (reply.status, reply.json) == (500, message)
    assert caller.get("/task", limit="7").status == 200
    assert caller.get("/task", limit="1", cursor="skip7").status == 500
    assert caller.get("/task", limit="7", cursor="skip8").status == 200


def test_a_redirect_points_elsewhere(some: Sandbox, asker: Make) -> None:
    some.switches.redirect_to = "http://169.254.169.254/latest"
    reply = asker(some).get("/task")
    assert (reply.status, reply.headers["location"]) == (302, "http://169.254.169.254/latest")


@pytest.mark.parametrize("status", [403, 404])
def test_assets_may_be_out_of_reach(some: Sandbox, asker: Make, status: int) -> None:
    some.switches.no_assets = status
    assert asker(some).get("/asset").status == status
    assert asker(some).get("/task").status == 200


def test_a_compressed_answer_is_the_same_answer(some: Sandbox, asker: Make) -> None:
    some.switches.compressed = True
    caller = asker(some)
    plain = caller.get("/task")
    packed = caller.get("/task", {"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_switches_are_turned_over_http_too(some: Sandbox) -> None:
    url = some.url.replace("/api", "/_sandbox/switches")
    some.switches.hanging = True
    body = json.dumps({"hanging": False, "failing": 503, "broken_rows": ["x"]}).encode()
    with urlopen(Request(url, body, method="PUT"), timeout=5) as answer:
        assert json.load(answer)["failing"] == 503
    assert some.switches == Switches(failing=503, broken_rows=("x",))
    with urlopen(url, timeout=5) as answer:
        assert json.load(answer)["broken_rows"] == ["x"]
    assert not some.calls.all()
    some.switches.reset()
    assert some.switches == Switches()


@pytest.mark.parametrize(
    "changes", [{"nonsense": 1}, {"failing": "many"}, {"hanging": 1}, {"malformed": "xml"}, {"slow_seconds": -1}]
)
def test_a_wrong_switch_changes_nothing(changes: dict[str, object]) -> None:
    switches = Switches()
    with pytest.raises(ValueError, match=next(iter(changes))):
        switches.change({"truncated": True} | changes)
    assert switches == Switches()


def test_calls_are_recorded_with_no_more_of_the_key_than_its_end(some: Sandbox, asker: Make) -> None:
    at = some.world.now()
    asker(some).get("/task", limit="2", cursor="skip1")
    asker(some, None).get("/version")
    listed, version = some.calls_since(at)
    assert (listed.method, listed.path, listed.query) == ("GET", "/api/task", {"limit": "2", "cursor": "skip1"})
    assert (listed.key_hint, listed.status, listed.at) == (some.key[-4:], 200, at)
    assert (version.key_hint, version.status) == ("", 200)
    assert some.calls_since(at + 1) == []
    some.calls.clear()
    assert len(some.calls) == 0


def test_a_stopped_sandbox_can_be_started_again_at_the_same_port(empty: Sandbox) -> None:
    task, port = empty.add_task(), empty.port
    empty.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)
    url = empty.start(port)
    assert Asker(url, empty.key).get(f"/task/{task}").status == 200
