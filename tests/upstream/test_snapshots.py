import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import (
    LONGEST_ID,
    AssetCard,
    AssetPage,
    Snapshot,
    StudioUser,
    TaskPage,
    Unreadable,
)

from .secrets_and_ids import KEY

REDACTOR = Redactor(KEY)
ID = "0b9e2f64-88a1-4c1d-b3f5-7d0a6e54c210"
NOW = 1_795_323_747_277


def read(**fields: Any) -> Snapshot:
    return Snapshot.read({"id": ID, **fields}, REDACTOR)


def test_a_whole_task_is_read() -> None:
    snapshot = read(
        type="upload",
        name="a name",
        userId="u",
        projectId="p",
        createdAt=NOW - 5000,
        scheduledAt=NOW - 4000,
        outputAssetId="out",
        inputAssetId="in",
        params={"upload": {"url": "https://in.example.test/a.mp4?token=abc"}},
        status={"phase": "running", "progress": 0.36, "retries": 1, "updatedAt": NOW, "errorMessage": "it broke"},
        unheard={"of": [1]},
    )
    assert (snapshot.upstream_id, snapshot.type, snapshot.phase) == (ID, "upload", "running")
    assert (snapshot.progress, snapshot.retries, snapshot.error) == (0.36, 1, "it broke")
    assert (snapshot.created_at, snapshot.scheduled_at, snapshot.updated_at) == (NOW - 5000, NOW - 4000, NOW)
    assert (snapshot.input_asset_id, snapshot.output_asset_id) == ("in", "out")
    assert (snapshot.project_id, snapshot.user_id, snapshot.name, snapshot.deleted) == ("p", "u", "a name", False)
    assert snapshot.document["unheard"] == {"of": [1]}
    assert snapshot.document["params"]["upload"]["url"].endswith("?token=[redacted: query value]")


def test_an_id_is_enough() -> None:
    snapshot = read()
    assert (snapshot.phase, snapshot.type, snapshot.progress, snapshot.updated_at) == ("unknown", "", None, 0)
    assert (snapshot.created_at, snapshot.scheduled_at, snapshot.retries, snapshot.error) == (None, None, 0, "")
    assert snapshot.document == {"id": ID}


@pytest.mark.parametrize("raw", [None, 5, "x", [], [{"id": ID}], {}, {"id": None}, {"id": ""}, {"id": " "}, {"id": []}])
def test_without_a_usable_id_it_is_no_task(raw: object) -> None:
    with pytest.raises(Unreadable):
        Snapshot.read(raw, REDACTOR)
    with pytest.raises(Unreadable):
        AssetCard.read(raw, REDACTOR)


def test_an_id_may_be_200_characters_long() -> None:
    assert Snapshot.read({"id": "x" * LONGEST_ID}, REDACTOR).upstream_id == "x" * LONGEST_ID
    with pytest.raises(Unreadable):
        Snapshot.read({"id": "x" * (LONGEST_ID + 1)}, REDACTOR)


@pytest.mark.parametrize("status", [None, "running", 7, [], [{"phase": "running"}], {}, {"phase": None}, {"phase": {}}])
def test_a_strange_status_is_kept_and_its_phase_unknown(status: object) -> None:
    snapshot = read(status=status, createdAt=NOW)
    assert snapshot.phase == "unknown"
    assert snapshot.updated_at == NOW
    assert snapshot.document["status"] == status


def test_unknown_types_and_phases_are_kept_as_they_are() -> None:
    snapshot = read(type="hologram", status={"phase": "thawing"}, params={"hologram": {"gop": "2"}})
    assert (snapshot.type, snapshot.phase) == ("hologram", "thawing")


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        *((0, 0.0), (1, 1.0), (0.81, 0.81), ("0.9", 0.9), (1.7, 1.0), (-3, 0.0), ("x", None), (None, None)),
        *((True, None), ([], None), (float("nan"), None), (float("inf"), None), (10**400, None), ("1_0", None)),
    ],
)
def test_progress_is_a_ratio_or_nothing(said: object, understood: float | None) -> None:
    assert read(status={"phase": "running", "progress": said}).progress == understood


def test_completed_is_all_done_although_studio_says_no_progress_then() -> None:
    assert read(status={"phase": "completed", "updatedAt": NOW}).progress == 1.0


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        *((NOW, NOW), (float(NOW), NOW), (NOW + 0.7, NOW), (str(NOW), NOW), ("1.795323747277e12", NOW), (0, 0)),
        *((-1, None), (2**64, None), (10**400, None), ("9" * 500, None), (float("nan"), None), (True, None)),
        *(({}, None), ("2026-11-22", None), (None, None), (" ", None)),
    ],
)
def test_times_are_whole_milliseconds_or_nothing(said: object, understood: int | None) -> None:
    snapshot = read(createdAt=said, scheduledAt=said, status={"updatedAt": said})
    assert (snapshot.created_at, snapshot.scheduled_at) == (understood, understood)
    assert snapshot.updated_at == (understood or 0)


