"""The freshness line: how old the page is, and why, when it is older than it should be."""

from types import SimpleNamespace

from django.urls import reverse

from dashboard.clock import iso
from dashboard.models.rights import Right, may
from dashboard.models.seen import SILENT_MS, Freshness, SeenAccount, Sight
from dashboard.models.syncing import Health
from dashboard.views.kept import AS_OF


def freshness_of(sight: Sight) -> SimpleNamespace:
    """For `_freshness.html`: the worst of the accounts, named when there are several or something is wrong."""
    worst, state = sight.worst, sight.freshness
    sentence, since = _sentence(worst, state, sight.now) if worst else ("", None)
    return SimpleNamespace(
        state=state.value,
        is_asked=worst is not None,
        sentence=sentence,
        as_of_iso=AS_OF if sight.as_of_at else "",
        since_iso=iso(since),
        account=worst.name if worst and state is not Freshness.LIVE else "",
        try_url=_try_url(worst) if worst else None,
    )


def _try_url(account: SeenAccount) -> str | None:
    """Where an admin can have the key tried at once."""
    in_trouble = account.health in (Health.REJECTED, Health.UNOPENABLE, Health.FAILING, Health.LIMITED)
    return reverse("account-test", args=[account.id]) if in_trouble and may(account.role, Right.MANAGE_KEYS) else None


def _sentence(account: SeenAccount, state: Freshness, now: int) -> tuple[str, int | None]:
    """What happened, in words, and since when."""
    if state is Freshness.LIVE:
        return "", None
    if account.paused:
        return "paused", account.last_success_at
    if account.health in (Health.REJECTED, Health.UNOPENABLE):
        return account.error, account.error_since_at
    if account.beat_at is None or account.beat_at < now - SILENT_MS:
        return "the syncer is not running", account.beat_at
    if account.health in (Health.FAILING, Health.LIMITED, Health.RATE_LIMITED):
        return account.error, account.error_since_at
    return "the next answer is overdue", account.next_sync_at
