"""The live region as HTML: nearly always only the list is shown, and then a mould is filled instead of rendered."""

from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dashboard.models.seen import Freshness
from dashboard.views.board_list import BoardList
from dashboard.views.moulds import Moulds, slot

TEMPLATE = "board/_list.html"


def region_of(board: BoardList) -> SafeString:
    freshness, news, title = board.freshness, board.news, board.title
    if freshness.state != Freshness.LIVE or board.notices or board.surges or board.imports or board.empty:
        return render_to_string(TEMPLATE, {"board": board})
    words = {
        "poll_url": board.poll_url,
        "prefix": title.prefix,
        "running": title.running.plain,
        "percent": str(title.percent),
        "total": board.total.plain,
        "news": news.text if news else "",
        "news_url": news.url if news else "",
        **{name: getattr(board, name) for name in ("strip", "heads", "rows", "pager")},
    }
    has_failed = bool(news.failed) if news else None
    shape = (board.interval, freshness.is_asked, freshness.as_of_iso, title.percent is not None, has_failed)
    return _plain.filled(shape, words)


def _has_more(board: BoardList) -> bool:
    """Than the list: something is said above it, or instead of it."""
    return bool(board.surges or board.notices or board.imports or board.empty)


def _plain_region(
    interval: int, is_asked: bool, as_of_iso: str, has_percent: bool, has_failed: bool | None
) -> dict[str, Any]:
    """`has_failed`: of what is new; None if nothing is."""
    percent = slot("percent") if has_percent else None
    title = SimpleNamespace(prefix=slot("prefix"), percent=percent, running=SimpleNamespace(plain=slot("running")))
    board = SimpleNamespace(
        poll_url=slot("poll_url"),
        interval=interval,
        title=title,
        total=SimpleNamespace(plain=slot("total")),
        freshness=SimpleNamespace(state=Freshness.LIVE.value, is_asked=is_asked, as_of_iso=as_of_iso),
        news=None
        if has_failed is None
        else SimpleNamespace(url=slot("news_url"), text=slot("news"), failed=has_failed),
        has_strip=True,
        **{name: slot(name) for name in ("strip", "heads", "rows", "pager")},
    )
    return {"board": board}


_plain = Moulds(TEMPLATE, _plain_region)
