"""So many calls in so long, for each caller."""

from types import SimpleNamespace

import pytest

from dashboard import allowance
from dashboard.allowance import Allowance


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_so_many_calls_go_through_and_then_one_waits(clock: SimpleNamespace) -> None:
    calls = Allowance(2)
    assert [calls.take("a"), calls.take("a"), calls.take("a")] == [0, 0, 60]
    clock.now += 45
    assert calls.take("a") == 15
    clock.now += 15
    assert calls.take("a") == 0


def test_callers_do_not_use_up_each_others(clock: SimpleNamespace) -> None:
    calls = Allowance(1)
    assert [calls.take("a"), calls.take("b"), calls.take("a")] == [0, 0, 60]


def test_looking_counts_nothing(clock: SimpleNamespace) -> None:
    calls = Allowance(1)
    assert [calls.is_used_up("a"), calls.take("a"), calls.is_used_up("a")] == [0, 0, 60]


def test_a_caller_is_known_for_as_long_as_the_count_lasts(clock: SimpleNamespace) -> None:
    calls = Allowance(1, seconds=10)
    assert not calls.knows("a")
    calls.take("a")
    assert calls.knows("a")
    clock.now += 10
    assert not calls.knows("a")


def test_the_least_seen_caller_is_forgotten_first(clock: SimpleNamespace) -> None:
    calls = Allowance(1, callers=2)
    for caller in ("a", "b", "a", "c"):
        calls.take(caller)
    assert [calls.knows(caller) for caller in "abc"] == [True, False, True]
