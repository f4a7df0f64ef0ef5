"""Whatever strangers wrote, the Markdown around it keeps its structure."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.markdown import code, fenced, heading, words

NASTY = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="`~|#*_<>[]()!\\-+=1.\n\r\t &;:/", max_size=30),
    st.sampled_from(
        ["```\n# Evil", "<script>alert(1)</script>", "| a | b |", "[x](javascript:1)", "\u202eevil", "\x1b[2J"]
    ),
)
SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)\Z")


@given(NASTY)
@settings(max_examples=200, deadline=None)
def test_a_code_span_is_one_span_on_one_line(text: str) -> None:
    told = code(text)
    assert "\n" not in told
    assert told == "–" or SPAN.match(told)


@given(NASTY)
@settings(max_examples=200, deadline=None)
def test_words_hold_no_letter_that_markdown_reads(text: str) -> None:
    told = words(text)
    assert "\n" not in told
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>|~#&!:@+.=-]", told)


@given(NASTY)
@settings(max_examples=200, deadline=None)
def test_a_fence_is_closed_by_its_own_end_alone(text: str) -> None:
    first, *inside, last = fenced(text).split("\n")
    assert set(first) == {"`"}
    assert last == first
    assert not any(line.strip().startswith(first) for line in inside)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (code("a`b"), "``a`b``"),
        (code("`"), "`` ` ``"),
        (code(""), "–"),
        (code("x\ny"), "`x y`"),
        (code("y" * 400), f"`{'y' * 300}…`"),
        (heading(1, "# <b>1. *Hi*</b>"), r"# \# \<b\>1\. \*Hi\*\<\/b\>"),
        (fenced("a\r\nb"), "```\na\nb\n```"),
        (fenced("x\x1b[2Jy\u202e"), "```\nx␛[2Jy⟨U+202E⟩\n```"),
    ],
)
def test_how_it_looks(told: str, expected: str) -> None:
    assert told == expected


def test_a_long_block_is_cut_and_says_so() -> None:
    told = fenced("x" * 30_000, "json")
    assert told.startswith("```json\nxxx")
    assert told.endswith("```\n\nCut: the first 20,000 characters of it.")
