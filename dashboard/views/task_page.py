"""What `task/_live.html` shows of one task."""

from functools import cached_property, partial
from sys import getsizeof
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from dashboard import units
from dashboard.families import Family
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.failure import kindred_of
from dashboard.models.gap import gaps_of
from dashboard.models.lineage import Lineage, lineage_of
from dashboard.models.pace import Pace
from dashboard.models.probe import Probe
from dashboard.models.seen import Freshness
from dashboard.models.turns import turns_in
from dashboard.upstream.marks import count_marks
from dashboard.views.asset_words import asset_of
from dashboard.views.document_tools import tools_of
from dashboard.views.freshness import freshness_of
from dashboard.views.held import Held
from dashboard.views.ipfs_words import acts_of_ipfs, cids_named, ipfs_of
from dashboard.views.kept import Kept
from dashboard.views.lanes import attempts_of, summary_of
from dashboard.views.media_words import media_of
from dashboard.views.polling import link, poll_url
from dashboard.views.rows import bar_of, lamp_of
from dashboard.views.story import Story
from dashboard.views.task_facts import ids_of, known_of, times_of
from dashboard.views.task_side import acts_of, kin_of, notes_of, owner_of
from dashboard.views.task_words import alert_of, answer_of, kindred_in_words
from dashboard.views.timeline import timeline_of
from dashboard.views.tree import Tree, budget_of
from dashboard.visible import visible

MOST_NOTES, MOST_OBSERVATIONS = 50, 1000
SMALL_SECTIONS = frozenset({"details", "hashes"})
LAST_SECTIONS = (("params", "Params"), ("output", "Output"), ("everything", "Everything"), ("raw", "Raw"))
Trees = tuple[SafeString | str, SafeString | str, SafeString, SimpleNamespace]
_trees: Kept[tuple[int, str, str], Trees] = Kept(22, lambda trees: sum(map(getsizeof, trees[:3])))


def branch_url(held: Held, path: str, start: int) -> str:
    return held.path("task-branch", path=path, start=start or None)


class TaskPage:
    """The attributes are what the template shows."""

    def __init__(self, held: Held) -> None:
        self._held, self._task = held, held.task
        self.upstream_id, self.title, self.type = (
            held.task.upstream_id,
            visible(held.task.title),
            visible(held.task.type),
        )
        self.phase, self.overlay, self.error = held.task.phase, held.task.overlay, held.task.error
        self.account_name = held.account.name
        self.lamp, self.word = lamp_of(held.task)
        self.final = held.is_settled
        self.raw_url = held.path("task-raw")

    @cached_property
    def acts(self) -> SimpleNamespace:
        return acts_of(self._held, self.asset, retry_helps=self.family is None or self.family.retry_helps)

    @cached_property
    def _story(self) -> Story:
        task = self._task
        pace = None if task.is_final else Pace.objects.filter(account=task.account_id, type=task.type).first()
        turn = turns_in([task.account_id]).get(task.pk) if task.phase == "waiting" else None
        return Story(task, self._attempts, self.asset, pace, self._held.sight.now, turn)

    @cached_property
    def answer(self) -> SimpleNamespace:
        return answer_of(self._story)

    @cached_property
    def family(self) -> Family | None:
        """What the error means; None where there is none."""
        return self._story.family

    @property
    def retry_advice(self) -> str:
        return self.family.advice if self.family else ""

    @cached_property
    def alert(self) -> SimpleNamespace | None:
        return alert_of(self._story)

    @property
    def kindred(self) -> SimpleNamespace | None:
        """The group of what it failed for, on which the others are."""
        kindred = kindred_of(self._task.pk) if self.error else None
        return kindred_in_words(kindred, owner_of(kindred.group_id)) if kindred else None

    @cached_property
    def _lineage(self) -> Lineage:
        return lineage_of(self._task)

    @property
    def kin(self) -> list[SimpleNamespace]:
        return kin_of(self._lineage, self._held.chosen)

    @property
    def kin_left_out(self) -> int:
        return self._lineage.more

    @property
    def notes(self) -> list[SimpleNamespace]:
        return notes_of(list(self._task.notes.order_by("-created_at", "-id")[:MOST_NOTES])[::-1])

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
        return attempts_of(self._story)

    @property
    def attempts_summary(self) -> str:
        return summary_of(self._task.attempt, self._task.retries)

    @property
    def timeline(self) -> list[SimpleNamespace]:
        task, now = self._task, self._held.sight.now
        gaps = gaps_of(task.account_id, task.created_at, task.updated_at if task.is_final else now)
        observations = list(task.observations.order_by("-at", "-id")[:MOST_OBSERVATIONS])[::-1]
        return timeline_of(self._story, observations, list(task.asked_retries.all()), gaps)

    @property
    def times(self) -> list[SimpleNamespace]:
        return times_of(self._task, self._attempts, self._held.sight.now)

    @cached_property
    def asset(self) -> Asset | None:
        """What the task makes, else what it works on, as the syncer read it."""
        return self._task.naming_asset()

    @property
    def ids(self) -> list[SimpleNamespace]:
        return ids_of(self._task, self.asset.playback_id if self.asset else "")

    @property
    def known(self) -> list[SimpleNamespace]:
        return known_of(self._task, self._document, self.asset, self.account_name)

    @cached_property
    def asset_state(self) -> SimpleNamespace | None:
        return asset_of(self._task, self.asset)

    @cached_property
    def media(self) -> SimpleNamespace:
        return media_of(self._document, self.asset)

    @cached_property
    def ipfs(self) -> list[SimpleNamespace]:
        names = cids_named(self._document, self.asset)
        probes = Probe.objects.filter(account=self._task.account_id, cid__in=list(names)) if names else ()
        return ipfs_of(self._document, self.asset, self._held.account, probes)

    @property
    def result_first(self) -> bool:
        """What came of it matters more than how, once it is there."""
        return self.phase == "completed"

    @property
    def jumps(self) -> list[tuple[str, str]]:
        """The sections in the order of the page, without the small ones."""
        media = [(section.id, section.title) for section in self.media.sections if section.id not in SMALL_SECTIONS]
        course = [("progress", "Progress"), ("timeline", "Timeline")]
        first = [("ipfs", "IPFS")] if self.ipfs else []
        middle = media + course if self.result_first else course + media
        return [*first, *middle, *LAST_SECTIONS]

    @property
    def ipfs_acts(self) -> SimpleNamespace:
        return acts_of_ipfs(self._held)

    @cached_property
    def tools(self) -> SimpleNamespace:
        return tools_of(self._held)

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
        path, mine = reverse("task", args=[self.upstream_id]), self._task.account_id
        return [
            SimpleNamespace(account=one.name, url=link(path, {"account": one.id}), current=one.id == mine)
            for one in self._held.copies
        ]

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self._task.opened()

    @property
    def _rendered(self) -> Trees:
        """The trees, kept per document: they outlive what else changes on the page, its account's trouble.
        The chosen account is in the links of their branches."""
        key = (self._task.pk, self._task.digest or str(self._task.version), self._held.chosen)
        return _trees.get(key, self._render_trees)

    def _render_trees(self) -> Trees:
        document = self._document
        tree = Tree(partial(branch_url, self._held), budget_of(self._task.document))
        rest = tree.render_only(document, leave_out=("params", "output"))
        params, output = (tree.render(document[n], n) if n in document else "" for n in ("params", "output"))
        counts = SimpleNamespace(params=count_marks(document.get("params")), output=count_marks(document.get("output")))
        return params, output, rest, counts
