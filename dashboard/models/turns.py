"""Where a task stands among those of its own account that wait at Studio.

Studio's queue is shared by all of its users and tells nobody how long it is; so this is a place among one's own.
"""

from collections.abc import Collection
from itertools import chain
from typing import NamedTuple

from dashboard.models.lanes import rows_of

MOST = 1000


class Turn(NamedTuple):
    """`number` 1 has waited the longest of its account. `of` is how many wait, MOST at most."""

    number: int
    of: int

    @property
    def is_capped(self) -> bool:
        """Whether more wait than were counted."""
        return self.of == MOST


def turns_in(account_ids: Collection[int]) -> dict[int, Turn]:
    """By the task's id, of the first MOST of each account. What Studio tries again after a failure waits for another
    reason, and what has stalled may never start: neither is before anybody."""
    turns = dict[int, Turn]()
    for ids in _waiting_in(account_ids).values():
        turns.update((task_id, Turn(number, len(ids))) for number, task_id in enumerate(ids, start=1))
    return turns


def _waiting_in(account_ids: Collection[int]) -> dict[int, list[int]]:
    """Hand-written, as the board asks it with each change; each account's own part of an index gives its first."""
    waiting: dict[int, list[int]] = {account_id: [] for account_id in account_ids}
    one = (
        "SELECT * FROM (SELECT account_id, id FROM dashboard_task WHERE account_id = %s AND phase = 'waiting' "
        "AND overlay = '' ORDER BY updated_at, id LIMIT %s) AS part"
    )
    values = [*chain.from_iterable((account_id, MOST) for account_id in waiting)]
    if waiting:
        for account_id, task_id in rows_of(" UNION ALL ".join([one] * len(waiting)), values):
            waiting[account_id].append(task_id)
    return waiting
