"""What is a CID and what is none: strict, quick, and never an error."""

import base64
import hashlib
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.cids import LONGEST, Cid, NoCid, check

V1 = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"
V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
V0_AS_V1 = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34"


def made_of(content: bytes, codec: int = 0x55) -> str:
    raw = bytes([1, codec, 0x12, 0x20]) + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def accepted(text: str) -> Cid:
    cid = check(text)
    assert isinstance(cid, Cid), cid
    return cid


def test_a_cid_of_version_1_tells_what_it_is_made_of() -> None:
    cid = accepted(V1)
    assert (cid.version, cid.base, cid.codec, cid.hash_name) == (1, "base32", "dag-pb", "sha2-256")
    assert cid.format_line == "CIDv1, base32, dag-pb, sha2-256"
    assert cid.base32 == V1


def test_a_cid_of_version_0_has_a_form_for_host_names() -> None:
    cid = accepted(V0)
    assert (cid.version, cid.base, cid.base32) == (0, "base58btc", V0_AS_V1)
    assert accepted(cid.base32).base32 == cid.base32


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (V1.upper(), "base32upper"),
        ("zdj7WWeQ43G6JJvLWQWZpyHuAMq6uYWRjkBXFad11vE2LHhQ7", "base58btc"),
        (f"f01701220{'00' * 32}", "base16"),
        ("mAXASIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "base64"),
    ],
)
def test_other_bases_are_read_and_kept_as_they_were_given(text: str, base: str) -> None:
    cid = accepted(text)
    assert (cid.text, cid.base) == (text, base)
    assert accepted(cid.base32).base32 == cid.base32 == cid.base32.lower()


def test_letters_that_mean_something_in_a_path_are_not_put_there() -> None:
    text = "m" + base64.b64encode(bytes([1, 0x55, 0x12, 0x20]) + b"\xff" * 32).decode().rstrip("=")
    assert "/" in text
    assert accepted(text).in_path == accepted(text).base32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        "bafy",
        "bafyVideo",
        f" {V1}",
        f"{V1} ",
        f"{V1}\n",
        f"{V1}a",
        f"{V0}1",
        V1[:-1],
        V0[:-1],
        V1[:10] + V1[10:].upper(),
        V1.replace("m", "0", 1),
        f"{V1[:-1]}r",
        f"z{V0}",
        f"ipfs://{V1}",
        f"{V1}/video.mp4",
        "Q" * 46,
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "data:text/html,x",
        "\u202e" + V1,
        V1[:5] + "\u200b" + V1[5:],
        "ｂａｆｙ",
        "🚀" * 20,
        "\x00" * 46,
        "k51",
        "f0155120100",
        f"f01701210{'00' * 16}",
        "b" + "a" * 1_000_000,
        "x" * 201,
    ],
)
def test_what_is_no_cid_is_refused_in_words(text: str) -> None:
    no = check(text)
    assert isinstance(no, NoCid)
    assert no.reason.endswith(".")
    assert len(no.text) <= LONGEST


def test_a_text_of_any_length_is_judged_at_once() -> None:
    check(V1)
    start = time.thread_time()
    for sign in "bBzfQm7k9uUpP":
        check(sign * 10_000_000)
        check(sign * LONGEST)
    assert time.thread_time() - start < 1


@settings(deadline=None)
@given(st.binary(max_size=64), st.sampled_from([0x55, 0x70, 0x71]))
def test_every_cid_of_some_content_is_accepted_and_stays_itself(content: bytes, codec: int) -> None:
    text = made_of(content, codec)
    cid = accepted(text)
    assert cid.text == cid.base32 == text
    assert accepted(text.upper()).base32 == text


@settings(deadline=None)
@given(st.text(max_size=260))
@example("7" * 99)
@example("9" * 200)
@example("🚀")
def test_no_text_is_too_odd(text: str) -> None:
    cid = check(text)
    if isinstance(cid, Cid):
        assert cid.text == text
        assert cid.base32.isascii()
        assert cid.base32.isalnum()


@settings(deadline=None)
@given(st.sampled_from([V1, V0]), st.data())
def test_a_cid_with_one_letter_changed_is_another_one_or_none(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda sign: sign != text[place]))
    changed = check(text[:place] + letter + text[place + 1 :])
    assert isinstance(changed, NoCid) or changed.base32 != accepted(text).base32
