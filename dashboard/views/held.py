"""How a task is found among what the user may see."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from dashboard.clock import MINUTE, now_ms
from dashboard.models.look import Look
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight
from dashboard.models.task import Task
from dashboard.views.polling import SignedIn, link, token_of

AWAITED_MS = MINUTE


@dataclass(frozen=True)
class Held:
    """A task that the user may see, through which account, and the other accounts that hold it too."""

    task: Task  # for the token alone a Glance stands in for it
    account: SeenAccount
    sight: Sight
    copies: tuple[SeenAccount, ...]
    chosen: str

    @classmethod
    def find(cls, sight: Sight, upstream_id: str, chosen: str) -> "Held | None":
        """The newest copy visible; `chosen` picks an account by its id."""
        by_id = {account.id: account for account in sight.accounts}
        if not by_id or "\0" in upstream_id:  # PostgreSQL refuses to look for it
            return None
        held = Task.objects.filter(upstream_id=upstream_id, account__in=list(by_id)).order_by("-updated_at", "id")
        return cls._choose(list(held.defer("document")), sight, by_id, chosen)

    @classmethod
    def glanced(cls, look: Look, chosen: str) -> "Held | None":
        """The same with a Glance for the task, of a look for it: enough for the token."""
        copies = sorted(look.copies, key=lambda copy: (-copy.updated_at, copy.id))
        by_id = {account.id: account for account in look.sight.accounts}
        return cls._choose([cast(Task, copy) for copy in copies], look.sight, by_id, chosen)

    @classmethod
    def _choose(cls, tasks: list[Task], sight: Sight, by_id: dict[int, SeenAccount], chosen: str) -> "Held | None":
        picked = [task for task in tasks if str(task.account_id) == chosen] if chosen else tasks
        if not picked:
            return None
        task, copies = picked[0], tuple(by_id[other.account_id] for other in tasks)
        return cls(task, by_id[task.account_id], sight.only(task.account_id), copies, chosen)

    @classmethod
    def or_404(cls, request: SignedIn, upstream_id: str) -> "Held":
        held = cls.find(Sight.of(request.user.pk, now_ms()), upstream_id, request.GET.get("account", ""))
        if held is None:
            raise Http404
        return held

    @property
    def url(self) -> str:
        return self.path("task")

    @property
    def token(self) -> str:
        """The task's own version, not its account's revision: other tasks' changes are no news here, but to one that
        waits among them."""
        revision = self.account.revision if self.task.phase == "waiting" else 0
        account = self.account._replace(revision=revision, imported=0)
        copies = [(copy.id, copy.name) for copy in self.copies]
        task = self.task.pk, self.task.version, self.task.digest
        return token_of(*task, account.signs(self.sight.now), copies, self.is_settled, self._minutes)

    @property
    def _minutes(self) -> int:
        """Minutes without news of a task that goes on: the page says how long, and when it may be done."""
        return 0 if self.task.is_final else (self.sight.now - self.task.updated_at) // MINUTE

    def allows(self, right: Right) -> bool:
        return may(self.account.role, right)

    def demand(self, right: Right) -> None:
        """Who does not have it is told so, with a 403."""
        if not self.allows(right):
            raise PermissionDenied

    @cached_property
    def is_settled(self) -> bool:
        """Nothing more is expected soon: the task has ended, and a retry that Studio took has shown itself."""
        task, now = self.task, self.sight.now
        retried_at = task.retried_at or 0
        return task.is_final and not (task.updated_at < retried_at and now < retried_at + AWAITED_MS)

    def path(self, name: str, **parameters: object) -> str:
        return link(reverse(name, args=[self.task.upstream_id]), {"account": self.chosen, **parameters})
