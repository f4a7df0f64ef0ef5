"""Filters of the board under a name, and the verbs on them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from dashboard.clock import now_ms
from dashboard.folding import fold
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.rights import Right, may, roles_with
from dashboard.models.roster import Refused, held_by
from dashboard.models.team import Membership, Team
from dashboard.models.user import User

MOST = 20
LONGEST_NAME = 60


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """One's own, and those of one's teams."""
        teams = Membership.objects.filter(user=user, role__in=roles_with(Right.SEE)).values("team")
        return self.filter(models.Q(user=user) | models.Q(team__in=teams))

    def keep(self, name: str, query: str, owner: User | Team, actor: Actor, instead: "SavedView | None" = None) -> None:
        """Save it as the person's own, or for the team, in the place of `instead` if there is one. The same view sent
        twice is one. Raises Refused, and PermissionDenied for one who may not."""
        with _held(owner, actor):
            ours = list(self.filter(user=owner) if isinstance(owner, User) else self.filter(team=owner))
            if not any(view.name == name and view.query == query for view in ours):
                _check_name(name, ours)
                if len(ours) >= MOST:
                    raise Refused(f"There are {MOST} views already. Delete one that nobody opens.")
                view = SavedView(name=name, query=query, by_name=actor.name[:320], created_at=now_ms())
                view.owner = owner
                view.save()
                view.note(actor, "view.saved", after={"query": query})
            if instead:
                instead.forget(actor)


class SavedView(models.Model):
    """A filter of the board under a name: a person's own (`user`), or a team's (`team`). `query` is the part of the
    board's URL after the question mark, as `ViewQuery` writes it; a team's names no team, for its link does."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="saved_views")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="saved_views")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=2000)
    by_name = models.CharField(max_length=320)
    created_at = models.BigIntegerField()

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="view_once_per_person"),
            models.UniqueConstraint(fields=["team", "name"], name="view_once_per_team"),
            models.CheckConstraint(
                condition=models.Q(user=None, team__isnull=False) | models.Q(user__isnull=False, team=None),
                name="view_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> User | Team:
        owner = self.user or self.team
        assert owner is not None  # the database holds us to it
        return owner

    @owner.setter
    def owner(self, owner: User | Team) -> None:
        self.user, self.team = (owner, None) if isinstance(owner, User) else (None, owner)

    def demand(self, actor: Actor) -> None:
        """Raises PermissionDenied for one who may not change it."""
        with _held(self.owner, actor):
            pass

    def rename(self, name: str, actor: Actor) -> None:
        """Raises Refused, and PermissionDenied for one who may not."""
        with _held(self.owner, actor):
            now = self._still()
            if now is None:
                raise Refused("Somebody deleted this view meanwhile.")
            if now.name == name:
                return
            _check_name(name, SavedView.objects.filter(user=now.user, team=now.team).exclude(pk=now.pk))
            SavedView.objects.filter(pk=now.pk).update(name=name)
            before, self.name = now.name, name
            self.note(actor, "view.renamed", before={"name": before}, after={"name": name})

    def forget(self, actor: Actor) -> None:
        """Raises PermissionDenied for one who may not. Deleted twice is deleted."""
        with _held(self.owner, actor):
            now = self._still()
            if now:
                now.delete()
                self.note(actor, "view.deleted", before={"query": now.query})

    def _still(self) -> "SavedView | None":
        return SavedView.objects.filter(pk=self.pk).first()

    def note(
        self, actor: Actor, what: str, before: dict[str, object] | None = None, after: dict[str, object] | None = None
    ) -> None:
        """A team reads what became of its views; what somebody keeps for themselves is nobody's business."""
        if self.team_id:
            AuditEntry.note(actor, what, self.team_id, self.name, before, after)


@contextmanager
def _held(owner: User | Team, actor: Actor) -> Iterator[None]:
    """One transaction in which nobody else changes the owner's views."""
    if isinstance(owner, Team):
        with held_by(actor, owner.pk, Right.KEEP_TEAM_VIEWS):
            yield
        return
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        roles = Membership.objects.filter(user=owner).values_list("role", flat=True)
        if owner.pk != actor.user_id or not any(may(role, Right.KEEP_PRIVATE_VIEWS) for role in roles):
            raise PermissionDenied
        yield


def _check_name(name: str, others: Iterable[SavedView]) -> None:
    """Names that look the same to a reader are the same."""
    if fold(name) in {fold(view.name) for view in others}:
        raise Refused("There is a view of this name already.")
