"""What the tab of a board that nobody looks at is told: as much as its title and its icon need."""

from sys import getsizeof

from django.http import HttpResponse

from dashboard.models.deadline import TooBroad, deadline
from dashboard.models.seen import Sight
from dashboard.models.task import Task
from dashboard.views.board_found import SECONDS
from dashboard.views.board_query import Query
from dashboard.views.board_words import Title, title_of
from dashboard.views.kept import Kept
from dashboard.views.polling import unchanged

_titles: Kept[str, Title] = Kept(1, lambda title: sum(map(getsizeof, title)))


def told_to_hidden(query: Query, sight: Sight, token: str) -> HttpResponse:
    """204: the page stays as it is until somebody sees it again. `X-Title` begins the title, `X-Failed` is how many
    failed; neither where nobody knows."""
    response = unchanged(query.shown(sight))
    try:
        title = _titles.get(token, lambda: _title(query, sight))
    except TooBroad:
        return response
    response["X-Title"], response["X-Failed"] = title.prefix, title.failed.plain
    return response


def _title(query: Query, sight: Sight) -> Title:
    with deadline(SECONDS):
        counts, task_type = query.filters(sight).counts(), query.type
        running_ones, failed_ones = counts.of("running", task_type), counts.of("failed", task_type)
    running = Task.objects.filter(pk__in=query.rows, account__in=sight.ids, phase="running", deleted_at=None)
    return title_of(running_ones, failed_ones, list(running.values_list("progress", flat=True)))
