"""Both clients behind one face, so that every test of one is a test of the other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dashboard.upstream.client import AsyncStudio, Connection, Studio
from dashboard.upstream.errors import UpstreamError

from .secrets_and_ids import KEY


def ask_with_asyncio(connection: Connection, question: str, *args: Any, options: dict[str, Any], **kwargs: Any) -> Any:
    async def asked() -> Any:
        studio = AsyncStudio(**options)
        try:
            return await getattr(studio, question)(connection, *args, **kwargs)
        finally:
            await studio.aclose()

    return asyncio.run(asked())


def ask_with_threads(connection: Connection, question: str, *args: Any, options: dict[str, Any], **kwargs: Any) -> Any:
    studio = Studio(**options)
    try:
        return getattr(studio, question)(connection, *args, **kwargs)
    finally:
        studio.close()


class Asker:
    """Asks a server on the loopback. `error(...)` expects and gives the named error, and looks for the key in it."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def __call__(self, url: str, question: str, *args: Any, seconds: float = 5, key: str = KEY, **kwargs: Any) -> Any:
        options = {"allow_private": True, "seconds": seconds, **kwargs.pop("options", {})}
        return self._ask(Connection(url, key), question, *args, options=options, **kwargs)

    def error(self, url: str, question: str, *args: Any, key: str = KEY, **kwargs: Any) -> UpstreamError:
        with pytest.raises(UpstreamError) as caught:
            self(url, question, *args, key=key, **kwargs)
        assert_tells_nothing(caught.value, key)
        assert caught.value.sentence.endswith((".", "…", "?")) or "It says: " in caught.value.sentence
        return caught.value


def assert_tells_nothing(error: BaseException, key: str) -> None:
    """No key in an error, nor in anything that it was raised from or during."""
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None:
            shown = f"{link!r} {link} {vars(link)!r}".lower()
            assert len(key) < 8 or key.lower() not in shown
            assert not hasattr(link, "request"), "httpx's errors hold the request and its key"
            waiting += [link.__cause__, link.__context__]
