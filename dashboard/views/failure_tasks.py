"""The tasks of a group: those that are still failed first, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.clock import iso, short
from dashboard.models.account import Account
from dashboard.models.compiling import Sql
from dashboard.models.doubles import Tasks, tasks_of
from dashboard.models.failure import Failure, Found, last_ones, newest_of
from dashboard.models.listing import Key, UnreadableCursor
from dashboard.views.failure_held import HeldGroup
from dashboard.views.failure_words import fate_of
from dashboard.views.polling import link
from dashboard.views.rows import lamp_of
from dashboard.visible import visible

SIZE = 25
OPEN, RECOVERED, ALL = "open", "recovered", "all"
WORDS = {ALL: "All", OPEN: "Still failed", RECOVERED: "Recovered"}
_PARTS = {"open": Sql("is_open"), "closed": Sql("NOT is_open"), "recovered": Sql("recovered_at IS NOT NULL")}
_PARTS_OF = {OPEN: ("open",), RECOVERED: ("recovered",), ALL: ("open", "closed")}


@dataclass(frozen=True)
class Place:
    """Which failures are shown, and behind which one the page begins. Raises UnreadableCursor."""

    show: str = ALL
    part: str = ""
    after: Key | None = None

    @classmethod
    def read(cls, show: str, after: str) -> "Place":
        show = show if show in WORDS else ALL
        if not after:
            return cls(show)
        part, _, key = after.partition(".")
        if part not in _PARTS_OF[show]:
            raise UnreadableCursor(after)
        return cls(show, part, Key.read(key))

    @property
    def told(self) -> dict[str, object]:
        """For a URL, without what is usual."""
        return {
            "show": self.show if self.show != ALL else None,
            "after": f"{self.part}.{self.after}" if self.after else None,
        }


class FailedTasks:
    """One page of them, and how many there are of each kind."""

    def __init__(self, held: HeldGroup, patterns: Sequence[int], place: Place) -> None:
        self._held, self._patterns, self._place = held, patterns, place
        self._names = {account.id: account.name for account in held.sight.accounts}
        found = self._found()
        self.is_first = place.after is None
        self.rows = [self._row(failure) for failure in self._read(found[:SIZE])]
        self.next_url = self._next_url(found) if len(found) > SIZE else ""
        self.board_url = link(reverse("board"), {"q": f"group:{held.group.pk}"})
        self.first_url = held.path("failure", show=place.told["show"]) + "#tasks"

    def _found(self) -> list[tuple[str, Found]]:
        """With one more than fit on a page, each with its part."""
        parts = _PARTS_OF[self._place.show]
        parts = parts[parts.index(self._place.part) if self._place.part else 0 :]
        return list(islice(((part, found) for part in parts for found in self._of_part(part)), SIZE + 1))

    def _of_part(self, part: str) -> Iterator[Found]:
        """Newest first, each task once: where it failed last."""
        after = self._place.after if part == self._place.part else None
        while True:
            found = newest_of(self._patterns, list(self._names), SIZE + 1, _PARTS[part], after)
            yield from last_ones(found, self._patterns)
            if len(found) <= SIZE:
                return
            after = Key(found[-1].at, found[-1].id)

    def _read(self, found: list[tuple[str, Found]]) -> list[Failure]:
        """Failures that have gone since are left out."""
        rows = Failure.objects.filter(pk__in=[one.id for _, one in found]).select_related("task")
        held = {row.pk: row for row in rows.defer("task__document", "task__facts", "task__error")}
        return [held[one.id] for _, one in found if one.id in held]

    def _next_url(self, found: list[tuple[str, Found]]) -> str:
        part, last = found[SIZE - 1]
        place = Place(self._place.show, part, Key(last.at, last.id))
        return self._held.path("failure", **place.told) + "#tasks"

    def _row(self, failure: Failure) -> SimpleNamespace:
        task = failure.task
        lamp, word = lamp_of(task)
        return SimpleNamespace(
            id=task.upstream_id,
            title=visible(task.title),
            url=link(reverse("task", args=[task.upstream_id]), {"account": task.account_id}),
            type=visible(task.type),
            account=self._names[failure.account_id],
            lamp=lamp,
            word=word,
            iso=iso(failure.at),
            at=short(failure.at),
            times=f"{failure.times} times" if failure.times > 1 else "",
            fate=fate_of(failure),
            is_open=failure.is_open,
        )

    @property
    def tabs(self) -> list[SimpleNamespace]:
        counted = self._counted._asdict()
        return [
            SimpleNamespace(
                show=show,
                word=word,
                number=units.count(counted[show]),
                url=self._held.path("failure", **Place(show).told) + "#tasks",
                current=show == self._place.show,
            )
            for show, word in WORDS.items()
        ]

    @property
    def _counted(self) -> Tasks:
        """While an account is being removed, its tasks are counted out."""
        gone = Account.objects.filter(team=self._held.group.team_id).exclude(pk__in=list(self._names))
        return tasks_of(self._patterns, list(self._names) if gone.exists() else None)
