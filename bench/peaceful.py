"""An account that nothing changes but the bench: without a next round it is never overdue."""

from dashboard.clock import now_ms
from dashboard.models import Account, Health, Team


def peaceful_account(team: Team, name: str, **fields: object) -> Account:
    now = now_ms()
    usual: dict[str, object] = {
        "url": "https://studio.example.test/api",
        "health": Health.WORKING,
        "last_try_at": now,
        "last_success_at": now,
        "import_done_at": now,
        "watched_at": now,
        "next_sync_at": None,
    }
    return Account.objects.create(team=team, name=name, **usual | fields)
