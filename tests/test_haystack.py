"""What a search knows of a task."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.folding import fold
from dashboard.haystack import LONGEST_NAME, LONGEST_TEXT, Searchable

V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"
V1 = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["url", "cid", "name"]), inner),
)


def searchable(document: dict[str, Any] | None = None, **fields: str) -> Searchable:
    told = {"title": "Holiday", "upstream_id": "90F39F73-0462", "input_asset_id": "", "output_asset_id": ""}
    return Searchable(**{**told, "playback_id": "", "error": "", **fields}, document=document or {})


def names(kind: str, document: dict[str, Any] | None = None, **fields: str) -> set[str]:
    return {value for each, value in searchable(document, **fields).names if each == kind}


def upload(url: str) -> dict[str, Any]:
    return {"params": {"upload": {"url": url}}}


def test_the_text_has_the_title_the_ids_the_error_and_then_the_values() -> None:
    document = {"params": {"upload": {"url": "https://h/Ä.mp4"}}, "output": {"upload": {"requestId": "R1"}}}
    found = searchable(
        document, title="Zürich\nTrip", output_asset_id="Made", input_asset_id="Used", playback_id="P", error="Too  BIG"
    )
    assert found.text.split("\n") == ["zürich trip", "p\t90f39f73-0462 made used", "too big", "r1", "https://h/ä.mp4"]


def test_numbers_keys_and_what_stands_beside_params_and_output_are_not_in_it() -> None:
    document = {
        "params": {"secretly": 4711, "on": True, "off": None},
        "status": {"note": "beside"},
        "userId": "somebody",
    }
    assert searchable(document).text == "holiday\n\t90f39f73-0462\n"


def test_each_value_stands_in_it_once_in_the_order_of_the_document() -> None:
    document = {"params": {"b": "two", "a": ["One", {"c": "two"}, "", " "]}, "output": None}
    assert searchable(document).text.split("\n")[3:] == ["two", "one"]


def test_a_file_name_is_found_as_people_read_it_and_as_the_address_writes_it() -> None:
    text = searchable(upload("https://media.example.test/in/reel%20one.mov?x=1")).text
    assert "reel%20one.mov?x=1" in text
    assert "\nreel one.mov" in text


def test_the_text_ends_somewhere() -> None:
    text = searchable({"params": {"all": [f"{number:09}" * 200 for number in range(9999)]}}, error="x" * 9999).text
    assert len(text) == LONGEST_TEXT
    assert max(map(len, text.split("\n")[3:])) == 1000
    assert len(searchable(error="y" * 99_999).text) == LONGEST_TEXT


def test_a_task_is_named_by_its_id_the_beginning_of_that_its_assets_and_playback_id() -> None:
    fields = {"output_asset_id": "Made", "input_asset_id": "Used", "playback_id": "Abcd1234"}
    assert names("id") == {"90f39f73-0462"}
    assert names("prefix") == {"90f39f73"}
    assert names("asset", **fields) == {"made", "used"}
    assert names("playback", {"params": {"clip": {"clipStrategy": {"playbackId": "P2"}}}}, **fields) == {
        "abcd1234",
        "p2",
    }


@pytest.mark.parametrize(
    "output",
    [
        {"export": {"ipfs": {"videoFileCid": V0, "nftMetadataCid": V1}}},
        {"exportData": {"ipfs": {"cid": V0, "url": f"ipfs://{V1}"}}},
        {"export": {"ipfs": {"videoFileUrl": f"ipfs://{V0}", "nftMetadataGatewayUrl": f"https://ipfs.io/ipfs/{V1}/1"}}},
    ],
)
def test_every_cid_that_the_output_tells_is_a_name(output: dict[str, Any]) -> None:
    assert names("cid", {"output": output}) == {fold(V0), V1}


def test_a_cid_that_the_params_name_is_no_result() -> None:
    document = {
        **upload(f"https://gateway.example.test/ipfs/{V1}"),
        "output": {"export": {"ipfs": {"videoFileCid": ""}}},
    }
    assert names("cid", document) == set()
    assert names("source", document) == {V1}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (upload("https://h/in/Reel%20One.MOV?x=1#y"), {"reel one.mov"}),
        (upload("https://h/in/without"), {"without"}),
        (upload("https://h/directUpload/abc"), set()),
        (upload("https://playback.example.test/hls/p/index.m3u8"), set()),
        (upload("s3+https://[redacted: storage credentials]@h/in/a%2Fb/c.mp4"), {"c.mp4"}),
        (upload("https://"), set()),
        ({"params": {"transcode": {"input": {"url": "s3://h/b/c.mp4"}, "storage": {"url": "s3://h/out"}}}}, {"c.mp4"}),
        ({"output": {"upload": {"assetSpec": {"name": "Film.mp4"}}}}, {"film.mp4"}),
        ({"output": {"upload": {"assetSpec": {"name": "The Film"}, "url": "https://h/x.mp4"}}}, set()),
    ],
)
def test_files_are_names(document: dict[str, Any], expected: set[str]) -> None:
    assert names("file", document) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Film.MP4", {"film.mp4"}),
        ("Film no. 4", set()),
        ("Film 4.", set()),
        (".mp4", set()),
        ("a" * 300 + ".mp4", set()),
    ],
)
def test_a_title_that_is_a_files_name_is_one(title: str, expected: set[str]) -> None:
    assert names("title", title=title) == expected


def test_an_export_is_named_by_where_it_goes() -> None:
    assert names("to", {"params": {"export": {"ipfs": {}}}}) == {"ipfs"}
    assert names("to", {"params": {"export": {"custom": {"url": "https://h/"}}}}) == {"custom"}
    assert names("to", {"params": {"exportData": {}}}) == {"ipfs"}
    assert names("to", upload("https://h/")) == set()


@given(st.dictionaries(st.sampled_from(["params", "output"]), ANY_JSON), st.text())
def test_anything_may_stand_anywhere(document: dict[str, Any], title: str) -> None:
    found = searchable(document, title=title)
    assert len(found.text) <= LONGEST_TEXT
    assert found.text.count("\t") == 1
    assert found.text.split("\n")[0] == fold(title)
    assert all(value == fold(value) and 0 < len(value) <= LONGEST_NAME for kind, value in found.names if kind != "cid")


def test_a_document_of_any_depth_is_read() -> None:
    deep: Any = "at the bottom"
    for _ in range(100_000):
        deep = {"a": [deep]}
    assert searchable({"params": {"a": deep}}).text.endswith("\nat the bottom")
