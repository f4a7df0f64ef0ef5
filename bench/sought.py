"""What people look for on a board: one task by each of the words that are its alone, and a small team's list."""

from collections.abc import Sequence

from bench.peaceful import peaceful_account
from dashboard.clock import now_ms
from dashboard.models import Account, Name, Task, Team
from dashboard.models.memory import remember
from dashboard.upstream.snapshots import Snapshot

SMALL = 2_000
ACCOUNTS = 3
BATCH = 200
KINDS = {"id": "id", "prefix": "id", "cid": "cid", "file": "file"}
"""By the kind of a name the qualifier that asks for it."""


def searches(account: Account) -> dict[str, str]:
    """A search for each kind of name, of a task from the middle."""
    first, last = (
        Task.objects.filter(account=account).order_by(way).values_list("pk", flat=True)[0] for way in ("pk", "-pk")
    )
    later = Name.objects.filter(task__gte=(first + last) // 2, task__account=account)
    found = {kind: later.filter(kind=kind).order_by("task").values_list("value", flat=True)[0] for kind in KINDS}
    return {kind: f'{KINDS[kind]}:"{value}"' for kind, value in found.items()}


def small_team(snapshots: Sequence[Snapshot]) -> Team:
    """It owns few tasks, in three accounts."""
    team, now = Team.objects.create(name="Small"), now_ms()
    for number in range(ACCOUNTS):
        account = peaceful_account(team, f"Small {number}")
        mine = [s for s in snapshots if len(str(s.document)) < 10_000][: SMALL // ACCOUNTS]
        for start in range(0, len(mine), BATCH):
            remember(account, mine[start : start + BATCH], now)
    return team
