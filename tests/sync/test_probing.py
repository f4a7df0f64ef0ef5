"""What is kept of gateways' answers: one row each, redacted, and never larger than a page can bear."""

import json

import pytest

from dashboard.cids import Cid, check
from dashboard.clock import now_ms
from dashboard.gateways import gateways_of
from dashboard.models import Account, Probe, Task
from dashboard.models.audit import COMMAND
from dashboard.sandbox import Sandbox
from dashboard.sync.probing import LONGEST_DRAWN, probe, read_metadata, redacted
from dashboard.upstream.gateway import LARGEST_TEXT
from dashboard.upstream.redact import Redactor
from tests.upstream.servers import Handler, always, serving

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
TEXT = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"


@pytest.fixture
def cid() -> Cid:
    cid = check(TEXT)
    assert isinstance(cid, Cid)
    return cid


@pytest.fixture
def task(account: Account) -> Task:
    now = now_ms()
    times = {"created_at": now, "updated_at": now, "first_seen_at": now, "heard_at": now}
    return Task.objects.create(account=account, upstream_id="t", type="export", phase="completed", **times)


def test_asking_again_replaces_what_was_told_and_keeps_the_text(task: Task, cid: Cid) -> None:
    with serving(always(200, '{"a": 1}', Content_Type="application/json")) as server:
        gateways = gateways_of(server.url.removesuffix("/api"), allow_http=True)
        assert read_metadata(task, cid, gateways, COMMAND) == ""
        first = Probe.objects.get()
        assert probe(task, cid, gateways, COMMAND) == ""
    row = Probe.objects.get()
    assert row.text == first.text == json.dumps({"a": 1}, indent=2)
    assert row.asked_at >= first.asked_at
    assert row.read_at == first.read_at


def test_the_next_gateway_is_read_from_where_the_first_fails(task: Task, cid: Cid) -> None:
    with serving(always(404)) as empty, serving(always(200, "hello", Content_Type="text/plain")) as full:
        lines = "\n".join(server.url.removesuffix("/api") for server in (empty, full))
        assert read_metadata(task, cid, gateways_of(lines, allow_http=True), COMMAND) == ""
        row = Probe.objects.exclude(text="").get()
    assert (row.text, row.gateway) == ("hello", f"{full.url.removesuffix('/api')}/ipfs/{{cid}}")


def test_secrets_in_metadata_are_not_stored(task: Task, cid: Cid, sandbox: Sandbox) -> None:
    told = {"name": "x", "apiKey": "s3cr3tvalue", "note": f"Bearer {JWT}", "mine": sandbox.key}
    for body, kind in ((json.dumps(told), "application/json"), (f"Authorization: Bearer {JWT}", "text/plain")):
        with serving(always(200, body, Content_Type=kind)) as server:
            assert (
                read_metadata(task, cid, gateways_of(server.url.removesuffix("/api"), allow_http=True), COMMAND) == ""
            )
        text = Probe.objects.exclude(text="").get().text
        assert "[redacted: " in text
        for secret in ("s3cr3tvalue", JWT, sandbox.key):
            assert secret not in text


def test_json_that_is_almost_nothing_but_brackets_stays_small() -> None:
    deep = "[" * (LARGEST_TEXT // 2) + "]" * (LARGEST_TEXT // 2)
    wide = "[" * 150 + ",".join("[1]" for _ in range(15_000)) + "]" * 150
    for text in (deep, wide):
        assert len(redacted(text, Redactor(None))) < LONGEST_DRAWN * 2


@pytest.mark.parametrize("text", ["{", "null", "NaN", '"x"', "\ud800", "[1e999]", "1" * 5000])
def test_no_text_is_too_odd(text: str) -> None:
    assert redacted(text, Redactor(None)).encode()


@pytest.mark.usefixtures("task")
def test_the_gateways_are_asked_by_this_server_with_nothing_of_ours(task: Task, cid: Cid, sandbox: Sandbox) -> None:
    seen: list[dict[str, str]] = []

    def remember(handler: Handler) -> None:
        seen.append({name.lower(): value for name, value in handler.headers.items()})
        handler.answer(206, b"x", Content_Range="bytes 0-0/5", Content_Type="video/mp4")

    with serving(remember) as server:
        probe(task, cid, gateways_of(server.url.removesuffix("/api"), allow_http=True), COMMAND)
    assert sandbox.key not in repr(seen)
    assert {"authorization", "cookie"}.isdisjoint(seen[0])
    assert Probe.objects.get().length == 5
