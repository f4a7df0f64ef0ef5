"""What stands around the board's list and does not move with it: the search, the filters, what is done with many."""

from collections.abc import Hashable, Sequence
from types import SimpleNamespace
from typing import Any

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from dashboard.models.rights import Right, may
from dashboard.models.seen import Sight
from dashboard.views.board_query import Query
from dashboard.views.board_search import note_on, note_on_mistake
from dashboard.views.display import display_like
from dashboard.views.kept import Kept
from dashboard.views.moulds import Moulds, slot
from dashboard.views.polling import SignedIn, link

_searches: Kept[Hashable, SafeString] = Kept(1)


class BoardHead:
    """The attributes are what `board/page.html` shows. `shown` is the query whose results stand below; `types` and
    `total` are those of its list. `note` is what to say if the search was stopped."""

    def __init__(
        self, query: Query, shown: Query, sight: Sight, types: Sequence[str], total: str, note: SimpleNamespace | None
    ) -> None:
        self._query, self._sight, self._types, self._total, self._note = query, sight, types, total, note
        self._shown = shown

    @property
    def search(self) -> SafeString:
        """The same for all who look at the same list, so it is rendered once."""
        names = tuple((account.id, account.name) for account in self._sight.accounts)
        key = self._query.typed, self._shown.filters_alone, self._last, names, tuple(self._types)
        return _searches.get(key, lambda: render_to_string("board/_search.html", {"head": self}))

    @property
    def typed(self) -> str:
        return self._query.typed

    @property
    def hidden(self) -> list[tuple[str, object]]:
        """What a search keeps, and the text whose results are shown while the next one cannot be read."""
        first = {name: value for name, value in self._shown.told.items() if name not in ("q", "older", "newer")}
        return [(name, value) for name, value in {**first, "last": self._last}.items() if value not in (None, "")]

    @property
    def _last(self) -> str:
        """The text whose results are shown; one that was stopped has none."""
        return "" if self._note and self._shown is self._query else self._shown.q

    @property
    def note(self) -> SimpleNamespace | None:
        if self._note is None and self._query.mistake:
            return note_on_mistake(self._query.typed, self._query.mistake, self._query.q)
        return self._note or note_on(self._query.q, self._sight)

    @property
    def account_filter(self) -> SimpleNamespace:
        chosen = self._shown.account
        options = [(None, "All accounts"), *((a.id, a.name) for a in self._sight.accounts)]
        return _menu([(name, self._shown.url(account=i), i == chosen) for i, name in options])

    @property
    def type_filter(self) -> SimpleNamespace:
        chosen = self._shown.type
        names = ["", *self._types]
        return _menu([(name or "Any type", self._shown.url(type=name), name == chosen) for name in names])

    def _may(self, right: Right) -> bool:
        return any(may(account.role, right) for account in self._shown.shown(self._sight).accounts)

    @property
    def may_export(self) -> bool:
        return self._may(Right.EXPORT)

    @property
    def csv_url(self) -> str:
        return link(reverse("export-csv"), self._shown.filters_told)

    @property
    def ndjson_url(self) -> str:
        return link(reverse("export-ndjson"), self._shown.filters_told)

    @property
    def bulk(self) -> SimpleNamespace:
        """For the bar of what is picked: what its form sends to mean all tasks that match."""
        return SimpleNamespace(
            fields=list(self._shown.filters_told.items()),
            total=self._total,
            may_export=self.may_export,
            may_retry=self._may(Right.RETRY),
            retry_url=reverse("retry-new"),
        )


def _menu(options: list[tuple[str, str, bool]]) -> SimpleNamespace:
    label = next((name for name, _, is_current in options if is_current), options[0][0])
    return SimpleNamespace(
        label=label,
        options=[SimpleNamespace(label=name, url=url, current=current) for name, url, current in options],
    )


def display_menu(request: SignedIn, query: Query) -> SafeString:
    """How this page is and else could be. Its form has the person's own token; the rest is rendered once."""
    words = {"next": request.get_full_path(), "token": get_token(request)}
    return _displays.filled((query.habits.columns, query.order.word, query.size), words)


def _display(columns: tuple[str, ...], sort: str, size: int) -> dict[str, Any]:
    return {"display": display_like(columns, sort, size, slot("next")), "csrf_token": slot("token")}


_displays = Moulds("board/_display.html", _display)
