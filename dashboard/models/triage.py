"""What people decide about a group of failures, and how two who decide at once get along.

Every act is one transaction that locks the team's accounts, then the groups in the order of their ids. It says after
which turn of the group its form was made: somebody whose form is older changes nothing and is told what happened
meanwhile. Notes never get in each other's way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dashboard.clock import DAY, HOUR, SECOND
from dashboard.models.account import Account
from dashboard.models.api_key import redactor_of
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.decision import Decision
from dashboard.models.group import Group, Triage
from dashboard.models.rights import Right, may, roles_with
from dashboard.models.settling import hold_accounts
from dashboard.models.team import Membership
from dashboard.models.user import User

TWICE_MS = 10 * SECOND
"""Within which the same note of the same person was sent twice by mistake."""
MOST_DAYS, MOST_MORE, MOST_HOURS = 365, 10_000, 24 * 90


class Refused(Exception):
    """What was asked for cannot be, said in one sentence. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Moved(Refused):
    """The group was merged: what is to be done is done to `root`."""

    def __init__(self, root: Group) -> None:
        super().__init__(f"This group was merged into “{root.title}” (#{root.pk}). Nothing was changed.")
        self.root = root


class Outpaced(Exception):
    """Others decided after the form was made. Nothing was changed. `meanwhile`: what they decided, the oldest first."""

    def __init__(self, group: Group, meanwhile: list[Decision]) -> None:
        super().__init__(f"{len(meanwhile)} decisions meanwhile")
        self.group, self.meanwhile = group, meanwhile


@dataclass(frozen=True)
class Act:
    """Who acts on which group, and after which of its turns; None: the present one."""

    group_id: int
    team_id: int
    actor: Actor
    now: int
    turn: int | None = None

    def resolve(self) -> Group:
        """Dealt with. The next failure shows that it was not."""
        with self._deciding() as group:
            if group.triage == Triage.RESOLVED:
                raise Refused("This group is resolved already.")
            _wake_up(group, Triage.RESOLVED, self.now)
            self._decided(group, "failure.resolved")
        return group

    def ignore(self, days: int | None = None, more: int | None = None, hours: int | None = None) -> Group:
        """Out of sight for so many days, or until so many more tasks failed within so many hours, whatever is first.
        Raises Refused where neither is said, or it is absurd."""
        check_patience(days, more, hours)
        with self._deciding() as group:
            _wake_up(group, Triage.IGNORED, self._known_at(group))
            group.ignored_until = self.now + days * DAY if days else None
            group.ignored_more, group.ignored_hours = more, hours
            said = {"until_at": group.ignored_until, "more": more, "hours": hours}
            self._decided(group, "failure.ignored", {name: value for name, value in said.items() if value})
        return group

    def _known_at(self, group: Group) -> int:
        """What failed before does not count as more: by the clock of Studio, which may differ by up to an hour."""
        return max(self.now - HOUR, min(group.last_at, self.now + HOUR))

    def reopen(self) -> Group:
        with self._deciding() as group:
            if group.triage == Triage.OPEN:
                raise Refused("This group is open already.")
            _wake_up(group, Triage.OPEN, self.now)
            self._decided(group, "failure.reopened")
        return group

    def assign(self, owner_id: int | None) -> Group:
        """To a member of the team who may triage, or to nobody."""
        with self._deciding() as group:
            before, owner = group.owner_name, self._owner(owner_id)
            if group.owner_id == owner_id and bool(before) == bool(owner):
                raise Refused(f"This group is {before}’s already." if before else "Nobody has this group already.")
            group.owner, group.owner_name = owner, owner.email if owner else ""
            what = "failure.assigned" if owner else "failure.released"
            if owner and owner.pk == self.actor.user_id:
                what = "failure.took"
            self._decided(group, what, {"to": group.owner_name, "from": before})
        return group

    def _owner(self, owner_id: int | None) -> User | None:
        if owner_id is None:
            return None
        able = Membership.objects.filter(team=self.team_id, role__in=roles_with(Right.TRIAGE), user__is_active=True)
        found = able.filter(user=owner_id).select_related("user").first()
        if found is None:
            raise Refused("This person is not in the team, or may not triage. Choose somebody else.")
        return found.user

    def note(self, text: str) -> Decision:
        """What people paste may hold keys: of any account of the team, for a group is of all of them. What was sent
        twice by mistake is kept once."""
        accounts = Account.objects.filter(team=self.team_id).select_related("api_key").order_by("pk")
        for account in accounts:
            text = redactor_of(account).text(text)
        with self.holding():
            group = self.locked()[self.group_id]
            mine = group.decisions.filter(what="noted", by=self.actor.user_id, at__gt=self.now - TWICE_MS)
            if (noted := mine.filter(text=text).order_by("-id").first()) is not None:
                return noted
            AuditEntry.note(self.actor, "failure.noted", self.team_id, group.title, after={"group": group.pk})
            return Decision.note(group, self.actor, "noted", self.now, text=text)

    @contextmanager
    def _deciding(self) -> Iterator[Group]:
        """The group, locked, in the turn that the form was made in; saved at the end."""
        with self.holding():
            group = self.locked()[self.group_id]
            self.check_turn(group)
            yield group
            group.turn += 1
            group.settle()
            group.save()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """One transaction in which nobody else of the team decides. Raises PermissionDenied for who may no longer."""
        with transaction.atomic():
            hold_accounts(self.team_id)
            own = Membership.objects.filter(team=self.team_id, user=self.actor.user_id or 0).first()
            if own is None or not may(own.role, Right.TRIAGE):
                raise PermissionDenied
            yield

    def locked(self, *others: int) -> dict[int, Group]:
        """This group and others of the team, and what they were merged into, by their ids. Raises Moved if this one
        was merged, and Refused if it has gone."""
        of_team = Group.objects.filter(team=self.team_id)
        groups = {group.pk: group for group in of_team.locked([self.group_id, *others])}
        group = groups.get(self.group_id)
        if group is None:
            raise Refused("This group is not there any more.")
        if group.merged_into_id is not None:
            raise Moved(groups[group.merged_into_id])
        return groups

    def check_turn(self, group: Group) -> None:
        """Raises Outpaced."""
        if self.turn is not None and self.turn != group.turn:
            newest = group.decisions.exclude(what="noted").order_by("-id")[: max(0, min(20, group.turn - self.turn))]
            raise Outpaced(group, list(newest)[::-1])

    def _decided(self, group: Group, what: str, said: dict[str, object] | None = None) -> None:
        """`what` is the audit's word; the history's is its end."""
        Decision.note(group, self.actor, what.removeprefix("failure."), self.now, said)
        AuditEntry.note(self.actor, what, self.team_id, group.title, after={"group": group.pk, **(said or {})})


def check_patience(days: int | None, more: int | None, hours: int | None) -> None:
    """Raises Refused for what nobody can mean."""
    if days is None and more is None:
        raise Refused("Say for how long: a number of days, or until so many more tasks fail.")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused(f"Days: a whole number from 1 to {MOST_DAYS}.")
    if more is not None and not 1 <= more <= MOST_MORE:
        raise Refused(f"How many more: a whole number from 1 to {MOST_MORE:,}.")
    if more is not None and not 1 <= (hours or 0) <= MOST_HOURS:
        raise Refused(f"Hours: a whole number from 1 to {MOST_HOURS:,}.")


def _wake_up(group: Group, triage: Triage, at: int) -> None:
    group.triage, group.triaged_at = triage, at
    group.ignored_until = group.ignored_more = group.ignored_hours = None
