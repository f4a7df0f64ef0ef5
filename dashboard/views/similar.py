"""Groups of failures whose titles are alike, to be offered where somebody wants to merge one."""

import re

from dashboard.models.group import Group

MOST_READ, MOST = 300, 5
LEAST = 0.2
_WORD = re.compile(r"\w+")


def similar_to(group: Group) -> list[Group]:
    """At most so many of the team's newest, the most alike first; of one family counts as half the way."""
    others = Group.objects.roots().filter(team=group.team_id).exclude(pk=group.pk)
    newest = others.order_by("-last_at", "-pk").only("pk", "title", "family")[:MOST_READ]
    scored = [(_likeness(group, other), other.pk, other) for other in newest]
    return [other for score, _, other in sorted(scored, key=lambda one: one[:2], reverse=True)[:MOST] if score > LEAST]


def _likeness(one: Group, other: Group) -> float:
    mine, theirs = (set(_WORD.findall(group.title.lower())) for group in (one, other))
    either = len(mine | theirs)
    words = len(mine & theirs) / either if either else 0.0
    return words + (0.5 if one.family == other.family else 0.0)
