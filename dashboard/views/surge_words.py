"""A surge in words: `14 failures in 6 min, 3 accounts, same cause since 10:42`."""

from types import SimpleNamespace

from dashboard.clock import MINUTE, iso, short
from dashboard.models.seen import Sight
from dashboard.models.surge import Surge, under_way
from dashboard.visible import visible

MOST_SHOWN = 3
LONGEST_TITLE = 120


def surges_of(sight: Sight) -> list[SimpleNamespace]:
    """The surges of the teams in view. Only if there are any is the database asked."""
    teams = {account.team_id for account in sight.accounts if account.surges}
    return [_told(surge) for surge in under_way(teams, MOST_SHOWN)] if teams else []


def _told(surge: Surge) -> SimpleNamespace:
    title = surge.group.title
    minutes = max(1, round((surge.last_at - surge.since_at) / MINUTE))
    length = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return SimpleNamespace(
        group_id=surge.group_id,
        head=f"{surge.tasks:,} failures in {length}",
        accounts=f"{surge.accounts:,} accounts" if surge.accounts > 1 else "1 account",
        since=iso(surge.since_at),
        since_text=short(surge.since_at),
        title=visible(title[:LONGEST_TITLE]) + "…" * (len(title) > LONGEST_TITLE),
    )
