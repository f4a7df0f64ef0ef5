"""Asking Studio: one client for asyncio, one for the web's buttons, with the same questions.

Both are thin: what is asked and how its answer is read stands in `questions`. Connect 5 s, read 10 s,
`seconds` in all for one answer; 32 MB after decompression; no redirect, nothing from the environment.
Every failure is one of the errors in `errors`, and no key is in any of them, nor behind them.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any, TypeVar

import httpx

from . import questions
from .answers import Answer
from .errors import PrivateAddress, Unreachable
from .failures import NETWORK_ERRORS, failure
from .network import AsyncGuard, Guard, deadline
from .questions import Question
from .receiver import Receiver
from .redact import Redactor
from .requests import Connection, headers_for
from .snapshots import AssetCard, AssetPage, Snapshot, StudioUser, TaskPage

__all__ = ["AsyncStudio", "Connection", "Studio"]

_TIMEOUT = httpx.Timeout(connect=5.0, read=10.0, write=10.0, pool=5.0)
_LIGHT_BODY = 64 * 1024
Value = TypeVar("Value")


class AsyncStudio:
    """For the syncer: one for the whole process, any number of accounts at once.

    `seconds`: the longest that one answer may take in all. `transport`: the one seam for tests.
    """

    def __init__(
        self,
        allow_private: bool = False,
        seconds: float = 30,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._seconds = seconds
        self._client = httpx.AsyncClient(
            transport=transport or AsyncGuard(allow_private),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )

    async def list_tasks(
        self,
        connection: Connection,
        *,
        limit: int | None,
        cursor: str | None = None,
        order: str | None = None,
        filters: list[dict[str, Any]] | None = None,
        count: bool = False,
    ) -> TaskPage:
        """A page of tasks; without a limit the newest, as many as the server likes. `order` like "createdAt-true"
        (descending), `filters` in Studio's own words."""
        return await self._ask(connection, questions.tasks(limit, cursor, order, filters, count))

    async def get_task(self, connection: Connection, upstream_id: str) -> Snapshot:
        """One task, soft-deleted ones too. NotFound; KeyLimited for another user's."""
        return await self._ask(connection, questions.task(upstream_id))

    async def me(self, connection: Connection) -> StudioUser:
        """Whose key this is. KeyLimited where the key may not ask."""
        return await self._ask(connection, questions.me())

    async def list_assets(
        self, connection: Connection, *, limit: int, cursor: str | None = None, order: str | None = None
    ) -> AssetPage:
        """A page of assets."""
        return await self._ask(connection, questions.assets(limit, cursor, order))

    async def get_asset(self, connection: Connection, upstream_id: str) -> AssetCard:
        """One asset. NotFound for deleted ones and for those of another project too."""
        return await self._ask(connection, questions.asset(upstream_id))

    async def retry_task(self, connection: Connection, upstream_id: str) -> str:
        """Starts a failed task again and gives its id. BadRequest when it is not in a state to retry."""
        return await self._ask(connection, questions.retry(upstream_id))

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _ask(self, connection: Connection, question: Question[Value]) -> Value:
        answer = await self._answer(_request(self._client, connection, question, self._allow_private))
        redactor = redactor_for(connection.key, *connection.old_keys)
        if len(answer.body) <= _LIGHT_BODY:
            return question.read(answer, redactor)
        return await asyncio.to_thread(question.read, answer, redactor)

    async def _answer(self, request: httpx.Request) -> Answer:
        response: httpx.Response | None = None
        try:
            with deadline(self._seconds):
                async with asyncio.timeout(self._seconds):
                    response = await self._client.send(request, stream=True)
                    return await _received(response)
        except NETWORK_ERRORS as error:
            failed = failure(error, request.url.host, self._seconds, response is not None)
        finally:
            if response is not None:
                await response.aclose()
        raise failed


class Studio:
    """For the web's buttons: one for each process, safe between threads. Parameters as in AsyncStudio."""

    def __init__(
        self,
        allow_private: bool = False,
        seconds: float = 10,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._seconds = seconds
        self._client = httpx.Client(
            transport=transport or Guard(allow_private),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )

    def list_tasks(
        self,
        connection: Connection,
        *,
        limit: int | None,
        cursor: str | None = None,
        order: str | None = None,
        filters: list[dict[str, Any]] | None = None,
        count: bool = False,
    ) -> TaskPage:
        """As in AsyncStudio."""
        return self._ask(connection, questions.tasks(limit, cursor, order, filters, count))

    def get_task(self, connection: Connection, upstream_id: str) -> Snapshot:
        """As in AsyncStudio."""
        return self._ask(connection, questions.task(upstream_id))

    def me(self, connection: Connection) -> StudioUser:
        """As in AsyncStudio."""
        return self._ask(connection, questions.me())

    def list_assets(
        self, connection: Connection, *, limit: int, cursor: str | None = None, order: str | None = None
    ) -> AssetPage:
        """As in AsyncStudio."""
        return self._ask(connection, questions.assets(limit, cursor, order))

    def get_asset(self, connection: Connection, upstream_id: str) -> AssetCard:
        """As in AsyncStudio."""
        return self._ask(connection, questions.asset(upstream_id))

    def retry_task(self, connection: Connection, upstream_id: str) -> str:
        """As in AsyncStudio."""
        return self._ask(connection, questions.retry(upstream_id))

    def close(self) -> None:
        self._client.close()

    def _ask(self, connection: Connection, question: Question[Value]) -> Value:
        answer = self._answer(_request(self._client, connection, question, self._allow_private))
        return question.read(answer, redactor_for(connection.key, *connection.old_keys))

    def _answer(self, request: httpx.Request) -> Answer:
        response: httpx.Response | None = None
        try:
            with deadline(self._seconds):
                response = self._client.send(request, stream=True)
                return _received_now(response)
        except NETWORK_ERRORS as error:
            failed = failure(error, request.url.host, self._seconds, response is not None)
        finally:
            if response is not None:
                response.close()
        raise failed


def _request(
    client: httpx.Client | httpx.AsyncClient,
    connection: Connection,
    question: Question[Any],
    allow_private: bool,
) -> httpx.Request:
    """The request, with the key in its header. PrivateAddress before a key could go out in clear text."""
    if not allow_private and not connection.url.lower().startswith("https://"):
        raise PrivateAddress("The address does not begin with https://, so the key is not sent there.")
    asking = question.asking
    headers = headers_for(connection)
    try:
        return client.build_request(
            asking.method,
            connection.url.rstrip("/") + asking.path,
            params=asking.params or None,
            headers=headers,
        )
    except (httpx.InvalidURL, ValueError, TypeError):
        sentence = "The account's address is not a web address."
    raise Unreachable(sentence)


async def _received(response: httpx.Response) -> Answer:
    if response.is_stream_consumed:
        return _read_already(response)
    receiver = Receiver(response.status_code, response.headers)
    async for chunk in response.aiter_raw():
        receiver.feed(chunk)
        if receiver.enough:
            break
    return receiver.answer()


def _received_now(response: httpx.Response) -> Answer:
    if response.is_stream_consumed:
        return _read_already(response)
    receiver = Receiver(response.status_code, response.headers)
    for chunk in response.iter_raw():
        receiver.feed(chunk)
        if receiver.enough:
            break
    return receiver.answer()


def _read_already(response: httpx.Response) -> Answer:
    """Only a test's transport hands out whole responses."""
    return Answer(response.status_code, response.headers, response.content)


@lru_cache(maxsize=4096)
def redactor_for(*keys: str) -> Redactor:
    """Building one compiles patterns, so accounts keep theirs."""
    return Redactor(*keys)
