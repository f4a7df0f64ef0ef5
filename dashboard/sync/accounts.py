"""Connecting an account and changing its key: tested first, on the page and in the command alike."""

from contextlib import nullcontext
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey
from dashboard.models.syncing import Health
from dashboard.models.team import Team
from dashboard.sync.buttons import a_place, a_turn
from dashboard.sync.testing import CALLS_OF_A_TEST, Outcome, Verdict, try_key
from dashboard.upstream.client import Connection
from dashboard.upstream.errors import PrivateAddress
from dashboard.upstream.network import BadUrl, check_url, deadline
from dashboard.vault import Unopenable


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
    origin needs the key again: without it this is refused by the sealed key itself. Raises Busy."""
    if not key and url == account.url:
        account.name = name
        Account.objects.filter(pk=account.pk).update(name=name)
        Account.objects.filter(pk=account.pk).bump()
        return Connected(Verdict(Outcome.WORKS, "Saved."), account)
    before = account.url
    try:
        account.url = check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
        key = key or account.api_key.open()
    except (BadUrl, PrivateAddress, Unopenable) as error:
        return Connected(Verdict(Outcome.REFUSED, str(error)))
    finally:
        account.url = before
    verdict, url = _test(url, key, account)
    if not verdict.may_be_kept:
        return Connected(verdict)
    account.name, account.url = name, url
    _store(account, verdict, key)
    return Connected(verdict, account)


def test_again(account: Account) -> Verdict:
    """Try the stored key; a key that works again is asked for again. Raises Busy."""
    try:
        key = account.api_key.open()
    except ApiKey.DoesNotExist:
        return Verdict(Outcome.REFUSED, "No key is stored for this account.")
    except Unopenable as error:
        return Verdict(Outcome.REFUSED, str(error))
    verdict, _ = _test(account.url, key, account)
    if verdict.outcome in (Outcome.WORKS, Outcome.LIMITED):
        _start_over(account, verdict)
    return verdict


def _test(url: str, key: str, account: Account | None = None) -> tuple[Verdict, str]:
    try:
        url = check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
    except (BadUrl, PrivateAddress) as error:
        return Verdict(Outcome.REFUSED, str(error)), url
    with a_place() as (studio, patience):
        turn = a_turn(account, patience, CALLS_OF_A_TEST) if account else nullcontext()
        with turn, deadline(patience.left):
            return try_key(studio, Connection(url, key)), url


def _store(account: Account, verdict: Verdict, key: str) -> None:
    with transaction.atomic():
        if account.pk is None:
            account.save()
        else:
            account.save(update_fields=["name", "url"])
        ApiKey.objects.store(account, key)
        _start_over(account, verdict)


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
        next_sync_at=now_ms(),
        claimed_by="",
        claimed_until=0,
    )
    Account.objects.filter(pk=account.pk).bump()
