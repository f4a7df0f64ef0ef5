"""Bringing groups over to a new version of the function that reads messages, with all that was decided about them.

What most failures of a group are now keeps its row. What else is in it gets groups of its own, in the same state. Where
another group is of the same cause now, one of the two is merged into the other. Every step may be done twice.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from dashboard.clock import now_ms
from dashboard.fingerprint import Fingerprint
from dashboard.models.account import Account
from dashboard.models.attempt import Attempt
from dashboard.models.audit import STUDIO_TASKS
from dashboard.models.decision import Decision
from dashboard.models.doubles import open_tasks_of
from dashboard.models.failing import new_group, record_again
from dashboard.models.failure import LONGEST_MESSAGE, Failure
from dashboard.models.group import Group
from dashboard.models.joining import join
from dashboard.models.settling import hold_accounts
from dashboard.models.telling import Reader

AT_ONCE = 200
INHERITED = (
    "merged_into_id", "triage", "triaged_at", "ignored_until", "ignored_more", "ignored_hours", "owner_id",
    "owner_name", "turn",
)  # fmt: skip


@dataclass
class Parts:
    """Of which causes a group's failures are now; by cause how many, and by account which tasks."""

    causes: dict[str, Fingerprint] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    tasks: dict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    @property
    def main(self) -> Fingerprint:
        """The most frequent one; of as frequent ones always the same."""
        return self.causes[max(self.numbers, key=lambda value: (self.numbers[value], value))]


def read_parts(group: Group, reader: Reader) -> Generator[None, None, Parts]:
    """Gives way after some hundred messages. Where no failure is left, the title says what the group is."""
    parts, known = Parts(), dict[tuple[str, str], Fingerprint]()
    ids = list(Failure.objects.filter(group=group).values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        for failure in Failure.objects.filter(pk__in=ids[start : start + AT_ONCE]):
            told = (_whole_message(failure), failure.type)
            if told not in known:
                known[told] = reader.read(*told)
            cause = known[told]
            parts.causes[cause.value] = cause
            parts.numbers[cause.value] += 1
            parts.tasks[cause.value][failure.account_id].append(failure.task_id)
        yield
    if not ids:
        cause = reader.read(group.title, "")
        parts.causes[cause.value], parts.numbers[cause.value] = cause, 1
    return parts


def _whole_message(failure: Failure) -> str:
    """What was cut stands with the attempts."""
    if len(failure.message) < LONGEST_MESSAGE:
        return failure.message
    errors = Attempt.objects.filter(task=failure.task_id, phase="failed").order_by("-series", "-number")
    whole = (error for error in errors.values_list("error", flat=True) if error.startswith(failure.message))
    return next(whole, failure.message)


def rename(group_id: int, parts: Mapping[int, Parts], reader: Reader) -> None:
    """Give the group the fingerprint of most of its failures. `parts`: of all groups that are still to be brought over.
    Raises KeyError for one that is not among them."""
    main = parts[group_id].main
    with transaction.atomic():
        group = _held(group_id, reader)
        if group is None or group.fingerprint == main.value:
            return
        owner = Group.objects.filter(team=group.team_id, fingerprint=main.value).first()
        if owner is not None and owner.pk in parts and parts[owner.pk].main.value != main.value:
            Group.objects.filter(pk=owner.pk).update(fingerprint=secrets.token_hex(16))  # until it gets its own
            owner = None
        if owner is None:
            Group.objects.filter(pk=group.pk).update(fingerprint=main.value)
        else:
            join(group, owner, now_ms())


def bring_over(group_id: int, parts: Parts, reader: Reader) -> Generator[None, None, None]:
    """Groups for what else is in it, and where its failures belong now. Gives way after some hundred tasks."""
    with transaction.atomic():
        group = _held(group_id, reader)
        if group is None:
            return
        for value, cause in sorted(parts.causes.items()):
            if value != parts.main.value:
                _split(group, cause, reader)
        if group.fingerprint == parts.main.value:
            group.title, group.family = parts.main.title, parts.main.family.name
        group.version = reader.version
        group.save(update_fields=("title", "family", "version"))
    moving = [(value, tasks) for value, tasks in parts.tasks.items() if value != group.fingerprint]
    for _, tasks in moving:
        for account_id, ids in sorted(tasks.items()):
            for start in range(0, len(ids), AT_ONCE):
                count_again(account_id, ids[start : start + AT_ONCE], reader)
                yield
    if moving:
        _see_anew(group)


def _held(group_id: int, reader: Reader) -> Group | None:
    """The group, locked as all who decide do it; None if it has gone or somebody else has brought it over."""
    stale = Group.objects.filter(pk=group_id, version__lt=reader.version)
    team_id = stale.values_list("team_id", flat=True).first()
    if team_id is None:
        return None
    hold_accounts(team_id)
    return stale.select_for_update().first()


def _split(group: Group, cause: Fingerprint, reader: Reader) -> None:
    """A group of the team that is of this cause, if there is none yet: in the state of this one."""
    if Group.objects.filter(team=group.team_id, fingerprint=cause.value).exists():
        return
    part = new_group(group.team_id, cause, reader)
    for name in INHERITED:
        setattr(part, name, getattr(group, name))
    part.settle()
    part.save()
    Decision.note(part, STUDIO_TASKS, "regrouped", now_ms(), {"from": group.pk, "title": group.title})


def count_again(account_id: int, task_ids: Sequence[int], reader: Reader) -> None:
    """The failures of these tasks of one account, which is left alone if it was removed meanwhile."""
    with transaction.atomic():
        mine = Account.objects.filter(pk=account_id, removed_at=None)
        if mine.bump():  # first, because it locks the account
            record_again(mine.get(), task_ids, now_ms(), reader, is_history=True)


def _see_anew(group: Group) -> None:
    """When it was seen last, after some of its failures have gone to others."""
    with transaction.atomic():
        hold_accounts(group.team_id)
        for root in Group.objects.locked([group.pk]):
            if root.merged_into_id is None:
                mine = Failure.objects.filter(group__in=root.pattern_ids)
                root.last_at = mine.aggregate(at=Max("at"))["at"] or root.last_at
                root.save(update_fields=("last_at",))


def count_open(group_id: int) -> None:
    """How many tasks of a root are open. Sums move by what changes, so a wrong one would stay wrong for good."""
    root = Group.objects.roots().filter(pk=group_id).first()
    if root is None or root.open_tasks == open_tasks_of(root.pattern_ids):
        return
    with transaction.atomic():
        hold_accounts(root.team_id)
        for held in Group.objects.roots().filter(pk=group_id).select_for_update():
            held.open_tasks = open_tasks_of(held.pattern_ids)
            held.settle()
            held.save(update_fields=("open_tasks", "state"))
