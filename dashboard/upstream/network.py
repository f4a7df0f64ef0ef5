"""Connecting: only to addresses that were checked, and never longer than an overall deadline allows.

A name is resolved here, each address is judged, and the connection goes to the very address that was
judged, so a name that resolves differently a moment later gains nothing. TLS still verifies the name.
A server that sends one byte every few seconds never trips a read timeout; the deadline ends it.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from httpcore._backends.anyio import AnyIOBackend
from httpcore._backends.sync import SyncBackend

from .addresses import BadUrl, check_url, origin_of
from .resolving import Judge, Resolve, resolve

__all__ = ["AsyncGuard", "BadUrl", "Guard", "Resolve", "check_url", "deadline", "origin_of"]

_LEAST_SECONDS = 0.01
_KEEP_ALIVE_SECONDS = 4.0
"""Observed on the real server: it closes an idle connection after 5 s."""

_ends_at: ContextVar[float | None] = ContextVar("upstream_deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Every wait for the network inside this block ends after `seconds` in all, or with the block around it."""
    outer, ends_at = _ends_at.get(), time.monotonic() + seconds
    token = _ends_at.set(ends_at if outer is None else min(outer, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left(most: float | None) -> float | None:
    """How long one wait may be: at most `most`, and not beyond the deadline. Raises httpcore.ReadTimeout."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return most
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this answer is over")
    return left if most is None else min(most, left)


class _SyncStream(httpcore.NetworkStream):
    """A connection whose every wait obeys the deadline of the call that waits."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, seconds_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, seconds_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _SyncStream(self._stream.start_tls(ssl_context, server_hostname, seconds_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _SyncBackend(SyncBackend):
    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        with deadline(_connect_seconds(timeout)):
            addresses = self._addresses(host, port)
            for position, address in enumerate(addresses):
                try:
                    share = _share(len(addresses) - position)
                    stream = super().connect_tcp(address, port, share, local_address, socket_options)
                except (httpcore.ConnectError, httpcore.ConnectTimeout):
                    if position == len(addresses) - 1:
                        raise
                else:
                    return _SyncStream(stream)
        raise AssertionError("there is at least one address")

    def _addresses(self, host: str, port: int) -> list[str]:
        literal = self._judge.literal(host)
        if literal is not None:
            return literal
        try:
            return self._judge.allowed(self._judge.start(host, port).result(seconds_left(None)))
        except FutureTimeout:
            raise httpcore.ConnectTimeout("the name could not be resolved in time") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name could not be resolved") from error


class _AsyncStream(httpcore.AsyncNetworkStream):
    """The same for asyncio."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, seconds_left(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, seconds_left(timeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, seconds_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncBackend(AnyIOBackend):
    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        with deadline(_connect_seconds(timeout)):
            addresses = await self._addresses(host, port)
            for position, address in enumerate(addresses):
                try:
                    share = _share(len(addresses) - position)
                    stream = await super().connect_tcp(address, port, share, local_address, socket_options)
                except (httpcore.ConnectError, httpcore.ConnectTimeout):
                    if position == len(addresses) - 1:
                        raise
                else:
                    return _AsyncStream(stream)
        raise AssertionError("there is at least one address")

    async def _addresses(self, host: str, port: int) -> list[str]:
        literal = self._judge.literal(host)
        if literal is not None:
            return literal
        lookup = asyncio.wrap_future(self._judge.start(host, port))
        try:
            return self._judge.allowed(await asyncio.wait_for(asyncio.shield(lookup), seconds_left(None)))
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name could not be resolved in time") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name could not be resolved") from error


def _connect_seconds(timeout: float | None) -> float:
    left = seconds_left(timeout)
    return 60.0 if left is None else left


def _share(addresses_left: int) -> float:
    """A dead first address must leave time for the second."""
    left = seconds_left(None)
    assert left is not None
    return max(_LEAST_SECONDS, left / addresses_left)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """httpx's own default, without a look at the environment. Building it costs 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


class Guard(httpx.HTTPTransport):
    """httpx's transport over the backend above. No upper limit: hung connections must not block others."""

    def __init__(self, allow_private: bool = False, resolve: Resolve = resolve) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=None,
            max_keepalive_connections=10,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=_SyncBackend(Judge(allow_private, resolve)),
        )


class AsyncGuard(httpx.AsyncHTTPTransport):
    """The same for asyncio."""

    def __init__(self, allow_private: bool = False, resolve: Resolve = resolve) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=None,
            max_keepalive_connections=200,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=_AsyncBackend(Judge(allow_private, resolve)),
        )
