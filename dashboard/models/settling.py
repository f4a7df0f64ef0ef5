"""What news of failures mean for their groups: when they were seen, and whether what was decided still holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from dashboard.clock import HOUR
from dashboard.models.account import Account
from dashboard.models.audit import STUDIO_TASKS
from dashboard.models.decision import Decision
from dashboard.models.failure import Failure
from dashboard.models.group import Group, Triage
from dashboard.models.upsert import execute_many


@dataclass
class News:
    """What changed in one group. `opened`: by how many its open tasks are more. `first_at`, `last_at`: of the failures
    that changed, 0 where none did; `came_at`: the newest one that was not known, and still hurts."""

    opened: int = 0
    first_at: int = 0
    last_at: int = 0
    came_at: int = 0

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
    roots = {root.pk: root for root in groups.values() if root.merged_into_id is None}
    for group_id, told in news.items():
        group = groups.get(group_id)
        root = group and roots.get(group.merged_into_id or group.pk)
        if root is not None:
            _apply(root, told, now)
    _save(roots.values())


def wake(now: int) -> None:
    """Groups that were ignored until now are open again: one small transaction each."""
    due = Group.objects.filter(triage=Triage.IGNORED, ignored_until__lte=now)
    for group_id, team_id in due.values_list("pk", "team_id"):
        with transaction.atomic():
            Account.objects.filter(team=team_id).bump()  # first, because it locks the accounts
            for group in due.filter(pk=group_id).select_for_update():
                rouse(group, now, {"until": group.ignored_until})
                group.settle()
                _save([group])


def _apply(root: Group, told: News, now: int) -> None:
    root.open_tasks = max(0, root.open_tasks + told.opened)
    if told.last_at:
        root.first_at = min(root.first_at or told.first_at, told.first_at)
        root.last_at = max(root.last_at, told.last_at)
    if told.came_at > root.triaged_at:
        _come_back(root, now)
    root.settle()


def _come_back(root: Group, now: int) -> None:
    if root.triage == Triage.RESOLVED:
        root.triage, root.triaged_at = Triage.REGRESSED, now
        Decision.note(root, STUDIO_TASKS, "regressed", now)
    elif root.triage == Triage.IGNORED and root.ignored_more:
        since = max(root.triaged_at, now - (root.ignored_hours or 24) * HOUR)
        came = Failure.objects.filter(group__in=root.pattern_ids, at__gt=since).count()
        if came >= root.ignored_more:
            rouse(root, now, {"came": came, "hours": root.ignored_hours})


def rouse(root: Group, now: int, said: Mapping[str, object]) -> None:
    """An ignored group is open again, by itself."""
    root.triage, root.triaged_at = Triage.OPEN, now
    root.ignored_until = root.ignored_more = root.ignored_hours = None
    Decision.note(root, STUDIO_TASKS, "woke", now, said)


_SAVED = (
    "first_at", "last_at", "open_tasks", "triage", "state", "triaged_at",
    "ignored_until", "ignored_more", "ignored_hours",
)  # fmt: skip
_SAVE = f"UPDATE dashboard_group SET {', '.join(f'{name} = %s' for name in _SAVED)} WHERE id = %s"  # noqa: S608


def _save(groups: Iterable[Group]) -> None:
    execute_many(_SAVE, [(*(getattr(group, name) for name in _SAVED), group.pk) for group in groups])
