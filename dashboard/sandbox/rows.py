"""A task as the simulated database holds it: a script or a given document, and changes laid over it."""

from collections.abc import Callable

from dashboard.sandbox.lives import Life, Moment

Json = dict[str, object]
Place = tuple[int, int, str]

#: Studio's database returns the keys of an object ordered by length, then by letters (observed).
_KEY_ORDER = (
    "id", "name", "type", "output", "params", "status", "userId", "deleted", "createdAt", "projectId",
    "requesterId", "scheduledAt", "inputAssetId", "outputAssetId",
)  # fmt: skip


class Row:
    """One task. `write(row, phase)` builds the scripted part of its document; a row from a test has none.

    `created_at` and `updated_at` in ms; `place` is where the index holds the row just now.
    """

    __slots__ = (
        "created_at", "deleted", "document_given", "fields", "id", "moments", "number", "place", "position",
        "retried", "scheduled_at", "status_given", "task_type", "updated_at", "version", "write",
    )  # fmt: skip

    def __init__(self, identifier: str, task_type: str, created_at: int, life: Life, write: Callable[["Row"], Json]):
        self.id, self.task_type, self.created_at = identifier, task_type, created_at
        self.write: Callable[[Row], Json] | None = write
        self.moments: tuple[Moment, ...] = life.moments
        self.scheduled_at = life.scheduled_at
        self.position = 0
        self.updated_at = life.moments[0].at
        self.document_given: Json | None = None
        self.status_given: object = None
        self.fields: Json = {}
        self.deleted = False
        self.retried = 0
        self.version = 0
        self.place: Place = (0, 0, "")

    @classmethod
    def given(cls, document: Json, now: int) -> "Row":
        """A row that holds a raw document as it is, however broken."""
        row = cls.__new__(cls)
        row.id, row.task_type = str(document["id"]), str(document.get("type", ""))
        row.created_at = _milliseconds(document.get("createdAt"), now)
        row.moments, row.position, row.scheduled_at = (), 0, None
        row.write, row.document_given, row.status_given, row.fields = None, dict(document), None, {}
        row.deleted, row.retried, row.version = bool(document.get("deleted")), 0, 0
        row.updated_at = _updated_at(document.get("status"), row.created_at)
        row.place = (0, 0, "")
        return row

    @property
    def moment(self) -> Moment | None:
        return self.moments[self.position] if self.moments else None

    @property
    def next_at(self) -> int | None:
        """When the script changes next; None when it is at its end."""
        following = self.position + 1
        return self.moments[following].at if following < len(self.moments) else None

    @property
    def phase(self) -> str:
        status = self.status()
        return str(status.get("phase", "")) if isinstance(status, dict) else ""

    def catch_up(self, now: int) -> None:
        """Moves along the script to `now`; a script that has ended keeps its last moment only."""
        while (at := self.next_at) is not None and at <= now:
            self.position += 1
            self.updated_at = at
            self.version += 1
        if self.moments and self.position == len(self.moments) - 1:
            self.moments, self.position = self.moments[-1:], 0

    def status(self) -> object:
        if self.status_given is not None:
            return self.status_given
        if self.moments:
            return self.moments[self.position].status()
        return (self.document_given or {}).get("status")

    def set_status(self, status: Json) -> None:
        """Replaces the status, as Studio does, and ends the script."""
        self.status_given, self.moments, self.position = dict(status), (), 0
        self.updated_at = _updated_at(status, self.updated_at)
        self.version += 1

    def set_fields(self, fields: Json) -> None:
        self.fields |= fields
        self.version += 1

    def start_again(self, life: Life) -> None:
        """A manual retry: a new script from now on."""
        self.status_given, self.moments, self.position = None, life.moments, 0
        self.scheduled_at = life.scheduled_at
        self.fields = {**self.fields, "scheduledAt": life.scheduled_at}
        self.updated_at = life.moments[0].at
        self.retried += 1
        self.version += 1

    def document(self) -> Json:
        """The whole document at this moment."""
        if self.document_given is not None:
            document = dict(self.document_given)
        else:
            document = self.write(self) if self.write else {}
        if self.status_given is not None or self.moments:
            document["status"] = self.status()
        document |= self.fields
        if self.deleted:
            document["deleted"] = True
        return document if self.document_given is not None else in_key_order(document)


def in_key_order(document: Json) -> Json:
    """The document with its top keys as Studio orders them; absent ones stay absent."""
    ordered = {key: document[key] for key in _KEY_ORDER if document.get(key) is not None}
    ordered.update((key, value) for key, value in document.items() if key not in ordered and value is not None)
    return ordered


def _milliseconds(value: object, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _updated_at(status: object, otherwise: int) -> int:
    return _milliseconds(status.get("updatedAt"), otherwise) if isinstance(status, dict) else otherwise
