"""What `task/_live.html` shows of one task, and how the task is found among what the user may see."""

from dataclasses import dataclass
from functools import cached_property, partial
from sys import getsizeof
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from dashboard import units
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.seen import Freshness, SeenAccount, Sight
from dashboard.models.task import Task
from dashboard.models.team import Role
from dashboard.upstream.marks import count_marks
from dashboard.views.freshness import freshness_of
from dashboard.views.kept import Kept
from dashboard.views.polling import link, poll_url, token_of
from dashboard.views.rows import bar_of, lamp_of
from dashboard.views.task_facts import cids_of, ids_of, times_of
from dashboard.views.task_words import answer_of, attempts_of, summary_of, timeline_of
from dashboard.views.tree import Tree

Trees = tuple[SafeString | str, SafeString | str, SafeString, SimpleNamespace]
_trees: Kept[tuple[int, int, str], Trees] = Kept(24, lambda trees: sum(map(getsizeof, trees[:3])))


@dataclass(frozen=True)
class Held:
    """A task that the user may see, through which account, and the other accounts that hold it too."""

    task: Task
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
        tasks = list(held.defer("document"))
        picked = [task for task in tasks if str(task.account_id) == chosen] if chosen else tasks
        if not picked:
            return None
        task = picked[0]
        copies = tuple(by_id[other.account_id] for other in tasks)
        return cls(task, by_id[task.account_id], sight.only(task.account_id), copies, chosen)

    @property
    def url(self) -> str:
        return self.path("task")

    @property
    def token(self) -> str:
        """The task's own version, not its account's revision: other tasks' changes are no news here."""
        account = self.account._replace(revision=0, imported=0)
        copies = [(copy.id, copy.name) for copy in self.copies]
        return token_of(self.task.pk, self.task.version, self.task.digest, account.signs(self.sight.now), copies)

    def path(self, name: str, **parameters: object) -> str:
        return link(reverse(name, args=[self.task.upstream_id]), {"account": self.chosen, **parameters})


def branch_url(held: Held, path: str, start: int) -> str:
    return held.path("task-branch", path=path, start=start or None)


class TaskPage:
    """The attributes are what the template shows."""

    def __init__(self, held: Held) -> None:
        self._held, self._task = held, held.task
        self.upstream_id, self.title, self.type = held.task.upstream_id, held.task.title, held.task.type
        self.phase, self.overlay, self.error = held.task.phase, held.task.overlay, held.task.error
        self.account_name = held.account.name
        self.lamp, self.word = lamp_of(held.task)
        self.final = held.task.is_final
        self.answer = answer_of(held.task)
        self.raw_url, self.ask_url = held.path("task-raw"), held.path("task-ask")
        self.can_ask = Role(held.account.role).covers(Role.SUPPORT)

    @property
    def percent(self) -> str:
        bar = bar_of(self._task)
        return units.percent(bar / 100) if bar is not None and self._task.phase == "running" else ""

    @property
    def poll_url(self) -> str:
        path = reverse("task-live", args=[self._task.upstream_id])
        return poll_url(path, self._held.token, {"account": self._held.chosen})

    @property
    def interval(self) -> int:
        stopped = self._held.sight.freshness is Freshness.STOPPED
        return 15 if stopped or self.overlay == "stalled" else 3

    @property
    def freshness(self) -> SimpleNamespace:
        return freshness_of(self._held.sight)

    @cached_property
    def _attempts(self) -> list[Attempt]:
        return list(self._task.attempts.all())

    @cached_property
    def attempts(self) -> list[SimpleNamespace]:
        return attempts_of(self._task, self._attempts)

    @property
    def attempts_summary(self) -> str:
        return summary_of(self._task.attempt, self._task.retries)

    @property
    def timeline(self) -> list[SimpleNamespace]:
        return timeline_of(self._task, list(self._task.observations.all()))

    @property
    def times(self) -> list[SimpleNamespace]:
        return times_of(self._task, self._attempts)

    @property
    def ids(self) -> list[SimpleNamespace]:
        asset_id = self._task.naming_asset_id
        assets = Asset.objects.filter(account=self._task.account_id, upstream_id=asset_id)
        playback_id = assets.values_list("playback_id", flat=True).first() if asset_id else ""
        return ids_of(self._task, playback_id or "")

    @property
    def cids(self) -> list[SimpleNamespace]:
        return cids_of(self._document)

    @property
    def params_tree(self) -> SafeString | str:
        return self._rendered[0]

    @property
    def output_tree(self) -> SafeString | str:
        return self._rendered[1]

    @property
    def rest_tree(self) -> SafeString:
        return self._rendered[2]

    @property
    def redacted_counts(self) -> SimpleNamespace:
        return self._rendered[3]

    @property
    def copies(self) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(
                account=account.name,
                url=link(reverse("task", args=[self.upstream_id]), {"account": account.id}),
                current=account.id == self._task.account_id,
            )
            for account in self._held.copies
        ]

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self._task.opened()

    @property
    def _rendered(self) -> Trees:
        """The trees, kept per version of the task: they outlive what else changes on the page, its account's trouble.
        The chosen account is in the links of their branches."""
        key = (self._task.pk, self._task.version, self._held.chosen)
        return _trees.get(key, self._render_trees)

    def _render_trees(self) -> Trees:
        tree = Tree(partial(branch_url, self._held))
        document = self._document
        rest = tree.render_only(document, leave_out=("params", "output"))
        params, output = (tree.render(document[n], n) if n in document else "" for n in ("params", "output"))
        counts = SimpleNamespace(params=count_marks(document.get("params")), output=count_marks(document.get("output")))
        return params, output, rest, counts
