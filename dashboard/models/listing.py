"""Where an entry stands in a list by time: a page of it begins beyond a key, and costs the same first or deep."""

from dataclasses import dataclass


class UnreadableCursor(ValueError):
    """A cursor that no page of ours has given out."""


@dataclass(frozen=True, order=True)
class Key:
    """Newest first, the id breaks ties."""

    updated_at: int
    id: int

    def __str__(self) -> str:
        return f"{self.updated_at}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key":
        updated_at, _, task_id = text.partition("-")
        if not (updated_at.isdecimal() and task_id.isdecimal() and text.isascii() and len(text) <= 40):
            raise UnreadableCursor(text)
        key = cls(int(updated_at), int(task_id))
        if max(key.updated_at, key.id) >= 2**63:
            raise UnreadableCursor(text)
        return key
