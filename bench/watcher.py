"""People who look again and again, each over a connection of their own, as htmx does."""

import asyncio
import gzip
import time

from bench.load import poll_path

POLL_SECONDS = 3.0
TIMEOUT_SECONDS = 10


class Caller:
    """Asks for the same path every `pause` seconds. `latencies` in seconds, of what was answered; and `errors`."""

    pause = 0.1

    def __init__(self, port: int, session: str = "") -> None:
        self._port, self._cookie = port, f"sessionid={session}"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.forget()

    def forget(self) -> None:
        self.latencies: list[float] = []
        self.errors = 0

    async def watch(self, delay: float, ends: float) -> None:
        """Until the end, a time.monotonic()."""
        await asyncio.sleep(delay)
        while time.monotonic() < ends:
            asked_at = time.monotonic()
            try:
                await asyncio.wait_for(self._look(), TIMEOUT_SECONDS)
            except (OSError, EOFError, TimeoutError, ValueError):
                self.errors += 1
                self._hang_up()
            await asyncio.sleep(max(0.0, asked_at + self.pause - time.monotonic()))
        self._hang_up()

    async def _look(self) -> None:
        started = time.perf_counter()
        await self._get("/")
        self.latencies.append(time.perf_counter() - started)

    async def _get(self, path: str) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip, deflate, br", "HX-Request: true"]
        writer.write("\r\n".join([*lines, f"Cookie: {self._cookie}", "", ""]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        headers = dict(line.partition(": ")[::2] for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        is_packed = headers.get("content-encoding") == "gzip"
        return int(head.split(" ", 2)[1]), gzip.decompress(body) if is_packed else body

    def _hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Watcher(Caller):
    """Loads the board once and then polls its live region; `changes` counts 200s instead of 204s."""

    pause = POLL_SECONDS
    _path = ""

    def forget(self) -> None:
        super().forget()
        self.changes = 0

    async def _look(self) -> None:
        is_poll = bool(self._path)
        started = time.perf_counter()
        status, body = await self._get(self._path or "/?size=50")
        if is_poll:
            self.latencies.append(time.perf_counter() - started)
        if status == 200:
            self._path = poll_path(body)
            self.changes += is_poll
        elif status != 204 or not is_poll:
            raise ValueError(f"the answer was {status}")
