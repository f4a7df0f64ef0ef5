"""Calls, errors and the median of the last 24 hours from a small text."""

from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from dashboard.clock import HOUR, MINUTE
from dashboard.usage import HOURS, Usage, note, read

NOON = 1_790_000_000_000 // HOUR * HOUR
Calls = list[tuple[int, int, bool]]

calls = st.lists(
    st.tuples(st.integers(0, 60 * HOUR), st.integers(0, 60_000), st.booleans()).map(
        lambda call: (NOON + call[0], call[1], call[2])
    ),
    max_size=60,
).map(sorted)


def noted(made: Calls) -> str:
    text = ""
    for at, ms, failed in made:
        text = note(text, at, ms, failed)
    return text


def test_without_a_call_there_is_nothing_to_tell() -> None:
    assert read("", NOON) == Usage(0, 0, None, (0,) * HOURS)


def test_a_text_that_is_none_tells_nothing() -> None:
    assert read("not [json", NOON) == Usage()


def test_calls_and_errors_stand_under_their_hour() -> None:
    text = noted([(NOON - HOUR, 100, False), (NOON, 100, False), (NOON + MINUTE, 9, True)])
    told = read(text, NOON + 2 * MINUTE)
    assert (told.calls, told.errors, told.by_hour[-2:], sum(told.by_hour)) == (3, 1, (1, 2), 3)


def test_what_failed_has_no_say_in_the_median() -> None:
    told = read(noted([(NOON, 100, False), (NOON, 10_000, True), (NOON, 10_000, True)]), NOON)
    assert told.median_ms is not None
    assert 90 <= told.median_ms <= 110


def test_only_failures_have_no_median() -> None:
    assert read(noted([(NOON, 5, True)]), NOON).median_ms is None


@given(calls, st.integers(0, 30 * HOUR))
def test_it_tells_what_a_list_of_all_calls_would_tell(made: Calls, later: int) -> None:
    now = (made[-1][0] if made else NOON) + later
    told = read(noted(made), now)
    lately = [call for call in made if call[0] // HOUR > now // HOUR - HOURS]
    answered = [max(ms, 1) for _, ms, failed in lately if not failed]
    assert told.calls == len(lately) == sum(told.by_hour)
    assert told.errors == sum(failed for *_, failed in lately)
    assert (told.median_ms is None) == (not answered)
    if told.median_ms is not None and len(answered) % 2:
        assert abs(told.median_ms - median(answered)) <= max(1, 0.11 * median(answered))


@given(calls)
def test_a_day_takes_little_room(made: Calls) -> None:
    text = noted(made)
    assert len(text) <= 24 * 30 + 12 * len(made)


def test_a_busy_day_takes_little_room() -> None:
    text = ""
    for number in range(24 * 120):
        text = note(text, NOON + number * HOUR // 120, 80 + number % 400, number % 50 == 0)
    assert len(text) < 3000
