import json
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dashboard.clock import DAY, MINUTE
from dashboard.facts import facts_of
from dashboard.folding import fold
from dashboard.models.account import Account
from dashboard.models.asset import Asset
from dashboard.phases import FINAL, OVERLAYS, STALLED_AFTER, UNFINISHED, overlay_of, stalled_limit
from dashboard.titles import fallback_title
from dashboard.upstream.snapshots import Snapshot

UNASKED_MS = 10 * MINUTE
LONGEST_TITLE_KEY = 200


def title_key_of(title: str) -> str:
    """By which titles are sorted."""
    return fold(title)[:LONGEST_TITLE_KEY]


def is_new(snapshot: Snapshot, updated_at: int, digest: str) -> bool:
    """Whether the snapshot tells something that a task which changed then and has this digest does not know. An older
    one changes nothing, nor does the same again. One that tells no time at all can only be believed."""
    return (snapshot.updated_at or updated_at) >= updated_at and snapshot.digest != digest


class TaskQuerySet(models.QuerySet["Task"]):
    def unfinished(self) -> "TaskQuerySet":
        return self.filter(phase__in=UNFINISHED, deleted_at=None)

    def without_news(self, now: int) -> "TaskQuerySet":
        """Unfinished tasks of which nothing was heard for 10 min, the longest unasked first."""
        return self.unfinished().filter(heard_at__lt=now - UNASKED_MS).order_by("heard_at")

    def newly_stalled(self, now: int, waits: Mapping[str, int]) -> "TaskQuerySet":
        """Tasks that the clock has made stalled since they were last written. `waits`: by type the ms that nearly all
        of their kind waited at most."""
        over = [Q(phase=phase, updated_at__lt=now - limit) for phase, limit in STALLED_AFTER.items()]
        for task_type, wait_ms in waits.items():
            limit = stalled_limit("waiting", wait_ms)
            over.append(Q(phase="waiting", type=task_type, updated_at__lt=now - (limit or 0)))
        return self.unfinished().filter(reduce(or_, over)).exclude(overlay="stalled")  # by their index: they are few

    def ended_before(self, at: int) -> "TaskQuerySet":
        """Tasks that came to an end, or were deleted at Studio, before this time."""
        return self.filter(Q(phase__in=FINAL, updated_at__lt=at) | Q(deleted_at__lt=at))


