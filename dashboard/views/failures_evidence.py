"""What stands below a row of the list of causes when it is opened: the verdict in a sentence, and the newest tasks."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.families import family_named
from dashboard.models.chosen_failures import Chosen, Summed
from dashboard.models.deadline import TooBroad, deadline
from dashboard.models.failure import Failure
from dashboard.models.listed_groups import Listed, ListedGroups, roots_of
from dashboard.models.seen import Sight
from dashboard.views.failures_found import SECONDS, Found
from dashboard.views.failures_query import Query
from dashboard.views.failures_rows import url_of
from dashboard.views.polling import link

NEWEST = 3


def evidence_of(query: Query, sight: Sight, pk: int) -> SimpleNamespace | None:
    """None for a group that the user may not see."""
    chosen = query.chosen(sight)
    groups = ListedGroups(chosen).by_ids([pk]) if pk < 2**63 else []
    if not groups:
        return None
    group, sums = groups[0], _sums(query, sight, groups)
    return SimpleNamespace(
        verdict=_verdict(group, sums),
        cause=family_named(group.family).cause,
        retries=_retries(sums),
        tasks=_newest(chosen, group.id),
        is_part=bool(query.q),
        url=url_of(pk),
        tasks_url=link(reverse("board"), {"q": f"group:{pk}"}),
        number=units.count(sums.tasks),
    )


def _sums(query: Query, sight: Sight, groups: Sequence[Listed]) -> Summed:
    """Of the search's tasks only, as in the row; without it where it takes too long."""
    try:
        with deadline(SECONDS):
            found = Found.again(replace(query, rows=(groups[0].id,), after=None), sight)
    except TooBroad:
        return ListedGroups(query.chosen(sight)).sums(groups)[groups[0].id]
    return (found.sums or {}).get(groups[0].id, Summed())


def _verdict(group: Listed, sums: Summed) -> str:
    """Whether it hurts still, and whether it passes by itself."""
    if not group.open_tasks:
        return "No task is failed any more."
    if sums.recovered:
        return f"{units.count(sums.recovered)} of {units.count(sums.tasks)} recovered after all."
    if sums.tasks == 1:
        return "The task has not recovered by itself."
    return f"None of the {units.count(sums.tasks)} has recovered by itself."


def _retries(sums: Summed) -> str:
    if not sums.retried:
        return "No retry has ended yet."
    tries = "retry" if sums.retried == 1 else "retries"
    return f"{units.count(sums.worked)} of {units.count(sums.retried)} {tries} worked."


def _newest(chosen: Chosen, pk: int) -> list[SimpleNamespace]:
    newest = Failure.objects.filter(group__in=list(roots_of([pk])), account__in=chosen.account_ids)
    rows = newest.order_by("-at", "-id").values_list("task__title", "task__upstream_id", "account_id", "at")
    return [
        SimpleNamespace(
            title=title, url=link(reverse("task", args=[upstream_id]), {"account": account_id}), iso=iso(at)
        )
        for title, upstream_id, account_id, at in rows[:NEWEST]
    ]
