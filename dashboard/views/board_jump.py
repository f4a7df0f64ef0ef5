"""A text that is nothing but the name of one task leads to the task."""

from django.urls import reverse

from dashboard.models.seen import Sight
from dashboard.models.words import Name
from dashboard.search import one_name
from dashboard.views.board_query import Query

KINDS = ("id", "asset", "cid")


def task_meant_by(query: Query, sight: Sight) -> str | None:
    """The address of the only task in sight with this id, asset or CID, whatever the other filters let through. A list
    is shown of several; of what several accounts hold, the task's page tells."""
    names = one_name(query.q) if query.typed == query.q and query.is_first_page else ()
    if not names or not sight.accounts:
        return None
    named = Name.objects.filter(value__in=names, kind__in=KINDS, task__account__in=sight.ids)
    ids = list(named.values_list("task__upstream_id", flat=True).distinct()[:2])
    return reverse("task", args=ids) if len(ids) == 1 else None
