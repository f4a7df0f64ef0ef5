"""The language of the search box, for any text at all."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from multiformats import CID

from dashboard.clock import DAY
from dashboard.conditions import All, Any, Condition, Failing, Is, Named, Not, Of, Titled, Unclear, Words, leaves_of
from dashboard.folding import fold
from dashboard.qualifiers import FIELDS
from dashboard.search import DEEPEST, LONGEST, MOST_TERMS, one_name, read
from dashboard.typed import word_at

NOW = 1_795_343_400_000
PIECES = [
    *("(", ")", '"', "“", "\\", "-", ":", "：", ",", "..", "<", ">=", "*", "…", "%", "'", ";", "--", "/*", "\0"),
    *(
        " OR ",
        " AND ",
        " NOT ",
        " ",
        "\t",
        "\n",
        "\u200b",
        "\u202e",
        "\u00ad",
        "\ud800",
        "é",
        "e\u0301",
        "ß",
        "İ",
        "ﷺ",
        "´",
        "🎬",
        "س",
    ),
    *(f"{name}:" for name in FIELDS),
    *(field.example for field in FIELDS.values()),
    *(
        "2026-11-01",
        "2026-13-40",
        "9999-12-31",
        "0001-01-01",
        "24h",
        "999999w",
        "999999999",
        "yes",
        "none",
        "failed",
        "today",
        "yesterday",
    ),
]
anything = st.text(st.characters(), max_size=LONGEST)
likely = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts)[:LONGEST])
any_text = st.one_of(anything, likely)


def depth_of(condition: Condition) -> int:
    match condition:
        case All(parts) | Any(parts):
            return 1 + max(map(depth_of, parts), default=0)
        case Not(part):
            return 1 + depth_of(part)
    return 0


@settings(max_examples=1000, deadline=None)
@given(any_text)
@example("(" * LONGEST)
@example("-(" * (LONGEST // 2))
@example('"' + "\\" * (LONGEST - 1))
def test_any_text_is_read_the_same_each_time_or_explained_with_its_place(text: str) -> None:
    condition = outcome(text)
    assert outcome(text) == condition, "the same each time"
    if isinstance(condition, tuple):
        sentence, at, length = condition
        assert 0 <= at < at + length <= len(text)
        assert sentence.endswith((".", "?"))
        assert "\n" not in sentence
    else:
        assert depth_of(condition) <= 4 * DEEPEST
        assert len(list(leaves_of(condition))) <= 2 * MOST_TERMS
        what_is_looked_for_is_folded_and_never_empty(condition)


def what_is_looked_for_is_folded_and_never_empty(condition: Condition) -> None:
    for leaf in leaves_of(condition):
        texts = leaf.values if isinstance(leaf, Is) else ()
        if isinstance(leaf, Words | Titled | Failing | Named | Of):
            texts = (leaf.text,)
        for each in texts:
            assert each
            assert "\0" not in each
            assert "\n" not in each
            each.encode()


@settings(max_examples=500, deadline=None)
@given(any_text)
@example("created:today..2026-11-22")
@example("created:2026-11-23..today")
@example("created:yesterday..2026-11-21T10:00")
def test_what_is_clear_stays_clear_as_time_goes_by(text: str) -> None:
    def is_clear(days: int) -> bool:
        return not isinstance(outcome(text, NOW + days * DAY), tuple)

    assert is_clear(0) == is_clear(1) == is_clear(-1) == is_clear(400)


@settings(max_examples=300, deadline=None)
@given(any_text, st.sampled_from(["\u200b", "\u202e", "\ufeff", "\u2066", " "]))
@example("failed:", "\u200b")
@example("-", "\u200b")
@example("a OR", "\u200b")
def test_what_cannot_be_seen_at_either_end_changes_nothing(text: str, unseen: str) -> None:
    clear = outcome(text[: LONGEST - 2])
    if isinstance(clear, tuple):
        assert isinstance(outcome(unseen + text[: LONGEST - 2]), tuple)
    else:
        assert outcome(unseen + text[: LONGEST - 2] + unseen) == clear


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=200))
def test_any_text_can_be_looked_for_in_quotation_marks(text: str) -> None:
    escaped = text
    for mark in '\\"“”„‟＂':
        escaped = escaped.replace(mark, "\\" + mark)
    if fold(text):
        assert read(f'"{escaped}"', NOW) == Words(fold(text))
        assert read(f'error:"{escaped}"', NOW) == Failing(fold(text))


@settings(max_examples=300, deadline=None)
@given(any_text)
def test_a_negated_group_is_the_opposite(text: str) -> None:
    condition = outcome(text[: LONGEST - 3])
    if not isinstance(condition, tuple) and condition != All(()) and depth_of(condition) < DEEPEST:
        wanted = condition.part if isinstance(condition, Not) else Not(condition)
        assert outcome(f"-({text[: LONGEST - 3]})") in (wanted, Not(wanted))


def outcome(text: str, now: int = NOW) -> Condition | tuple[str, int, int]:
    try:
        return read(text, now)
    except Unclear as mistake:
        return mistake.sentence, mistake.at, mistake.length


@settings(max_examples=500, deadline=None)
@given(any_text, st.integers(-5, LONGEST + 5))
def test_the_word_at_any_place_lies_within_the_text(text: str, cursor: int) -> None:
    word = word_at(text, cursor)
    assert 0 <= word.start <= max(0, min(cursor, len(text))) <= word.end <= len(text)
    assert word.name in ("", *FIELDS)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=2 * LONGEST))
def test_a_name_is_plain_ascii(text: str) -> None:
    for name in one_name(text):
        assert name.isascii()
        assert name == fold(name)
        assert " " not in name


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.sampled_from(["", "ipfs://", "\u200b"]))
def test_either_form_of_a_cid_asks_for_the_same_and_for_both(digest: bytes, before: str) -> None:
    newest = CID("base32", 1, "dag-pb", b"\x12\x20" + digest)
    new, old = newest.encode(), newest.set(version=0, base="base58btc").encode()
    texts = {new, old.lower()}
    for form in (new, old):
        assert set(one_name(before + form)) == texts
        for asked in (f"cid:{before}{form}", f'cid:"{form}"', *([form] if before != "ipfs://" else [])):
            assert {leaf.text for leaf in leaves_of(read(asked, NOW)) if isinstance(leaf, Named | Words)} == texts
        assert [leaf.text for leaf in leaves_of(read(f"cid:{form[:-1]}", NOW)) if isinstance(leaf, Named)] == [
            form[:-1].lower()
        ]


@pytest.mark.parametrize(
    "bomb", ["(", "-(", "x ", '"x"', "phase:failed,", "a:", "\u200b", "ﷺ", "OR ", "NOT ", "created:today "]
)
def test_the_worst_of_512_characters_is_read_within_milliseconds(bomb: str) -> None:
    text = (bomb * LONGEST)[:LONGEST]
    started = time.thread_time()
    outcome(text)
    word_at(text, LONGEST)
    assert time.thread_time() - started < 0.2
