"""What stands around the list of causes and does not move with it: the search, the filters, the span."""

from collections.abc import Hashable, Sequence
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dashboard.models.listed_groups import Sort
from dashboard.models.seen import Sight
from dashboard.models.tally import Tally
from dashboard.views.board_search import note_on, note_on_mistake
from dashboard.views.failures_query import DAYS, MINE, NOBODYS, Query
from dashboard.views.failures_words import SORTS, note_on_days, span_in_words
from dashboard.views.kept import Kept

OWNERS = {"": "Any owner", MINE: "Mine", NOBODYS: "Without owner"}
_heads: Kept[Hashable, SafeString] = Kept(1)


class FailuresHead:
    """The attributes are what `failures/_head.html` shows. `shown` is the query whose results stand below; `note` what
    to say if the search was stopped."""

    def __init__(self, query: Query, shown: Query, sight: Sight, note: SimpleNamespace | None) -> None:
        self._query, self.shown, self._sight, self._note = query, shown, sight, note

    @property
    def html(self) -> SafeString:
        """The same for all who look at the same list, so it is rendered once."""
        names = tuple((account.id, account.name) for account in self._sight.accounts)
        days = self._sight.now // 86_400_000 if self._query.has_days else 0
        key = self._query.typed, self.shown.url(), names, self._types, str(self.note), days
        return _heads.get(key, lambda: render_to_string("failures/_head.html", {"head": self}))

    @property
    def typed(self) -> str:
        return self._query.typed

    @property
    def hidden(self) -> list[tuple[str, object]]:
        """What a search keeps, and the text whose results are shown while the next one cannot be read."""
        kept = {name: value for name, value in self.shown.parameters.items() if name not in ("q", "after", "rows")}
        told = {**kept, "last": "" if self._note else self.shown.q}
        return [(name, value) for name, value in told.items() if value not in (None, "")]

    @property
    def hidden_beside_days(self) -> list[tuple[str, object]]:
        told = {**self.shown.parameters, "days": None, "from": None, "to": None, "after": None, "rows": None}
        return [(name, value) for name, value in told.items() if value not in (None, "")]

    @property
    def note(self) -> SimpleNamespace | None:
        if self._note is None and self._query.mistake:
            note = note_on_mistake(self._query.typed, self._query.mistake, self._query.q)
            note.rest = note.rest or "Showing all."
            return note
        return self._note or note_on_days(self._query) or note_on(self._query.q, self._sight)

    @property
    def tasks_url(self) -> str:
        return self.shown.tasks_url

    @property
    def spans(self) -> SimpleNamespace:
        query = self.shown
        options = [(span_in_words(Query(days=days), query.span(0)), days) for days in DAYS]
        return SimpleNamespace(
            label=span_in_words(query, query.span(self._sight.now)),
            first=query.first if query.has_days else "",
            last=query.last if query.has_days else "",
            options=[
                SimpleNamespace(
                    label=label,
                    url=query.url(days=days, first="", last=""),
                    current=not query.has_days and days == query.days,
                )
                for label, days in options
            ],
        )

    @property
    def sorts(self) -> SimpleNamespace:
        return _menu([(SORTS[sort], self.shown.url(sort=sort), sort is self.shown.sort) for sort in Sort])

    @property
    def owners(self) -> SimpleNamespace:
        return _menu([(name, self.shown.url(owner=owner), owner == self.shown.owner) for owner, name in OWNERS.items()])

    @property
    def account_filter(self) -> SimpleNamespace | None:
        if len(self._sight.accounts) < 2:
            return None
        options = [(None, "All accounts"), *((a.id, a.name) for a in self._sight.accounts)]
        chosen = self.shown.account
        return _menu([(name, self.shown.url(account=pk), pk == chosen) for pk, name in options])

    @property
    def type_filter(self) -> SimpleNamespace | None:
        names = ["", *self._types]
        if len(names) < 3:
            return None
        return _menu([(name or "Any type", self.shown.url(type=name), name == self.shown.type) for name in names])

    @property
    def _types(self) -> Sequence[str]:
        known = {task_type for _, task_type, _ in Tally.by_kind(self._sight.ids)}
        return tuple(sorted({*known, self.shown.type} - {""}))


def _menu(options: list[tuple[str, str, bool]]) -> SimpleNamespace:
    label = next((name for name, _, is_current in options if is_current), options[0][0])
    return SimpleNamespace(
        label=label,
        options=[SimpleNamespace(label=name, url=url, current=current) for name, url, current in options],
    )
