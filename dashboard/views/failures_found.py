"""What the tables say for one page of the list of causes: read all at once, so that a search that takes too long ends
here."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from dashboard.models.chosen_failures import Summed
from dashboard.models.day import Totals
from dashboard.models.deadline import deadline
from dashboard.models.fared import Fared, fared
from dashboard.models.group import PRESSING
from dashboard.models.listed_groups import ALONE, SHOWN, Listed, ListedGroups, Sort
from dashboard.models.listing import Key
from dashboard.models.matched_groups import MatchedGroups
from dashboard.models.seen import Sight
from dashboard.views.board_search import condition_of
from dashboard.views.failures_query import SIZE, Query

SECONDS = 2
NONE = Fared()


@dataclass(frozen=True)
class Found:
    """`next_place`: where the next page begins, if there is one; `news`: how many groups stand on the first page that
    were not there when it was made. `fared`: how all tasks that ended did; of a search, those that it finds. If a
    search was stopped, there is nothing but `groups`."""

    query: Query
    groups: Sequence[Listed] = ()
    sums: Mapping[int, Summed] | None = None
    counts: Mapping[str, int] | None = None
    next_place: Key | None = None
    news: int = 0
    fared: Fared = NONE
    is_stopped: bool = False

    @classmethod
    def first(cls, query: Query, sight: Sight) -> "Found":
        """The page as its link says. Raises TooBroad."""
        with _in_time(query):
            listed = groups_of(query, sight)
            page = listed.page(query.states, query.sort, SIZE + 1, query.after)
            shown = page[:SIZE]
            query = replace(query, rows=tuple(group.id for group, _ in shown))
            next_place = shown[-1][1] if len(page) > SIZE else None
            return cls._told(query, listed, [group for group, _ in shown], next_place)

    @classmethod
    def again(cls, query: Query, sight: Sight) -> "Found":
        """The same rows in the same order, whatever has become of them. Raises TooBroad."""
        if not query.rows:
            return cls.first(query, sight)
        with _in_time(query):
            listed = groups_of(query, sight)
            page = listed.page(query.states, query.sort, SIZE + 1, query.after)
            next_place = page[SIZE - 1][1] if len(page) > SIZE else None
            new = len({group.id for group, _ in page[:SIZE]} - set(query.rows))
            return cls._told(query, listed, listed.by_ids(query.rows), next_place, 0 if query.after else new)

    @classmethod
    def stopped(cls, query: Query) -> "Found":
        return cls(query, is_stopped=True)

    @classmethod
    def _told(
        cls,
        query: Query,
        listed: ListedGroups | MatchedGroups,
        groups: Sequence[Listed],
        next_place: Key | None,
        news: int = 0,
    ) -> "Found":
        if isinstance(listed, MatchedGroups):
            told = Fared(Totals(failed=listed.failed, saved=listed.saved))
        else:
            told = fared(listed.chosen)
        return cls(query, groups, listed.sums(groups), listed.counts(), next_place, news, told)

    def number_of(self, state: str) -> int | None:
        """Of groups: of a state, of all with `all`, of those that somebody should look at with nothing."""
        if self.counts is None:
            return None
        states: Sequence[str] = {"": PRESSING, "all": SHOWN}.get(state, (state,))
        return sum(self.counts.get(one, 0) for one in states)

    @property
    def unowned(self) -> int:
        return self.counts.get(ALONE, 0) if self.counts else 0


def groups_of(query: Query, sight: Sight) -> ListedGroups | MatchedGroups:
    chosen = query.chosen(sight)
    return MatchedGroups(chosen, condition_of(query.q, sight)) if query.q else ListedGroups(chosen)


def _in_time(query: Query) -> AbstractContextManager[None]:
    """The usual list reads little; all others may read much."""
    is_narrowed = query.q or query.type or query.account or query.has_days or query.owner
    is_usual = query.sort is Sort.LAST and not is_narrowed
    return nullcontext() if is_usual else deadline(SECONDS)
