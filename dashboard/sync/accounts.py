"""Connecting an account and changing its key: tested first, on the page and in the command alike.

Every verb takes who acts, and writes the audit entry in the transaction of the act. A key is tested while the account
goes on with the one that it has.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, PreviousKey, key_of
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.syncing import Health
from dashboard.models.team import Team
from dashboard.sync.cadence import UNOPENABLE
from dashboard.sync.entries import hint_in_use, note_change, note_refusal, told
from dashboard.sync.objections import CHANGED, is_as_it_was, moves_to, objection
from dashboard.sync.starting import act_on, forget_the_project, start_over, stop
from dashboard.sync.testing import Outcome, Verdict, refusal_of, refused, stored_key_for, verdict_on
from dashboard.sync.twins import holds_tasks, lock_team, release_duplicates, tell_duplicates
from dashboard.upstream.network import check_url
from dashboard.vault import Unopenable


@dataclass(frozen=True)
class Connected:
    """The verdict on a key and, unless it was refused, the account that now holds it. `twin`: the account of the
    team through which the same project is connected already."""

    verdict: Verdict
    account: Account | None = None
    twin: Account | None = None


@sensitive_variables("key")
def connect(team: Team, name: str, url: str, key: str, actor: Actor) -> Connected:
    """Test the key at this URL and keep both as a new account. Raises Busy, and IntegrityError for a name that is
    taken; a refusal stores nothing."""
    return _take(Account(team=team, name=name, url=url), name, url, key, actor)


@sensitive_variables("key")
def change(account: Account, name: str, url: str, key: str, actor: Actor) -> Connected:
    """Rename, or take a new key or URL after testing it. A key goes only to the server it was given for, so a new
    origin needs the key again: without it this is refused by the sealed key itself. The tasks that are held stay
    those of one project, and another server or project is walked from the start. Raises as `connect`."""
    if not key and url == account.url:
        return _rename(account, name, actor)
    return _take(account, name, url, key, actor)


@sensitive_variables("key")
def replace_key(account: Account, key: str, actor: Actor) -> Connected:
    """Test this key while the account goes on with the one it has. If it is good it is used from now on, and the other
    one is kept as the one step back; an archived account comes back to life. Raises Busy."""
    return _take(account, None, account.url, key, actor)


def step_back(account: Account, actor: Actor) -> Connected:
    """Use the previous key again, from now on; the one in use becomes the previous one."""
    before = hint_in_use(account)
    try:
        with transaction.atomic():
            lock_team(account.team_id)
            if not is_as_it_was(account, account.url):
                return Connected(refused(CHANGED))
            if not ApiKey.objects.step_back(account):
                return Connected(refused("There is no previous key to go back to."))
            account.refresh_from_db()
            start_over(account, Verdict(Outcome.UNSURE, ""))
            after: dict[str, object] = {"key": hint_in_use(account)}
            AuditEntry.note(actor, "key.stepped_back", account.team_id, account.name, {"key": before}, after)
            account.refresh_from_db()
    except Unopenable as error:
        return Connected(refused(str(error)))
    return Connected(Verdict(Outcome.WORKS, "The previous key is in use again; Studio is asked with it now."), account)


def delete_old_key(account: Account, actor: Actor) -> bool:
    """Forget the previous key. False if there was none."""
    with transaction.atomic():
        old = PreviousKey.objects.select_for_update().filter(account=account.pk).first()
        if old is None:
            return False
        old.delete()
        AuditEntry.note(actor, "key.old_deleted", account.team_id, account.name, before={"key": str(old)})
        account.refresh_from_db()
    return True


@sensitive_variables("key")
def test_again(account: Account, actor: Actor) -> Verdict:
    """Try the stored key; a key that works again is used again, one that Studio rejects is not. Raises Busy."""
    was = account.url
    key, verdict = _stored(account)
    if verdict is None:
        verdict = verdict_on(was, key, account)
    with transaction.atomic():
        lock_team(account.team_id)
        if not is_as_it_was(account, was):
            verdict = refused(CHANGED)
        elif not key or ApiKey.objects.opened(account) == key:  # nobody replaced it meanwhile
            verdict = act_on(account, verdict)
        after: dict[str, object] = {"outcome": verdict.outcome.value, "key": hint_in_use(account)}
        AuditEntry.note(actor, "key.tested", account.team_id, account.name, after=after)
        if verdict.leads_astray:
            note_refusal(account, account.url, "", verdict, actor)
    return verdict


@sensitive_variables()
def _stored(account: Account) -> tuple[str, Verdict | None]:
    """The key in use, or why it cannot be tried."""
    verdict = refusal_of(account.url)
    if verdict:
        return "", verdict
    try:
        return key_of(account), None
    except Unopenable as error:
        if Account.objects.storing().filter(pk=account.pk).exists():
            stop(account, Health.UNOPENABLE, str(error), now_ms() + UNOPENABLE)
        return "", refused(str(error))


def _rename(account: Account, name: str, actor: Actor) -> Connected:
    before, account.name = account.name, name
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(name=name)
        Account.objects.filter(pk=account.pk).bump()
        if before != name:
            AuditEntry.note(actor, "account.renamed", account.team_id, name, {"name": before}, {"name": name})
    return Connected(Verdict(Outcome.WORKS, "Saved."), account)


@sensitive_variables("key", "given")
def _take(account: Account, name: str | None, url: str, key: str, actor: Actor) -> Connected:
    """Test the key, or without one the stored key, at this URL; keep both if nothing speaks against it. Without a name
    the account keeps its own."""
    was = account.url
    verdict = refusal_of(url)
    if verdict is None:
        url = check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
        try:
            given = key or stored_key_for(account, url)
        except Unopenable as error:
            return Connected(refused(str(error)))
        verdict = verdict_on(url, given, account)
    if not verdict.may_be_kept:
        note_refusal(account, url, key, verdict, actor)
        return Connected(verdict)
    with transaction.atomic():
        lock_team(account.team_id)
        against = objection(account, was, url, given, verdict)
        if against:
            return Connected(against.verdict, twin=against.twin)
        _store(account, name, url, given, verdict, actor)
    return Connected(verdict, account)


@sensitive_variables("key", "used")
def _store(account: Account, name: str | None, url: str, key: str, verdict: Verdict, actor: Actor) -> None:
    before = told(account) if account.pk else None
    unlearn = before is not None and (moves_to(account, url) or not holds_tasks(account))
    used = ApiKey.objects.opened(account)
    if unlearn:
        release_duplicates(account)
    account.name, account.url, account.archived_at = name or account.name, url, None
    account.save(update_fields=None if before is None else ["name", "url", "archived_at"])
    ApiKey.objects.promote(account, key)
    if unlearn:
        forget_the_project(account)
    start_over(account, verdict)
    account.refresh_from_db()
    tell_duplicates(account)
    note_change(account, before, used != key, actor)
