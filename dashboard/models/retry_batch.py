"""Retrying many tasks: who asked for it, which tasks, and how far it has come. The syncer asks for them."""

from collections import Counter
from collections.abc import Collection
from functools import cached_property
from typing import Any, ClassVar, cast

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.retry import Retry
from dashboard.models.retry_draft import Draft, why_not_through
from dashboard.models.task import Task
from dashboard.models.upsert import upsert
from dashboard.models.user import User

SETTLED_AT_ONCE = 500


class ItemState(models.TextChoices):
    """Where one task of a batch stands. `asking`: the intent is written, Studio may have been asked."""

    WAITING = "waiting", "Waiting"
    ASKING = "asking", "Asking"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


TO_DO = (ItemState.WAITING, ItemState.ASKING)


class NothingToRetry(Exception):
    """None of the tasks can be retried. No batch was made."""


class RetryBatch(models.Model):
    """Many retries that somebody asked for at once; the syncer works them off. `query` is what they were chosen by, in
    the words of the board's URL, empty where they were ticked."""

    by = models.ForeignKey(User, models.SET_NULL, null=True)
    by_name = models.CharField(max_length=320)
    query = models.CharField(max_length=2000, default="", blank=True)
    asked_at = models.BigIntegerField()
    stopped_at = models.BigIntegerField(null=True)
    stopped_by = models.CharField(max_length=320, default="", blank=True)
    ended_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"batch by {self.by_name}"

    @classmethod
    def start(cls, draft: Draft, actor: Actor, query: str) -> "RetryBatch":
        """The tasks of the draft as they are now, and their accounts due. Raises NothingToRetry, and IntegrityError if
        one was deleted in this very moment."""
        try:
            return cls._start(draft, actor, query)
        except IntegrityError:  # if another batch was faster, its tasks are seen to be in line now
            return cls._start(draft, actor, query)

    @classmethod
    def _start(cls, draft: Draft, actor: Actor, query: str) -> "RetryBatch":
        now = now_ms()
        with transaction.atomic():
            asked = Account.objects.filter(pk__in=list(draft.by_account)).order_by("pk")
            list(asked.select_for_update().values_list("pk"))  # two who start the same come one after the other
            draft = draft.again()
            if not draft.to_do:
                raise NothingToRetry
            batch: RetryBatch = cls.objects.create(
                by_id=actor.user_id, by_name=actor.name, query=query[:2000], asked_at=now
            )
            items = [
                RetryItem(
                    batch=batch,
                    account_id=line.account_id,
                    task_id=line.task_id,
                    state=ItemState.SKIPPED if line.why_not else ItemState.WAITING,
                    sentence=line.why_not,
                    at=now if line.why_not else None,
                )
                for line in draft.lines
            ]
            upsert(items)
            asked.filter(next_sync_at__gt=now, not_before_at__lte=now).update(next_sync_at=now)
            _note(batch, actor, "batch.started", draft.by_account)
        return batch

    def stop(self, actor: Actor, account_ids: Collection[int]) -> int:
        """What waits in these accounts is not asked for any more; the number of it. What is being asked is not taken
        back."""
        now = now_ms()
        with transaction.atomic():
            waiting = self.items.filter(state=ItemState.WAITING, account__in=account_ids)
            left = Counter(waiting.values_list("account_id", flat=True))
            waiting.update(state=ItemState.STOPPED, at=now, sentence="")
            if left:
                type(self).objects.filter(pk=self.pk).update(stopped_at=now, stopped_by=actor.name[:320])
                _note(self, actor, "batch.stopped", left)
            self.end_if_done(now)
        return left.total()

    def end_if_done(self, now: int) -> None:
        unfinished = self.items.filter(state__in=TO_DO)
        type(self).objects.filter(~models.Exists(unfinished), pk=self.pk, ended_at=None).update(ended_at=now)

    @cached_property
    def actor(self) -> Actor:
        """Who it is that asks for each of its tasks."""
        return Actor(self.by_name, self.by_id, via=f"batch {self.pk}")


class ItemQuerySet(models.QuerySet["RetryItem"]):
    def to_do(self) -> "ItemQuerySet":
        """By the partial index, which SQLite uses only for the very words of its condition."""
        found: Any = self.extra(where=["dashboard_retryitem.state IN ('waiting', 'asking')"])
        return cast(ItemQuerySet, found)


