"""Messages that differ most, out of many."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.samples import MOST, SHOWN, Sample, samples_of

MESSAGES = st.lists(st.text(st.sampled_from("ab 12é水."), max_size=12), max_size=30)


def texts(messages: list[str]) -> list[str]:
    return [sample.text for sample in samples_of(messages)]


def test_equal_messages_come_once_with_their_number() -> None:
    assert samples_of(["no", "timeout", "no", "no"]) == [Sample("no", 3), Sample("timeout", 1)]


def test_other_words_come_before_other_values() -> None:
    many = [f"upload {n} of host h{n} refused" for n in range(50)]
    found = texts([*many, "upload 7 of host h7 refused: bucket is full"])
    assert found == [many[0], "upload 7 of host h7 refused: bucket is full"]


def test_those_that_differ_in_values_only_are_one_with_their_number() -> None:
    found = samples_of(["took 3 s", "no", "took 4 s", "took 5 s", "took 4 s"])
    assert found == [Sample("took 4 s", 4, True), Sample("no", 1)]


def test_what_other_servers_answered_stays_apart() -> None:
    said = 'error on export request: http status 403 Forbidden: "{}"'
    found = samples_of([said.format("no rights"), said.format("no room"), said.format("no room")])
    assert found == [Sample(said.format("no room"), 2), Sample(said.format("no rights"), 1)]


def test_the_farthest_from_all_chosen_is_taken() -> None:
    found = texts(["red green blue", "red green blue", "red green black", "one two three", "one two four"])
    assert found[:2] == ["red green blue", "one two three"]
    assert set(found) == {"red green blue", "red green black", "one two three", "one two four"}


def test_messages_that_differ_in_signs_only_are_not_repeated() -> None:
    assert texts(["Gone: far", "gone, far", "gone far"]) == ["Gone: far"]


def test_missing_messages_and_those_of_signs_only_are_messages_too() -> None:
    assert texts(["", "?!", "no", ""]) == ["", "no"]
    assert texts([]) == []


def test_scripts_without_blanks_differ_by_their_signs() -> None:
    assert texts(["文件无法导入", "文件无法导出", "网络错误", "文件无法导入"])[:2] == ["文件无法导入", "网络错误"]


def test_only_two_hundred_are_read() -> None:
    assert texts(["a"] * 200 + ["b"]) == ["a"]


def test_a_message_is_shown_in_two_parts() -> None:
    (sample,) = samples_of(["x" * 1200])
    assert (len(sample.head), sample.head + sample.rest) == (SHOWN, "x" * 1200)
    assert Sample("short", 1).rest == ""


@given(MESSAGES)
@settings(max_examples=200, deadline=None)
def test_samples_are_some_of_the_messages_and_always_the_same(messages: list[str]) -> None:
    found = samples_of(messages)
    assert len(found) <= MOST
    assert len({sample.text for sample in found}) == len(found)
    assert all(messages.count(sample.text) == sample.times for sample in found if not sample.is_shape)
    assert all(messages.count(sample.text) < sample.times for sample in found if sample.is_shape)
    assert bool(found) == bool(messages)
    assert samples_of(list(messages)) == found


def test_two_hundred_huge_messages_take_less_than_a_second() -> None:
    messages = [" ".join(f"w{(n * m) % 977}x" for m in range(300_000 // 5)) for n in range(1, 20)] * 11
    begin = time.process_time()
    assert samples_of(messages)
    assert time.process_time() - begin < 1
