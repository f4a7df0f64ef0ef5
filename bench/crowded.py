"""A team that watches 200 projects, each with a day of calls behind it."""

import random

from bench.peaceful import peaceful_account
from dashboard.clock import DAY, HOUR, SECOND, now_ms
from dashboard.models import Account, ApiKey, Tally, Team
from dashboard.usage import note

ACCOUNTS = 200
CALLS_AN_HOUR = 8


def crowded_team() -> Team:
    """Its accounts are left in peace: nothing changes what is shown."""
    team, chance = Team.objects.create(name="Crowded"), random.Random(7)  # noqa: S311  no secret
    for number in range(ACCOUNTS):
        account = _account(team, number, chance)
        ApiKey.objects.store(account, f"00000000-0000-4000-8000-{chance.getrandbits(48):012x}")
        Tally.objects.create(account=account, phase="completed", type="upload", number=chance.randrange(9000))
    return team


def _account(team: Team, number: int, chance: random.Random) -> Account:
    now = now_ms()
    return peaceful_account(
        team,
        f"Project {number:03}",
        studio_user=f"person-{number}@studio.example.test",
        project_id=f"project-{number}",
        next_sync_at=now + DAY,
        usage=_usage(now, chance),
    )


def _usage(now: int, chance: random.Random) -> str:
    text = ""
    for hour in reversed(range(24)):
        for call in range(chance.randrange(2 * CALLS_AN_HOUR)):
            text = note(text, now - hour * HOUR - call * SECOND, chance.randrange(100, 400), chance.random() < 0.01)
    return text
