"""The tasks of a group: those that are still failed first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from dashboard import units
from dashboard.clock import iso, short
from dashboard.models.failure import Failure
from dashboard.models.listing import Key, UnreadableCursor
from dashboard.views.failure_held import HeldGroup
from dashboard.views.failure_words import fate_of
from dashboard.views.polling import link
from dashboard.views.rows import lamp_of
from dashboard.visible import visible

SIZE = 25
OPEN, RECOVERED, ALL = "open", "recovered", "all"
WORDS = {ALL: "All", OPEN: "Still failed", RECOVERED: "Recovered"}
_PARTS = {"open": Q(is_open=True), "closed": Q(is_open=False), "recovered": Q(recovered_at__isnull=False)}
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
        self._held, self._place = held, place
        self._failures = Failure.objects.filter(group__in=patterns)
        self._names = {account.id: account.name for account in held.sight.accounts}
        found = self._found()
        self.is_first = place.after is None
        self.rows = [self._row(failure) for _, failure in found[:SIZE] if failure.account_id in self._names]
        self.next_url = self._next_url(found) if len(found) > SIZE else ""
        self.board_url = link(reverse("board"), {"q": f"group:{held.group.pk}"})
        self.first_url = held.path("failure", show=place.told["show"]) + "#tasks"

    def _found(self) -> list[tuple[str, Failure]]:
        """With one more than fit on a page, each with its part."""
        parts = _PARTS_OF[self._place.show]
        found: list[tuple[str, Failure]] = []
        for part in parts[parts.index(self._place.part) if self._place.part else 0 :]:
            after = self._place.after if part == self._place.part else None
            wanted = _after(self._failures.filter(_PARTS[part]), after)
            rows = wanted.select_related("task").defer("task__document", "task__facts", "task__error")
            found += [(part, row) for row in rows[: SIZE + 1 - len(found)]]
            if len(found) > SIZE:
                break
        return found

    def _next_url(self, found: list[tuple[str, Failure]]) -> str:
        part, last = found[SIZE - 1]
        place = Place(self._place.show, part, Key(last.at, last.pk))
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
        counted = self._failures.aggregate(
            all=Count("pk"),
            open=Count("pk", filter=_PARTS["open"]),
            recovered=Count("pk", filter=_PARTS["recovered"]),
        )
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


def _after(failures: "QuerySet[Failure]", key: Key | None) -> "QuerySet[Failure]":
    """Newest first; the bound on the time alone is what the index understands."""
    if key is not None:
        older = Q(at__lt=key.updated_at) | Q(at=key.updated_at, pk__lt=key.id)
        failures = failures.filter(older, at__lte=key.updated_at)
    return failures.order_by("-at", "-pk")
