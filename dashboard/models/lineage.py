"""Which tasks of an account hang together: what made an asset, what works on it, and what was cut from it.

Assets are the knots: a task that makes one hangs below the asset that it takes, or that its own was clipped from.
Everything is bounded, whatever the documents claim: levels, tasks and queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, Value, When

from dashboard.models.asset import Asset
from dashboard.models.task import Task

MOST_UP = 6
MOST_DOWN = 3
MOST_KIN = 40
COLUMNS = (
    "id", "upstream_id", "title", "type", "phase", "overlay", "progress", "created_at", "updated_at",
    "input_asset_id", "output_asset_id",
)  # fmt: skip
_UPWARDS = """
    WITH RECURSIVE up(asset_id, level) AS (
        SELECT CAST(%s AS text), 0
        UNION ALL
        SELECT CAST(COALESCE(
            (SELECT source_id FROM dashboard_asset
             WHERE account_id = %s AND upstream_id = up.asset_id AND source_id <> ''),
            (SELECT input_asset_id FROM dashboard_task
             WHERE account_id = %s AND output_asset_id = up.asset_id AND input_asset_id <> ''
             ORDER BY created_at DESC, id DESC LIMIT 1)
        ) AS text), level + 1
        FROM up WHERE level < %s AND asset_id IS NOT NULL
    )
    SELECT asset_id FROM up WHERE asset_id IS NOT NULL ORDER BY level
"""


@dataclass(frozen=True)
class Kin:
    """A task in the family, `depth` levels below the first one. The task has the columns of a small tree only."""

    task: Task
    depth: int
    is_this: bool


class Lineage(list[Kin]):
    """The family of a task, depth first; empty when it has no relatives. `more`: how many there are besides."""

    more: int = 0


def lineage_of(task: Task) -> Lineage:
    """The tasks of the same account that are linked with this one by assets: from the oldest known ancestor, at most
    6 levels up, down to what came of it, 40 in all and this one among them. At most 8 queries, none without assets."""
    if not task.naming_asset_id:
        return Lineage()
    return _Family(task).lineage()


class _Family:
    def __init__(self, task: Task) -> None:
        self.this = task
        self.tasks: dict[int, Task] = {task.pk: task}
        self.parents: dict[str, str] = {}
        self.more = 0

    def lineage(self) -> Lineage:
        chain = self._ancestors()
        self.parents.update(pairwise(chain))
        self._gather(chain)
        found = Lineage(_Tree(self.this, self.tasks.values(), self.parents, chain[-1]).walk(chain[-1]))
        found.more = self.more
        return found if len(found) + self.more > 1 else Lineage()

    def _ancestors(self) -> list[str]:
        """The asset that the task makes, else the one that it takes, and those that this came from."""
        account_id = self.this.account_id
        with connection.cursor() as cursor:
            cursor.execute(_UPWARDS, [self.this.naming_asset_id, account_id, account_id, MOST_UP])
            return list(dict.fromkeys(asset_id for (asset_id,) in cursor.fetchall()))

    def _gather(self, chain: list[str]) -> None:
        """The tasks around the whole chain, then around what came of it, level by level."""
        known, level = set(chain), list(chain)
        for depth in range(MOST_DOWN):
            if not self._take(level):
                return
            if depth < MOST_DOWN - 1:
                level = self._below(level, known)
            if not level:
                return

    def _take(self, assets: Collection[str]) -> bool:
        """Hold the tasks around these assets, their makers first; False when there is room for no more."""
        around = self._around(assets)
        makes = When(output_asset_id__in=assets, then=Value(0))
        ranked = around.annotate(rank=Case(makes, default=Value(1), output_field=IntegerField()))
        found = list(ranked.order_by("rank", "-created_at", "-id")[: MOST_KIN + 1])
        news = [task for task in found if task.pk not in self.tasks]
        room = MOST_KIN - len(self.tasks)
        self.tasks.update((task.pk, task) for task in news[:room])
        if len(news) <= room:
            return True
        self.more += around.exclude(pk__in=self.tasks).count()
        return False

    def _around(self, assets: Collection[str]) -> QuerySet[Task]:
        """A union, as without statistics SQLite serves an OR by reading the whole account."""
        tasks = Task.objects.filter(account=self.this.account_id)
        made, used = tasks.filter(output_asset_id__in=assets), tasks.filter(input_asset_id__in=assets)
        touching: QuerySet[Task] = Task.objects.filter(pk__in=made.values("pk").union(used.values("pk")))
        return touching.only(*COLUMNS)

    def _below(self, assets: Collection[str], known: set[str]) -> list[str]:
        """The assets that came of these, by a clip or by a task that makes one of another."""
        cut = Asset.objects.filter(account=self.this.account_id, source_id__in=assets)
        links = list(cut.order_by("-id").values_list("upstream_id", "source_id")[:MOST_KIN])
        if len(links) == MOST_KIN and not self.more:
            self.more = cut.count() - MOST_KIN
        links += [(t.output_asset_id, t.input_asset_id) for t in self.tasks.values() if t.output_asset_id]
        below = []
        for asset_id, parent in links:
            if asset_id not in known and parent in known:
                known.add(asset_id)
                self.parents[asset_id] = parent
                below.append(asset_id)
        return below


class _Tree:
    """The tasks that were gathered, in the order in which a page tells them."""

    def __init__(self, this: Task, tasks: Iterable[Task], parents: dict[str, str], root: str) -> None:
        self.this, self.seen = this, set[str]()
        self.makers, self.users = defaultdict[str, list[Task]](list), defaultdict[str, list[Task]](list)
        self.cuts = defaultdict[str, list[str]](list)
        for task in sorted(tasks, key=lambda task: (task.created_at, task.pk)):
            made = task.output_asset_id
            is_maker = made in parents or made == root
            (self.makers[made] if is_maker else self.users[task.input_asset_id]).append(task)
        for asset_id, parent in parents.items():
            self.cuts[parent].append(asset_id)

    def walk(self, asset_id: str, depth: int = 0) -> Iterator[Kin]:
        """What made the asset, and below it all that takes it or was cut from it, the oldest first."""
        self.seen.add(asset_id)
        makers = self.makers[asset_id]
        for task in makers:
            yield Kin(task, depth, task.pk == self.this.pk)
        below = depth + 1 if makers else depth
        for task in self.users[asset_id]:
            yield Kin(task, below, task.pk == self.this.pk)
        for cut in sorted(self.cuts[asset_id], key=self._born_at):
            if cut not in self.seen:
                yield from self.walk(cut, below)

    def _born_at(self, asset_id: str) -> int:
        return min((task.created_at for task in self.makers[asset_id]), default=0)
