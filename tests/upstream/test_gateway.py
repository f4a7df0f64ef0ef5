"""Asking gateways: what is read of an answer, where we are not led, and that nothing takes longer than it may."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from dashboard.upstream.gateway import LARGEST_TEXT, GatewayAnswer, ask_all, read_text

from .servers import (
    Behave,
    Handler,
    always,
    closed_port,
    dripping_headers,
    hanging,
    hanging_up,
    nonsense,
    own_certificate,
    serving,
)


def ask(url: str, seconds: float = 3, allow_private: bool = True) -> GatewayAnswer:
    return ask_all([url], seconds, allow_private)[0]


def video(handler: Handler) -> None:
    """A server that knows ranges."""
    handler.answer(206, b"x", Content_Type="video/mp4", Content_Range="bytes 0-0/84900000")


def test_an_answer_in_parts_tells_time_type_whole_length_and_that_seeking_works() -> None:
    with serving(video) as server:
        answer = ask(server.url)
    assert (answer.status, answer.content_type, answer.length, answer.ranges) == (206, "video/mp4", 84_900_000, True)
    assert answer.ms is not None
    assert 0 <= answer.ms < 3000
    assert answer.sentence == ""
    [seen] = server.seen
    assert seen.headers["range"] == "bytes=0-0"
    assert {"authorization", "cookie", "referer", "origin"}.isdisjoint(seen.headers)


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ({"Content_Range": "bytes 0-0/*"}, None),
        ({"Content_Range": "bytes 5-9/10"}, None),
        ({"Content_Range": "bytes 0-0/" + "9" * 40}, None),
        ({"Content_Range": "nonsense"}, None),
        ({}, None),
    ],
)
def test_a_part_of_nobody_knows_what_is_no_part(headers: dict[str, str], length: int | None) -> None:
    with serving(always(206, b"x", **headers)) as server:
        answer = ask(server.url)
    assert (answer.length, answer.ranges) == (length, False)


@pytest.mark.alone
def test_a_server_without_ranges_is_not_read_to_its_end() -> None:
    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\nContent-Type: video/mp4\r\n\r\n")
        while not handler.server_facts.stopping.is_set():
            handler.wfile.write(b"x" * 65536)

    with serving(endless) as server:
        start = time.monotonic()
        answer = ask(server.url)
    assert (answer.status, answer.length, answer.ranges) == (200, 900_000_000, False)
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("status", [404, 429, 500, 504])
def test_a_refusal_is_an_answer_too(status: int) -> None:
    with serving(always(status, b"no")) as server:
        answer = ask(server.url)
    assert (answer.status, answer.sentence, answer.length) == (status, "", None)


@pytest.mark.alone
@pytest.mark.parametrize("behave", [hanging, dripping_headers])
def test_a_gateway_that_hangs_is_given_up_on_in_time(behave: Behave) -> None:
    with serving(behave) as server:
        start = time.monotonic()
        answer = ask(server.url, seconds=0.3)
    assert time.monotonic() - start < 1.5
    assert answer.sentence == "It did not answer in time."
    assert answer.status is None


@pytest.mark.alone
def test_slow_gateways_do_not_hold_up_the_others_and_share_their_time() -> None:
    with serving(hanging) as slow, serving(video) as quick:
        start = time.monotonic()
        answers = ask_all([slow.url, quick.url, slow.url, slow.url], 0.4, allow_private=True)
    assert time.monotonic() - start < 1.5
    assert [answer.status for answer in answers] == [None, 206, None, None]
    assert (answers[1].ms or 0) < 350


@pytest.mark.parametrize("behave", [nonsense, hanging_up])
def test_what_is_no_http_server_is_told_in_a_sentence(behave: Behave) -> None:
    with serving(behave) as server:
        assert ask(server.url).sentence.endswith(".")


def test_a_closed_port_an_unknown_name_and_a_bad_certificate_are_told_in_sentences(tmp_path: Path) -> None:
    assert "refused" in ask(f"http://127.0.0.1:{closed_port()}/").sentence
    assert "name is unknown" in ask("https://no-such-name.invalid/").sentence
    with serving(video, certificate=own_certificate(tmp_path)) as server:
        assert "certificate" in ask(server.url.replace("http:", "https:")).sentence
        assert server.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/ipfs/x",
        "https://localhost/ipfs/x",
        "https://x.ipfs.localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    answer = ask(url, allow_private=False)
    assert "private or local" in answer.sentence
    assert (answer.status, answer.ms) == (None, None)


def test_http_is_refused_where_private_addresses_are() -> None:
    with serving(video) as server:
        assert "https://" in ask(server.url, allow_private=False).sentence
    assert server.seen == []


def test_names_under_localhost_are_this_machine() -> None:
    with serving(video) as server:
        answer = ask(server.url.replace("127.0.0.1", "bafy.ipfs.localhost"))
    assert answer.status == 206
    assert server.seen[0].headers["host"].startswith("bafy.ipfs.localhost:")


def redirecting(to: str, after: int = 0, status: int = 302) -> Behave:
    """Sends everybody on until `after` requests have come."""

    def behave(handler: Handler) -> None:
        if after and len(handler.server_facts.seen) > after:
            video(handler)
        else:
            handler.answer(status, b"", Location=to, Set_Cookie="session=secret; Path=/")

    return behave


def test_three_redirects_are_followed_without_cookies_and_a_fourth_is_not() -> None:
    with serving(redirecting("/next", after=3)) as server:
        assert ask(server.url).status == 206
    assert all("cookie" not in seen.headers for seen in server.seen)
    assert all(seen.headers["range"] == "bytes=0-0" for seen in server.seen)
    with serving(redirecting("/next")) as server:
        assert "more than 3 times" in ask(server.url).sentence
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    "to",
    [
        "ftp://example.test/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:,x",
        "http://user:pass@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_not_followed(to: str) -> None:
    with serving(redirecting(to)) as server:
        answer = ask(server.url)
    assert answer.sentence
    assert answer.status is None
    assert len(server.seen) == 1


def test_the_headers_of_a_stranger_are_cut_and_made_printable() -> None:
    with serving(always(200, b"", Content_Type="video/\x1b[31m\x07" + "x" * 500)) as server:
        answer = ask(server.url)
    assert answer.sentence or (answer.content_type.isprintable() and len(answer.content_type) <= 100)


def read(url: str, seconds: float = 3) -> GatewayAnswer:
    return read_text(url, seconds, allow_private=True)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/ld+json; charset=utf-8", "text/plain", "TEXT/PLAIN;charset=UTF-8"]
)
def test_json_and_plain_text_are_read(kind: str) -> None:
    with serving(always(200, '{"name": "Ü"}', Content_Type=kind)) as server:
        answer = read(server.url)
    assert (answer.text, answer.length, answer.sentence) == ('{"name": "Ü"}', 14, "")
    assert "range" not in server.seen[0].headers


@pytest.mark.parametrize("kind", ["text/html", "video/mp4", "image/svg+xml", "application/octet-stream", ""])
def test_nothing_else_is_read(kind: str) -> None:
    with serving(always(200, "{}", Content_Type=kind)) as server:
        answer = read(server.url)
    assert answer.text == ""
    assert answer.sentence.startswith("It is not JSON or plain text")


def test_only_a_success_is_read() -> None:
    with serving(always(404, "{}", Content_Type="application/json")) as server:
        assert read(server.url).sentence == "It answered 404."


@pytest.mark.parametrize("size", [LARGEST_TEXT, LARGEST_TEXT + 1])
def test_a_text_is_read_up_to_64_kb(size: int) -> None:
    with serving(always(200, "x" * size, Content_Type="text/plain")) as server:
        answer = read(server.url)
    assert len(answer.text) == (size if size == LARGEST_TEXT else 0)
    assert answer.sentence == ("" if size == LARGEST_TEXT else "It is larger than 64 kB.")


def test_a_small_answer_that_unfolds_to_gigabytes_is_too_large() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(always(200, bomb, Content_Type="text/plain", Content_Encoding="gzip")) as server:
        assert read(server.url).sentence == "It is larger than 64 kB."
    packed = gzip.compress(b'{"a":1}')
    with serving(always(200, packed, Content_Type="application/json", Content_Encoding="gzip")) as server:
        assert read(server.url).text == '{"a":1}'


@pytest.mark.alone
def test_a_text_that_drips_is_given_up_on_in_time() -> None:
    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n")
        while not handler.server_facts.stopping.wait(0.02):
            handler.wfile.write(b" ")

    with serving(drip) as server:
        start = time.monotonic()
        answer = read(server.url, seconds=0.3)
    assert time.monotonic() - start < 1.5
    assert answer.sentence
    assert answer.text == ""


def test_letters_that_no_database_takes_are_replaced() -> None:
    with serving(always(200, b"a\x00b\xff\xed\xa0\x80", Content_Type="text/plain")) as server:
        text = read(server.url).text
    assert "\x00" not in text
    assert text.encode()
