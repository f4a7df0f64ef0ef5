"""The causes that most tasks failed for, within some days."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from dashboard.models.bucket import Bucket
from dashboard.models.group import Group


class Cause(NamedTuple):
    """A group that people see, and how many tasks failed for it."""

    group_id: int
    title: str
    tasks: int


def top_causes(account_ids: Sequence[int], from_at: int, to_at: int, most: int = 5) -> list[Cause]:
    """The most frequent first, over the days of UTC that begin in that span of ms; what was merged counts with its
    root. Two queries."""
    days = Bucket.objects.filter(hours=24, at__gte=from_at, at__lt=to_at, account__in=account_ids)
    by_root = days.annotate(root=Coalesce(F("group__merged_into"), F("group"))).values_list("root")
    counted = list(by_root.annotate(number=Sum("tasks")).filter(number__gt=0).order_by("-number", "root")[:most])
    titles = dict(Group.objects.filter(pk__in=[root for root, _ in counted]).values_list("pk", "title"))
    return [Cause(root, titles[root], number) for root, number in counted]
