"""Values as tables and lists of facts show them: in words, with the exact value on hover and in the copy.

Anything may stand anywhere in a document, so each reader takes any JSON value; a dash stands for what is not known.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import mark_safe

from dashboard import units
from dashboard.clock import iso
from dashboard.upstream.json_values import number, text
from dashboard.upstream.marks import marks_in
from dashboard.visible import visible

UNKNOWN = "–"
MOST_ROWS = 50
LONGEST = 300
MOST_COPIED = 4_000
NBSP = units.NBSP
LEFT, RIGHT = mark_safe(""), mark_safe(' class="num"')

Cell = SimpleNamespace
Column = tuple[str, Callable[[dict[str, Any]], Cell], bool]


def cell(words: str, exact: str = "", copy: str = "", url: str = "", at: str = "") -> Cell:
    return SimpleNamespace(
        text=words or UNKNOWN, title=exact if exact != words else "", copy=copy, url=url, at=at, is_known=bool(words)
    )


def table(columns: Sequence[Column], rows: object) -> SimpleNamespace | None:
    """Heads and rows, each with the attribute that says on which side it stands; without the columns in which nothing
    is known. The first column always stands."""
    whole = dicts(rows)
    if not whole:
        return None
    lines = [[show(row) for _, show, _ in columns] for row in whole[:MOST_ROWS]]
    used = [place == 0 or any(line[place].is_known for line in lines) for place in range(len(columns))]
    styles = [RIGHT if right else LEFT for _, _, right in columns]
    return SimpleNamespace(
        heads=[(name, style) for (name, _, _), style, is_used in zip(columns, styles, used, strict=True) if is_used],
        rows=[
            [(one, style) for one, style, is_used in zip(line, styles, used, strict=True) if is_used] for line in lines
        ],
        more=max(0, len(whole) - MOST_ROWS),
    )


def dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words(value: object, copy: bool = False) -> Cell:
    """A text as it stands; a long one is cut here, not in the copy. One beyond all bounds stands in the tree alone."""
    whole = text(value)
    return cell(_cut(whole), copy=whole if copy and len(whole) <= MOST_COPIED else "")


def _cut(whole: str) -> str:
    return visible(whole[:LONGEST]) + ("…" if len(whole) > LONGEST else "")


def told(value: object, say: Callable[[float], str], unit: str = "") -> Cell:
    """A number in people's words, the exact one with its unit on hover; what is no number as it stands."""
    found = number(value)
    if found is None or not abs(found) < 1e15:
        return words(value)
    exact = f"{found:,.12g}" if isinstance(found, float) else f"{found:,}"
    return cell(say(found), f"{exact} {unit}".strip())


def bits(value: object) -> Cell:
    return told(value, _bits, "bit/s")


def size(value: object) -> Cell:
    return told(value, units.size, "bytes")


def seconds(value: object) -> Cell:
    return told(value, lambda length: units.duration(length) if length >= 10 else f"{length:.3g}{NBSP}s", "s")


def plain(value: object, unit: str = "") -> Cell:
    return told(value, lambda amount: f"{amount:.6g}{NBSP}{unit}" if unit else f"{amount:.6g}")


def resolution(row: dict[str, Any]) -> Cell:
    sides = [number(row.get(name)) for name in ("width", "height")]
    if sides == [None, None]:
        return cell("")
    return cell(" × ".join(UNKNOWN if side is None else f"{side:.6g}" for side in sides))


def frames(row: dict[str, Any]) -> Cell:
    """Frames a second; `fps` may be the numerator of a fraction."""
    top, bottom = number(row.get("fps")), number(row.get("fpsDen")) or 1
    if top is None:
        return words(row.get("fps"))
    exact = f"{top:g}/{bottom:g}" if bottom != 1 else f"{top:g}"
    return cell(f"{top / bottom:.4g}{NBSP}fps", exact)


def gop(value: object) -> Cell:
    """Seconds between key frames, or `intra`."""
    found = number(value)
    return words(value) if found is None else cell(f"{found:.3g}{NBSP}s", text(value))


def yes_or_no(value: object) -> Cell:
    if value is None or value == "":
        return cell("")
    return cell(("yes" if value else "no") if isinstance(value, bool) else visible(text(value)) or "yes")


def place(value: object) -> Cell:
    """A moment of a live stream, in ms since 1970, or a place within a recording."""
    found = number(value)
    if found is None or not 0 <= found < 1e15:
        return words(value)
    if found >= 1e11:
        return cell(iso(int(found)), f"{found:,.15g} ms", at=iso(int(found)))
    return cell(units.place(found), f"{found:,.15g} ms")


def link(value: object) -> Cell:
    """A URL as text; one to open only if it leads to http(s) and nothing was cut out of it."""
    url = text(value)
    if len(url) > MOST_COPIED:
        return cell(_cut(url))
    return cell(_cut(url), copy=url, url=url if is_open_to_all(url) else "")


def is_open_to_all(url: str) -> bool:
    if marks_in(url) or "***" in url or visible(url) != url or any(sign.isspace() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def host(value: object) -> str:
    """`media.example.com` of a URL, "" if it has none."""
    try:
        return visible(urlsplit(text(value, 4000)).hostname or "")
    except ValueError:
        return ""


def _bits(found: float) -> str:
    if found >= 1e9:
        return f"{found / 1e9:.2f}{NBSP}Gbps"
    if found >= 250_000:
        return f"{found / 1e6:.2f}{NBSP}Mbps"
    return f"{found / 1000:.3g}{NBSP}kbps" if found >= 1000 else f"{found:.3g}{NBSP}bps"