@pytest.mark.parametrize(("said", "understood"), [(2, 2), ("1", 1), (1.9, 1), (-1, 0), (None, 0), ({}, 0), (2**70, 0)])
def test_retries_are_a_small_count(said: object, understood: int) -> None:
    assert read(status={"retries": said}).retries == understood


@pytest.mark.parametrize(
    ("said", "understood"),
    [("it broke", "it broke"), (None, ""), ({"a": ["b"]}, '{"a": ["b"]}'), ([], ""), (42, "42"), (False, "")],
)
def test_an_error_of_any_shape_is_shown(said: object, understood: str) -> None:
    assert read(status={"errorMessage": said}).error == understood


@pytest.mark.parametrize(
    ("said", "understood"), [(True, True), ("true", True), (False, False), (None, False), ([], False)]
)
def test_deleted_is_what_studio_says(said: object, understood: bool) -> None:
    assert read(deleted=said).deleted is understood


def test_the_error_and_every_other_field_are_redacted() -> None:
    snapshot = read(status={"errorMessage": f"no token {KEY} found"}, name=f"{KEY}.mp4", type=KEY)
    assert KEY not in repr(snapshot)
    assert "[redacted: api key]" in snapshot.error


def test_a_snapshot_is_frozen() -> None:
    with pytest.raises(ValidationError):
        read().phase = "completed"  # type: ignore[misc]


def test_the_digest_follows_the_content_and_not_the_order_of_keys() -> None:
    one = Snapshot.read({"id": ID, "a": 1, "b": [1, {"c": 2, "d": 3}]}, REDACTOR)
    same = Snapshot.read({"b": [1, {"d": 3, "c": 2}], "a": 1, "id": ID}, REDACTOR)
    assert one.digest == same.digest != read(a=2).digest
    assert len(one.digest) == 16
    assert int(one.digest, 16) >= 0


def test_one_unreadable_row_costs_that_row() -> None:
    rows: list[object] = [{"id": "a"}, "junk", None, {"id": "b"}, {"no": "id"}]
    page = TaskPage.read(rows, REDACTOR, total=9, cursor="skip5")
    assert [snapshot.upstream_id for snapshot in page.snapshots] == ["a", "b"]
    assert (page.unreadable, page.rows, page.total, page.cursor) == (3, 5, 9, "skip5")
    assets = AssetPage.read(rows, REDACTOR)
    assert [card.upstream_id for card in assets.cards] == ["a", "b"]
    assert (assets.unreadable, assets.rows, assets.total, assets.cursor) == (3, 5, None, None)


def test_an_asset_card_carries_the_name() -> None:
    raw = {"id": "a", "name": "a film.mp4", "playbackId": "c1762lpv", "status": {"phase": "ready", "updatedAt": NOW}}
    card = AssetCard.read({**raw, "createdAt": NOW - 1}, REDACTOR)
    assert (card.upstream_id, card.name, card.playback_id, card.phase) == ("a", "a film.mp4", "c1762lpv", "ready")
    assert (card.updated_at, card.created_at) == (NOW, NOW - 1)


def test_a_studio_user_may_say_little() -> None:
    user = StudioUser.read({"id": "u", "email": "ana@example.test", "admin": False}, REDACTOR)
    assert (user.upstream_id, user.email, user.default_project_id) == ("u", "ana@example.test", "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None, exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
FIELDS = "type name userId projectId createdAt scheduledAt params status output deleted inputAssetId outputAssetId"
STATUS = st.dictionaries(st.sampled_from(["phase", "progress", "retries", "errorMessage", "updatedAt"]), json_values)


@given(st.dictionaries(st.sampled_from(FIELDS.split()), json_values), STATUS)
@settings(max_examples=150, deadline=None)
def test_any_json_may_stand_anywhere(fields: dict[str, Any], status: dict[str, Any]) -> None:
    for document in (fields, {**fields, "status": status}):
        snapshot = read(**document)
        stored = json.dumps(snapshot.document, allow_nan=False, ensure_ascii=False)
        stored.encode()
        assert "\x00" not in snapshot.error + snapshot.name + snapshot.type + snapshot.phase
        assert 0 <= snapshot.updated_at < 2**63
        assert snapshot.digest == Snapshot.read(snapshot.document, REDACTOR).digest
