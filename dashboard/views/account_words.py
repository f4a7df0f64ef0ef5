"""What is said of an account's key: a word, since when, what it means, and for its admins what to do."""

from typing import NamedTuple

from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount

BROKEN = ("rejected", "unopenable", "duplicate")
"""The states in which an account is not read until somebody does something."""


class Words(NamedTuple):
    """`hue` is the class that colours, `icon` the picture, `word` what people read."""

    hue: str
    icon: str
    word: str


WORDS = {
    "new": Words("new", "new", "Not asked yet"),
    "importing": Words("importing", "importing", "Importing"),
    "working": Words("working", "working", "Working"),
    "limited": Words("limited", "limited", "Limited"),
    "rejected": Words("rejected", "rejected", "Rejected"),
    "rate-limited": Words("waiting", "waiting", "Rate limited"),
    "unreachable": Words("failing", "failing", "Unreachable"),
    "unopenable": Words("rejected", "lock", "Key cannot be opened"),
    "duplicate": Words("limited", "copy", "Connected twice"),
    "paused": Words("paused", "paused", "Paused"),
    "archived": Words("cancelled", "archived", "Archived"),
}


def words_of(account: SeenAccount, state: str) -> Words:
    """For the state that `key_state` found. A history that is still being read is said before that it works."""
    return WORDS["importing" if state == "working" and account.import_done_at is None else state]


def since_of(account: SeenAccount, state: str) -> int | None:
    """When the account came into its state; None where that says nothing."""
    if state == "paused":
        return account.paused_at
    if state == "archived":
        return account.archived_at
    return None if state in ("new", "working") else account.error_since_at


def sentence_of(account: SeenAccount, state: str) -> str:
    """What is so, in one sentence or two: Studio's own words where it gave any."""
    match state:
        case "paused":
            return f"By {account.paused_by}." if account.paused_by else "Nobody asks Studio until it is resumed."
        case "archived":
            return "Its keys were deleted; its tasks are kept to look at."
        case "new":
            return account.error or "Studio is asked in a moment."
        case "working":
            return account.error or _working(account)
    return account.error or MEANINGS.get(state, "")


def _working(account: SeenAccount) -> str:
    if account.documented_only:
        return "Its server cannot say what changed, so it is read page by page."
    if account.import_done_at is None:
        return "Newest first; tasks in flight are shown already."
    return "Lists and reads tasks."


MEANINGS = {
    "limited": "It may read single tasks, not list them, so new ones do not appear.",
    "rejected": "It is not used until it is replaced, or tested with success.",
    "rate-limited": "Studio asked to be left alone for a while; it is asked again by itself.",
    "unreachable": "It is asked again by itself.",
    "unopenable": "The stored key cannot be opened here; it is sent nowhere.",
    "duplicate": "It is not read, so that nothing is counted twice.",
}
"""What a state means for the tasks on the board."""

ADVICE = {
    "limited": "Replace it with a key that has no CORS or rule limits.",
    "rejected": "Make a new key in Studio and paste it below, or test again once Studio knows this one.",
    "unopenable": "Paste the key again.",
    "duplicate": "Delete this account, or replace its key with one of another project and test again.",
    "archived": "Paste a key of the same project to go on reading.",
}
"""What an admin can do about it."""


def advice_of(account: SeenAccount, state: str) -> str:
    """Who cannot do it is told who can."""
    if state not in ADVICE:
        return ""
    return ADVICE[state] if may(account.role, Right.MANAGE_KEYS) else f"An admin of {account.team} can mend it."
