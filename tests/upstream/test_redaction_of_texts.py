import base64
from urllib.parse import quote

import pytest

from dashboard.upstream.redact import KINDS, Redactor, count_marks, marks_in

from .secrets_and_ids import KEY, LEAKS, SURVIVORS

REDACTOR = Redactor(KEY)


@pytest.mark.parametrize(("text", "kind", "readable"), LEAKS)
def test_a_secret_leaves_a_mark_and_the_rest_stays_readable(text: str, kind: str, readable: str) -> None:
    redacted = REDACTOR.text(text)
    assert "S3C" not in redacted
    assert "R3T" not in redacted
    assert "5318008" not in redacted
    assert kind in marks_in(redacted)
    assert readable in redacted


@pytest.mark.parametrize(("text", "kind", "readable"), LEAKS)
def test_redacting_twice_is_redacting_once(text: str, kind: str, readable: str) -> None:
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once


@pytest.mark.parametrize(("text", "kind", "readable"), LEAKS)
def test_secrets_are_found_inside_other_text(text: str, kind: str, readable: str) -> None:
    for around in ('error: "%s"', "a %s, b", "(%s)", "line\n%s\nline", "ü %s ü", "see <%s>"):
        redacted = REDACTOR.text(around.replace("%s", text))
        assert "S3CR3T" not in redacted
        assert REDACTOR.text(redacted) == redacted


@pytest.mark.parametrize("text", SURVIVORS)
def test_ids_cids_hashes_and_plain_sentences_survive(text: str) -> None:
    assert REDACTOR.text(text) == text
    assert REDACTOR.text(f"before {text} after") == f"before {text} after"


@pytest.mark.parametrize("word", ["Bearer ", "bearer ", "Basic ", "token ", "Token: ", "apiKey ", "api key ", "JWT "])
@pytest.mark.parametrize("uuid", SURVIVORS[:2])
def test_another_uuid_goes_only_behind_a_word_that_makes_it_a_key(word: str, uuid: str) -> None:
    assert uuid not in REDACTOR.text(f"failed: {word}{uuid} is unknown")


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        KEY.upper(),
        KEY.title(),
        KEY.replace("-", ""),
        KEY.replace("-", "").upper(),
        KEY.replace("-", "%2D"),
        "".join(f"%{ord(sign):02x}" for sign in KEY),
        quote(quote(KEY.replace("-", "%2D"))),
    ],
)
@pytest.mark.parametrize("around", ["%s", "a%sb", "no token %s found", "/asset/%s/x?y=%s", "{%s}"])
def test_the_accounts_own_key_goes_wherever_and_however_it_is_written(form: str, around: str) -> None:
    redacted = REDACTOR.text(around.replace("%s", form))
    assert form not in redacted
    assert KEY[:8] not in redacted.lower()
    assert "api key" in marks_in(redacted)


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "77600e3e-f31b-4fea-b7ef-3eb898ef7d0c"])
def test_the_own_key_goes_inside_base64_too(user: str) -> None:
    encoded = base64.b64encode(f"{user}:{KEY}".encode()).decode()
    for text in (f"Basic {encoded}", f"header={encoded}", encoded):
        redacted = REDACTOR.text(text)
        beginning = len(user) * 4 // 3 + 4
        assert not any(encoded[start : start + 12] in redacted for start in range(beginning, len(encoded) - 11))


@pytest.mark.parametrize("key", ["token", "redacted", "api key", "A", "key", "", "  ", "jwt", "p%q+r/s=t", "ключ-ключ"])
def test_any_key_can_be_given_without_breaking_marks(key: str) -> None:
    redactor = Redactor(key)
    once = redactor.text(f"https://u:p@h.test/?sig=1 [redacted: jwt] and {key} x")
    assert redactor.text(once) == once
    assert "jwt" in marks_in(once)


def test_a_redactor_never_shows_its_key() -> None:
    assert KEY not in repr(REDACTOR)


def test_every_mark_names_one_of_the_kinds() -> None:
    marks = [kind for text, _, _ in LEAKS for kind in marks_in(REDACTOR.text(text))]
    assert set(marks) <= set(KINDS)
    assert count_marks([REDACTOR.text(text) for text, _, _ in LEAKS]) == len(marks)


def test_a_forged_mark_hides_nothing() -> None:
    for forged in ("https://[redacted: password]ana:S3CR3T@h.test/", "token=[redacted: token]S3CR3T"):
        assert "S3CR3T" not in REDACTOR.text(forged)


def test_nul_and_lone_surrogates_become_storable() -> None:
    redacted = REDACTOR.text("a\x00b\ud800c 😀 \x00A\x00")
    assert redacted == "a\ufffdb\ufffdc 😀 \ufffdA\ufffd"
    redacted.encode()


OUR_TOKEN = "ltd_" + "S3CR3T-_aZ09" * 3 + "S3CR3T-"


@pytest.mark.parametrize(
    "around", ["%s", "my token is %s.", "%s,", "'%s'", "a=1;b=%s", "line\\n%s", "x%3D%s", "see https://x.test/%s/"]
)
def test_a_token_to_our_own_api_is_known_by_its_look(around: str) -> None:
    redacted = Redactor(None).text(around.replace("%s", OUR_TOKEN))
    assert "S3CR3T" not in redacted
    assert "[redacted: token]" in redacted
    assert Redactor(None).text(redacted) == redacted


@pytest.mark.parametrize(
    "text",
    [
        OUR_TOKEN[:-1],
        f"{OUR_TOKEN}x",
        "acme_ltd_a_long_name_of_a_video_that_somebody_uploaded.mp4",
        "ltd_" + "a" * 20,
        f"Smithltd_{'a' * 43}",
    ],
)
def test_what_only_begins_like_a_token_to_our_own_api_survives(text: str) -> None:
    assert Redactor(None).text(text) == text
