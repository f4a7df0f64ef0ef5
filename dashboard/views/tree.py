"""A JSON document as a tree of `<details>`, written by hand: a template would cost a millisecond per twenty leaves.

Every leaf has its path and its raw value; null, `{}` and `[]` are leaves. Branches open without JavaScript.
A document of up to 64 kB of JSON is always whole. Beyond that budget a branch, a long value and the rest of a long
list are links that load themselves when they are opened; so no answer grows with the document. Lists of over 50 items
come in groups of 50.
"""

from collections.abc import Callable, Iterator
from html import escape
from itertools import islice
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from dashboard.paths import find, step
from dashboard.views.leaves import Leaves, kind_of, shown

__all__ = ["Tree", "find", "step"]
OPEN_DEPTH = 3
DEEPEST = 200
BYTES = 64 * 1024
FIRST_LOOK = 16 * 1024
OVERDRAFT = 8 * 1024
PATHS = 8_000_000  # characters; a small document of long keys, one inside the other, has paths without end
LONG_LIST = 10
GROUP = 50

BranchUrl = Callable[[str, int], str]


def budget_of(document: str) -> int:
    """For the first page of a document, as it is stored. Of a large one less is shown at once: a browser needs a second
    for the elements of 64 kB, and all else is loaded on demand anyway."""
    return BYTES if len(document) <= BYTES else FIRST_LOOK


class Tree:
    """Renders parts of one document; all parts share the budget. What a part is charged is at most what it takes in
    the shortest JSON, so that a document within the budget never exceeds it."""

    def __init__(self, branch_url: BranchUrl, budget: int = BYTES) -> None:
        self.branch_url, self.left, self.paths_left = branch_url, budget, PATHS
        self.leaves = Leaves()

    def render(self, value: Any, path: str, start: int = 0) -> SafeString:
        """The children of the value at `path`, from the one numbered `start`; or the value itself if it is a leaf."""
        if not _is_branch(value):
            self.leaves.is_open = True
            return self._whole(self._leaf(path.rsplit(".", 1)[-1], value, path))
        return self._whole("".join(self._children(value, path, 1, start)))

    def render_only(self, document: dict[str, Any], leave_out: tuple[str, ...]) -> SafeString:
        """The top level of a document, without some of its keys."""
        rest = {key: value for key, value in document.items() if key not in leave_out}
        return self._whole("".join(self._children(rest, "", 1)))

    def _whole(self, html: str) -> SafeString:
        return mark_safe(f'<div class="tree">{html}</div>')  # noqa: S308  every value in it was escaped

    def _children(self, value: Any, path: str, depth: int, start: int = 0) -> Iterator[str]:
        is_grouped = isinstance(value, list) and len(value) > GROUP and start < len(value)
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (key, child) in enumerate(islice(pairs, start, None), start):
            below = step(path, key)
            if self._is_used_up and number > start:
                yield "</div></details>" if is_grouped else ""
                yield self._more(len(value) - number, path, number)
                return
            if is_grouped and (number % GROUP == 0 or number == start):
                yield _group(number, len(value), number == start)
            self._charge(key, below)
            if self._is_too_much(child, depth):
                yield self._folded(str(key), child, below)
            elif not _is_branch(child):
                yield self._leaf(str(key), child, below)
            else:
                is_long = isinstance(child, list) and len(child) > LONG_LIST
                is_open = " open" if depth < OPEN_DEPTH and not is_long else ""
                yield f'<details data-branch="{escape(below)}"{is_open}>{_summary(str(key), _size(child))}<div>'
                yield from self._children(child, below, depth + 1)
                yield "</div></details>"
        yield "</div></details>" if is_grouped else ""

    @property
    def _is_used_up(self) -> bool:
        return self.left <= -OVERDRAFT or self.paths_left <= 0

    def _charge(self, key: str | int, path: str) -> None:
        """A comma, and the key with its quotes and colon; a leaf's value is charged when it is drawn."""
        self.left -= 1 + (len(key) + 3 if isinstance(key, str) else 0)
        self.paths_left -= len(path)

    def _is_too_much(self, value: Any, depth: int) -> bool:
        """A short value always has its place, up to the overdraft."""
        if _is_branch(value):
            return self.left <= 0 or self.paths_left <= 0 or depth >= DEEPEST
        return isinstance(value, str) and len(value) > max(self.left, OVERDRAFT)

    def _folded(self, key: str, value: Any, path: str) -> str:
        return self._link(path, self.branch_url(path, 0), _summary(key, _size(value)))

    def _more(self, number: int, path: str, start: int) -> str:
        return self._link(f"{path} from {start}", self.branch_url(path, start), _summary("…", f"{number} more"))

    def _link(self, branch: str, url: str, summary: str) -> str:
        self.left -= len(branch)
        url = escape(url)
        return (
            f'<details data-branch="{escape(branch)}" hx-get="{url}" hx-trigger="toggle once" hx-target="find div">'
            f'{summary}<div><a class="accent" href="{url}">Open this branch</a></div></details>'
        )

    def _leaf(self, key: str, value: Any, path: str) -> str:
        kind, raw = kind_of(value)
        self.left -= len(raw)
        return self.leaves.leaf(key, value, path, kind, raw)


def _is_branch(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _size(value: Any) -> str:
    unit = "key" if isinstance(value, dict) else "item" if isinstance(value, list) else "character"
    return f"{len(value):,} {unit}{'s' if len(value) != 1 else ''}"


def _summary(key: str, size: str) -> str:
    return f'<summary><b>{shown(key)}</b> <span class="z">{size}</span></summary>'


def _group(start: int, length: int, is_first: bool) -> str:
    """The head of up to fifty items of a long list."""
    last = min(start - start % GROUP + GROUP, length) - 1
    ends = "" if is_first else "</div></details>"
    is_open = " open" if is_first else ""
    return f'{ends}<details class="group"{is_open}><summary>{start:,} … {last:,}</summary><div>'
