"""Which tasks somebody means who tries the failed ones of a batch of retries again."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import ClassVar

from django.http import Http404, QueryDict
from django.urls import reverse

from dashboard.clock import now_ms
from dashboard.models.retry_batch import ItemQuerySet, ItemState, RetryBatch, RetryItem
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight
from dashboard.views.chosen import FILTERS, NoChoice
from dashboard.views.polling import SignedIn

OTHERS = (*FILTERS, "ids", "picked", "all", "group")


@dataclass(frozen=True)
class ChosenBatch:
    """What `Chosen` is for the board. `seen`: the accounts of the batch's failed tasks that the person sees."""

    batch: RetryBatch
    seen: Sight

    ticked = ()
    is_open = False
    words = ""
    back = "Batch"
    whole = "all that failed in this batch"
    hopeless: ClassVar[Mapping[int, str]] = {}
    insist_url = ""

    @classmethod
    def read(cls, request: SignedIn, form: QueryDict) -> "ChosenBatch":
        """Raises Http404 for a batch of which the person sees no failed task, NoChoice for filters beside it."""
        if any(form.get(name) for name in OTHERS):
            raise NoChoice("Say a batch or filters, not both.")
        told = form.get("batch", "")
        if not (told.isascii() and told.isdecimal() and len(told) < 19):
            raise Http404
        batch = RetryBatch.objects.filter(pk=told).first()
        sight = Sight.of(request.user.pk, now_ms())
        failed = set(_failed(int(told), sight.ids).values_list("account_id", flat=True))
        if batch is None or not failed:
            raise Http404
        accounts = tuple(account for account in sight.accounts if account.id in failed)
        return cls(batch, Sight(sight.user_id, accounts, sight.now))

    @property
    def told(self) -> dict[str, str]:
        return {"batch": str(self.batch.pk)}

    @property
    def board_url(self) -> str:
        return reverse("retry-batch", args=[self.batch.pk])

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form sends to mean the same tasks again."""
        return [("batch", str(self.batch.pk))]

    def in_time(self) -> AbstractContextManager[None]:
        return nullcontext()

    def allowing(self, right: Right) -> dict[int, SeenAccount]:
        """The accounts in view in which the person has the right."""
        return {account.id: account for account in self.seen.accounts if may(account.role, right)}

    def ids(self, account_ids: list[int], most: int) -> list[int]:
        """The first of them, in the order in which they were asked for."""
        return list(_failed(self.batch.pk, account_ids).order_by("id").values_list("task_id", flat=True)[:most])


def _failed(batch_id: int, account_ids: list[int]) -> ItemQuerySet:
    found: ItemQuerySet = RetryItem.objects.filter(batch=batch_id, account__in=account_ids, state=ItemState.FAILED)
    return found
