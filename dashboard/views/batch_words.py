"""The words of batches of retries: how one stands, where its tasks stand, and the row of each."""

from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse

from dashboard.clock import iso
from dashboard.models.retry_batch import TO_DO, ItemState, RetryBatch, RetryItem
from dashboard.models.seen import SeenAccount, Sight
from dashboard.views.polling import link
from dashboard.views.rows import lamp_of
from dashboard.visible import visible

GROUPS = {
    "left": ("In line", "waiting", TO_DO),
    "failed": ("Failed", "failed", (ItemState.FAILED,)),
    "skipped": ("Skipped", "other", (ItemState.SKIPPED,)),
    "stopped": ("Stopped", "cancelled", (ItemState.STOPPED,)),
    "done": ("Started", "completed", (ItemState.DONE,)),
}
"""By the word of the URL: what people read, icon and colour, and which tasks."""
LONGEST_QUERY, LONGEST_ERROR = 300, 300


def row_of(item: RetryItem, account: SeenAccount) -> SimpleNamespace:
    task: Any = item.task
    lamp, word = lamp_of(task)
    return SimpleNamespace(
        id=item.pk,
        upstream_id=task.upstream_id,
        short_id=visible(task.upstream_id[:8]),
        url=link(reverse("task", args=[task.upstream_id]), {"account": account.id}),
        title=visible(task.title),
        type=task.type,
        account=account.name,
        state=item.state,
        sentence=visible(item.sentence) or ("Studio is being asked" if item.state == ItemState.ASKING else ""),
        error=visible(task.error[:LONGEST_ERROR]),
        lamp=lamp,
        word=word,
        at_iso=iso(item.at) if item.state not in TO_DO else "",
    )


def lamp_of_batch(counts: Mapping[str, int]) -> tuple[str, str]:
    """Icon and colour, and the word, by where the tasks stand that the person sees: of those of others nothing is
    told, so neither that somebody stopped them."""
    if any(counts.get(state) for state in TO_DO):
        return "running", "Under way"
    return ("cancelled", "Stopped") if counts.get(ItemState.STOPPED) else ("completed", "Ended")


def knows_query(batches: Collection[RetryBatch], sight: Sight) -> set[int]:
    """The batches of which the person may read by what their tasks were chosen: their own, and those that are in their
    sight as a whole. The words may name what belongs to another team."""
    others = [batch.pk for batch in batches if batch.query and batch.by_id != sight.user_id]
    unseen = RetryItem.objects.filter(batch__in=others).exclude(account__in=sight.ids)
    partly = set(unseen.order_by().values_list("batch_id", flat=True).distinct()) if others else set()
    return {batch.pk for batch in batches} - partly


def in_words(query: str) -> str:
    """`phase:failed · error:timeout` of the board's URL."""
    told = parse_qsl(query)[:10]
    return " · ".join(text if name == "q" else f"{name}: {text}" for name, text in told)[:LONGEST_QUERY]
