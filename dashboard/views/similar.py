"""Groups of failures whose titles are alike, to be offered where somebody wants to merge one."""

import re
from collections.abc import Sequence

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from dashboard.models.bucket import Bucket
from dashboard.models.group import Group

MOST_READ, MOST = 300, 5
LEAST = 0.2
_WORD = re.compile(r"\w+")


def similar_to(group: Group) -> list[tuple[Group, int]]:
    """At most so many of the team's newest, the most alike first; of one family counts as half the way. Each with the
    number of its tasks."""
    others = Group.objects.roots().filter(team=group.team_id).exclude(pk=group.pk)
    newest = others.order_by("-last_at", "-pk").only("pk", "title", "family")[:MOST_READ]
    scored = [(_likeness(group, other), other.pk, other) for other in newest]
    best = [other for score, _, other in sorted(scored, key=lambda one: one[:2], reverse=True)[:MOST] if score > LEAST]
    numbers = _numbers(best)
    return [(other, numbers.get(other.pk, 0)) for other in best]


def _numbers(groups: Sequence[Group]) -> dict[int, int]:
    """How many tasks failed so, by group, with all that was merged into each."""
    root = Coalesce("group__merged_into", "group")
    days = Bucket.objects.filter(Q(group__in=groups) | Q(group__merged_into__in=groups), hours=24)
    return dict(days.values_list(root).annotate(Sum("tasks")).order_by())


def _likeness(one: Group, other: Group) -> float:
    mine, theirs = (set(_WORD.findall(group.title.lower())) for group in (one, other))
    either = len(mine | theirs)
    words = len(mine & theirs) / either if either else 0.0
    return words + (0.5 if one.family == other.family else 0.0)
