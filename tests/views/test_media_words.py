"""Profiles, tracks, hashes, clips, outputs and playback, composed; anything may stand anywhere."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.models import Asset
from dashboard.views.cells import MOST_ROWS, is_open_to_all
from dashboard.views.media_words import media_of
from dashboard.views.task_facts import known_of
from tests.views.stories import task_of

PROFILE = {
    "name": "1080p",
    "width": 1920,
    "height": 1080,
    "bitrate": 6_000_000,
    "fps": 30_000,
    "fpsDen": 1001,
    "gop": "2.0",
    "profile": "H264High",
    "encoder": "HEVC",
    "quality": 23,
}
TRACKS = [
    {
        "type": "video",
        "codec": "h264",
        "pixelFormat": "yuv420p",
        "width": 1280,
        "height": 720,
        "fps": 25,
        "duration": 7.5,
    },
    {"type": "audio", "codec": "aac", "bitrate": 128_000, "channels": 2, "sampleRate": 44_100, "bitDepth": 16},
]
SPEC = {
    "type": "video",
    "size": 84_934_509,
    "hash": [{"algorithm": "sha256", "hash": "9b560b28"}],
    "videoSpec": {"format": "mp4", "duration": 23.8328, "bitrate": 1_000_000, "tracks": TRACKS},
}


def sections_of(document: Any, asset: dict[str, Any] | None = None) -> dict[str, SimpleNamespace]:
    kept = None if asset is None else Asset(upstream_id="asset-1", document=json.dumps(asset))
    media = media_of(document, kept)
    return {section.id: section for section in media.sections}


def facts(section: SimpleNamespace) -> dict[str, str]:
    return {label: cell.text.replace("\u00a0", " ") for label, cell in section.facts}


def rows(section: SimpleNamespace) -> list[list[str]]:
    return [[cell.text.replace("\u00a0", " ") for cell, _ in row] for row in section.table.rows]


def test_profiles_are_told_in_the_units_of_people() -> None:
    section = sections_of({"params": {"upload": {"profiles": [PROFILE, {"bitrate": 800_000}]}}})["profiles"]
    assert section.note == "2 renditions"
    assert rows(section) == [
        ["1080p", "1920 × 1080", "6.00 Mbps", "29.97 fps", "2 s", "H264High", "HEVC", "23"],
        ["–", "–", "0.80 Mbps", "–", "–", "–", "–", "–"],
    ]
    exact = {cell.title for cell, _ in section.table.rows[0]}
    assert {"6,000,000 bit/s", "30000/1001"} <= exact


def test_columns_of_which_nothing_is_known_are_left_out() -> None:
    section = sections_of({"params": {"upload": {"profiles": [{"bitrate": 5}]}}})["profiles"]
    assert [head for head, _ in section.table.heads] == ["Profile", "Bitrate"]


def test_the_video_tells_its_container_and_every_track() -> None:
    section = sections_of({"output": {"upload": {"assetSpec": SPEC}}})["video"]
    assert facts(section) == {
        "Kind": "video", "Container": "mp4", "Duration": "24 s", "Bitrate": "1.00 Mbps", "Size": "84.9 MB",
    }  # fmt: skip
    assert dict(section.facts)["Size"].title == "84,934,509 bytes"
    assert rows(section) == [
        ["Video", "h264", "yuv420p", "1280 × 720", "–", "25 fps", "–", "–", "–", "7.5 s"],
        ["Audio", "aac", "–", "–", "128 kbps", "–", "2", "44.1 kHz", "16 bit", "–"],
    ]


def test_hashes_can_be_copied() -> None:
    section = sections_of({"output": {"clip": {"assetSpec": SPEC}}})["hashes"]
    assert [cell.copy for cell, _ in section.table.rows[0]] == ["", "9b560b28"]


def test_a_clip_is_drawn_as_a_range_of_its_recording() -> None:
    strategy = {"startTime": 60_000, "endTime": 120_000, "playbackId": "abc"}
    section = sections_of({"params": {"clip": {"clipStrategy": strategy, "inputId": "asset-9"}}})["clip"]
    assert facts(section) == {
        "From": "00:01:00", "To": "00:02:00", "Length": "1 min", "Playback": "abc", "Cut from": "asset-9",
    }  # fmt: skip
    assert (section.bar.start, section.bar.width) == (500, 500)


def test_a_clip_of_a_live_stream_has_times_of_day() -> None:
    strategy = {"startTime": 1_795_323_747_277, "endTime": 1_795_323_777_277}
    section = sections_of({"params": {"clip": {"clipStrategy": strategy}}})["clip"]
    assert dict(section.facts)["From"].at == "2026-11-22T05:02:27Z"
    assert facts(section)["Length"] == "30 s"
    assert section.bar is None


def test_the_outputs_of_a_transcode_are_joined_with_their_base() -> None:
    made = {
        "requestId": "r-1",
        "baseUrl": "https://cdn.example/out/",
        "hls": {"path": "/hls/index.m3u8"},
        "mp4": [{"path": "mp4/a.mp4"}, {"path": "https://elsewhere.example/b.mp4"}],
        "inputVideo": {"duration": 61.5, "sizeBytes": 1_240_000_000},
    }
    asked = {
        "outputs": {"hls": {"path": "/hls"}, "fmp4": {"path": "/cmaf"}},
        "storage": {"url": "s3+https://a:b@s3.example/x"},
    }
    found = sections_of({"params": {"transcode-file": asked}, "output": {"transcodeFile": made}})
    assert [[cell.copy or cell.text for cell, _ in row] for row in found["outputs"].table.rows] == [
        ["hls", "/hls/index.m3u8", "https://cdn.example/out/hls/index.m3u8"],
        ["fmp4", "/cmaf", "https://cdn.example/out/cmaf"],
        ["mp4", "mp4/a.mp4", "https://cdn.example/out/mp4/a.mp4"],
        ["mp4", "https://elsewhere.example/b.mp4", "https://elsewhere.example/b.mp4"],
    ]
    assert facts(found["outputs"])["Storage"] == "s3.example"
    assert facts(found["video"]) == {"Duration": "1 min 2 s", "Size": "1.24 GB"}


def test_playback_tells_its_links_and_who_may_play_it() -> None:
    asset = {
        "playbackUrl": "https://cdn.example/index.m3u8",
        "downloadUrl": "javascript:alert(1)",
        "playbackPolicy": {
            "type": "webhook",
            "webhookId": "w-1",
            "refreshInterval": 600,
            "allowedOrigins": ["https://a.example", "https://b.example:8443"],
        },
    }
    section = sections_of({}, asset)["playback"]
    assert facts(section) == {
        "HLS": "https://cdn.example/index.m3u8",
        "Download": "javascript:alert(1)",
        "Policy": "A webhook decides who may play it.",
        "Webhook": "w-1",
        "Asked again": "every 10 min",
        "Only from": "https://a.example, https://b.example:8443",
    }
    links = {label: cell.url for label, cell in section.facts}
    assert (links["HLS"], links["Download"]) == ("https://cdn.example/index.m3u8", "")


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://cdn.example/a?b=c", True),
        ("http://cdn.example", True),
        ("ftp://cdn.example/", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//cdn.example", False),
        ("https://", False),
        ("https://[broken", False),
        ("https://user:pass@cdn.example/", False),
        ("https://cdn.example/?k=[redacted: query value]", False),
        ("https://***:***@cdn.example/", False),
        ("https://cdn.example/a\u202eb", False),
        ("https://cdn.example/a b", False),
        ("java\nscript:https://x", False),
        ("", False),
    ],
)
def test_only_a_whole_http_address_can_be_opened(url: str, opens: bool) -> None:
    assert is_open_to_all(url) is opens


def test_details_tell_how_it_was_asked_for() -> None:
    upload = {
        "url": "https://media.acme.example/in.mp4",
        "encryption": {"encryptedKey": "[redacted: encryption key]"},
        "c2pa": False,
        "thumbnails": True,
        "targetSegmentSizeSecs": 10,
        "catalystPipelineStrategy": "catalyst_ffmpeg",
    }
    asset = {
        "source": {"type": "url", "url": "https://media.acme.example/in.mp4"},
        "storage": {"ipfs": {"spec": {}}, "status": {"phase": "failed", "errorMessage": "no room"}},
    }
    assert facts(sections_of({"params": {"upload": upload}}, asset)["details"]) == {
        "Source": "URL, media.acme.example",
        "Segments": "10 s",
        "C2PA": "no",
        "Encryption": "yes",
        "Thumbnails": "yes",
        "Pipeline": "catalyst_ffmpeg",
        "Storage": "IPFS: failed: no room",
    }
    export = {"custom": {"url": "https://bucket.example/x?[redacted: query value]", "method": "PUT"}}
    assert facts(sections_of({"params": {"export": export}})["details"]) == {"Sent to": "PUT bucket.example"}


def test_account_key_creator_and_size_stand_with_the_ids() -> None:
    document = {"createdByTokenName": "ingest", "creatorId": {"type": "unverified", "value": "alice"}}
    asset = Asset(upstream_id="asset-1", size=5_000_000, document=json.dumps(document))
    known = known_of(task_of("running", output_asset_id="asset-1"), {}, asset, "Production")
    assert {fact.label: fact.text.replace("\u00a0", " ") for fact in known} == {
        "Account": "Production", "By key": "ingest", "Creator": "alice", "Size": "5.00 MB",
    }  # fmt: skip
    its_own = {"params": {"transcode-file": {"creatorId": "0xabc"}}}
    assert [fact.text for fact in known_of(task_of("running"), its_own, None, "P")] == ["P", "0xabc"]


def test_nothing_to_tell_has_no_section() -> None:
    assert sections_of({}) == {}
    assert sections_of({"params": {"upload": {}}, "output": {"upload": {"assetSpec": {"hash": None}}}}, {}) == {}


def test_the_composed_views_do_not_grow_with_the_document() -> None:
    long = "https://cdn.example/" + "x" * 1_000_000
    made = {"baseUrl": long, "requestId": long, "mp4": [{"path": long}] * 1000}
    spec = SPEC | {"hash": [{"algorithm": long, "hash": long}] * 1000}
    document = {"params": {"clip": {"inputId": long}}, "output": {"transcodeFile": made, "clip": {"assetSpec": spec}}}
    html = render_to_string("task/_media.html", {"task": SimpleNamespace(media=media_of(document, None))})
    assert len(html) < 200_000


def test_many_rows_are_cut_and_counted() -> None:
    section = sections_of({"params": {"upload": {"profiles": [{"bitrate": n} for n in range(10_000)]}}})["profiles"]
    assert (len(section.table.rows), section.table.more) == (MOST_ROWS, 10_000 - MOST_ROWS)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["https://[", "1e400"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def shaped(example: Any) -> st.SearchStrategy[Any]:
    """Documents of the agreed shape in which any part may be anything else."""
    if isinstance(example, dict):
        return anything | st.fixed_dictionaries({}, optional={key: shaped(value) for key, value in example.items()})
    if isinstance(example, list):
        return anything | st.lists(shaped(example[0]), max_size=3)
    return anything | st.just(example)


TRANSCODE = {"outputs": {"hls": {"path": "/h"}}, "storage": {"url": "s3://x"}, "profiles": [PROFILE], "creatorId": "c"}
CLIP = {"clipStrategy": {"startTime": 1, "endTime": 2, "playbackId": "p"}, "inputId": "i", "url": "https://x.example"}
DOCUMENT = {
    "params": {
        "upload": {"url": "u", "profiles": [PROFILE], "c2pa": True, "targetSegmentSizeSecs": 1, "encryption": {}},
        "clip": CLIP,
        "transcode-file": TRANSCODE,
        "export": {"custom": {"url": "u", "method": "PUT"}, "ipfs": {"pinata": {}, "nftMetadataTemplate": "file"}},
    },
    "output": {
        "upload": {"assetSpec": SPEC},
        "transcodeFile": {"baseUrl": "b", "hls": {"path": "p"}, "mp4": [{"path": "p"}], "inputVideo": {"duration": 1}},
    },
}
KEPT = {
    "playbackUrl": "u",
    "downloadUrl": "u",
    "playbackPolicy": {"type": "jwt", "allowedOrigins": ["*"], "refreshInterval": 1, "webhookId": "w"},
    "source": {"type": "url", "url": "u", "sourceId": "s"},
    "storage": {"ipfs": {}, "status": {"phase": "ready", "errorMessage": "e"}},
    "creatorId": {"value": "v"},
    "createdByTokenName": "k",
    "status": {"phase": "x", "progress": 1, "errorMessage": "e"},
}


@settings(max_examples=300, deadline=None)
@given(shaped(DOCUMENT), shaped(KEPT))
def test_no_document_breaks_the_composed_views(document: Any, kept: Any) -> None:
    document, kept = (value if isinstance(value, dict) else {} for value in (document, kept))
    asset = Asset(upstream_id="asset-1", document=json.dumps(kept))
    media = media_of(document, asset)
    known = known_of(task_of("running", output_asset_id="asset-1"), document, asset, "P")
    html = render_to_string("task/_media.html", {"task": SimpleNamespace(media=media)})
    assert "<script" not in html
    assert all(fact.text for fact in known)


def test_html_in_any_value_is_text() -> None:
    evil = '"><script>alert(1)</script>'
    document = json.loads(json.dumps(DOCUMENT).replace('"p"', json.dumps(evil)).replace('"1080p"', json.dumps(evil)))
    html = render_to_string("task/_media.html", {"task": SimpleNamespace(media=media_of(document, None))})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
