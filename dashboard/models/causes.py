"""The causes that most tasks failed for, within some days."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from dashboard.models.bucket import Bucket
from dashboard.models.compiling import Sql, among, joined
from dashboard.models.doubles import between, doubled_by_root
from dashboard.models.group import Group


class Cause(NamedTuple):
    """A group that people see, and how many tasks failed for it."""

    group_id: int
    title: str
    tasks: int


def top_causes(account_ids: Sequence[int], from_at: int, to_at: int, most: int = 5) -> list[Cause]:
    """The most frequent first, over the days of UTC that begin in that span of ms; what was merged counts with its
    root, a task once. Two queries, three if something was merged."""
    days = Bucket.objects.filter(hours=24, at__gte=from_at, at__lt=to_at, account__in=account_ids)
    by_pattern = days.values_list("group", Coalesce(F("group__merged_into"), F("group")))
    sizes, roots, numbers = dict[int, int](), dict[int, int](), Counter[int]()
    for pattern, root, number in by_pattern.annotate(number=Sum("tasks")).filter(number__gt=0):
        sizes[pattern], roots[pattern] = number, root
        numbers[root] += number

    def such(table: str) -> Sql:
        return joined("AND", [between(from_at, to_at)(table), among(f"+{table}.account_id", account_ids)])

    numbers.subtract(doubled_by_root(roots, sizes, such))
    counted = sorted(((number, root) for root, number in numbers.items()), key=lambda one: (-one[0], one[1]))[:most]
    titles = dict(Group.objects.filter(pk__in=[root for _, root in counted]).values_list("pk", "title"))
    return [Cause(root, titles[root], number) for number, root in counted]
