"""What the audit's words mean for people: a label for each, and the sentence that tells the act."""

import json
import re
from dataclasses import dataclass
from typing import Any

from dashboard.clock import iso

PLACE = re.compile(r"\{(before|after)\.(\w+)\}")


@dataclass(frozen=True)
class Act:
    """`told` goes on after the person's name; `{}` stands for what it was done to. `ending` ends the sentence if the
    entry holds all that it names."""

    label: str
    told: str
    ending: str = ""


GROUPS: dict[str, tuple[str, dict[str, Act]]] = {
    "accounts": (
        "Accounts",
        {
            "account.connected": Act("Account connected", "connected the account {}"),
            "account.renamed": Act("Account renamed", "renamed the account {}", ", formerly {before.name}"),
            "account.url_changed": Act("API address changed", "changed the API address of {}"),
            "account.url_refused": Act("API address refused", "was kept from a forbidden API address for {}"),
            "account.paused": Act("Account paused", "paused {}"),
            "account.resumed": Act("Account resumed", "resumed {}"),
            "account.archived": Act("Account archived", "deleted the keys of {} and kept its history"),
            "account.removed": Act("Account removed", "removed {} and its history"),
            "account.duplicate_found": Act(
                "Same project found twice", "stopped reading {}: its project is read already"
            ),
        },
    ),
    "keys": (
        "Keys",
        {
            "key.replaced": Act("Key replaced", "replaced the key of {}", ": {before.key} by {after.key}"),
            "key.stepped_back": Act("Stepped back a key", "went back to the earlier key of {}"),
            "key.old_deleted": Act("Old key deleted", "deleted the old key of {}"),
            "key.tested": Act("Key tested", "tested the key of {}"),
            "key.refused": Act("Key refused", "gave a key for {} that Studio refused"),
            "vault.rotated": Act("Vault rotated", "sealed all keys anew"),
        },
    ),
    "people": (
        "Team and members",
        {
            "team.created": Act("Team created", "created the team {}"),
            "team.renamed": Act("Team renamed", "renamed the team {}", ", formerly {before.name}"),
            "team.retention_set": Act("Retention set", "set how long ended tasks are kept"),
            "member.invited": Act("Invited", "invited {}", " as {after.role}"),
            "invitation.revoked": Act("Invitation revoked", "took back the invitation of {}"),
            "invitation.accepted": Act("Invitation accepted", "accepted the invitation for {}"),
            "invitation.refused": Act("Invitation refused", "opened the invitation of {} under another e-mail"),
            "member.role_changed": Act("Role changed", "changed the role of {}", " from {before.role} to {after.role}"),
            "member.removed": Act("Member removed", "removed {} from the team"),
            "member.left": Act("Member left", "left the team"),
            "member.reset_link": Act("Reset link made", "made a link with which {} can set a new password"),
            "gateways.set": Act("Gateways set", "set the IPFS gateways"),
            "gateways.refused": Act("Gateway refused", "was kept from a forbidden gateway", ": {after.gateways}"),
        },
    ),
    "tasks": (
        "Tasks",
        {
            "task.asked": Act("Studio asked", "asked Studio about the task {}", " through {after.account}"),
            "task.answered": Act(
                "Studio answered", "had an answer about the task {}", " through {after.account}: {after.outcome}"
            ),
            "task.retry_asked": Act("Retry asked", "asked Studio to retry the task {}", " through {after.account}"),
            "task.retry_started": Act("Retry started", "had the task {} retried: Studio took it"),
            "task.retry_refused": Act("Retry refused", "could not have the task {} retried: Studio refused"),
            "task.retry_unknown": Act("Retry unanswered", "got no answer about the retry of the task {}"),
            "note.written": Act("Note written", "wrote a note about the task {}"),
            "task.exported": Act("Task exported", "exported the task {}", " of {after.account} as {after.as}"),
            "tasks.exported": Act("Tasks exported", "exported tasks", ": {after.number} as {after.form}"),
            "batch.started": Act("Batch of retries started", "started a batch of retries", ": {after.number} tasks"),
            "batch.stopped": Act(
                "Batch of retries stopped", "stopped a batch of retries", ": {after.number} tasks left"
            ),
            "task.probed": Act("Gateways asked", "asked IPFS gateways for the task {}"),
            "audit.exported": Act("Audit exported", "exported the audit"),
        },
    ),
    "failures": (
        "Failures",
        {
            "failure.took": Act("Failures taken", "took the failures {}"),
            "failure.assigned": Act("Failures assigned", "gave the failures {}", " to {after.to}"),
            "failure.released": Act("Failures put down", "put down the failures {}"),
            "failure.ignored": Act("Failures ignored", "ignored the failures {}"),
            "failure.resolved": Act("Failures resolved", "resolved the failures {}"),
            "failure.reopened": Act("Failures opened again", "opened the failures {} again"),
            "failure.merged": Act("Failures merged", "merged the failures {}", " into {after.into}"),
            "failure.unmerged": Act("Failures unmerged", "took the failures {} out", " of {after.from}"),
            "failure.noted": Act("Note on failures", "wrote a note about the failures {}"),
        },
    ),
    "views": (
        "Team views",
        {
            "view.saved": Act("View saved", "saved the view {} for the team"),
            "view.renamed": Act("View renamed", "renamed the team’s view {}", ", formerly {before.name}"),
            "view.deleted": Act("View deleted", "deleted the team’s view {}"),
        },
    ),
    "signing": (
        "Signing in",
        {
            "signed_in": Act("Signed in", "signed in", " with {after.by}"),
            "signed_out": Act("Signed out", "signed out"),
            "sign_in.failed": Act("Sign-in failed", "failed to sign in"),
            "sign_in.blocked": Act("Sign-in blocked", "was kept from signing in after too many tries"),
            "password.changed": Act("Password changed", "changed the password"),
            "password.reset": Act("Password reset", "set a new password through a link"),
            "factor.added": Act("Second factor added", "added a second factor", ": {after.factor}"),
            "factor.removed": Act("Second factor removed", "removed a second factor", ": {after.factor}"),
            "factor.reset": Act("Second factor reset", "reset a second factor", ": {after.factor}"),
            "factor.failed": Act("Second factor failed", "gave a wrong second factor", ": {after.factor}"),
            "sessions.ended": Act("Sessions ended", "ended sessions"),
        },
    ),
    "tokens": (
        "Tokens",
        {
            "token.created": Act("Token created", "created the token {}"),
            "token.revoked": Act("Token revoked", "revoked the token {}"),
            "token.used_first": Act("Token used from a new place", "used the token {} from here for the first time"),
        },
    ),
}
"""By a word for URLs: the group's name, and its acts by the word in the audit."""

