"""The syncer: one asyncio process that asks Studio about all accounts, each independent of a slow neighbour.

Any number of syncers may run, on any number of machines: an account is claimed with a conditional UPDATE.
"""

import asyncio
import contextlib
import logging
import os
import resource
import secrets
import socket

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from dashboard.clock import SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.retry import settle_unanswered
from dashboard.models.retry_batch import settle_batches
from dashboard.models.syncer import Syncer as Heartbeat
from dashboard.sync.asides import DATABASE_ERRORS, all_asides
from dashboard.sync.line import LEASE_MS
from dashboard.sync.round import give_up, sync_account
from dashboard.sync.storing import Storing
from dashboard.upstream.client import AsyncStudio

LOOK_EVERY_SECONDS = 0.25
BEAT_EVERY = 5 * SECOND
MOST_CLAIMS_A_LOOK = 100
FILES_FOR_OTHERS = 200

log = logging.getLogger(__name__)


class Syncer:
    """Looks for due accounts four times a second and works on as many at once as the machine has sockets for."""

    def __init__(self) -> None:
        # Two containers may share the beginning of their host name and the process id.
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.storing = Storing()
        self.working: dict[int, asyncio.Task[None]] = {}
        self.asides = all_asides()
        self.capacity = _raise_file_limit() - FILES_FOR_OTHERS
        self.stopping = asyncio.Event()
        self.beat_at = 0

    async def run(self, once: bool = False) -> None:
        """Until told to stop, or, with `once`, until no account is due any more."""
        async with contextlib.aclosing(AsyncStudio(allow_private=settings.ALLOW_PRIVATE_UPSTREAMS)) as studio:
            while not self.stopping.is_set():
                started = await self._look(studio)
                if once and started == 0 and not self.working:
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), LOOK_EVERY_SECONDS)
            await self._let_go()

    def stop(self) -> None:
        self.stopping.set()

    async def _look(self, studio: AsyncStudio) -> int | None:
        """Beat, tidy, and start a round for each account that is due. A database that does not answer, None, is
        tried again next time."""
        try:
            await sync_to_async(self._beat)()
            accounts = await sync_to_async(self._claim_due)()
        except DATABASE_ERRORS as error:
            log.warning("The database did not answer: %s", error)
            await sync_to_async(close_old_connections)()  # one that broke would never work again
            return None
        self._start_asides()
        for account in accounts:
            self.working[account.pk] = asyncio.create_task(self._work(account, studio))
        return len(accounts)

    def _beat(self) -> None:
        now = now_ms()
        if now - self.beat_at >= BEAT_EVERY:
            Heartbeat.beat(self.name, now)
            settle_unanswered(now)
            settle_batches(now)
            self.beat_at = now

    def _start_asides(self) -> None:
        now = now_ms()
        for aside in self.asides:
            aside.start(now)

    def _claim_due(self) -> list[Account]:
        room = min(self.capacity - len(self.working), MOST_CLAIMS_A_LOOK)
        if room <= 0:
            return []
        now = now_ms()
        due = Account.objects.due(now).exclude(pk__in=list(self.working)).select_related("team")[:room]
        return [account for account in due if account.claim(self.name, now, LEASE_MS, only_if_due=True)]

    async def _work(self, account: Account, studio: AsyncStudio) -> None:
        try:
            await sync_account(account, self.name, studio, self.storing)
        except DATABASE_ERRORS as error:
            log.warning("Syncing %s met a busy database: %s", account.name, error)
            await self._give_back(account)
        except Exception:
            log.exception("Syncing %s failed in an unforeseen way", account.name)
            with contextlib.suppress(*DATABASE_ERRORS):
                await sync_to_async(give_up)(account, self.name)
        finally:
            self.working.pop(account.pk, None)

    async def _give_back(self, account: Account) -> None:
        """After an error of the database: leave the account to the next round, a little later."""
        with contextlib.suppress(*DATABASE_ERRORS):
            await sync_to_async(account.give_back)(self.name, now_ms() + 10 * SECOND)

    async def _let_go(self) -> None:
        """Stop what is under way; every page stored so far is kept, so the next start goes on from there."""
        under_way = [*self.working.values()]
        under_way += [aside.under_way for aside in self.asides if aside.under_way]
        for task in under_way:
            if self.stopping.is_set():
                task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await sync_to_async(Account.objects.filter(claimed_by=self.name).update)(claimed_by="", claimed_until=0)


def _raise_file_limit() -> int:
    """As many open sockets as the system lets us have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 65_536) if hard != resource.RLIM_INFINITY else 65_536
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
