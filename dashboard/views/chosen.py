"""Which tasks somebody means: those that they ticked, or all that the board's filters let through."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from dashboard.clock import now_ms
from dashboard.conditions import All, Condition
from dashboard.models.compiling import marks
from dashboard.models.counting import Count
from dashboard.models.deadline import deadline
from dashboard.models.finding import Filters
from dashboard.models.lanes import rows_of
from dashboard.models.order import Order
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenAccount, Sight, teams_of
from dashboard.views.board_found import SECONDS
from dashboard.views.board_query import Query
from dashboard.views.board_search import condition_of
from dashboard.views.polling import SignedIn

FILTERS = ("q", "phase", "type", "account", "team", "sort")
MOST = 10_000
"""Tasks that can be ticked, and that one batch of retries can have."""
IDS_AT_ONCE = 500


class NoChoice(Exception):
    """The form is one to tick tasks in, and none was ticked: `sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Chosen:
    """`told`: the filters, in the words of the board's URL. `ticked`: ids of Studio's; with them the filters only say
    through which accounts. `is_all`: all were asked for by name. `seen`: the accounts in view, whatever one may do
    there."""

    told: dict[str, str]
    ticked: tuple[str, ...]
    is_all: bool
    condition: Condition
    seen: Sight

    back = "Tasks"
    hopeless: ClassVar[Mapping[int, str]] = {}
    insist_url = ""

    @classmethod
    def read(cls, request: SignedIn, form: QueryDict) -> "Chosen":
        """Raises Unclear for a search that cannot be read, NoChoice, UnreadableCursor, and Http404 for a team or an
        account that is not the person's."""
        query = Query.read(urlencode([(name, form.get(name, "")) for name in FILTERS if form.get(name)]))
        told = {name: str(value) for name, value in replace(query, q=query.typed).filters_told.items()}
        is_all, ticked = bool(form.get("all")), _ids(form.getlist("ids"))
        if form.get("picked") and not (is_all or ticked):
            raise NoChoice("Tick some, or say all.")
        ticked = () if is_all else ticked
        seen = Sight.of(request.user.pk, now_ms(), query.team)
        if query.account is not None and query.account not in seen.ids:
            raise Http404
        if query.team is not None and query.team not in {team.id for team in teams_of(request.user.pk)}:
            raise Http404
        condition = condition_of(told.get("q", ""), seen) if not ticked else All(())
        return cls(told, ticked, is_all, condition, query.shown(seen))

    @property
    def words(self) -> str:
        """The filters as the part of the board's URL after the question mark; nothing where tasks were ticked."""
        return "" if self.ticked else urlencode(self.told)

    @property
    def is_open(self) -> bool:
        """Nothing says which tasks: that is an accident."""
        says_which = self.condition != All(()) or self.told.keys() - {"q", "sort"}
        return not (self.ticked or self.is_all or says_which)

    @property
    def whole(self) -> str:
        return "all that the list’s filters let through" if self.told else "all there are"

    @property
    def board_url(self) -> str:
        told = urlencode(self.told)
        return f"{reverse('board')}?{told}" if told else reverse("board")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form sends to mean the same tasks again."""
        ticked = [("ids", ",".join(self.ticked))] if self.ticked else [("all", "1")]
        return ticked + list(self.told.items())

    def in_time(self) -> AbstractContextManager[None]:
        """Around what a search is read with: TooBroad if that takes too long."""
        return deadline(SECONDS) if self.is_searched else nullcontext()

    @property
    def is_searched(self) -> bool:
        return "q" in self.told and not self.ticked

    def allowing(self, right: Right) -> dict[int, SeenAccount]:
        """The accounts in view in which the person has the right."""
        return {account.id: account for account in self.seen.accounts if may(account.role, right)}

    def filters(self, account_ids: Collection[int]) -> Filters:
        """What they have read stays with them: the same for the same accounts."""
        ids = tuple(account_ids)
        if ids not in self._filters:
            phase, type_ = (self.told.get(name, "") for name in ("phase", "type"))
            self._filters[ids] = Filters(ids, phase, type_, self.condition, Order.read(self.told.get("sort", "")))
        return self._filters[ids]

    @cached_property
    def _filters(self) -> dict[tuple[int, ...], Filters]:
        return {}

    def chunks(self, account_ids: Collection[int], size: int) -> Iterator[list[int]]:
        """The ids of the tasks' rows in the list's order, bit by bit."""
        if not self.ticked:
            yield from self.filters(account_ids).chunks(size)
            return
        ids = [row_id for row_id, account_id in self._rows if account_id in account_ids]
        for start in range(0, len(ids), size):
            yield ids[start : start + size]

    def ids(self, account_ids: Collection[int], most: int) -> list[int]:
        """The first of them."""
        if not self.ticked:
            return self.filters(account_ids).ids(most)
        return next(self.chunks(account_ids, most), [])

    def total(self, account_ids: Collection[int]) -> Count:
        """How many they are."""
        if not self.ticked:
            return self.filters(account_ids).total()
        return Count(sum(account_id in account_ids for _, account_id in self._rows))

    @cached_property
    def _rows(self) -> list[tuple[int, int]]:
        """Id and account of the ticked ones, the newest copy of each, in the order in which they were ticked."""
        newest: dict[str, tuple[int, int]] = {}
        for start in range(0, len(self.ticked), IDS_AT_ONCE):
            newest |= _copies(self.ticked[start : start + IDS_AT_ONCE], self.seen.ids)
        return [newest[one] for one in self.ticked if one in newest]


def _ids(values: list[str]) -> tuple[str, ...]:
    """Ids one by one or with commas between; a database cannot look for a NUL. Raises NoChoice for too many."""
    parts = [part.strip() for value in values for part in value.split(",")]
    ids = tuple(dict.fromkeys(part for part in parts if part and "\0" not in part))
    if len(ids) > MOST:
        raise NoChoice(f"At most {MOST:,} tasks can be ticked at once; filter the list, and take all that match.")
    return ids


def _copies(upstream_ids: tuple[str, ...], account_ids: list[int]) -> dict[str, tuple[int, int]]:
    if not account_ids:
        return {}
    rows = rows_of(
        "SELECT upstream_id, id, account_id FROM dashboard_task "  # noqa: S608  only marks are put in
        f"WHERE upstream_id IN ({marks(upstream_ids)}) AND account_id IN ({marks(account_ids)}) "
        "ORDER BY updated_at, id DESC",
        [*upstream_ids, *account_ids],
    )
    return {upstream_id: (row_id, account_id) for upstream_id, row_id, account_id in rows}  # the newest comes last
