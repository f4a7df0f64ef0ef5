"""A surge in words: `14 failures in 6 min, 3 accounts, same cause since 10:42`."""

from types import SimpleNamespace

from dashboard.clock import MINUTE, iso, short
from dashboard.models.seen import Sight
from dashboard.models.surge import Surge, having_part, under_way
from dashboard.views.failures_words import plain_title

MOST_SHOWN = 3
LONGEST_TITLE = 120


def surges_of(sight: Sight) -> list[SimpleNamespace]:
    """The surges of the teams in view; of one account, those that it has a part in. Only if there are any is the
    database asked."""
    teams = {account.team_id for account in sight.accounts if account.surges}
    if not teams:
        return []
    if len(sight.accounts) > 1:
        return [_told(surge) for surge in under_way(teams, MOST_SHOWN)]
    return [_told(surge) for surge in having_part(sight.ids[0], under_way(teams))[:MOST_SHOWN]]


def _told(surge: Surge) -> SimpleNamespace:
    title = plain_title(surge.group.title)
    minutes = max(1, round((surge.last_at - surge.since_at) / MINUTE))
    length = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return SimpleNamespace(
        group_id=surge.group_id,
        head=f"{surge.tasks:,} failures in {length}",
        accounts=f"{surge.accounts:,} accounts" if surge.accounts > 1 else "1 account",
        since=iso(surge.since_at),
        since_text=short(surge.since_at),
        title=title[:LONGEST_TITLE] + "…" * (len(title) > LONGEST_TITLE),
    )
