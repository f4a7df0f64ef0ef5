"""What is more than chance, beside exact sums of fractions."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.clock import DAY, HOUR, MINUTE, SECOND
from dashboard.unusual import FEWEST, WINDOW_MS, begun_at, is_unusual, is_usual_again, tail

NOW = 1_790_000_000_000
EXPECTED = st.integers(1, 4_000).map(lambda hundredths: Fraction(hundredths, 100))


def exactly(count: int, expected: Fraction) -> float:
    """1 less what is left below, with 400 digits."""
    powers = sum(expected**number / math.factorial(number) for number in range(count))
    whole = sum(expected**number / math.factorial(number) for number in range(count + 60 + int(8 * expected)))
    return float(1 - powers / whole)


@given(st.integers(0, 60), EXPECTED)
@settings(deadline=None)  # the sum of 400 digits is what takes long
def test_the_tail_is_the_exact_sum(count: int, expected: Fraction) -> None:
    wanted = exactly(count, expected) if count > expected else 1.0
    assert tail(count, float(expected)) == pytest.approx(wanted, rel=1e-9)


@given(st.integers(0, 10**6), st.floats(0, 10**6))
def test_a_tail_is_a_probability_for_whatever_counts(count: int, expected: float) -> None:
    assert 0 <= tail(count, expected) <= 1
    assert tail(count + 1, expected) <= tail(count, expected)


def test_five_are_much_where_it_is_quiet_and_four_are_not() -> None:
    assert is_unusual(FEWEST, 0)
    assert is_unusual(FEWEST, 1 / 100)
    assert not is_unusual(FEWEST - 1, 0)


def test_where_a_hundred_an_hour_are_usual_120_are_not_much_and_600_are() -> None:
    usual = 100 * WINDOW_MS / HOUR
    assert not is_unusual(120 * WINDOW_MS // HOUR, usual)
    assert is_unusual(600 * WINDOW_MS // HOUR, usual)


def test_a_tenth_more_of_very_many_is_no_surge_although_chance_would_hardly_do_it() -> None:
    assert tail(11_500, 10_000) < 1e-40
    assert not is_unusual(11_500, 10_000)


@given(st.integers(0, 10_000), st.floats(0, 3_000))
def test_what_is_unusual_is_not_usual_at_the_same_time(count: int, usual: float) -> None:
    assert not (is_unusual(count, usual) and is_usual_again(count, usual))


def test_a_surge_begins_with_its_first_failure_not_with_one_of_this_morning() -> None:
    surge = [NOW + number * 26 * SECOND for number in range(14)]
    assert begun_at([NOW - 5 * HOUR, NOW - 40 * MINUTE, *surge], usual=0.01) == NOW


def test_where_failures_are_usual_all_day_it_begins_where_they_became_many() -> None:
    before = [NOW - number * 36 * SECOND for number in range(1, 1_000)][::-1]
    surge = [NOW + number * 4 * SECOND for number in range(100)]
    assert abs(begun_at([*before, *surge], usual=100 * WINDOW_MS / HOUR) - NOW) < MINUTE


def test_a_pause_as_long_as_the_window_parts_two_surges() -> None:
    surge = [NOW + number * 30 * SECOND for number in range(12)]
    later = [at + HOUR for at in surge]
    assert begun_at([*surge, *later], usual=0) == NOW + HOUR


@given(st.lists(st.integers(0, DAY), min_size=1, max_size=50).map(sorted), st.floats(0, 50))
def test_the_beginning_is_one_of_the_times(times: list[int], usual: float) -> None:
    assert begun_at(times, usual) in times
