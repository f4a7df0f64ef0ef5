"""A page as tests look at it: its elements with their attributes, and its text."""

from html.parser import HTMLParser
from typing import Any

EMPTY = {"meta", "link", "input", "br", "hr", "use", "img"}


class Page(HTMLParser):
    """`Page(response)`; `all("data-task")` are the elements that have the attribute, in their order."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.elements: list[dict[str, str]] = []
        self._texts, self.source = list[str](), response.content.decode()
        self.feed(self.source)
        self.text = " ".join("".join(self._texts).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append({"tag": tag, **{name: value or "" for name, value in attributes}})

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    def all(self, attribute: str) -> list[dict[str, str]]:
        return [element for element in self.elements if attribute in element]

    def one(self, attribute: str, value: str | None = None) -> dict[str, str]:
        found = [element for element in self.all(attribute) if value is None or element[attribute] == value]
        assert len(found) == 1, f"{len(found)} elements with {attribute} {value or ''}"
        return found[0]

    @property
    def ids(self) -> list[str]:
        """The upstream ids of the rows."""
        return [row["data-task"] for row in self.all("data-task")]

    @property
    def freshness(self) -> str:
        return self.one("data-freshness")["data-freshness"]

    @property
    def poll_url(self) -> str:
        """Where the live region asks for its next self."""
        return next(element["hx-get"] for element in self.all("hx-get") if "every" in element.get("hx-trigger", ""))

    def link(self, rel: str) -> str | None:
        """The address of the link with this `rel`, if there is one."""
        return next((element["href"] for element in self.all("rel") if element["rel"] == rel), None)

    @property
    def leaves(self) -> dict[str, str]:
        """The raw values of a tree by their paths."""
        return {leaf["data-path"]: leaf["data-value"] for leaf in self.all("data-path")}
