"""Accounts at rest: paused, archived with their history, or removed.

Every verb takes who acts, writes the audit entry in the transaction of the act, and says whether it did anything:
somebody else may have been faster.
"""

from django.db import transaction
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, PreviousKey
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.syncing import Health
from dashboard.models.tally import Tally
from dashboard.sync.twins import holds_tasks, lock_team, release_duplicates, tell_duplicates


def pause(account: Account, actor: Actor) -> bool:
    """Ask Studio no more by ourselves until somebody resumes it."""
    with transaction.atomic():
        mine = Account.objects.filter(pk=account.pk, paused=False, archived_at=None, removed_at=None)
        if not mine.update(paused=True, paused_at=now_ms(), paused_by=actor.name[:320], revision=F("revision") + 1):
            return False
        AuditEntry.note(actor, "account.paused", account.team_id, account.name)
        account.refresh_from_db()
    return True


def resume(account: Account, actor: Actor) -> bool:
    """Due now, unless its key is one that is not used."""
    now = now_ms()
    with transaction.atomic():
        mine = Account.objects.filter(pk=account.pk, paused=True, removed_at=None)
        if not mine.update(paused=False, paused_at=None, paused_by="", revision=F("revision") + 1):
            return False
        due_at = Greatest(F("not_before_at"), Value(now, BigIntegerField()))
        Account.objects.filter(pk=account.pk, next_sync_at__gt=now).update(next_sync_at=due_at)
        AuditEntry.note(actor, "account.resumed", account.team_id, account.name)
        account.refresh_from_db()
    return True


def archive(account: Account, actor: Actor) -> bool:
    """Delete both keys, keep what is known of the tasks. Replacing its key brings it back."""
    with transaction.atomic():
        lock_team(account.team_id)
        at_rest: dict[str, object] = {"archived_at": now_ms(), "paused": False, "paused_at": None, "paused_by": ""}
        mine = Account.objects.filter(pk=account.pk, archived_at=None, removed_at=None)
        if not mine.update(**at_rest, **_unasked()):
            return False
        _drop_keys(account)
        _leave_the_project(account)
        AuditEntry.note(actor, "account.archived", account.team_id, account.name)
    return True


def _leave_the_project(account: Account) -> None:
    """What holds tasks stays the project's account. What holds none would only keep others from it."""
    if not holds_tasks(account):
        Account.objects.filter(pk=account.pk).update(project_id="")
    account.refresh_from_db()
    if account.own_project:
        tell_duplicates(account)
    else:
        release_duplicates(account)


def remove(account: Account, actor: Actor) -> bool:
    """Gone for everybody at once, its keys too; its rows are deleted bit by bit. Its name is free again."""
    with transaction.atomic():
        lock_team(account.team_id)
        mine = Account.objects.filter(pk=account.pk, removed_at=None)
        if not mine.update(removed_at=now_ms(), **_unasked()):
            return False
        _drop_keys(account)
        release_duplicates(account)
        AuditEntry.note(actor, "account.removed", account.team_id, account.name, before={"tasks": _tasks(account)})
    return True


def _unasked() -> dict[str, object]:
    """Never due, and whoever is asking just now loses the claim."""
    return {
        "health": Health.NEW,
        "error": "",
        "error_since_at": None,
        "next_sync_at": None,
        "claimed_by": "",
        "claimed_until": 0,
        "revision": F("revision") + 1,
    }


def _drop_keys(account: Account) -> None:
    ApiKey.objects.filter(account=account.pk).delete()
    PreviousKey.objects.filter(account=account.pk).delete()


def _tasks(account: Account) -> int:
    """How many tasks are held."""
    return sum(Tally.objects.filter(account=account.pk).values_list("number", flat=True))