class Task(models.Model):
    """Our memory of one upstream task: the newest snapshot, redacted, and what Studio forgets.

    `progress` is what a page shows: the current attempt's ratio, 1 when completed, the last seen when failed.
    `attempt` is the number of the try under way or the last one, 0 while none is known.
    `title_key` is the folded title, by which one sorts. `took`: ms from its start to its end, -1 while unknown.
    `version` counts changes that its row or its page would show. `retried_at`: when Studio last accepted a retry
    that somebody asked for here. `name` and `studio_user_id` are Studio's, for scripts that filter by them; few tasks
    have a name.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tasks", db_index=False)
    upstream_id = models.CharField(max_length=200)
    type = models.CharField(max_length=100)
    phase = models.CharField(max_length=100)
    overlay = models.CharField(max_length=10, default="", blank=True)
    progress = models.FloatField(default=0)
    retries = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)
    error = models.TextField(default="", blank=True)
    title = models.TextField(default="")
    title_key = models.CharField(max_length=200, default="", blank=True)
    input_asset_id = models.CharField(max_length=200, default="", blank=True)
    output_asset_id = models.CharField(max_length=200, default="", blank=True)
    project_id = models.CharField(max_length=200, default="", blank=True)
    name = models.CharField(max_length=500, null=True)
    studio_user_id = models.CharField(max_length=200, null=True)
    created_at = models.BigIntegerField()
    scheduled_at = models.BigIntegerField(null=True)
    updated_at = models.BigIntegerField()
    took = models.BigIntegerField(default=-1)
    first_seen_at = models.BigIntegerField()
    heard_at = models.BigIntegerField()
    watched_at = models.BigIntegerField(default=0)
    deleted_at = models.BigIntegerField(null=True)
    retried_at = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    digest = models.CharField(max_length=32, default="")
    facts = models.TextField(default="{}")
    document = models.TextField(default="{}")

    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="task_once_per_account"),
        ]
        # Times of creation beside those of change, and phases beside progress: what is asked of both is then told by
        # the index alone, or a walk would read row after row of a million.
        indexes: ClassVar = [
            models.Index(fields=["account", "updated_at", "id", "created_at"], name="task_newest"),
            models.Index(fields=["account", "phase", "updated_at", "id", "created_at"], name="task_phase_newest"),
            models.Index(fields=["account", "type", "updated_at", "id", "created_at"], name="task_type_newest"),
            models.Index(
                fields=["account", "phase", "type", "updated_at", "id", "created_at"], name="task_both_newest"
            ),
            models.Index(fields=["account", "created_at", "id", "deleted_at"], name="task_oldest"),
            models.Index(fields=["account", "title_key", "id"], name="task_by_title"),
            models.Index(fields=["account", "took", "id"], name="task_by_took"),
            models.Index(fields=["account", "progress", "id", "phase"], name="task_by_progress"),
            models.Index(fields=["account", "retries", "id"], name="task_by_retries"),
            models.Index(
                fields=["account", "overlay", "updated_at", "id", "type"],
                name="task_overlay_newest",
                condition=Q(overlay__in=OVERLAYS),
            ),
            models.Index(fields=["upstream_id"], name="task_upstream_id"),
            models.Index(fields=["account", "output_asset_id"], name="task_output_asset"),
            models.Index(fields=["account", "input_asset_id"], name="task_input_asset"),
            models.Index(
                fields=["account", "heard_at"],
                name="task_unfinished_heard",
                condition=Q(phase__in=UNFINISHED),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_final(self) -> bool:
        return self.phase in FINAL or self.deleted_at is not None

    @property
    def naming_asset_id(self) -> str:
        """The asset whose name the task bears: what it makes, else what it works on."""
        return self.output_asset_id or self.input_asset_id

    def naming_asset(self) -> Asset | None:
        """That asset, as the syncer read it."""
        asset_id = self.naming_asset_id
        return Asset.objects.filter(account=self.account_id, upstream_id=asset_id).first() if asset_id else None

    def takes(self, snapshot: Snapshot) -> bool:
        return is_new(snapshot, self.updated_at, self.digest)

    def read(self, snapshot: Snapshot, asset_name: str, now: int) -> None:
        """Become what the snapshot says; what Studio leaves out of a new status is kept where it still holds."""
        stalled_so = (self.phase, self.updated_at) if self.overlay == "stalled" else None
        self.type, self.phase = snapshot.type[:100], snapshot.phase[:100]
        self.retries, self.error = snapshot.retries, snapshot.error
        self.progress = self._progress_after(snapshot)
        self.input_asset_id, self.output_asset_id = snapshot.input_asset_id, snapshot.output_asset_id
        self.project_id, self.studio_user_id = snapshot.project_id, snapshot.user_id or None
        self.name = snapshot.name or None
        self.created_at = snapshot.created_at or self.created_at or snapshot.updated_at or now
        self.scheduled_at = snapshot.scheduled_at
        self.updated_at = snapshot.updated_at or self.updated_at or self.created_at
        self.deleted_at = (self.deleted_at or now) if snapshot.deleted else None
        self.overlay = overlay_of(self.phase, self.retries, self.updated_at, self.deleted_at is not None, now)
        if stalled_so == (self.phase, self.updated_at) and not self.deleted_at:
            self.overlay = "stalled"  # by its type's own pace; other words about it do not make it move
        self.title = asset_name or fallback_title(snapshot.document, self.type, self.upstream_id)
        self.title_key, self.took = title_key_of(self.title), self._time_taken()
        self.digest, self.heard_at = snapshot.digest, now
        self.facts = json.dumps(facts_of(snapshot.document), separators=(",", ":"))
        self.document = json.dumps(snapshot.document, separators=(",", ":"), ensure_ascii=False)
        self.version += 1

    def _progress_after(self, snapshot: Snapshot) -> float:
        if snapshot.phase == "completed":
            return 1.0
        if snapshot.progress is not None:
            return snapshot.progress
        return self.progress if snapshot.phase in ("failed", "cancelled") else 0.0

    def _time_taken(self) -> int:
        """From the start that Studio scheduled last, else from its birth."""
        start = self.scheduled_at or self.created_at
        is_known = self.phase in ("completed", "failed") and start <= self.updated_at
        return self.updated_at - start if is_known else -1

    def opened(self) -> dict[str, Any]:
        """The redacted document."""
        document: dict[str, Any] = json.loads(self.document)
        return document


PRUNED_AFTER_MS = 30 * DAY


class Observation(models.Model):
    """A row kept when a snapshot's status differs from the last one. Pruned 30 days after the task's end."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="observations")
    at = models.BigIntegerField()
    seen_at = models.BigIntegerField()
    phase = models.CharField(max_length=100)
    progress = models.FloatField(null=True)
    retries = models.IntegerField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.phase} at {self.at}"
