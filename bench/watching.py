"""200 people watch a board while its tasks move: web, syncer and sandbox are processes of their own."""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence

from bench.installation import Installation
from bench.load import Browser
from bench.studio import Studio
from bench.watcher import POLL_SECONDS, Caller, Watcher

WATCHERS = 200
TASKS = 2000
PACE = 4  # a new task about every 6 s
SECONDS = 57  # with the arrival a whole minute of calls
IMPORT_SECONDS = 60
MINUTE = 60_000


def watching(cluster: str | None, is_quick: bool) -> dict[str, float]:
    seconds = 15 if is_quick else SECONDS
    with Studio(TASKS, PACE) as studio, Installation("watching", cluster) as installation:
        account = ["--url", studio.url, "--key", studio.key]
        told = installation.run("bench.fill", "--people", WATCHERS, *account)
        web, bare = installation.web(), installation.bare()
        installation.syncer()
        imported_at, rate = _wait_for_import(Browser(web.port, told["sessions"][0]), studio)
        watchers = [Watcher(web.port, session) for session in told["sessions"]]
        asyncio.run(_watch(watchers, POLL_SECONDS))  # everybody arrives
        for watcher in watchers:
            watcher.forget()
        before, started_at = web.cpu_seconds(), _now_ms()
        noise = Caller(bare.port)
        asyncio.run(_watch([*watchers, noise], seconds))
        busy, ended_at = web.cpu_seconds() - before, _now_ms()
        calls = [at for at in studio.calls() if max(imported_at, ended_at - MINUTE) < at <= ended_at]
    minutes = (ended_at - started_at) / MINUTE
    return {
        **_latencies(watchers),
        "bare view meanwhile: p99": _quantiles([noise])[98],
        "import from the sandbox process": rate,
        "200 watchers: calls in the last minute": len(calls),
        "200 watchers: web server's CPU, of one core": busy / minutes / 60 * 100,
    }


def _latencies(watchers: list[Watcher]) -> dict[str, float]:
    parts = _quantiles(watchers)
    return {
        "200 watchers: p50": parts[49],
        "200 watchers: p99": parts[98],
        "200 watchers: errors": sum(watcher.errors for watcher in watchers),
        "200 watchers: polls answered": sum(len(watcher.latencies) for watcher in watchers),
        "200 watchers: of them changed": sum(watcher.changes for watcher in watchers),
    }


def _quantiles(callers: Sequence[Caller]) -> list[float]:
    """In ms, a hundred parts."""
    return statistics.quantiles((latency * 1000 for caller in callers for latency in caller.latencies), n=100)


async def _watch(watchers: Sequence[Caller], seconds: float) -> None:
    """All of them, spread over one interval."""
    gap = POLL_SECONDS / len(watchers)
    ends = time.monotonic() + seconds
    await asyncio.gather(*(watcher.watch(gap * index, ends) for index, watcher in enumerate(watchers)))


def _wait_for_import(browser: Browser, studio: Studio) -> tuple[int, float]:
    """When the import ended, and its tasks per second since the syncer's first call."""
    ends = time.monotonic() + IMPORT_SECONDS
    while time.monotonic() < ends:
        told = json.loads(browser.get("/bench/account/").body)
        if told["import_done_at"]:
            ended_at = int(told["import_done_at"])
            return ended_at, told["imported"] / (ended_at - min(studio.calls())) * 1000
        time.sleep(0.5)
    raise TimeoutError(f"the import did not end: {told}")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
