"""Beginning with an account, or beginning anew: what a test of its key found, and how far its walks are."""

from django.db.models import F

from dashboard.clock import SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.syncing import Health
from dashboard.sync.testing import Outcome, Verdict, refused
from dashboard.sync.twins import is_settled, mark_duplicate, same_again, twin_of

OTHER_PROJECT = "This key opens another project, so nothing is stored. Replace it, or go back to the previous key."

UNWALKED: dict[str, object] = {
    "import_before": None,
    "import_done_at": None,
    "imported": 0,
    "import_total": None,
    "watermark": 0,
    "overlap_from": 0,
    "unreadable": 0,
    "names_cursor": "",
    "names_done_at": None,
    "names_next_at": 0,
    "names_wanted": False,
}
"""How far the walks of an account have come that was never asked."""


def forget_the_project(account: Account) -> None:
    """It may be of another project, or on another server, from now on."""
    Account.objects.filter(pk=account.pk).update(
        **UNWALKED, project_id="", studio_user="", studio_default_project="", not_before_at=0
    )
    account.refresh_from_db()


def start_over(account: Account, verdict: Verdict) -> None:
    """Due now, with what the test found; what the server can do is learned anew. Who is asking just now loses the
    claim, so that a late answer to the old key cannot speak for the new one."""
    limited = verdict.outcome is Outcome.LIMITED
    found = {
        "studio_user": verdict.studio_user,
        "studio_default_project": verdict.default_project,
        "project_id": verdict.project_id or account.project_id,
    }
    not_before_at = not_before(account, verdict)
    Account.objects.filter(pk=account.pk).update(
        **{name: value for name, value in found.items() if value},
        health=Health.LIMITED if limited else Health.NEW,
        error=verdict.sentence if limited else "",
        error_since_at=now_ms() if limited else None,
        failures=0,
        documented_only=False,
        import_done_at=None if account.documented_only else account.import_done_at,
        not_before_at=not_before_at,
        next_sync_at=max(now_ms(), not_before_at),
        claimed_by="",
        claimed_until=0,
        revision=F("revision") + 1,
    )


def act_on(account: Account, verdict: Verdict) -> Verdict:
    """What the test of the key in use means for the account."""
    if verdict.outcome in (Outcome.WORKS, Outcome.LIMITED):
        settled = is_settled(account)
        if settled and verdict.project_id and verdict.project_id != account.project_id:
            stop(account, Health.REJECTED, OTHER_PROJECT)
            return refused(OTHER_PROJECT)
        twin = twin_of(account, account.url, verdict.own_project or account.project_id)
        if twin and (account.health == Health.DUPLICATE or not settled):
            mark_duplicate(account, twin, verdict.project_id or account.project_id)
            return refused(same_again(twin))
        start_over(account, verdict)
    elif verdict.rejects_key:
        stop(account, Health.REJECTED, verdict.sentence)
    elif verdict.retry_after_seconds:
        Account.objects.filter(pk=account.pk).wait_until(not_before(account, verdict))
    return verdict


def stop(account: Account, health: Health, sentence: str, next_at: int | None = None) -> None:
    """Not asked any more, for this reason, until somebody tests or replaces the key, or until then."""
    since = account.error_since_at if account.health == health and account.error_since_at else now_ms()
    Account.objects.filter(pk=account.pk).update(
        health=health,
        error=sentence,
        error_since_at=since,
        next_sync_at=next_at,
        claimed_by="",
        claimed_until=0,
        revision=F("revision") + 1,
    )


def not_before(account: Account, verdict: Verdict) -> int:
    """When Studio may be asked again, as it told now or before; 0 if it never said so."""
    asked = int(verdict.retry_after_seconds * SECOND)
    return max(account.not_before_at, now_ms() + asked if asked else 0)
