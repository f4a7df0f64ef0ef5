"""What holds for the fingerprint of any text whatever."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.fingerprint import LONGEST_TITLE, fingerprint_of
from tests.failures import rendered, values
from tests.failures.messages_ours import MESSAGES
from tests.failures.shapes import FRAMES
from tests.failures.templates_ours import TEMPLATES

TYPES = ("upload", "export", "export-data", "clip", "transcode-file", "import", "")
MAKERS = (
    values.any_id, values.cid, values.uid, values.number, values.size, values.duration, values.instant,
)  # fmt: skip
PLACES = (values.url, values.path)
ANY_SHAPE = [make for shapes, _ in FRAMES.values() for make in shapes.values()]


def value_of(message: str, task_type: str = "") -> str:
    return fingerprint_of(message, task_type).value


MEGABYTE = 1_000_000
HUGE = [
    "x" * MEGABYTE, "1," * (MEGABYTE // 2), "a/" * (MEGABYTE // 2), "a." * (MEGABYTE // 2), '"' * MEGABYTE,
    '\\"' * (MEGABYTE // 2), "{" * MEGABYTE, '{"a":' * (MEGABYTE // 5), "<a>" * (MEGABYTE // 3), "[" * MEGABYTE,
    'http status 403 Forbidden: "' * (MEGABYTE // 28), "http://" * (MEGABYTE // 7), "1:" * (MEGABYTE // 2),
    "⟨id⟩" * (MEGABYTE // 4), "status 4" * (MEGABYTE // 8), "a-1" * (MEGABYTE // 3), "id id " * (MEGABYTE // 6),
    "\x00" * MEGABYTE, "(1)" * (MEGABYTE // 3), "a@" * (MEGABYTE // 2), "Ⅷ é" * (MEGABYTE // 3), "e\u0301" * MEGABYTE,
    "1h2m" * (MEGABYTE // 4), "::" * (MEGABYTE // 2), "AbC1-" * (MEGABYTE // 5), "\\n" * (MEGABYTE // 2),
    "/" * MEGABYTE, "map[" * (MEGABYTE // 4), "request id: " * (MEGABYTE // 12), "'a.mp4" * (MEGABYTE // 6),
    "a\n" * (MEGABYTE // 2), "A1" * (MEGABYTE // 2), "a1Error" * (MEGABYTE // 7), "a b.mp4 " * (MEGABYTE // 8),
    "for a " * (MEGABYTE // 6), "aB" * (MEGABYTE // 2), "open a/b " * (MEGABYTE // 9), "in bucket " * (MEGABYTE // 10),
    ": \"a\" " * (MEGABYTE // 6), "\"a\", " * (MEGABYTE // 5), "***" * (MEGABYTE // 3), "xxxxx " * (MEGABYTE // 6),
    "redacted" * (MEGABYTE // 8), "a=" * (MEGABYTE // 2), "a.b-c_" * (MEGABYTE // 6), "«" * MEGABYTE,
    "[" + "a," * (MEGABYTE // 2),
    "\n at x:1" * (MEGABYTE // 8), "12 and " * (MEGABYTE // 7), "response: " * (MEGABYTE // 10),
    "`" * MEGABYTE, "ab " * (MEGABYTE // 3),
]  # fmt: skip


@pytest.mark.parametrize("message", HUGE, ids=lambda message: repr(message[:12]))
def test_a_megabyte_is_grouped_at_once(message: str) -> None:
    started = time.thread_time()
    found = fingerprint_of(message)
    assert time.thread_time() - started < 1
    assert len(found.title) <= LONGEST_TITLE
    assert fingerprint_of(found.title) == found


def test_the_length_of_a_remote_answer_does_not_matter() -> None:
    start = "error on export request: http status 403 Forbidden: "
    answers = ["<Error>no</Error>", "<Error>" + "no " * MEGABYTE + "</Error>", "<Error>" + "no " * 5_000]
    assert len({value_of(f'{start}"{answer}"') for answer in answers}) == 1


def test_two_thousand_messages_take_less_than_a_second_of_one_core() -> None:
    rows = [*MESSAGES, *rendered(TEMPLATES, 1_000)]
    rows = (rows * 2)[:2_000]
    started = time.process_time()
    for message in rows:
        fingerprint_of(message.text, message.type)
    assert time.process_time() - started < 1


# What a message is made of, so that the properties are tried where they may fail.
_SIGNS = (
    ' " : , ; ( ) [ ] { } < > / \\ \\n \\" \n \' ` = - . … ⟨ ⟩ ⟨id⟩ ⟨number⟩ ⟨body⟩ ⟨url⟩ id: status 403 404 h264 s3'
    " http://a lookup dial tcp bucket body: </a> <a> <?xml null 1 12s a1 .mp4"
)
PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from([message.text for message in MESSAGES]),
    st.builds(lambda maker, seed: maker(random.Random(seed)), st.sampled_from(ANY_SHAPE), st.integers(0, 9_999)),
    st.sampled_from(_SIGNS.split(" ")),
)
MESSY = st.lists(PIECES, max_size=12).flatmap(lambda parts: st.sampled_from(["".join(parts), " ".join(parts)]))
TASK_TYPES = st.sampled_from(TYPES)


@settings(max_examples=300, deadline=None)
@given(MESSY, TASK_TYPES)
def test_every_text_has_a_stable_fingerprint_and_its_title_has_the_same(message: str, task_type: str) -> None:
    found = fingerprint_of(message, task_type)
    assert found == fingerprint_of(message, task_type)
    assert found.title
    assert len(found.title) <= LONGEST_TITLE
    assert fingerprint_of(found.title, task_type) == found


@settings(max_examples=200, deadline=None)
@given(MESSY, MESSY, TASK_TYPES)
def test_different_families_are_never_joined(one: str, other: str, task_type: str) -> None:
    first, second = fingerprint_of(one, task_type), fingerprint_of(other, task_type)
    assert first.value != second.value or first.family.name == second.family.name


WORDS = st.sampled_from(["could not read asset", "upload failed for", "track", "Error: part", "задача", "after try"])


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS, st.sampled_from([MAKERS, PLACES, (values.address,), (values.host,)]), st.data())
def test_a_fingerprint_is_blind_to_ids_and_numbers(before: str, after: str, makers: tuple, data: st.DataObject) -> None:
    def message() -> str:
        maker = data.draw(st.sampled_from(makers))
        return f"{before} {maker(random.Random(data.draw(st.integers(0, 10**6))))} {after}"

    assert value_of(message()) == value_of(message())
