"""What news of failures mean for their groups: when they were seen, and whether what was decided still holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count

from dashboard.clock import HOUR, MINUTE
from dashboard.models.account import Account
from dashboard.models.audit import STUDIO_TASKS
from dashboard.models.decision import Decision
from dashboard.models.failure import Failure
from dashboard.models.group import Group, Triage
from dashboard.models.upsert import execute_many

CLOCKS_APART_MS = 5 * MINUTE
"""By so much Studio's clock may be behind ours, or we may learn of a failure late: whoever decided had not seen it."""


@dataclass
class News:
    """What changed in one group. `was_open`, `is_open`: its open tasks before and now, as far as any failure of them
    changed. `first_at`, `last_at`: of the failures that changed, 0 where none did; `came_at`: the newest one that was
    not known, and still hurts."""

    was_open: set[int] = field(default_factory=set)
    is_open: set[int] = field(default_factory=set)
    first_at: int = 0
    last_at: int = 0
    came_at: int = 0

    def add(self, other: "News") -> None:
        """What is of two groups that are shown as one. A task that is open in both is one."""
        self.was_open |= other.was_open
        self.is_open |= other.is_open
        self.first_at = min(filter(None, (self.first_at, other.first_at)), default=0)
        self.last_at = max(self.last_at, other.last_at)
        self.came_at = max(self.came_at, other.came_at)

    def see(self, failure: Failure, is_newer: bool) -> None:
        self.first_at = min(self.first_at or failure.first_at, failure.first_at)
        self.last_at = max(self.last_at, failure.at)
        if is_newer and failure.is_open:
            self.came_at = max(self.came_at, failure.at)


def settle(news: Mapping[int, News], now: int) -> None:
    """Bring the groups up to date, after their failures were written, in the caller's transaction."""
    if not news:
        return
    groups = {group.pk: group for group in Group.objects.locked(news)}
    of_roots = defaultdict[int, News](News)
    for group_id, told in news.items():
        if group := groups.get(group_id):
            of_roots[group.merged_into_id or group.pk].add(told)
    roots = [groups[root_id] for root_id in of_roots]
    for root in roots:
        _apply(root, of_roots[root.pk])
        if of_roots[root.pk].came_at > root.triaged_at - CLOCKS_APART_MS:
            come_back(root, now)
        root.settle()
    _save(roots)


def wake(now: int) -> None:
    """Groups that were ignored until now are open again: one small transaction each. A merged one sleeps on until it
    is taken out again."""
    due = Group.objects.filter(triage=Triage.IGNORED, ignored_until__lte=now, merged_into=None)
    for group_id, team_id in due.values_list("pk", "team_id"):
        with transaction.atomic():
            hold_accounts(team_id)
            for group in due.filter(pk=group_id).select_for_update():
                rouse(group, now, {"until_at": group.ignored_until})
                group.settle()
                _save([group])


def hold_accounts(team_id: int) -> None:
    """Whoever decides about groups locks the team's accounts first, always in one order, as those who store tasks do;
    so decisions come one after the other. Pages that show the groups will see that something is new."""
    accounts = Account.objects.filter(team=team_id)
    list(accounts.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    accounts.bump()


def _apply(root: Group, told: News) -> None:
    root.open_tasks = max(0, root.open_tasks + len(told.is_open) - len(told.was_open))
    if told.last_at:
        root.first_at = min(root.first_at or told.first_at, told.first_at)
        root.last_at = max(root.last_at, told.last_at)


def come_back(root: Group, now: int) -> None:
    """It failed so again after it was decided about."""
    if root.triage == Triage.RESOLVED:
        _decide(root, Triage.REGRESSED, now)
        Decision.note(root, STUDIO_TASKS, "regressed", now)
    elif root.triage == Triage.IGNORED and root.ignored_more:
        since = max(root.triaged_at, now - (root.ignored_hours or 24) * HOUR)
        failed = Failure.objects.filter(group__in=root.pattern_ids, at__gt=since)
        if failed.count() < root.ignored_more:  # an index counts failures by itself, and tasks are not more
            return
        came = failed.aggregate(n=Count("task", distinct=True))["n"]
        if came >= root.ignored_more:
            rouse(root, now, {"came": came, "hours": root.ignored_hours})


def rouse(root: Group, now: int, said: Mapping[str, object]) -> None:
    """An ignored group is open again, by itself."""
    _decide(root, Triage.OPEN, now)
    root.ignored_until = root.ignored_more = root.ignored_hours = None
    Decision.note(root, STUDIO_TASKS, "woke", now, said)


def _decide(root: Group, triage: Triage, now: int) -> None:
    """The clock decides too: a form that was made before tells of another state."""
    root.triage, root.triaged_at = triage, now
    root.turn += 1


_SAVED = (
    "first_at", "last_at", "open_tasks", "triage", "state", "triaged_at",
    "ignored_until", "ignored_more", "ignored_hours", "turn",
)  # fmt: skip
_SAVE = f"UPDATE dashboard_group SET {', '.join(f'{name} = %s' for name in _SAVED)} WHERE id = %s"  # noqa: S608


def _save(groups: Iterable[Group]) -> None:
    execute_many(_SAVE, [(*(getattr(group, name) for name in _SAVED), group.pk) for group in groups])
