from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

from django.db import connection, models
from django.db.models import Sum

from dashboard.models.account import Account
from dashboard.models.compiling import marks
from dashboard.models.upsert import execute_many

Kind = tuple[str, str, str]
"""A phase, a type and an overlay."""
_MOVE = (
    "INSERT INTO dashboard_tally (account_id, phase, type, overlay, number) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (account_id, phase, type, overlay) DO UPDATE SET number = dashboard_tally.number + EXCLUDED.number"
)


class Tally(models.Model):
    """How many tasks of an account are of a phase, type and overlay, kept true in the transaction that changes them.
    Tasks that were deleted at Studio are not counted.

    Counting 100,000 rows for each poll would cost more than all the rest of the page.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tallies", db_index=False)
    phase = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    overlay = models.CharField(max_length=10, default="", blank=True)
    number = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "phase", "type", "overlay"], name="tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.phase} {self.type}"

    @classmethod
    def move(cls, account: Account, before: Iterable[Kind], after: Iterable[Kind]) -> None:
        """Tasks that were of these kinds are now of those."""
        delta = Counter(after)
        delta.subtract(Counter(before))
        execute_many(_MOVE, [(account.pk, *kind, number) for kind, number in sorted(delta.items()) if number])

    @staticmethod
    def by_kind(account_ids: Sequence[int]) -> dict[Kind, int]:
        """Numbers over all these accounts, also those that all have gone from. Hand-written: it is read at each change
        of a board."""
        if not account_ids:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT phase, type, overlay, SUM(number) FROM dashboard_tally "  # noqa: S608  only marks are put in
                f"WHERE account_id IN ({marks(account_ids)}) GROUP BY phase, type, overlay",
                list(account_ids),
            )
            return {(phase, task_type, overlay): int(n) for phase, task_type, overlay, n in cursor.fetchall()}

    @classmethod
    def counts_of(cls, account_ids: Sequence[int]) -> dict[tuple[str, str], int]:
        """Numbers by phase and type, of which there are any."""
        counts = Counter[tuple[str, str]]()
        for (phase, task_type, _), number in cls.by_kind(account_ids).items():
            counts[phase, task_type] += number
        return dict(+counts)

    @classmethod
    def total(cls, account: Account) -> int:
        """How many tasks of the account we hold."""
        return cls.objects.filter(account=account).aggregate(total=Sum("number"))["total"] or 0
