"""The batches of retries in which the user sees something, newest first."""

from collections import defaultdict
from functools import cached_property
from types import SimpleNamespace

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.models.retry_batch import ItemState, RetryBatch, RetryItem
from dashboard.models.seen import Sight
from dashboard.views.batch_words import in_words, knows_query, lamp_of_batch
from dashboard.views.polling import link
from dashboard.visible import visible

SIZE = 25


class BatchList:
    """The attributes are what `retries/list.html` shows."""

    def __init__(self, sight: Sight, before: str) -> None:
        self._sight = sight
        self._before = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None

    @cached_property
    def _found(self) -> list[RetryBatch]:
        mine = RetryItem.objects.filter(batch=OuterRef("pk"), account__in=self._sight.ids)
        batches = RetryBatch.objects.filter(Exists(mine)).order_by("-id")
        if self._before is not None:
            batches = batches.filter(pk__lt=self._before)
        return list(batches[: SIZE + 1])

    @cached_property
    def rows(self) -> list[SimpleNamespace]:
        shown = self._found[:SIZE]
        counted = RetryItem.objects.filter(batch__in=shown, account__in=self._sight.ids).order_by()
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        for batch_id, state, number in counted.values_list("batch_id", "state").annotate(number=Count("pk")):
            counts[batch_id][state] = number
        known = knows_query(shown, self._sight)
        return [_row(batch, counts[batch.pk], batch.pk in known) for batch in shown]

    @property
    def older_url(self) -> str:
        more = len(self._found) > SIZE
        return link(reverse("retries"), {"before": self._found[SIZE - 1].pk}) if more else ""

    @property
    def is_first(self) -> bool:
        return self._before is None


def _row(batch: RetryBatch, counts: dict[str, int], knows_query: bool) -> SimpleNamespace:
    left = counts.get(ItemState.WAITING, 0) + counts.get(ItemState.ASKING, 0)
    lamp, word = lamp_of_batch(counts)
    return SimpleNamespace(
        id=batch.pk,
        url=reverse("retry-batch", args=[batch.pk]),
        total=units.count(sum(counts.values())),
        by=visible(batch.by_name),
        query=visible(in_words(batch.query)) if knows_query else "",
        at_iso=iso(batch.asked_at),
        lamp=lamp,
        word=word,
        done=counts.get(ItemState.DONE, 0),
        skipped=counts.get(ItemState.SKIPPED, 0),
        failed=counts.get(ItemState.FAILED, 0),
        stopped=counts.get(ItemState.STOPPED, 0),
        left=left,
    )
