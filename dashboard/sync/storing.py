"""Writing pages of snapshots in short transactions, so that the web is never locked out of SQLite."""

import time
from collections.abc import Sequence

from asgiref.sync import sync_to_async

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.memory import Remembered, remember
from dashboard.upstream.snapshots import Snapshot

MOST_ROWS = 200
FEWEST_ROWS = 10
LONGEST_SECONDS = 0.05
AIM_SECONDS = 0.04


class Storing:
    """Remembers how many rows this machine writes within 50 ms."""

    def __init__(self) -> None:
        self.rows = 50

    async def store(self, account: Account, snapshots: Sequence[Snapshot]) -> Remembered:
        """Keep all snapshots, in as many transactions as it takes."""
        total = Remembered()
        done = 0
        while done < len(snapshots):
            batch = snapshots[done : done + self.rows]
            done += len(batch)
            part = await sync_to_async(self._write)(account, batch)
            total.new += part.new
            total.changed += part.changed
            total.unnamed |= part.unnamed
            total.moved |= part.moved
        return total

    def _write(self, account: Account, batch: Sequence[Snapshot]) -> Remembered:
        started = time.perf_counter()
        part = remember(account, batch, now_ms())
        took = time.perf_counter() - started
        if took > LONGEST_SECONDS or len(batch) == self.rows:
            # A part of the time is the same for any number of rows: steps in proportion end where the aim is met, while
            # halving would end at the fewest.
            step = min(2.0, max(0.5, AIM_SECONDS / max(took, 0.001)))
            self.rows = max(FEWEST_ROWS, min(MOST_ROWS, round(self.rows * step)))
        return part
