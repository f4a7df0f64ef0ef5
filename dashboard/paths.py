"""Where a value stands in a JSON document: `params.profiles[0].gop`, `odd["a.b"]`. Each place is written in one way."""

import json
import re
from collections.abc import Iterator
from typing import Any

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_STEP = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


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


def _keys(path: str) -> Iterator[str | int]:
    at = 0
    while at < len(path):
        match = _STEP.match(path, at)
        if not match:
            raise KeyError(path)
        name, index, quoted = match.groups()
        yield name if name is not None else int(index) if index is not None else json.loads(quoted)
        at = match.end()
