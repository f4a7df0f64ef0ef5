"""What goes out with a static file: only what protects a file. What protects pages would make each a tenth heavier."""

from collections.abc import MutableMapping


def guard(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Browsers take a file for what it says it is."""
    headers["X-Content-Type-Options"] = "nosniff"
