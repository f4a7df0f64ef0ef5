"""Properties that hold for any document, any text, and a secret planted at any place of either."""

import json
from typing import Any
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.upstream.redact import KINDS, Redactor, count_marks

from .secrets_and_ids import KEY, LEAKS, SURVIVORS

REDACTOR = Redactor(KEY)
SECRET = "zq8Xk2Vw9Lm4Tn7R"

anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
pieces = st.sampled_from(
    [
        *("https://", "//", "u:p@", "@", "h.test", "/", "?", "&", "#", "=", "sig=", "token", "Bearer ", "Basic "),
        *('"', "'", "\\", "\\u0026", "%", "%3A%2F%2F", "%40", "%3D", "%25", "eyJ", "a.b.c", ".", ":", " ", "{"),
        *("}", "[", "]", ",", "apiKey", "password", "Cookie: ", "headers", "w3s:", "s3+https:", "no token ", " found"),
        *("-----BEGIN PRIVATE KEY-----", "\n", "null", "x9", "[redacted: jwt]", "[redacted: ", KEY, "\x00A\x00"),
        *("AKIAABCDEFGHIJKLMNOP", "key="),
    ]
)
strange = st.lists(pieces | anything, max_size=12).map("".join)
texts = strange | st.sampled_from([text for text, _, _ in LEAKS])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
names = strange | st.sampled_from(
    ["jwt", "headers", "name", "value", "key", "encryption", "credentials", "token", "url"]
)
documents: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)

HIDING_PLACES = [
    lambda: {"jwt": SECRET},
    lambda: {"apiSecret": [SECRET, {"x": SECRET}]},
    lambda: {"headers": {"X-Any": SECRET}},
    lambda: {"headers": [{"name": "X-Any", "value": SECRET}]},
    lambda: {"encryption": {"key": SECRET}},
    lambda: f"https://u:{SECRET}@h.test/x?id=1",
    lambda: f"https://h.test/x?id=1&X-Amz-Signature={SECRET}&v=2",
    lambda: f'Put "https://h.test/x?token={SECRET}": EOF',
    lambda: quote(f"https://u:{SECRET}@h.test/x?sig={SECRET}", safe=""),
    lambda: f"http status 401: Bearer {SECRET}",
    lambda: json.dumps({"a": {"apiKey": SECRET}}),
    lambda: json.dumps(json.dumps({"a": {"password": SECRET}})),
    lambda: f"w3s://{SECRET}{SECRET}@/",
    lambda: f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.{SECRET}",
]


def holders(document: Any) -> list[Any]:
    """Every dict and list in a document, itself included."""
    found, waiting = [], [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (dict, list)):
            found.append(value)
            waiting += value.values() if isinstance(value, dict) else value
    return found


@given(texts)
@example("https://[redacted: password]@h.test/")
@settings(max_examples=300, deadline=None)
def test_redacting_a_text_twice_is_redacting_it_once(text: str) -> None:
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once


@given(documents)
@settings(max_examples=150, deadline=None)
def test_any_document_comes_out_storable_and_settled(document: Any) -> None:
    once = REDACTOR.document(document)
    stored = json.dumps(once, allow_nan=False, ensure_ascii=False)
    stored.encode()
    assert "\x00" not in stored
    assert "\\u0000" not in json.dumps(once).replace("\\\\", "")
    assert REDACTOR.document(once) == once


@given(documents, st.sampled_from(HIDING_PLACES), st.data())
@settings(max_examples=200, deadline=None)
def test_a_planted_secret_never_survives(document: Any, hide: Any, data: st.DataObject) -> None:
    document = {"root": document}
    holder = data.draw(st.sampled_from(holders(document)))
    if isinstance(holder, dict):
        holder[data.draw(st.sampled_from(["detail", "value", "content", "errorMessage", "name"]))] = hide()
    else:
        holder.append(hide())
    assert SECRET not in json.dumps(REDACTOR.document(document), ensure_ascii=False)


@given(strange, st.sampled_from([KEY, KEY.upper(), KEY.replace("-", "")]), strange)
@settings(max_examples=200, deadline=None)
def test_the_own_key_never_survives(before: str, key: str, after: str) -> None:
    redacted = REDACTOR.text(before + key + after).lower()
    assert KEY not in redacted
    assert KEY.replace("-", "") not in redacted


plain_names = st.text("abcdefghijklmnop_", min_size=1, max_size=6).map("x".__add__)
plain = st.recursive(
    st.sampled_from(SURVIVORS) | st.none() | st.booleans() | st.integers(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_names, inner, max_size=4),
    max_leaves=20,
)


@given(plain)
@settings(deadline=None)
def test_a_document_without_secrets_is_copied_as_it_is(document: Any) -> None:
    assert REDACTOR.document(document) == document


@given(st.lists(st.sampled_from(KINDS).map("[redacted: {}]".format) | st.sampled_from(["; ", "a", "0"]), max_size=6))
def test_marks_are_counted_however_they_stand(parts: list[str]) -> None:
    assert count_marks({"x": ["".join(parts)]}) == sum(part.startswith("[") for part in parts)
