"""Grouping what is known of failures anew, after an upgrade: beside all other work, and slowly enough for it."""

import asyncio
from collections.abc import Iterator

from asgiref.sync import sync_to_async

from dashboard.models.regrouping import Step, regroup

PAUSE_SECONDS = 0.05


async def regroup_failures(now: int) -> None:
    """All that is needed, one small transaction after the other."""
    steps = regroup()
    while True:
        if await sync_to_async(_is_over)(steps):
            return
        await asyncio.sleep(PAUSE_SECONDS)


def _is_over(steps: Iterator[Step]) -> bool:
    """After one more step."""
    return next(steps, None) is None
