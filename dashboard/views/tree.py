"""A JSON document as a tree of `<details>`, written by hand: a template would cost a millisecond per twenty leaves.

Every leaf has its path and its raw value; null, `{}` and `[]` are leaves. Branches open without JavaScript.
A document of up to 64 kB of JSON is always whole. Beyond that budget a branch, a long value and the rest of a long
list are links that load themselves when they are opened; so no answer grows with the document.
"""

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import islice
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from dashboard.upstream.marks import marks_in

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
MARK = re.compile(r"\[redacted: ([a-z ]+)\]")
OPEN_DEPTH = 3
DEEPEST = 200
BYTES = 64 * 1024
OVERDRAFT = 8 * 1024
PATHS = 8_000_000  # characters; a small document of long keys, one inside the other, has paths without end
LONG_LIST = 10

BranchUrl = Callable[[str, int], str]


def step(path: str, key: str | int) -> str:
    """The path of a child: `a.b`, `a[0]`, `a["odd key"]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if PLAIN_KEY.match(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def find(document: Any, path: str) -> Any:
    """The value at a path that `step` built; raises KeyError."""
    for key in _keys(path):
        holder = list if isinstance(key, int) else dict
        if not isinstance(document, holder):
            raise KeyError(path)
        try:
            document = document[key]  # type: ignore[index]
        except (IndexError, KeyError):
            raise KeyError(path) from None
    return document


class Tree:
    """Renders parts of one document; all parts share the budget. What a part is charged is at most what it takes in
    the shortest JSON, so that a document within the budget never exceeds it."""

    def __init__(self, branch_url: BranchUrl, budget: int = BYTES) -> None:
        self.branch_url, self.left, self.paths_left = branch_url, budget, PATHS
        self.icons = static("icons.svg")

    def render(self, value: Any, path: str, start: int = 0) -> SafeString:
        """The children of the value at `path`, from the one numbered `start`; or the value itself if it is a leaf."""
        if not _is_branch(value):
            return self._whole(self._leaf(path.rsplit(".", 1)[-1], value, path))
        return self._whole("".join(self._children(value, path, 1, start)))

    def render_only(self, document: dict[str, Any], leave_out: tuple[str, ...]) -> SafeString:
        """The top level of a document, without some of its keys."""
        rest = {key: value for key, value in document.items() if key not in leave_out}
        return self._whole("".join(self._children(rest, "", 1)))

    def _whole(self, html: str) -> SafeString:
        return mark_safe(f'<div class="tree">{html}</div>')  # noqa: S308  every value in it was escaped

    def _children(self, value: Any, path: str, depth: int, start: int = 0) -> Iterator[str]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (key, child) in enumerate(islice(pairs, start, None), start):
            below = step(path, key)
            if self._is_used_up and number > start:
                yield self._more(len(value) - number, path, number)
                return
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
        kind, raw = _kind(value)
        self.left -= len(raw)
        kinds = marks_in(raw) if kind == "s" else ()
        lost = f' data-redacted="{escape(kinds[0])}"' if kinds else ""
        text = self._marked(raw) if kinds else escape(raw)
        return (
            f'<div class="leaf" data-path="{escape(path)}" data-value="{escape(raw)}"{lost}>'
            f'<b>{escape(key)}</b> <span class="{kind}">{text}</span>'
            f'<button class="ico" aria-label="Copy {escape(key)}"></button></div>'
        )

    def _marked(self, raw: str) -> str:
        """Escaped text whose redaction marks explain themselves."""
        parts = MARK.split(raw)
        return "".join(self._mark(part) if index % 2 else escape(part) for index, part in enumerate(parts))

    def _mark(self, kind: str) -> str:
        return (
            f'<span class="gone" title="Removed before it was stored: {escape(kind)}">'
            f'<svg aria-hidden="true"><use href="{self.icons}#lock"/></svg>redacted: {escape(kind)}</span>'
        )


def _is_branch(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _size(value: Any) -> str:
    unit = "key" if isinstance(value, dict) else "item" if isinstance(value, list) else "character"
    return f"{len(value):,} {unit}{'s' if len(value) != 1 else ''}"


def _summary(key: str, size: str) -> str:
    return f'<summary><b>{escape(key)}</b> <span class="z">{size}</span></summary>'


def _kind(value: Any) -> tuple[str, str]:
    """Class and raw text of a leaf."""
    if isinstance(value, str):
        return "s", value
    if isinstance(value, bool):
        return "b", "true" if value else "false"
    return "n" if isinstance(value, int | float) else "z", json.dumps(value)


_STEP = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def _keys(path: str) -> Iterator[str | int]:
    at = 0
    while at < len(path):
        match = _STEP.match(path, at)
        if not match:
            raise KeyError(path)
        name, index, quoted = match.groups()
        yield name if name is not None else int(index) if index is not None else json.loads(quoted)
        at = match.end()
