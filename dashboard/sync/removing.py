"""Deleting the rows of removed accounts, bit by bit, so that nobody waits for it."""

from collections.abc import Iterator

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Model, QuerySet

from dashboard.models.account import Account
from dashboard.models.asset import Asset
from dashboard.models.bucket import Bucket
from dashboard.models.day import Day
from dashboard.models.failing import forget
from dashboard.models.gap import Gap
from dashboard.models.group import Group
from dashboard.models.probe import Probe
from dashboard.models.releasing import drop_empty
from dashboard.models.task import Task

BATCH = 200


async def remove_rows() -> None:
    """All that is left of removed accounts. Between the batches the syncer does its other work."""
    while await sync_to_async(remove_some)():
        continue


def remove_some() -> bool:
    """One batch of one account, and at last the account. False when no account is removed."""
    account = Account.objects.exclude(removed_at=None).order_by("removed_at", "pk").first()
    if account is None:
        return False
    for rows in _rows_of(account):
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if ids:
            _delete(account, rows.model, ids)
            return True
    groups = list(Group.objects.filter(team=account.team_id).values_list("pk", flat=True))
    account.delete()
    drop_empty(groups)
    return True


def _delete(account: Account, model: type[Model], ids: list[int]) -> None:
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).bump()  # first, because it locks the account
        if model is Task:
            forget(ids)
        model._default_manager.filter(pk__in=ids).delete()


def _rows_of(account: Account) -> Iterator[QuerySet[Model]]:
    """What an account may hold many of. What hangs on a task goes with it."""
    for of_account in (Task, Asset, Probe, Gap, Bucket, Day):
        yield of_account._default_manager.filter(account=account)
