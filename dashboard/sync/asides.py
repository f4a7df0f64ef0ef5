"""What the syncer does beside asking Studio: each by itself, again and again, never twice at once."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError

from dashboard.clock import HOUR, MINUTE, SECOND
from dashboard.models.regrouping import is_needed
from dashboard.models.settling import wake
from dashboard.models.surge import watch_for_surges
from dashboard.sync.counting import count_days
from dashboard.sync.housekeeping import tidy
from dashboard.sync.regrouping import regroup_failures
from dashboard.sync.removing import remove_rows

DATABASE_ERRORS = (OperationalError, InterfaceError)
Work = Callable[[int], Coroutine[None, None, None]]

log = logging.getLogger(__name__)


class Aside:
    """One such work. `every_ms`: so long passes at least between two beginnings."""

    def __init__(self, what: str, every_ms: int, work: Work) -> None:
        self.what, self.every_ms, self._work = what, every_ms, work
        self.begun_at = 0
        self.under_way: asyncio.Task[None] | None = None

    def start(self, now: int) -> None:
        """If it is time, and the last turn has ended."""
        if now - self.begun_at >= self.every_ms and (self.under_way is None or self.under_way.done()):
            self.begun_at = now
            self.under_way = asyncio.create_task(self._do(now))

    async def _do(self, now: int) -> None:
        """It may fail without anybody's tasks standing still: it is tried again."""
        try:
            await self._work(now)
        except DATABASE_ERRORS as error:
            log.warning("%s met a busy database: %s", self.what, error)
        except Exception:
            log.exception("%s failed in an unforeseen way", self.what)


def all_asides() -> list[Aside]:
    return [
        Aside("Tidying up", HOUR, tidy),
        Aside("Removing accounts", 2 * SECOND, lambda now: remove_rows()),
        Aside("Counting days", 5 * SECOND, count_days),
        Aside("Watching failures", 5 * SECOND, _watch_failures),
        Aside("Regrouping failures", MINUTE, regroup_failures),
    ]


async def _watch_failures(now: int) -> None:
    await sync_to_async(wake)(now)
    if not await sync_to_async(is_needed)():  # as long as history is read, nobody knows what is usual
        await sync_to_async(watch_for_surges)(now)
