"""What the verbs on accounts write into the audit."""

from functools import partial
from urllib.parse import urlsplit

from django.views.decorators.debug import sensitive_variables

from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, hint_of
from dashboard.models.audit import Actor, AuditEntry
from dashboard.sync.testing import Verdict


def told(account: Account) -> dict[str, object]:
    """What an entry tells of an account: never more of its key than the hint."""
    return {"name": account.name, "url": account.url, "key": hint_in_use(account)}


def hint_in_use(account: Account) -> str:
    """`…a91f`; empty without a key."""
    held = ApiKey.objects.filter(account_id=account.pk).first() if account.pk else None
    return str(held) if held else ""


def note_change(account: Account, before: dict[str, object] | None, key_is_new: bool, actor: Actor) -> None:
    """One entry for each thing that is different now. `before`: as `told` had it, None for a new account."""
    after = told(account)
    note = partial(AuditEntry.note, actor, team_id=account.team_id, subject=account.name)
    if before is None:
        note("account.connected", after=after)
        return
    for what, field in (("account.renamed", "name"), ("account.url_changed", "url")):
        if before[field] != after[field]:
            note(what, before={field: before[field]}, after={field: after[field]})
    if key_is_new:
        note("key.replaced", before={"key": before["key"]}, after={"key": after["key"]})


@sensitive_variables("key")
def note_refusal(account: Account, url: str, key: str, verdict: Verdict, actor: Actor) -> None:
    """A key that Studio does not know, or an address where nobody may be sent, was tried."""
    note = partial(AuditEntry.note, actor, team_id=account.team_id, subject=account.name)
    if verdict.leads_astray:
        note("account.url_refused", after={"url": host_of(url)})
    elif verdict.rejects_key:
        note("key.refused", after={"key": f"…{hint_of(key)}"})


def host_of(url: str) -> str:
    """The host as it was typed, without login, path and query; empty for no URL."""
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