class RetryItem(models.Model):
    """One task of a batch. Each is asked exactly once: `retry` is its intent, written before the call.

    `at`: of a waiting one the time before which it is not asked, of one that is being asked when the task had last
    changed, which tells later whether Studio took it; of all others when it ended. `sentence`: why it is where it is.
    """

    batch = models.ForeignKey(RetryBatch, models.CASCADE, related_name="items")
    account = models.ForeignKey(Account, models.CASCADE)
    task = models.ForeignKey(Task, models.CASCADE, related_name="retry_items")
    retry = models.ForeignKey(Retry, models.SET_NULL, null=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    sentence = models.TextField(default="", blank=True)
    at = models.BigIntegerField(null=True)

    objects: ClassVar[Any] = ItemQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "task"], name="task_once_per_batch"),
            models.UniqueConstraint(fields=["task"], condition=Q(state__in=TO_DO), name="one_open_item"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], name="item_to_do", condition=Q(state__in=("waiting", "asking"))),
            models.Index(fields=["batch", "account", "state"], name="item_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.state}"

    @classmethod
    def has_some(cls, account_id: int) -> bool:
        """Whether anything is to do: asked in each round of each account, so without a row of it."""
        return bool(cls.objects.filter(account=account_id).to_do().exists())

    @classmethod
    def next_of(cls, account_id: int) -> "RetryItem | None":
        """The one whose turn it is, the oldest batch first."""
        items = cls.objects.filter(account=account_id).to_do().order_by("id")
        item: RetryItem | None = items.select_related("batch", "task", "retry").defer("task__document").first()
        return item

    @classmethod
    def in_line(cls, account_ids: Collection[int], before: int | None = None) -> dict[int, int]:
        """How many there are to do by account: in all batches, or in those before this one."""
        items = cls.objects.filter(account__in=account_ids).to_do().order_by()
        earlier = items if before is None else items.filter(batch__lt=before)
        return dict(earlier.values_list("account").annotate(number=models.Count("pk")))

    def move(self, state: ItemState, sentence: str = "", **changes: object) -> bool:
        """From where it stands now to there, unless somebody else has moved it meanwhile."""
        mine = type(self).objects.filter(pk=self.pk, state=self.state, retry=self.retry_id)
        changes |= {"state": state, "sentence": sentence}
        moved = bool(mine.update(**changes))
        if moved:
            for name, value in changes.items():
                setattr(self, name, value)
        return moved

    def end(self, state: ItemState, sentence: str = "") -> bool:
        """It came to its end, and with the last one its batch."""
        now = now_ms()
        with transaction.atomic():
            moved = self.move(state, sentence, at=now)
            self.batch.end_if_done(now)
        return moved


def settle_batches(now: int) -> None:
    """Tasks of accounts that cannot be asked, as long as nobody does something about it, are skipped; batches without
    anything left to do have ended."""
    for account_id in RetryItem.objects.all().to_do().order_by().values_list("account_id", flat=True).distinct():
        for account in Account.objects.filter(pk=account_id):
            _skip_if_unusable(account, now)
    for batch in RetryBatch.objects.filter(ended_at=None):
        batch.end_if_done(now)


def _skip_if_unusable(account: Account, now: int) -> None:
    why_not = why_not_through(account)
    if not why_not:
        return
    with transaction.atomic():
        items = RetryItem.objects.filter(account=account).to_do()
        ids = list(items.values_list("pk", flat=True)[:SETTLED_AT_ONCE])
        some = RetryItem.objects.filter(pk__in=ids)
        lost = f"{why_not} Whether Studio took the last call is not known."
        some.filter(state=ItemState.ASKING).update(state=ItemState.FAILED, sentence=lost, at=now)
        some.filter(state=ItemState.WAITING).update(state=ItemState.SKIPPED, sentence=why_not, at=now)


def _note(batch: RetryBatch, actor: Actor, what: str, by_account: Counter[int]) -> None:
    """In the audit of each team, with the number of its tasks."""
    numbers = Counter[int]()
    teams = dict(Account.objects.filter(pk__in=list(by_account)).values_list("pk", "team_id"))
    for account_id, number in by_account.items():
        numbers[teams[account_id]] += number
    for team_id, number in numbers.items():
        told = {"number": number} | ({"query": batch.query} if batch.query else {})
        AuditEntry.note(actor, what, team_id, f"batch {batch.pk}", after=told)
