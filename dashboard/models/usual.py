"""How often tasks of some accounts fail for some causes when nothing is the matter."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import OuterRef, Q, Subquery, Sum

from dashboard.clock import DAY
from dashboard.models.account import Account
from dashboard.models.bucket import Bucket
from dashboard.models.group import Group
from dashboard.unusual import USUAL_MS, WINDOW_MS

Counts = Mapping[int, int]
"""Failed tasks by account."""


class Usual:
    """Of the last two weeks, for groups that people see, with all that was merged into them. Three queries."""

    def __init__(self, roots: Collection[int], account_ids: Collection[int], now: int) -> None:
        self._now = now
        pairs = Group.objects.filter(Q(pk__in=roots) | Q(merged_into__in=roots)).values_list("pk", "merged_into")
        root_of = {pk: root or pk for pk, root in pairs}
        self.pattern_ids = defaultdict[int, list[int]](list)
        for pk, root in root_of.items():
            self.pattern_ids[root].append(pk)
        days = Bucket.objects.filter(account__in=account_ids, hours=24, at__gte=now - now % DAY - USUAL_MS)
        first = days.filter(account=OuterRef("pk")).order_by("at").values("at")[:1]  # far quicker than a minimum
        since = Account.objects.filter(pk__in=account_ids).values_list("pk", Subquery(first))
        self._since: dict[int, int] = {account_id: at for account_id, at in since if at is not None}
        self._failed = Counter[tuple[int, int]]()
        failed = days.filter(group__in=root_of).values_list("group", "account").annotate(Sum("tasks"))
        for group_id, account_id, number in failed:
            self._failed[root_of[group_id], account_id] += number

    def in_a_window(self, root: int, account_ids: Iterable[int], judged: Counts) -> float:
        """How many are usual in these accounts together, on average; `judged` are not among them. Over the time since
        an account's first failure, but at least a day."""
        return sum(self._of(root, account_id, judged.get(account_id, 0)) for account_id in account_ids)

    def _of(self, root: int, account_id: int, judged: int) -> float:
        known_ms = max(self._now - self._since.get(account_id, self._now), DAY)
        return max(0, self._failed[root, account_id] - judged) * WINDOW_MS / known_ms