ACTS: dict[str, Act] = {word: act for _, acts in GROUPS.values() for word, act in acts.items()}

FIELDS = {"url": "API address", "days": "Days kept", "by": "With", "cid": "CID", "said": "Why"}
NOTHING = "–"
MEANINGS: dict[tuple[str, object], str] = {
    ("days", None): "as the whole server does",
    ("days", 0): "for ever",
    ("by", "mfa"): "second factor",
}
"""Values that say little by themselves."""


def words_of(what: str) -> tuple[str, ...]:
    """The audit's words that a filter asks for: a whole group, one word, or, for an empty filter, no condition.
    Raises KeyError for a filter that is none."""
    if not what:
        return ()
    return tuple(GROUPS[what][1]) if what in GROUPS else (what,) if ACTS[what] else ()


def sentence_of(what: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str, str, bool, set[str]]:
    """The words before the subject, those after it, the sentence's ending, whether the subject is named at all, and the
    fields that the sentence has told."""
    act = ACTS.get(what) or Act(what, f"did “{what}” on {{}}")
    head, place, tail = act.told.partition("{}")
    sides = {"before": before, "after": after}
    wanted = PLACE.findall(act.ending)
    if not wanted or any(field not in sides[side] for side, field in wanted):
        return head, tail, "", bool(place), set()
    ending = PLACE.sub(lambda found: shown(found[2], sides[found[1]][found[2]]), act.ending)
    return head, tail, ending, bool(place), {field for _, field in wanted}


def shown(field: str, value: object) -> str:
    """A value of `before` or `after` for people."""
    if not isinstance(value, list | dict) and (field, value) in MEANINGS:
        return MEANINGS[field, value]
    if value is None or value in ("", []):
        return NOTHING
    if field.endswith("_at") and isinstance(value, int):
        return iso(value).replace("T", " ").replace("Z", " UTC")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(field, one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def field_name(field: str) -> str:
    return FIELDS.get(field) or field.replace("_", " ").capitalize()
