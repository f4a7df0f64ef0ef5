from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Count, F

from dashboard.models.account import Account
from dashboard.models.task import Task

Kind = tuple[str, str]


class Tally(models.Model):
    """How many tasks of an account are of a phase and type, kept true in the transaction that changes them.

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
    def recount(account: Account) -> None:
        """From scratch, after rows were removed in bulk."""
        Tally.objects.filter(account=account).delete()
        kinds = Task.objects.filter(account=account).values("phase", "type").annotate(n=Count("id")).order_by()
        Tally.objects.bulk_create(
            Tally(account=account, phase=kind["phase"], type=kind["type"], number=kind["n"]) for kind in kinds
        )
