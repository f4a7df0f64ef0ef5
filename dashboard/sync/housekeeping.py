"""What is forgotten, and when: once an hour, in small transactions."""

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from dashboard.clock import DAY
from dashboard.models.account import Account
from dashboard.models.gap import Gap
from dashboard.models.probe import Probe
from dashboard.models.tally import Tally
from dashboard.models.task import PRUNED_AFTER_MS, Observation, Task

BATCH = 200


async def tidy(now: int) -> None:
    """Prune observations 30 days after a task's end, tasks after KEEP_TASKS_DAYS, and ended sessions. What gateways
    answered, and when we were not watching, is kept for 30 days as well.
    Between the batches the syncer does its other work."""
    while await sync_to_async(_prune_observations)(now - PRUNED_AFTER_MS):
        continue
    days = settings.KEEP_TASKS_DAYS
    while days and await sync_to_async(_forget_tasks)(now - days * DAY):
        continue
    await sync_to_async(_prune_probes_and_gaps)(now - PRUNED_AFTER_MS)
    await sync_to_async(Session.objects.filter(expire_date__lt=timezone.now()).delete)()


def _prune_observations(before: int) -> int:
    """One batch; the number of rows that went."""
    ended = Task.objects.ended_before(before)
    ids = list(Observation.objects.filter(task__in=ended).values_list("pk", flat=True)[:BATCH])
    Observation.objects.filter(pk__in=ids).delete()
    return len(ids)


def _prune_probes_and_gaps(before: int) -> None:
    """There are few of them: only people probe, and only outages make gaps."""
    Probe.objects.filter(asked_at__lt=before).delete()
    Gap.objects.filter(until_at__lt=before).delete()


def _forget_tasks(before: int) -> int:
    """One batch of one account; the number of tasks that went."""
    ended = Task.objects.ended_before(before)
    account = Account.objects.filter(pk__in=ended.values("account")[:1]).first()
    if account is None:
        return 0
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).bump()  # first, because it locks the account
        rows = list(ended.filter(account=account).values_list("pk", "phase", "type", "deleted_at")[:BATCH])
        Task.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()
        Tally.move(account, [(phase, kind) for _, phase, kind, deleted_at in rows if deleted_at is None], [])
    return len(rows)
