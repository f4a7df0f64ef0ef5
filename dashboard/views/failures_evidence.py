"""What stands below a row of the list of causes when it is opened: whether retries help, what has become of its tasks,
and the newest of them. All of the filters that the list has."""

from collections.abc import Sequence
from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.families import family_named
from dashboard.models.chosen_failures import Summed
from dashboard.models.compiling import Sql, among, joined
from dashboard.models.deadline import TooBroad, deadline
from dashboard.models.doubles import between
from dashboard.models.failure import newest_of
from dashboard.models.group import PRESSING, Group
from dashboard.models.listed_groups import Listed, ListedGroups
from dashboard.models.matched_groups import MatchedGroups
from dashboard.models.rights import Right, may
from dashboard.models.seen import Sight
from dashboard.models.task import Task
from dashboard.views.failure_words import verdict_of
from dashboard.views.failures_found import SECONDS, groups_of
from dashboard.views.failures_query import Query
from dashboard.views.failures_rows import url_of
from dashboard.views.polling import link
from dashboard.visible import visible

NEWEST = 3
A_FEW = 4 * NEWEST  # failures, of which some are of the same task


def evidence_of(query: Query, sight: Sight, pk: int) -> SimpleNamespace | None:
    """None for a group that the user may not see."""
    groups = ListedGroups(query.chosen(sight)).by_ids([pk]) if pk < 2**63 else []
    if not groups:
        return None
    group, (sums, tasks, is_part) = groups[0], _told(query, sight, groups)
    family = family_named(group.family)
    return SimpleNamespace(
        id=pk,
        verdict=verdict_of(sums, group.open_tasks, family)[0],
        recovery=_recovery(group, sums),
        cause=family.cause,
        tasks=tasks,
        is_part=is_part,
        url=url_of(pk),
        tasks_url=query.tasks_url_of(pk) if tasks else link(reverse("board"), {"q": f"group:{pk}"}),
        number=units.count(sums.tasks),
        taking=_taking(group, sight),
    )


def _told(query: Query, sight: Sight, groups: Sequence[Listed]) -> tuple[Summed, list[SimpleNamespace], bool]:
    """The sums and the newest tasks, and whether these are those of a search only: not where it takes too long."""
    chosen, pk = query.chosen(sight), groups[0].id
    if query.q:
        try:
            with deadline(SECONDS):
                return _read(groups_of(query, sight), groups)
        except TooBroad:
            pass
    listed = ListedGroups(chosen)
    return listed.sums(groups)[pk], _newest(listed, pk), False


def _read(listed: ListedGroups | MatchedGroups, groups: Sequence[Listed]) -> tuple[Summed, list[SimpleNamespace], bool]:
    return listed.sums(groups)[groups[0].id], _newest(listed, groups[0].id), True


def _newest(listed: ListedGroups | MatchedGroups, pk: int) -> list[SimpleNamespace]:
    """Each task once, where it failed last."""
    chosen = listed.chosen
    such = [between(chosen.span.from_at, chosen.span.to_at)("f")]
    if chosen.type:
        such.append(Sql("f.type = %s", (chosen.type,)))
    if isinstance(listed, MatchedGroups):
        such.append(among("f.task_id", listed.newest(pk, NEWEST)))
    found = newest_of(Group(pk=pk).pattern_ids, chosen.account_ids, A_FEW, joined("AND", such))
    last = dict[int, int]()
    for one in found:
        last.setdefault(one.task_id, one.at)
    newest = list(last)[:NEWEST]
    tasks = Task.objects.only("upstream_id", "account_id", "title").in_bulk(newest)
    return [_task(tasks[pk], last[pk]) for pk in newest if pk in tasks]


def _task(task: Task, at: int) -> SimpleNamespace:
    url = link(reverse("task", args=[task.upstream_id]), {"account": task.account_id})
    return SimpleNamespace(title=visible(task.title), url=url, iso=iso(at))


def _recovery(group: Listed, sums: Summed) -> str:
    """Whether it passes by itself."""
    if not group.open_tasks:
        return "No task is failed any more."
    if sums.recovered:
        return f"{units.count(sums.recovered)} of {units.count(sums.tasks)} recovered after all."
    if sums.tasks == 1:
        return "The task has not recovered by itself."
    return f"None of the {units.count(sums.tasks)} has recovered by itself." if sums.tasks else ""


def _taking(group: Listed, sight: Sight) -> SimpleNamespace | None:
    """The form of who may take it; it holds for the turn that is read now."""
    role = next(account.role for account in sight.accounts if account.team_id == group.team_id)
    if group.state not in PRESSING or not may(role, Right.TRIAGE):
        return None
    turn, owner_id = Group.objects.values_list("turn", "owner_id").get(pk=group.id)
    is_mine = owner_id == sight.user_id
    return None if is_mine else SimpleNamespace(turn=turn, owner=sight.user_id, is_first=not group.owner_name)
