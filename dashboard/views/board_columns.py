"""The columns of the board. Phase and task always stand; a person chooses the others."""

from typing import NamedTuple


class Column(NamedTuple):
    """`css`: the classes of its cells; `sort`: what orders the list by it, in the words of the URL, if anything."""

    title: str
    css: str
    sort: str = ""


TASK = Column("Task", "c-name", "title")
COLUMNS = {
    "progress": Column("Progress", "c-bar", "progress"),
    "result": Column("Result or error", "c-why"),
    "duration": Column("Took", "c-took num", "duration"),
    "retries": Column("Retries", "c-tries num", "retries"),
    "account": Column("Account", "c-account"),
    "created": Column("Created", "c-born num", "created"),
    "updated": Column("Updated", "c-when num", "updated"),
}
"""By the name that is remembered, from left to right."""

USUAL = ("progress", "result", "updated")
NONE = "-"


def columns_of(text: str) -> tuple[str, ...]:
    """`progress,updated`, in the order of the table; `-` is none of them, nothing the usual ones."""
    told = set(text.split(","))
    chosen = tuple(name for name in COLUMNS if name in told)
    return chosen if chosen or text == NONE else USUAL


def as_text(names: tuple[str, ...]) -> str:
    """How they are remembered; empty for the usual ones, so that those may change with a later version."""
    chosen = tuple(name for name in COLUMNS if name in names)
    return "" if chosen == USUAL else ",".join(chosen) or NONE
