from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

from django.db import connection, models
from django.db.models import F, Sum

from dashboard.models.account import Account

Kind = tuple[str, str]


class Tally(models.Model):
    """How many tasks of an account are of a phase and type, kept true in the transaction that changes them.
    Tasks that were deleted at Studio are not counted.

    Counting 100,000 rows for each poll would cost more than all the rest of the page.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tallies", db_index=False)
    phase = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    number = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "phase", "type"], name="tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.phase} {self.type}"

    @classmethod
    def move(cls, account: Account, before: Iterable[Kind], after: Iterable[Kind]) -> None:
        """Tasks that were of these kinds are now of those."""
        delta = Counter(after)
        delta.subtract(Counter(before))
        for (phase, task_type), number in delta.items():
            if number == 0:
                continue
            row = cls.objects.filter(account=account, phase=phase, type=task_type)
            if not row.update(number=F("number") + number):
                cls.objects.create(account=account, phase=phase, type=task_type, number=number)

    @staticmethod
    def counts_of(account_ids: Sequence[int]) -> dict[Kind, int]:
        """Numbers by phase and type, over all these accounts. Hand-written: it is read at each change of a board."""
        if not account_ids:
            return {}
        marks = ",".join(["%s"] * len(account_ids))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT phase, type, SUM(number) FROM dashboard_tally "  # noqa: S608  only marks are put in
                f"WHERE account_id IN ({marks}) GROUP BY phase, type",
                list(account_ids),
            )
            return {(phase, task_type): int(number) for phase, task_type, number in cursor.fetchall() if number > 0}

    @classmethod
    def total(cls, account: Account) -> int:
        """How many tasks of the account we hold."""
        return cls.objects.filter(account=account).aggregate(total=Sum("number"))["total"] or 0
