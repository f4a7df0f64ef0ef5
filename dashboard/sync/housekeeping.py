"""What is forgotten, and when: once an hour, in small transactions."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from dashboard.clock import DAY
from dashboard.models.account import Account
from dashboard.models.tally import Tally
from dashboard.models.task import PRUNED_AFTER_MS, Observation, Task

BATCH = 200


def tidy(now: int) -> None:
    """Prune observations 30 days after a task's end, tasks after KEEP_TASKS_DAYS, and ended sessions."""
    _prune_observations(now)
    if settings.KEEP_TASKS_DAYS:
        _forget_tasks(now - settings.KEEP_TASKS_DAYS * DAY)
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _prune_observations(now: int) -> None:
    ended = Task.objects.ended_before(now - PRUNED_AFTER_MS)
    while ids := list(Observation.objects.filter(task__in=ended).values_list("pk", flat=True)[:BATCH]):
        Observation.objects.filter(pk__in=ids).delete()


def _forget_tasks(before: int) -> None:
    for account in Account.objects.all():
        forgotten = False
        old = Task.objects.filter(account=account).ended_before(before)
        while ids := list(old.values_list("pk", flat=True)[:BATCH]):
            Task.objects.filter(pk__in=ids).delete()
            forgotten = True
        if forgotten:
            Tally.recount(account)
            Account.objects.filter(pk=account.pk).bump()
