"""The line to Studio for one claimed account: every call goes through it and is counted."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from asgiref.sync import sync_to_async

from dashboard.clock import MINUTE, now_ms
from dashboard.models.account import Account, AccountQuerySet
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import NotFound

LEASE_MS = MINUTE
T = TypeVar("T")
Call = Callable[[AsyncStudio, Connection], Awaitable[T]]


class ClaimLost(Exception):
    """Our claim ran out and another syncer has the account: stop, without writing anything."""


class OutOfBudget(Exception):
    """The calls of this minute are used up."""


class Line:
    """One request in flight, never more calls than the budget, and the claim renewed before each.

    `made`: calls of this round that the budget counts. `most_aside`: calls a minute for what is less urgent than the
    list, where its looks are rare enough for that; None: as many as are usual.
    """

    def __init__(self, account: Account, name: str, studio: AsyncStudio, connection: Connection) -> None:
        self.account, self.name = account, name
        self.studio, self.connection = studio, connection
        self.made = 0
        self.most_aside: int | None = None

    async def ask(self, call: Call[T], counted: bool = True) -> T:
        """The answer of the call; raises OutOfBudget, ClaimLost or one of upstream's errors."""
        await sync_to_async(self._prepare)(counted, aside=False)
        return await self._timed(call)

    async def ask_aside(self, call: Call[T]) -> T:
        """As `ask`, for what is less urgent than the list: OutOfBudget while looks at it need the rest."""
        if self.account.calls_aside_left(now_ms(), self.most_aside) <= 0:
            raise OutOfBudget
        await sync_to_async(self._prepare)(counted=True, aside=True)
        return await self._timed(call)

    async def _timed(self, call: Call[T]) -> T:
        """How the call went is written before the next one, or with the end of the round."""
        begun, failed = now_ms(), True
        try:
            answer = await call(self.studio, self.connection)
            failed = False
        except NotFound:  # an answer like any other
            failed = False
            raise
        finally:
            self.account.note_usage(begun, failed)
        return answer

    def write(self, **changes: object) -> None:
        """Note on the account what differs, if it is still ours; raises ClaimLost."""
        different = {name: value for name, value in changes.items() if getattr(self.account, name) != value}
        if different:
            if not self._mine().update(**different):
                raise ClaimLost
            for name, value in different.items():
                setattr(self.account, name, value)

    def _prepare(self, counted: bool, aside: bool) -> None:
        now = now_ms()
        if counted:
            if self.account.calls_left(now) <= 0:
                raise OutOfBudget
            self.account.note_call(now, aside)
            self.made += 1
        if not self._mine().update(claimed_until=now + LEASE_MS, calls=self.account.calls, usage=self.account.usage):
            raise ClaimLost

    def _mine(self) -> AccountQuerySet:
        mine: AccountQuerySet = Account.objects.filter(pk=self.account.pk, claimed_by=self.name)
        return mine
