"""What Studio said at one moment, redacted and frozen: tasks, assets, pages of both, and the key's user.

Tolerant by design: any JSON may stand anywhere. Only a thing without a usable id cannot be read.
Times are whole ms since 1970 UTC, None where Studio said nothing usable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from .json_values import count, milliseconds, part, ratio, text, words
from .redact import Redactor

LONGEST_ID = 200
LONGEST_WORD = 64
LONGEST_NAME = 500
UNKNOWN_PHASE = "unknown"


class Unreadable(ValueError):
    """This is no task (or asset): no object, or without an id one could ask for."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Snapshot(_Frozen):
    """One task. `type` and `phase` are Studio's words, known or not, cut to 64 characters.

    `progress` is 0..1 or None, and 1 for a completed task (observed on the real server: the status is
    replaced on each transition, so a completed one carries neither progress nor retries).
    `error` is the message as it stands, "" without one. `document` is the whole redacted document.
    """

    upstream_id: str
    type: str
    phase: str
    progress: float | None
    retries: int
    error: str
    updated_at: int
    created_at: int | None
    scheduled_at: int | None
    input_asset_id: str
    output_asset_id: str
    project_id: str
    user_id: str
    name: str
    deleted: bool
    document: dict[str, Any]

    @classmethod
    def read(cls, raw: object, redactor: Redactor) -> Snapshot:
        """The snapshot of one raw task document. Unreadable when it has no usable id."""
        document = _redacted_object(raw, redactor)
        status = part(document, "status")
        phase = text(status.get("phase"), LONGEST_WORD) or UNKNOWN_PHASE
        created_at = milliseconds(document.get("createdAt"))
        return cls(
            upstream_id=_id_of(document),
            type=text(document.get("type"), LONGEST_WORD),
            phase=phase,
            progress=1.0 if phase == "completed" else ratio(status.get("progress")),
            retries=count(status.get("retries")),
            error=words(status.get("errorMessage")),
            updated_at=_first(milliseconds(status.get("updatedAt")), created_at, 0),
            created_at=created_at,
            scheduled_at=milliseconds(document.get("scheduledAt")),
            input_asset_id=text(document.get("inputAssetId"), LONGEST_ID),
            output_asset_id=text(document.get("outputAssetId"), LONGEST_ID),
            project_id=text(document.get("projectId"), LONGEST_ID),
            user_id=text(document.get("userId"), LONGEST_ID),
            name=text(document.get("name"), LONGEST_NAME),
            deleted=document.get("deleted") in (True, "true"),
            document=document,
        )

    @cached_property
    def digest(self) -> str:
        """16 hex digits that differ when the redacted document differs, whatever the order of its keys."""
        canonical = json.dumps(self.document, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return blake2b(canonical.encode(), digest_size=8).hexdigest()


class AssetCard(_Frozen):
    """One asset. `phase` is uploading, waiting, processing, ready, failed, ... or whatever Studio says."""

    upstream_id: str
    name: str
    playback_id: str
    phase: str
    updated_at: int
    created_at: int | None
    document: dict[str, Any]

    @classmethod
    def read(cls, raw: object, redactor: Redactor) -> AssetCard:
        """The card of one raw asset document. Unreadable when it has no usable id."""
        document = _redacted_object(raw, redactor)
        status = part(document, "status")
        created_at = milliseconds(document.get("createdAt"))
        return cls(
            upstream_id=_id_of(document),
            name=text(document.get("name"), LONGEST_NAME),
            playback_id=text(document.get("playbackId"), LONGEST_ID),
            phase=text(status.get("phase") or document.get("status"), LONGEST_WORD) or UNKNOWN_PHASE,
            updated_at=_first(milliseconds(status.get("updatedAt")), created_at, 0),
            created_at=created_at,
            document=document,
        )


class _Page(_Frozen):
    """`rows`: all rows of the answer, `unreadable`: those that are none of ours. `total`: X-Total-Count.

    `cursor` is None at the end of the walk. It is an OFFSET (read in the server's source).
    """

    unreadable: int
    rows: int
    total: int | None = None
    cursor: str | None = None


class TaskPage(_Page):
    snapshots: tuple[Snapshot, ...]

    @classmethod
    def read(
        cls, rows: list[object], redactor: Redactor, total: int | None = None, cursor: str | None = None
    ) -> TaskPage:
        found = tuple(_readable(Snapshot, rows, redactor))
        lost = len(rows) - len(found)
        return cls(snapshots=found, unreadable=lost, rows=len(rows), total=total, cursor=cursor)


class AssetPage(_Page):
    cards: tuple[AssetCard, ...]

    @classmethod
    def read(
        cls, rows: list[object], redactor: Redactor, total: int | None = None, cursor: str | None = None
    ) -> AssetPage:
        found = tuple(_readable(AssetCard, rows, redactor))
        lost = len(rows) - len(found)
        return cls(cards=found, unreadable=lost, rows=len(rows), total=total, cursor=cursor)


class StudioUser(_Frozen):
    """Whose key this is, as far as Studio tells; "" for what it does not."""

    upstream_id: str
    email: str
    default_project_id: str

    @classmethod
    def read(cls, raw: object, redactor: Redactor) -> StudioUser:
        """Unreadable when there is no usable id."""
        document = _redacted_object(raw, redactor)
        return cls(
            upstream_id=_id_of(document),
            email=text(document.get("email"), LONGEST_ID),
            default_project_id=text(document.get("defaultProjectId"), LONGEST_ID),
        )


Thing = TypeVar("Thing", Snapshot, AssetCard)


def _readable(kind: type[Thing], rows: list[object], redactor: Redactor) -> Iterable[Thing]:
    for row in rows:
        try:
            yield kind.read(row, redactor)
        except Unreadable:
            continue


def _redacted_object(raw: object, redactor: Redactor) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise Unreadable("not an object")
    document: dict[str, Any] = redactor.document(raw)
    return document


def _id_of(document: dict[str, Any]) -> str:
    found = text(document.get("id"))
    if not found.strip():
        raise Unreadable("no id")
    if len(found) > LONGEST_ID:
        raise Unreadable("the id is too long")
    return found


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)
