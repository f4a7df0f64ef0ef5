"""What is forgotten, and when: once an hour, in small transactions."""

from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from dashboard.clock import DAY
from dashboard.models.account import Account
from dashboard.models.audit import AuditEntry
from dashboard.models.bucket import HOURS_KEPT_MS, Bucket
from dashboard.models.failing import forget
from dashboard.models.gap import Gap
from dashboard.models.probe import Probe
from dashboard.models.tally import Tally
from dashboard.models.task import PRUNED_AFTER_MS, Observation, Task

BATCH = 200
AUDIT_BATCH = 1000


async def tidy(now: int) -> None:
    """Prune observations 30 days after a task's end, tasks after the days that their team keeps them, the audit after
    KEEP_AUDIT_DAYS, and ended sessions with what is kept of their browsers. What gateways answered, and when we were
    not watching, is kept for 30 days as well. Between the batches the syncer does its other work."""
    while await sync_to_async(_prune_observations)(now - PRUNED_AFTER_MS):
        continue
    for account, days in await sync_to_async(_kept_days)():
        while await sync_to_async(_forget_tasks)(account, now - days * DAY):
            continue
    days = settings.KEEP_AUDIT_DAYS
    while days and await sync_to_async(AuditEntry.objects.forget_before)(now - days * DAY, AUDIT_BATCH):
        continue
    await sync_to_async(_prune_probes_and_gaps)(now - PRUNED_AFTER_MS)
    while await sync_to_async(_prune_hours)(now - 2 * HOURS_KEPT_MS):
        continue
    await sync_to_async(Session.objects.filter(expire_date__lt=timezone.now()).delete)()
    while await sync_to_async(_forget_browsers)():
        continue


def _prune_observations(before: int) -> int:
    """One batch; the number of rows that went."""
    ended = Task.objects.ended_before(before)
    ids = list(Observation.objects.filter(task__in=ended).values_list("pk", flat=True)[:BATCH])
    Observation.objects.filter(pk__in=ids).delete()
    return len(ids)


def _prune_hours(before: int) -> int:
    """One batch of buckets of an hour; the number of rows that went."""
    ids = list(Bucket.objects.filter(hours=1, at__lt=before).values_list("pk", flat=True)[:BATCH])
    Bucket.objects.filter(pk__in=ids).delete()
    return len(ids)


def _prune_probes_and_gaps(before: int) -> None:
    """There are few of them: only people probe, and only outages make gaps."""
    Probe.objects.filter(asked_at__lt=before).delete()
    Gap.objects.filter(until_at__lt=before).delete()


def _forget_browsers() -> int:
    """One batch of what allauth keeps beside a session, from where and with what somebody is signed in; the number."""
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    ids = list(UserSession.objects.filter(~Exists(session)).values_list("pk", flat=True)[:BATCH])
    UserSession.objects.filter(pk__in=ids).delete()
    return len(ids)


def _kept_days() -> list[tuple[Account, int]]:
    """Accounts whose ended tasks are forgotten some day, and after how many days: as the team says, else as the
    installation does. 0 is never."""
    accounts = Account.objects.select_related("team").only("team", "team__keep_tasks_days")
    told = [(account, account.team.kept_days) for account in accounts]
    return [(account, days) for account, days in told if days]


def _forget_tasks(account: Account, before: int) -> int:
    """One batch; the number of tasks that went."""
    ended = Task.objects.filter(account=account).ended_before(before)
    if not ended.exists():
        return 0
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).bump()  # first, because it locks the account
        rows = list(ended.values_list("pk", "deleted_at", "phase", "type", "overlay")[:BATCH])
        ids = [pk for pk, *_ in rows]
        forget(ids)
        Task.objects.filter(pk__in=ids).delete()
        Tally.move(
            account, [(phase, kind, overlay) for _, deleted_at, phase, kind, overlay in rows if deleted_at is None], []
        )
    return len(rows)
