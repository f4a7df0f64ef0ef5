from typing import ClassVar

from django.db import models

from dashboard.clock import MINUTE
from dashboard.models.account import Account

GAP_FROM_MS = 3 * MINUTE


class Gap(models.Model):
    """A span in which an account was not asked, or did not answer: nothing that happened in it was seen.

    From the last success until the next one, if that came more than 3 min later than it was to be.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="gaps", db_index=False)
    from_at = models.BigIntegerField()
    until_at = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "until_at"], name="gap_latest")]

    def __str__(self) -> str:
        return f"not watching from {self.from_at} to {self.until_at}"


def gaps_of(account_id: int, from_at: int, until_at: int) -> list[tuple[int, int]]:
    """The spans that touch this time and are over, oldest first, each cut to it. Milliseconds; kept for 30 days."""
    touching = Gap.objects.filter(account_id=account_id, until_at__gt=from_at, from_at__lt=until_at)
    spans = touching.order_by("until_at").values_list("from_at", "until_at")
    return [(max(begin, from_at), min(end, until_at)) for begin, end in spans]
