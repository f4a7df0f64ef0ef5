"""Which tasks somebody means who retries from a group of failures: all that are still failed for its cause."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.urls import reverse

from dashboard.clock import now_ms
from dashboard.models.deadline import TooBroad, deadline
from dashboard.models.group import Group
from dashboard.models.group_retry import open_tasks
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight
from dashboard.views.board_found import SECONDS
from dashboard.views.chosen import FILTERS, MOST, NoChoice
from dashboard.views.polling import SignedIn

OTHERS = (*FILTERS, "ids", "picked", "all")
TOO_LONG = "The tasks of this group could not be read in time. Try again in a moment, or choose fewer in the task list."


@dataclass(frozen=True)
class ChosenGroup:
    """What `Chosen` is for the board. `insists`: an admin retries also what no retry helps. `seen`: the accounts of the
    group's team."""

    group: Group
    insists: bool
    seen: Sight

    ticked = ()
    is_open = False
    back = "Group"

    @classmethod
    def read(cls, request: SignedIn, form: QueryDict) -> "ChosenGroup":
        """Raises Http404 for a group that is not the person's, NoChoice for filters beside it, and PermissionDenied for
        who insists and may not."""
        if any(form.get(name) for name in OTHERS):
            raise NoChoice("Say a group or filters, not both.")
        told = form.get("group", "")
        if not (told.isascii() and told.isdecimal() and len(told) < 19):
            raise Http404
        group = Group.objects.visible_to(request.user).filter(pk=told).first()
        if group is None:
            raise Http404
        chosen = cls(group, bool(form.get("insist")), Sight.of(request.user.pk, now_ms(), group.team_id))
        if chosen.insists and not chosen.may_insist:
            raise PermissionDenied
        return chosen

    @property
    def may_insist(self) -> bool:
        return bool(self.allowing(Right.INSIST))

    @property
    def words(self) -> str:
        """As the part of the board's URL after the question mark, which shows these tasks and those that recovered."""
        return urlencode({"q": f"group:{self.group.pk}"} | ({"insist": "1"} if self.insists else {}))

    @property
    def told(self) -> dict[str, str]:
        return {"group": self.group.title}

    @property
    def whole(self) -> str:
        also = ", also where a retry cannot help" if self.insists else ""
        return f"all that are still failed for the cause of this group{also}"

    @property
    def board_url(self) -> str:
        return reverse("failure", args=[self.group.pk])

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form sends to mean the same tasks again."""
        return [("group", str(self.group.pk)), *([("insist", "1")] if self.insists else [])]

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """Around what the tasks are read with: NoChoice if that takes too long."""
        try:
            with deadline(SECONDS):
                yield
        except TooBroad as broad:
            raise NoChoice(TOO_LONG) from broad

    def allowing(self, right: Right) -> dict[int, SeenAccount]:
        """The accounts in view in which the person has the right."""
        return {account.id: account for account in self.seen.accounts if may(account.role, right)}

    def ids(self, account_ids: list[int], most: int) -> list[int]:
        """The first of them, at most `MOST` and one; all accounts in view are meant."""
        return list(self._tasks)[:most]

    @property
    def hopeless(self) -> Mapping[int, str]:
        """By task why a retry cannot help, of those where it is so and nobody insists."""
        return {} if self.insists else {task: why for task, why in self._tasks.items() if why}

    @property
    def insist_url(self) -> str:
        """How to insist; empty where there is no need, or one may not."""
        if not (self.hopeless and self.may_insist):
            return ""
        return f"{reverse('retry-new')}?{urlencode({'group': self.group.pk, 'insist': 1})}"

    @cached_property
    def _tasks(self) -> dict[int, str]:
        return open_tasks(self.group, self.seen.ids, MOST + 1)
