"""Durations, counted on steps."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.histogram import ERROR, Histogram

LENGTHS = st.lists(st.integers(0, 10**12) | st.integers(0, 20), max_size=200)
SHARES = st.sampled_from((0.01, 0.5, 0.95, 0.99, 1.0)) | st.floats(0.001, 1)


def exactly(lengths: list[int], share: float) -> int:
    return sorted(lengths)[ceil(share * len(lengths)) - 1]


def added(*parts: Histogram) -> Histogram:
    whole = Histogram()
    for part in parts:
        whole.add(part)
    return whole


@given(LENGTHS.filter(len), SHARES)
def test_a_percentile_is_within_the_promised_error(lengths: list[int], share: float) -> None:
    assert Histogram(lengths).percentile(share) == pytest.approx(exactly(lengths, share), rel=ERROR + 1e-9)


@given(LENGTHS, LENGTHS, LENGTHS)
def test_adding_up_is_counting_all_in_one_in_whatever_order(a: list[int], b: list[int], c: list[int]) -> None:
    one, two, three = map(Histogram, (a, b, c))
    assert added(added(one, two), three) == added(one, added(two, three)) == added(three, two, one)
    assert added(one, two, three) == Histogram(a + b + c)
    assert added(one, two, three).number == len(a + b + c)
    assert one == Histogram(a), "what is added stays as it is"


@given(LENGTHS)
def test_what_was_written_is_read_back(lengths: list[int]) -> None:
    assert Histogram.read(str(Histogram(lengths))) == Histogram(lengths)


def test_of_nothing_there_is_no_percentile() -> None:
    assert Histogram().percentile(0.5) is None
    assert str(Histogram()) == ""


def test_what_took_no_time_took_no_time() -> None:
    assert Histogram([0, 0, 5]).percentile(0.5) == 0.0


def test_a_day_of_a_hundred_thousand_tasks_stays_small() -> None:
    assert len(str(Histogram(range(100, 3_600_000, 36)))) < 2_000
