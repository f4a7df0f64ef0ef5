import json
from typing import Any

import pytest

from dashboard.upstream.redact import Redactor, count_marks

from .secrets_and_ids import KEY, SURVIVORS

REDACTOR = Redactor(KEY)
SECRET_NAMES = (
    "jwt",
    "apiKey",
    "api_key",
    "API-KEY",
    "apiSecret",
    "secret",
    "secretKey",
    "secretAccessKey",
    "password",
    "Password",
    "passwd",
    "token",
    "accessToken",
    "refresh_token",
    "authorization",
    "Authorization",
    "cookie",
    "set-cookie",
    "privateKey",
    "encryptedKey",
    "encryptionKey",
    "sharedSecret",
    "clientSecret",
    "webhookSecret",
    "pinataJwt",
    "pinataSecretApiKey",
    "streamKey",
    "credentials",
    "accessKeyId",
    "X-Amz-Security-Token",
)
HARMLESS_NAMES = (
    "tokenId",
    "token_id",
    "tokenURI",
    "tokenName",
    "createdByTokenName",
    "hash",
    "cid",
    "key",
    "keyframes",
    "playbackId",
    "sessionId",
    "id",
    "name",
    "image_url",
    "external_url",
    "animation_url",
    "attributes",
    "trait_type",
    "author",
    "authorName",
    "passenger",
)


def leaves(document: Any) -> list[Any]:
    if isinstance(document, dict):
        return [leaf for value in document.values() for leaf in leaves(value)]
    if isinstance(document, list):
        return [leaf for value in document for leaf in leaves(value)]
    return [document]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_everything_under_a_secret_name_goes_whatever_its_type(name: str) -> None:
    for value in ("hunter2", 5318008, 0, 1.5, ["a", {"b": "c"}], {"x": {"y": ["z", 7]}}):
        redacted = REDACTOR.document({"params": {"x": [{name: value}]}})["params"]["x"][0][name]
        assert all(str(leaf).startswith("[redacted: ") for leaf in leaves(redacted))
        assert count_marks(redacted) == len(leaves(value))


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_what_tells_nothing_stays(name: str) -> None:
    for value in (None, "", True, False, {}, []):
        assert REDACTOR.document({name: value}) == {name: value}


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_harmless_names_keep_ids_hashes_and_numbers(name: str) -> None:
    for value in (*SURVIVORS, 8841, {"a": [1]}):
        assert REDACTOR.document({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Trace": "s1", "name": "s2", "value": 3}, {"X-Trace": "*", "name": "*", "value": "*"}),
        ({"X-Many": ["s1", "s2"]}, {"X-Many": ["*", "*"]}),
        ([{"name": "X-Trace", "value": "s1"}], [{"name": "X-Trace", "value": "*"}]),
        ([{"key": "X-Trace", "value": "s1", "more": "s2"}], [{"key": "X-Trace", "value": "*", "more": "*"}]),
        ([["X-Trace", "s1"], ["X-Other", 7]], [["X-Trace", "*"], ["X-Other", "*"]]),
        ([{"X-Trace": "s1"}], [{"X-Trace": "*"}]),
        (["X-Trace: s1", "s2"], ["X-Trace: *", "*"]),
        ("X-Trace s1", "*"),
    ],
)
def test_every_value_under_headers_goes_and_the_names_stay(headers: Any, expected: Any) -> None:
    custom = {"url": "https://h.test/x", "method": "PUT", "headers": headers}
    redacted = REDACTOR.document({"params": {"export": {"custom": custom}}})["params"]["export"]["custom"]
    assert redacted == {**custom, "headers": json.loads(json.dumps(expected).replace("*", "[redacted: header]"))}


def test_an_encryption_key_goes_even_where_studio_hid_it_already() -> None:
    redacted = REDACTOR.document({"params": {"upload": {"encryption": {"key": "***", "encryptedKey": "x"}}}})
    mark = "[redacted: encryption key]"
    assert redacted["params"]["upload"]["encryption"] == {"key": mark, "encryptedKey": mark}


def test_a_name_beside_a_value_announces_it() -> None:
    redacted = REDACTOR.document([{"name": "apiSecret", "value": "s1"}, {"name": "fps", "value": 30}])
    assert redacted == [{"name": "apiSecret", "value": "[redacted: secret]"}, {"name": "fps", "value": 30}]


def test_secrets_in_keys_go_and_no_entry_is_lost() -> None:
    redacted = REDACTOR.document({"https://a:s1@h.test": 1, "https://b:s2@h.test": 2, KEY: 3})
    assert list(redacted.values()) == [1, 2, 3]
    assert not any(secret in json.dumps(redacted) for secret in ("s1", "s2", KEY))


def test_the_copy_shares_nothing_with_the_original() -> None:
    original = {"a": [{"b": ["c"]}]}
    copy = REDACTOR.document(original)
    assert copy == original
    assert copy["a"] is not original["a"]
    assert copy["a"][0]["b"] is not original["a"][0]["b"]


@pytest.mark.parametrize("depth", [150, 199, 250, 5_000, 100_000])
def test_no_depth_of_nesting_crashes(depth: int) -> None:
    document: Any = {"jwt": "S3CR3T"}
    for level in range(depth):
        document = [document] if level % 2 else {"x": document}
    redacted = REDACTOR.document(document)
    text = json.dumps(redacted)
    assert "S3CR3T" not in text
    assert ("[redacted: jwt]" in text) == (depth < 200)
    assert REDACTOR.document(redacted) == redacted


def test_numbers_that_json_does_not_know_become_words() -> None:
    redacted = REDACTOR.document([float("nan"), float("inf"), -float("inf"), 10**5000, 2**70, -1.5])
    assert redacted == ["nan", "inf", "-inf", "a number of over 300 digits", 2**70, -1.5]
    json.dumps(redacted, allow_nan=False)
