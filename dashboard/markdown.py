"""Markdown around texts of strangers. None of them can end a block, begin one, or become HTML or a link.

One line of text is a code span, several are a fenced block: both stay as they are when somebody reads the source.
Only headings are escaped letter by letter.
"""

import re

from dashboard.visible import visible

MOST = 20_000  # characters of one block
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_TICKS = re.compile(r"`+")


def heading(level: int, text: str) -> str:
    return f"{'#' * level} {words(text)}"


def words(text: str) -> str:
    """Any text as plain words on one line."""
    return _PUNCTUATION.sub(r"\\\1", _one_line(text)) or "–"


def code(text: str, most: int = 300) -> str:
    """A code span. Of a longer text the beginning."""
    line = _one_line(text if len(text) <= most else text[:most] + "…")
    if not line:
        return "–"
    ticks = _longer_than(line, 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fenced(text: str, language: str = "", most: int = MOST) -> str:
    """A block of any text; of a longer one the beginning, which is said below it."""
    shown = visible(text[:most].replace("\r\n", "\n").replace("\r", "\n"))
    fence = _longer_than(shown, 3)
    block = f"{fence}{language}\n{shown}\n{fence}"
    return f"{block}\n\nCut: the first {most:,} characters of it." if len(text) > most else block


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())


def _longer_than(text: str, least: int) -> str:
    """A fence longer than any run of backticks inside."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
