"""Which parts of an asset's document are kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.upstream.assets import KEPT, LARGEST, kept_parts, size_of, source_id_of

ASSET = {
    "id": "asset-1",
    "name": "Harbour",
    "hash": [{"hash": "ab", "algorithm": "sha256"}],
    "source": {"type": "clip", "sourceId": "asset-0", "sessionId": "s"},
    "status": {"phase": "ready", "updatedAt": 5},
    "userId": "someone",
    "videoSpec": {"tracks": [{}] * 100},
    "playbackPolicy": None,
    "size": 12,
}


def test_the_state_the_source_and_the_places_are_kept_and_the_tracks_are_not() -> None:
    assert set(kept_parts(ASSET)) == {"id", "name", "source", "status", "size"}
    assert kept_parts(ASSET)["source"] == ASSET["source"]


def test_what_is_too_large_is_left_out_the_largest_part_first() -> None:
    document = ASSET | {"storage": {"x": "é" * 9_000}, "source": {"url": "u" * 3_000}}
    assert set(kept_parts(document)) == {"id", "name", "source", "status", "size"}


@given(st.dictionaries(st.sampled_from(KEPT), st.recursive(st.text(max_size=4000), st.lists), max_size=14))
def test_never_more_than_16_kilobytes_and_twice_the_same(document: dict[str, object]) -> None:
    kept = kept_parts(document)
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    assert len(text.encode("utf-8", "replace")) <= LARGEST + 2
    assert kept_parts(kept) == kept


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ({"sourceId": "a", "assetId": "b"}, "a"),
        ({"assetId": "b"}, "b"),
        ({"sourceId": 7, "assetId": "b"}, "b"),
        ({"sourceId": {"id": "a"}}, ""),
        ({"sourceId": " "}, ""),
        ({"sourceId": "x" * 201}, ""),
        ({"url": "https://example.test/"}, ""),
        ("asset-0", ""),
        (None, ""),
    ],
)
def test_a_clips_source_is_an_id_or_nothing(source: object, found: str) -> None:
    assert source_id_of({"source": source}) == found


@pytest.mark.parametrize(
    ("size", "found"), [(0, 0), (12.0, 12), ("12", 12), (-1, None), (True, None), (1e300, None), ({}, None)]
)
def test_a_size_is_a_number_of_bytes_or_not_known(size: object, found: int | None) -> None:
    assert size_of({"size": size}) == found
