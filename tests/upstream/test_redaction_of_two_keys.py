"""While a key is being replaced, neither the new nor the old one is let through."""

from base64 import b64encode
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.upstream.client import redactor_for
from dashboard.upstream.redact import Redactor

NEW, OLD = "0c6e2b1a-7c1e-4d0f-9c55-1f2e3d4c5b6a", "9b2f1f64-31d7-4d5c-8f0e-6a7b8c9d0e1f"
BOTH = Redactor(NEW, OLD)
uuids = st.uuids(version=4).map(str)
between = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(uuids, uuids, between, between, between)
def test_neither_key_is_left_in_any_text(new: str, old: str, before: str, middle: str, after: str) -> None:
    for first, second in permutations((new, old)):
        redacted = Redactor(new, old).text(f"{before}{first}{middle}{second}{after}")
        for key in (new, old):
            assert key not in redacted.lower()
            assert key.replace("-", "") not in redacted.lower()


@pytest.mark.parametrize("key", [NEW, OLD])
def test_each_is_seen_in_every_form(key: str) -> None:
    basic = b64encode(f"user:{key}".encode()).decode()
    for text in (key, key.upper(), key.replace("-", ""), f"Basic {basic}", f"?k={key}&x=1", f"no token {key} found"):
        redacted = BOTH.text(text)
        assert key[:8] not in redacted.lower()
        assert basic[8:30] not in redacted


def test_a_short_old_key_must_stand_alone_and_a_long_new_one_need_not() -> None:
    redactor = Redactor(NEW, "abcde")
    assert redactor.text("the abcdef of abcde") == "the abcdef of [redacted: api key]"
    assert NEW not in redactor.text(f"x{NEW}x")


def test_no_key_at_all_hides_nothing() -> None:
    for redactor in (Redactor(), Redactor(None), Redactor("", None)):
        assert redactor.text(f"task {NEW}") == f"task {NEW}"


def test_the_order_and_a_repetition_of_keys_change_nothing() -> None:
    text = f"{NEW} {OLD}"
    assert redactor_for(NEW, OLD).text(text) == redactor_for(OLD, NEW, NEW).text(text)
