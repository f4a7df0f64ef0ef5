"""What of a group of failures would be retried: what is still failed so, without what no retry helps."""

from collections.abc import Collection

from dashboard.families import Action, family_named
from dashboard.models.failure import Failure
from dashboard.models.group import Group

INSTEAD: dict[Action, str] = {
    "fix-file": "fix the file",
    "check-url": "check the URL",
    "check-destination": "check the destination and its credentials",
    "report": "tell Livepeer",
}


def open_tasks(group: Group, account_ids: Collection[int], most: int) -> dict[int, str]:
    """The tasks whose failure is open, in the group or in one merged into it, the newest failure first, at most so
    many; for each why a retry cannot help, by the last of its failures, or nothing."""
    still = Failure.objects.filter(group__in=group.pattern_ids, is_open=True, account__in=account_ids)
    told = dict[int, str]()
    for task_id, family in still.order_by("-at", "-id").values_list("task_id", "group__family").iterator():
        if len(told) >= most:
            break
        told.setdefault(task_id, why_hopeless(family))
    return told


def why_hopeless(family: str) -> str:
    """Why a retry cannot help against failures of the family with this name; empty where it can."""
    known = family_named(family)
    if known.retry_helps:
        return ""
    instead = INSTEAD.get(known.action)
    return f"A retry cannot help: {instead}." if instead else "A retry cannot help."
