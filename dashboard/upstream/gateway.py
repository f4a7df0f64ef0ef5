"""Asking IPFS gateways, because somebody pressed a button: how one answers for a CID, and the text that lies behind it.

No key, no cookies and no proxy; every address is judged as Studio's is, on every redirect anew. Nothing here raises an
upstream error: a gateway that fails is one of the answers, with a sentence.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx

from .bodies import Body
from .errors import PrivateAddress, TooLarge, Unreachable, UpstreamError
from .failures import NETWORK_ERRORS, failure
from .network import AsyncGuard, deadline
from .resolving import resolve
from .storable import storable_text

MOST_REDIRECTS = 3
LARGEST_TEXT = 64 * 1024
_LONGEST_TYPE = 100
_RANGE = re.compile(r"bytes (?:0-0|\*)/(\d{1,18})", re.I)
_TEXTS = re.compile(r"application/(?:[a-z0-9.-]+\+)?json|text/(?:plain|json)", re.I)
_HEADERS = {"User-Agent": "studio-tasks", "Accept": "*/*"}


@dataclass(frozen=True)
class GatewayAnswer:
    """What one gateway answered. `ms`: until the headers were there, redirects included; None if they never were.
    `length`: of the whole thing in bytes. `ranges`: whether a part can be had, which seeking needs. `sentence`: why
    there is no usable answer. `text`: only where it was asked for."""

    ms: int | None = None
    status: int | None = None
    content_type: str = ""
    length: int | None = None
    ranges: bool = False
    sentence: str = ""
    text: str = ""


def ask_all(urls: Sequence[str], seconds: float, allow_private: bool = False) -> list[GatewayAnswer]:
    """Each URL's answer to a request for its first byte, all asked at once; done after `seconds` at the latest."""

    async def asked() -> list[GatewayAnswer]:
        async with _client(allow_private) as client:
            return list(await asyncio.gather(*(_ask(client, url, seconds, allow_private) for url in urls)))

    return asyncio.run(asked())


def read_text(url: str, seconds: float, allow_private: bool = False) -> GatewayAnswer:
    """The JSON or plain text behind a URL, at most 64 kB of it; a sentence for anything else."""

    async def asked() -> GatewayAnswer:
        async with _client(allow_private) as client:
            return await _ask(client, url, seconds, allow_private, with_text=True)

    return asyncio.run(asked())


def _client(allow_private: bool) -> httpx.AsyncClient:
    guard = AsyncGuard(allow_private, _resolve)
    return httpx.AsyncClient(transport=guard, timeout=None, follow_redirects=False, trust_env=False)  # noqa: S113


def _resolve(host: str, port: int) -> list[str]:
    """Every name under localhost is this machine (RFC 6761), which not every system's resolver knows."""
    return resolve("localhost" if host.endswith(".localhost") else host, port)


async def _ask(
    client: httpx.AsyncClient, url: str, seconds: float, allow_private: bool, with_text: bool = False
) -> GatewayAnswer:
    """Never raises: the first network error, or whatever we refuse, is told in the answer's sentence."""
    headers = {"Accept-Encoding": "gzip"} if with_text else {"Accept-Encoding": "identity", "Range": "bytes=0-0"}
    answering, answer = False, GatewayAnswer()
    start = time.monotonic()
    try:
        with deadline(seconds):
            async with _followed(client, url, headers, allow_private) as response:
                answering = True
                answer = _heads(response, int((time.monotonic() - start) * 1000))
                return await _with_text(answer, response) if with_text else answer
    except UpstreamError as error:
        sentence = error.sentence
    except NETWORK_ERRORS as error:
        sentence = failure(error, "It", seconds, answering).sentence
    return replace(answer, sentence=sentence)


@asynccontextmanager
async def _followed(
    client: httpx.AsyncClient, url: str, headers: dict[str, str], allow_private: bool
) -> AsyncIterator[httpx.Response]:
    """The answer at the end of at most three redirects, its body unread. Cookies that come on the way are dropped."""
    wanted = httpx.URL(url)
    for _ in range(MOST_REDIRECTS + 1):
        _check(wanted, allow_private)
        request = httpx.Request("GET", wanted, headers=_HEADERS | headers)
        response = await client.send(request, stream=True)
        try:
            if not response.has_redirect_location:
                yield response
                return
            wanted = response.url.join(response.headers["location"])
        finally:
            await response.aclose()
            client.cookies.clear()
    raise Unreachable(f"It sends one on more than {MOST_REDIRECTS} times.")


def _check(url: httpx.URL, allow_private: bool) -> None:
    if url.scheme != "https" and not (allow_private and url.scheme == "http"):
        raise PrivateAddress("It leads to an address that does not begin with https://.")
    if url.port is not None and not 0 < url.port < 65536:
        raise Unreachable("It leads to a port that does not exist.")
    if url.userinfo:
        raise PrivateAddress("It leads to an address with a user name in it.")


def _heads(response: httpx.Response, ms: int) -> GatewayAnswer:
    headers, status = response.headers, response.status_code
    said = _RANGE.fullmatch(headers.get("content-range", "").strip())
    length = said[1] if said else headers.get("content-length", "") if status == 200 else ""
    return GatewayAnswer(
        ms=ms,
        status=status,
        content_type=_printable(headers.get("content-type", "")),
        length=int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None,
        ranges=status == 206 and said is not None,
    )


def _printable(text: str) -> str:
    return "".join(sign for sign in storable_text(text) if sign.isprintable())[:_LONGEST_TYPE]


async def _with_text(answer: GatewayAnswer, response: httpx.Response) -> GatewayAnswer:
    """With the body as text, if it is a success of a type that is meant to be read."""
    if answer.status != 200:
        return replace(answer, sentence=f"It answered {answer.status}.")
    kind = answer.content_type.partition(";")[0].strip()
    if not _TEXTS.fullmatch(kind):
        return replace(answer, sentence=f"It is not JSON or plain text, but {kind or 'of no type that is told'}.")
    try:
        body = await _body(response)
    except TooLarge:
        return replace(answer, sentence=f"It is larger than {LARGEST_TEXT >> 10} kB.")
    return replace(answer, text=storable_text(body.decode("utf-8", "replace")), length=len(body))


async def _body(response: httpx.Response) -> bytes:
    body = Body(response.headers.get("content-encoding", ""), LARGEST_TEXT)
    async for chunk in response.aiter_raw():
        body.feed(chunk)
    return body.all()
