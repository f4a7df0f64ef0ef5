"""What may explain a failure, out of any document."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.features import Feature, features_of, host_of
from dashboard.upstream.redact import Redactor

ACCOUNT = (7, "Acme Live")
SIGNED = "https://media.acme.example/in/holiday.MOV?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=deadbeef0123"
KEYS = st.sampled_from(
    ["params", "output", "upload", "export", "url", "input", "storage", "custom", "ipfs", "profiles", "creatorId",
     "value", "assetSpec", "videoSpec", "tracks", "codec", "size", "createdByTokenName", "inputAssetId", "name",
     "clip", "clipStrategy", "startTime", "endTime", "duration", "width"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.just(10**400), st.text(max_size=20),
    st.sampled_from(["https://", "://", "https://[::1", "x@y://a@b@c:99/d.mp4?sig=1", "\ud800", "%00%ff"]),
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(KEYS, inside, max_size=6))
)


def words_of(document: dict[str, Any], asset: dict[str, Any] | None = None, kind: str = "upload") -> set[str]:
    redacted = Redactor().document(document)
    return {feature.words for feature in features_of(kind, redacted, asset, ACCOUNT)}


def upload(**params: Any) -> dict[str, Any]:
    return {"params": {"upload": {"url": "https://media.example.test/a.mp4", **params}}}


def test_an_upload_tells_host_signature_ending_account_and_what_it_does_without() -> None:
    assert words_of(upload(url=SIGNED)) == {
        "type upload",
        "account Acme Live",
        "host media.acme.example",
        "signed URL",
        "file ending .mov",
        "no profiles of its own",
        "no pipeline of its own",
        "no encryption",
        "no C2PA",
    }


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a.example/x.mp4", {"URL without a signature"}),
        ("https://a.example/x.mp4?token=abcdefgh12345678", {"signed URL"}),
        ("https://a.example/x.mp4?Expires=1&Signature=abcdefgh12345678&Key-Pair-Id=K", {"signed URL"}),
        ("https://joe:geheim123@a.example/x.mp4", {"URL with a login"}),
        ("https://joe:geheim123@a.example/x.mp4?sig=abcdefgh12345678", {"signed URL", "URL with a login"}),
        ("https://a.example/x.mp4?size=3", {"URL without a signature"}),
    ],
)
def test_how_a_url_lets_one_in_is_told_after_its_secrets_are_gone(url: str, words: set[str]) -> None:
    assert {told for told in words_of(upload(url=url)) if "URL" in told} == words
    assert "host a.example" in words_of(upload(url=url))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Media.Example.test:8443/a", "media.example.test"),
        ("https://media.example.test.", "media.example.test"),
        ("s3+https://[redacted: storage credentials]@gateway.example/in", "gateway.example"),
        ("https://[::1]:80/a", "[::1]"),
        ("https://a.example?x=https://b.example/", "a.example"),
        ("ipfs://bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q/a.mp4", "ipfs://"),
        ("w3s://[redacted: storage credentials]@/", "w3s://"),
        ("no address", ""),
        ("", ""),
    ],
)
def test_the_host_of_any_address(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"export": {"custom": {"url": "https://b.example/o?X-Amz-Signature=00ffdeadbeef", "method": "put"}}},
         {"destination b.example", "signed destination URL", "method PUT"}),
        ({"export": {"ipfs": {"nftMetadataTemplate": "player"}}}, {"destination Studio's IPFS", "NFT metadata player"}),
        ({"export": {"ipfs": {"pinata": {"jwt": "eyJhbGciOi.eyJzdWIiOi.c2ln"}}}},
         {"destination Pinata", "no NFT metadata"}),
        ({"exportData": {"content": {"a": 1}, "ipfs": {}}}, {"destination Studio's IPFS", "no NFT metadata"}),
        ({"transcode-file": {"storage": {"url": "s3+https://***:***@gateway.example/out"}}},
         {"destination gateway.example", "destination URL with a login", "no creator"}),
    ],
)  # fmt: skip
def test_where_the_result_goes(params: dict[str, Any], words: set[str]) -> None:
    assert words_of({"params": params}, kind="export") == words | {"type export", "account Acme Live"}


def test_a_transcode_names_input_profiles_and_creator() -> None:
    job = {
        "input": {"url": "https://in.example/a.mkv"},
        "storage": {"url": "https://out.example/x"},
        "profiles": [{"name": "720p", "width": 1280, "height": 720}, {"name": "low"}, {"height": 240.0}, {}],
        "creatorId": {"type": "unverified", "value": "user-7"},
        "c2pa": True,
    }
    words = words_of({"params": {"transcode-file": job}}, kind="transcode-file")
    assert words >= {"host in.example", "destination out.example", "file ending .mkv", "creator user-7"}
    assert words >= {"profile 720p 1280×720", "profile low", "profile 240", "profile without a name"}
    assert words >= {"signed with C2PA"}
    assert not words & {"no creator", "no profiles of its own", "no C2PA"}


def test_a_clip_names_what_it_was_cut_from_and_how_long_it_is() -> None:
    clip = {
        "url": "https://playback.example/hls/index.m3u8",
        "inputId": "0a1b2c3d-0000",
        "clipStrategy": {"startTime": 1000, "endTime": 31_000},
        "catalystPipelineStrategy": "external",
    }
    words = words_of({"params": {"clip": clip}}, kind="clip")
    assert words >= {"cut from 0a1b2c3d", "length 3 s to 1 min", "pipeline external"}


def test_what_studio_read_of_the_file_is_told() -> None:
    video = {
        "format": "mov",
        "duration": 7200.5,
        "tracks": [{"type": "video", "codec": "hevc", "pixelFormat": "yuv422p"}, {"type": "audio", "codec": "aac"}],
    }
    made = {"output": {"upload": {"assetSpec": {"size": 5_000_000_000, "videoSpec": video}}}}
    words = words_of(made)
    assert words >= {
        "format mov",
        "codec hevc",
        "codec aac",
        "pixels yuv422p",
        "size 1 GB to 10 GB",
        "length 1 h to 3 h",
    }


def test_the_asset_tells_creator_size_and_by_whose_key_it_was_made() -> None:
    asset = {"creatorId": {"value": "harbour-team"}, "createdByTokenName": "ingest-worker", "size": 9_999_999}
    assert words_of({"outputAssetId": "a1"}, asset) >= {
        "creator harbour-team",
        "key ingest-worker",
        "size under 10 MB",
    }
    exported = words_of({"inputAssetId": "0123456789"}, asset, "export")
    assert exported >= {"creator harbour-team", "asset 01234567"}
    assert "key ingest-worker" not in exported  # it made the asset, not the export


def test_nobody_says_that_there_is_no_creator_while_the_asset_was_not_read() -> None:
    assert "no creator" not in words_of(upload())
    assert "no creator" in words_of(upload(), asset={})


def test_the_words_hide_nothing_that_cannot_be_seen() -> None:
    assert "creator a⟨U+202E⟩b" in words_of({}, {"creatorId": "a\u202eb"})


@given(st.dictionaries(KEYS, JSON, max_size=6), st.one_of(st.none(), st.dictionaries(KEYS, JSON, max_size=6)))
@settings(max_examples=100, deadline=None)
def test_any_document_gives_features_each_once(document: dict[str, Any], asset: dict[str, Any] | None) -> None:
    found = features_of("upload", document, asset, ACCOUNT)
    assert len(found) == len(set(found))
    assert all(isinstance(feature, Feature) and feature.kind and feature.words.strip() for feature in found)
    assert all(len(feature.words) < 1700 for feature in found)


def test_a_document_of_endless_parts_and_profiles_is_read_in_part() -> None:
    profiles = [{"name": f"p{n}"} for n in range(100_000)]
    document = {"params": {f"p{n}": {"url": "https://a.example/", "profiles": profiles} for n in range(1000)}}
    begin = time.process_time()
    assert len(features_of("upload", document, None, ACCOUNT)) < 50
    assert time.process_time() - begin < 1


def test_a_documents_features_take_much_less_than_a_tenth_of_a_millisecond() -> None:
    document = json.loads(json.dumps(upload(url=SIGNED, profiles=[{"name": "720p", "width": 1280, "height": 720}] * 4)))
    begin = time.process_time()
    for _ in range(600):
        features_of("upload", document, {"creatorId": "x"}, ACCOUNT)
    assert time.process_time() - begin < 0.3  # 0.02 s on a quiet machine
