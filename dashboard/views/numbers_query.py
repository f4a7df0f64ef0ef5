"""The URL of the numbers, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from dashboard.clock import DAY, iso
from dashboard.models.day import start_of_day
from dashboard.views.asked import id_or_404
from dashboard.views.polling import link

DAYS = (7, 14, 30, 90)
USUAL = 14
LONGEST_TYPE = 100


@dataclass(frozen=True)
class NumbersQuery:
    """The last `days` days of UTC, today included. Ids that are none are not found."""

    days: int = USUAL
    team: int | None = None
    account: int | None = None
    type: str = ""

    @classmethod
    def read(cls, told: Mapping[str, str]) -> "NumbersQuery":
        days = told.get("days", "")
        return cls(
            days=int(days) if days in map(str, DAYS) else USUAL,
            team=id_or_404(told.get("team", "")),
            account=id_or_404(told.get("account", "")),
            type=told.get("type", "").replace("\0", "").strip()[:LONGEST_TYPE],
        )

    def span(self, now: int) -> tuple[int, int]:
        """From the first ms of the first day until the end of today."""
        end = start_of_day(now) + DAY
        return end - self.days * DAY, end

    def url(self, **changes: object) -> str:
        """The page with these filters, or with others."""
        query = replace(self, **changes)  # type: ignore[arg-type]
        told = {"days": query.days if query.days != USUAL else None, "type": query.type, "account": query.account}
        return link(reverse("numbers"), {**told, "team": query.team})

    def failed_url(self, from_at: int, to_at: int, **changes: object) -> str:
        """The board with those that failed on the days from one until, but not with, the other."""
        query = replace(self, **changes)  # type: ignore[arg-type]
        first, last = iso(from_at)[:10], iso(to_at - DAY)[:10]
        told = {"q": f"updated:{first}" if first == last else f"updated:{first}..{last}", "phase": "failed"}
        return link(reverse("board"), {**told, "type": query.type, "account": query.account, "team": query.team})
