"""Connecting an account and changing its key: tested first, on the page and in the command alike."""

from contextlib import nullcontext
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from dashboard.clock import SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, key_of
from dashboard.models.syncing import Health
from dashboard.models.task import Task
from dashboard.models.team import Team
from dashboard.sync.buttons import a_place, a_turn
from dashboard.sync.testing import CALLS_OF_A_TEST, Outcome, Verdict, try_key, verdict_of
from dashboard.upstream.client import Connection
from dashboard.upstream.errors import PrivateAddress, RateLimited
from dashboard.upstream.network import BadUrl, check_url, deadline, origin_of
from dashboard.vault import Unopenable

ANOTHER_PROJECT = "This key opens another project; add it as a new account."
UNSEEN_PROJECT = "Another server has to show a task of the same project first, and it showed none."
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


@dataclass(frozen=True)
class Connected:
    """The verdict on a key and, unless it was refused, the account that now holds it."""

    verdict: Verdict
    account: Account | None = None


def connect(team: Team, name: str, url: str, key: str) -> Connected:
    """Test the key at this URL and keep both as a new account. Raises Busy; a refusal stores nothing."""
    verdict, url = _test(url, key)
    if not verdict.may_be_kept:
        return Connected(verdict)
    account = Account(team=team, name=name, url=url)
    _store(account, verdict, key)
    return Connected(verdict, account)


def change(account: Account, name: str, url: str, key: str) -> Connected:
    """Rename, or take a new key or URL after testing it. A key goes only to the server it was given for, so a new
    origin needs the key again: without it this is refused by the sealed key itself. The tasks that are held stay
    those of one project, and another server or project is walked from the start. Raises Busy."""
    if not key and url == account.url:
        account.name = name
        Account.objects.filter(pk=account.pk).update(name=name)
        Account.objects.filter(pk=account.pk).bump()
        return Connected(Verdict(Outcome.WORKS, "Saved."), account)
    before = account.url
    try:
        account.url = check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
        key = key or key_of(account)
    except (BadUrl, PrivateAddress, Unopenable) as error:
        return Connected(Verdict(Outcome.REFUSED, str(error)))
    finally:
        account.url = before
    verdict, url = _test(url, key, account)
    if not verdict.may_be_kept:
        return Connected(verdict)
    moves, holds_tasks = origin_of(url) != origin_of(account.url), Task.objects.filter(account=account).exists()
    if holds_tasks and not _is_same_project(account, verdict, moves):
        return Connected(Verdict(Outcome.REFUSED, ANOTHER_PROJECT if verdict.project_id else UNSEEN_PROJECT))
    account.name, account.url = name, url
    _store(account, verdict, key, unlearn=moves or not holds_tasks)
    return Connected(verdict, account)


def _is_same_project(account: Account, verdict: Verdict, moves: bool) -> bool:
    """Whether the key opens the project we know. On the same server that is believed unless it is seen otherwise;
    another server has to show it."""
    if verdict.project_id and account.project_id:
        return verdict.project_id == account.project_id
    return not moves


def test_again(account: Account) -> Verdict:
    """Try the stored key; a key that works again is asked for again. Raises Busy."""
    try:
        key = key_of(account)
    except Unopenable as error:
        return Verdict(Outcome.REFUSED, str(error))
    verdict, _ = _test(account.url, key, account)
    if verdict.outcome in (Outcome.WORKS, Outcome.LIMITED):
        _start_over(account, verdict)
    elif verdict.retry_after_seconds:
        Account.objects.filter(pk=account.pk).wait_until(_not_before(account, verdict))
    return verdict


def _test(url: str, key: str, account: Account | None = None) -> tuple[Verdict, str]:
    try:
        url = check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
    except (BadUrl, PrivateAddress) as error:
        return Verdict(Outcome.REFUSED, str(error)), url
    with a_place() as (studio, patience):
        turn = a_turn(account, patience, CALLS_OF_A_TEST) if account else nullcontext()
        try:
            with turn, deadline(patience.left):
                return try_key(studio, Connection(url, key)), url
        except RateLimited as error:  # before anything was asked
            return verdict_of(error), url


def _store(account: Account, verdict: Verdict, key: str, unlearn: bool = False) -> None:
    with transaction.atomic():
        if account.pk is None:
            account.save()
        else:
            account.save(update_fields=["name", "url"])
        ApiKey.objects.store(account, key)
        if unlearn:
            _forget_the_project(account)
        _start_over(account, verdict)


def _forget_the_project(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(
        **UNWALKED, project_id="", studio_user="", studio_default_project="", not_before_at=0
    )
    account.refresh_from_db()


def _start_over(account: Account, verdict: Verdict) -> None:
    """Due now, with what the test found; what the server can do is learned anew. Who is asking just now loses the
    claim, so that a late answer to the old key cannot speak for the new one."""
    health = Health.LIMITED if verdict.outcome is Outcome.LIMITED else Health.NEW
    found = {
        "studio_user": verdict.studio_user,
        "studio_default_project": verdict.default_project,
        "project_id": verdict.project_id or account.project_id,
    }
    Account.objects.filter(pk=account.pk).update(
        **{name: value for name, value in found.items() if value},
        health=health,
        error=verdict.sentence if health == Health.LIMITED else "",
        error_since_at=now_ms() if health == Health.LIMITED else None,
        failures=0,
        documented_only=False,
        import_done_at=None if account.documented_only else account.import_done_at,
        not_before_at=_not_before(account, verdict),
        next_sync_at=max(now_ms(), _not_before(account, verdict)),
        claimed_by="",
        claimed_until=0,
    )
    Account.objects.filter(pk=account.pk).bump()


def _not_before(account: Account, verdict: Verdict) -> int:
    """When Studio may be asked again, as it told now or before; 0 if it never said so."""
    asked = int(verdict.retry_after_seconds * SECOND)
    return max(account.not_before_at, now_ms() + asked if asked else 0)
