"""Counting the days whose numbers are not true any more, a few at a time, beside the syncer's other work."""

from asgiref.sync import sync_to_async

from dashboard.clock import DAY
from dashboard.models.day import Day, StaleDay

MOST_DAYS = 20


async def count_days(now: int) -> None:
    """The newest days that are due, at most 20. Between them the syncer does its other work."""
    for stale in await sync_to_async(_due)(now):
        await sync_to_async(_count)(stale, now)


def _due(now: int) -> list[StaleDay]:
    return list(StaleDay.objects.due(now).select_related("account__team")[:MOST_DAYS])


def _count(stale: StaleDay, now: int) -> None:
    kept = stale.account.team.kept_days
    Day.count(stale.account_id, stale.at, now, is_whole=not kept or stale.at >= now - kept * DAY)
