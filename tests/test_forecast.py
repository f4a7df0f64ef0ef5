"""When a task will be done, told from how long others took."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.forecast import ENOUGH, Run, fitting, forecast, in_words, outlasts

seconds = st.floats(0, 1e7, allow_nan=False)
run_lists = st.lists(st.tuples(st.floats(0.001, 1e7, allow_nan=False), st.none() | st.integers(0, 10**13)), max_size=80)


@given(seconds, st.none() | st.floats(0, 1), run_lists, st.none() | st.integers(0, 10**13))
def test_a_range_never_ends_before_it_begins_and_is_known_only_where_history_is(
    elapsed: float, progress: float | None, runs: list[Run], size: int | None
) -> None:
    told = forecast(elapsed, progress, runs, size)
    if told is None:
        assert len(runs) < ENOUGH or elapsed >= max(fitting(runs, size))
        return
    low, high = told
    longest = max(fitting(runs, size))
    assert 0 <= low <= high <= longest - elapsed
    assert len(runs) >= ENOUGH
    assert not outlasts(elapsed, runs, size)


@given(seconds, run_lists)
def test_what_outlasts_all_has_no_forecast(elapsed: float, runs: list[Run]) -> None:
    number = outlasts(elapsed, runs)
    if number:
        assert number == len(runs) >= ENOUGH
        assert forecast(elapsed, 0.5, runs) is None


def test_fewer_than_20_runs_say_nothing() -> None:
    assert forecast(0, None, [(60, None)] * 19) is None
    assert forecast(0, None, [(60, None)] * 20) == (60, 60)
    assert forecast(20, 0.3, [(60, None)] * 20) == (40, 40)
    assert forecast(60, 0.9, [(60, None)] * 20) is None


def test_runs_of_similar_size_count_if_they_are_enough() -> None:
    small: list[Run] = [(10, 1_000)] * 30
    large: list[Run] = [(1000, 1_000_000)] * 30
    assert forecast(0, None, small + large, 2_000) == (10, 10)
    assert forecast(0, None, small + large, 900_000) == (1000, 1000)
    assert forecast(0, None, small + large[:19], 900_000) == (10, 1000)
    assert forecast(0, None, small + large) == (10, 1000)


def test_progress_tells_a_slow_task_from_a_fast_one() -> None:
    runs: list[Run] = [(length, None) for length in range(60, 660, 10)]
    slow, fast = forecast(50, 0.1, runs), forecast(50, 0.8, runs)
    assert slow
    assert fast
    assert slow[0] > fast[1]


@pytest.mark.parametrize("knows_progress", [True, False])
@pytest.mark.parametrize("spread", [0.3, 0.8, 1.2])
def test_the_true_end_lies_within_the_range_in_at_least_half_of_the_cases(spread: float, knows_progress: bool) -> None:
    rng = random.Random(7)
    hits = told = 0
    for _ in range(1500):
        runs: list[Run] = [(rng.lognormvariate(5, spread), None) for _ in range(60)]
        truth = rng.lognormvariate(5, spread)
        elapsed = truth * rng.uniform(0, 0.95)
        progress = min(0.99, max(0.0, elapsed / truth + rng.gauss(0, 0.1))) if knows_progress else None
        range_ = forecast(elapsed, progress, runs)
        if range_:
            told += 1
            hits += range_[0] <= truth - elapsed <= range_[1]
    assert told > 1000
    assert hits / told >= 0.5, f"{hits / told:.2f}"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (120, 240, "in about 2 to 4 minutes"),
        (60, 62, "in about a minute"),
        (20, 50, "in about 20 to 50 seconds"),
        (44, 44.9, "in about 40 seconds"),
        (3, 44, "within about 40 seconds"),
        (0, 0, "any moment"),
        (0, 3, "any moment"),
        (1, 120, "within about 2 minutes"),
        (60, 120, "in about 1 to 2 minutes"),
        (60, 80, "in about 60 to 80 seconds"),
        (40, 240, "in about 40 seconds to 4 minutes"),
        (3600, 3600, "in about 60 minutes"),
        (5400, 11000, "in about 2 to 3 hours"),
        (89, 89, "in about 90 seconds"),
        (90, 90, "in about 2 minutes"),
        (1500, 8000, "in about 25 minutes to 2 hours"),
    ],
)
def test_a_range_is_told_as_roughly_as_it_is_known(low: float, high: float, words: str) -> None:
    assert in_words(low, high) == words


@given(seconds, seconds)
def test_any_range_has_words(one: float, other: float) -> None:
    low, high = sorted((one, other))
    words = in_words(low, high)
    assert words
    assert " 0 " not in words
    assert " 1 second" not in words
