"""The line to Studio for one claimed account: every call goes through it and is counted."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from asgiref.sync import sync_to_async

from dashboard.clock import MINUTE, now_ms
from dashboard.models.account import Account
from dashboard.upstream.client import AsyncStudio, Connection

LEASE_MS = MINUTE
T = TypeVar("T")
Call = Callable[[AsyncStudio, Connection], Awaitable[T]]


class ClaimLost(Exception):
    """Our claim ran out and another syncer has the account: stop, without writing anything."""


class OutOfBudget(Exception):
    """The calls of this minute are used up."""


class Line:
    """One request in flight, never more calls than the budget, and the claim renewed before each."""

    def __init__(self, account: Account, name: str, studio: AsyncStudio, connection: Connection) -> None:
        self.account, self.name = account, name
        self.studio, self.connection = studio, connection

    async def ask(self, call: Call[T], counted: bool = True) -> T:
        """The answer of the call; raises OutOfBudget, ClaimLost or one of upstream's errors."""
        await sync_to_async(self._prepare)(counted)
        return await call(self.studio, self.connection)

    def spare(self) -> int:
        """Calls that may be spent on the side: one is kept for the next look at the list."""
        return self.account.calls_left(now_ms()) - 1

    def _prepare(self, counted: bool) -> None:
        now = now_ms()
        if counted:
            if self.account.calls_left(now) <= 0:
                raise OutOfBudget
            self.account.note_call(now)
        mine = Account.objects.filter(pk=self.account.pk, claimed_by=self.name)
        if not mine.update(claimed_until=now + LEASE_MS, calls=self.account.calls):
            raise ClaimLost
