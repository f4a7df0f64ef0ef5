"""What the pages about views say."""

from types import SimpleNamespace

from dashboard.models.order import Order, Sort
from dashboard.models.view_query import ViewQuery
from dashboard.visible import visible

SORTS: dict[str, str] = {
    "updated": "Updated, newest",
    "updated.asc": "Updated, oldest",
    "created": "Created, newest",
    "created.asc": "Created, oldest",
    "title": "Task, A to Z",
    "-title": "Task, Z to A",
    "duration": "Took, longest",
    "duration.asc": "Took, shortest",
    "progress": "Progress, most",
    "progress.asc": "Progress, least",
    "retries": "Retries, most",
    "retries.asc": "Retries, fewest",
}
"""Every order, in its shortest form, by what comes first."""


def words_of(query: ViewQuery, accounts: dict[int, str], teams: dict[int, str]) -> SimpleNamespace:
    """What a view shows: `q` as typed, the rest as a list of words. The names are of what the reader may see."""
    filters = [
        query.phase,
        query.type,
        accounts.get(query.account, "an account that is gone") if query.account else "",
        teams.get(query.team, "a team that is gone") if query.team else "",
        _order(query.sort),
        f"{query.size} a page" if query.size else "",
    ]
    return SimpleNamespace(q=visible(query.q), filters=[visible(word) for word in filters if word])


def _order(sort: str) -> str:
    if not sort:
        return ""
    return SORTS[sort] if Order.read(sort).sort is Sort.TITLE else f"{SORTS[sort]} first"
