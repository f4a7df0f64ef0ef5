"""What of a group of failures would be retried: what is still failed so, without what no retry helps."""

from collections.abc import Sequence
from itertools import islice

from dashboard.families import Action, family_named
from dashboard.models.compiling import Sql
from dashboard.models.failure import newest_of
from dashboard.models.group import Group
from dashboard.models.listing import Key

READ_AT_ONCE = 2000
INSTEAD: dict[Action, str] = {
    "fix-file": "fix the file",
    "check-url": "check the URL",
    "check-destination": "check the destination and its credentials",
    "report": "tell Livepeer",
}


def open_tasks(group: Group, account_ids: Sequence[int], most: int) -> dict[int, str]:
    """The tasks whose failure is open, in the group or in one merged into it, the newest failure first, at most so
    many; for each why a retry cannot help, by the last of its failures, or nothing."""
    families = dict(Group.objects.filter(pk__in=group.pattern_ids).values_list("pk", "family"))
    hopeless, told = {pk: why_hopeless(family) for pk, family in families.items()}, dict[int, str]()
    after = None
    while len(told) < most:
        found = newest_of(list(hopeless), account_ids, READ_AT_ONCE, Sql("is_open"), after)
        for one in found:
            told.setdefault(one.task_id, hopeless[one.group_id])
        if len(found) < READ_AT_ONCE:
            break
        after = Key(found[-1].at, found[-1].id)
    return dict(islice(told.items(), most))


def why_hopeless(family: str) -> str:
    """Why a retry cannot help against failures of the family with this name; empty where it can."""
    known = family_named(family)
    if known.retry_helps:
        return ""
    instead = INSTEAD.get(known.action)
    return f"A retry cannot help: {instead}." if instead else "A retry cannot help."
