"""Which features set failed tasks apart, and what the numbers do not carry."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.features import Feature
from dashboard.lift import MOST, SURE, Lift, Share, caution, lifts


def feature(kind: str, value: str = "yes") -> Feature:
    return Feature(kind, value, f"{kind} {value}")


HOST, OTHER, TYPE = feature("host", "a"), feature("host", "b"), feature("type")
SIGNED, OPEN = feature("access", "signed"), feature("access", "open")
FEATURES = st.builds(feature, st.sampled_from("abcd"), st.sampled_from("123"))
TASKS = st.lists(st.lists(FEATURES, max_size=8), max_size=30)


def names(found: list[Lift]) -> list[tuple[str, str]]:
    return [(lift.feature.kind, lift.feature.value) for lift in found]


def test_shares_of_the_failed_and_of_those_that_worked_are_counted() -> None:
    failed = [[HOST, SIGNED]] * 38 + [[HOST]] * 2 + [[OTHER]]
    worked = [[HOST, OPEN]] * 6 + [[OTHER, SIGNED]] * 93 + [[OTHER, OPEN]] * 201
    first, second = lifts(failed, worked)
    assert (first.feature, first.failed, first.worked) == (HOST, Share(40, 41), Share(6, 300))
    assert (second.feature, second.failed, second.worked) == (SIGNED, Share(38, 41), Share(93, 300))


def test_what_all_tasks_have_in_common_is_not_shown() -> None:
    assert lifts([[TYPE]] * 41, [[TYPE]] * 300) == []


def test_what_is_as_common_among_those_that_worked_is_not_shown() -> None:
    failed, worked = [[HOST]] * 10 + [[OTHER]] * 31, [[HOST]] * 57 + [[OTHER]] * 243
    assert lifts(failed, worked) == []


def test_what_only_one_failed_task_has_is_not_shared() -> None:
    assert lifts([[HOST]], [[OTHER]] * 300) == []
    assert lifts([[HOST], [OTHER]], [[feature("host", "c")]] * 300) == []


def test_nothing_sets_the_failed_apart_while_none_has_worked() -> None:
    assert lifts([[HOST]] * 41, []) == []
    assert lifts([], [[HOST]] * 41) == []


def test_what_is_unknown_of_those_that_worked_does_not_count_as_absent() -> None:
    """Only 3 of 300 were read far enough to tell their host, and all of them have it."""
    assert lifts([[HOST]] * 41, [[HOST]] * 3 + [[TYPE]] * 297) == []


def test_features_of_the_same_failed_tasks_stand_together_the_strongest_first() -> None:
    failed = [[HOST, SIGNED]] * 20 + [[OTHER]] * 20
    worked = [[HOST, SIGNED]] * 5 + [[OTHER, SIGNED]] * 20 + [[OTHER, OPEN]] * 275
    (only,) = lifts(failed, worked)
    assert only.feature == HOST
    assert [lift.feature for lift in only.beside] == [SIGNED]
    assert only.beside[0].worked == Share(25, 300)


def test_a_feature_of_nearly_all_comes_before_a_rarer_one_of_a_few() -> None:
    rare = feature("creator", "x")
    failed = [[HOST]] * 35 + [[HOST, rare]] * 5 + [[OTHER]]
    worked = [[HOST, feature("creator", "y")]] * 6 + [[OTHER, feature("creator", "y")]] * 294
    found = lifts(failed, worked)
    assert [lift.feature for lift in found] == [HOST, rare]
    assert found[1].worked.number == 0
    assert not found[0].may_be_chance
    assert found[1].may_be_chance


def test_at_most_six_are_shown() -> None:
    kinds = [feature(f"kind {n}") for n in range(20)]
    failed = [[kind for place, kind in enumerate(kinds) if place != task % 20] for task in range(40)]
    assert len(lifts(failed, [[feature(kind.kind, "no") for kind in kinds]] * 300)) == MOST


def test_few_failures_may_be_chance() -> None:
    found = lifts([[HOST]] * 4, [[OTHER]] * 300)
    assert [lift.feature for lift in found] == [HOST]
    assert found[0].may_be_chance


@pytest.mark.parametrize(
    ("failed", "worked", "told"),
    [
        (0, 300, "One failure alone"),
        (1, 300, "One failure alone"),
        (41, 0, "nothing to compare with"),
        (4, 300, "Only 4 failures: what they share may be chance."),
        (41, 1, "Only 1 task that worked"),
        (41, 19, "Only 19 tasks that worked"),
    ],
)
def test_a_small_sample_is_called_so(failed: int, worked: int, told: str) -> None:
    assert told in caution(failed, worked)


def test_large_samples_need_no_caution() -> None:
    assert caution(41, 300) == ""


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Share(0, 10), 0.0, 0.278), (Share(10, 10), 0.722, 1.0), (Share(5, 10), 0.237, 0.763), (Share(0, 0), 0, 1)],
)
def test_the_range_is_wilsons(share: Share, low: float, high: float) -> None:
    """Against the tables of 95 % intervals."""
    assert share.range(1.96) == pytest.approx((low, high), abs=0.001)


@given(TASKS, TASKS)
@settings(max_examples=60, deadline=None)
def test_any_features_can_be_ranked(failed: list[list[Feature]], worked: list[list[Feature]]) -> None:
    found = lifts(failed, worked)
    assert len(found) <= MOST
    assert [lift.rank for lift in found] == sorted(lift.rank for lift in found)
    for lift in (each for one in found for each in (one, *one.beside)):
        assert lift.failed.number == sum(lift.feature in task for task in failed)
        assert lift.worked.number == sum(lift.feature in task for task in worked)
        assert Fraction(*lift.failed) > Fraction(lift.worked.number, max(1, lift.worked.of))
        assert 0 < lift.times < 1000


@given(TASKS, TASKS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_tasks_and_features_does_not_matter(
    failed: list[list[Feature]], worked: list[list[Feature]], random: Random
) -> None:
    expected = lifts(failed, worked)
    for tasks in (failed, worked, *failed, *worked):
        random.shuffle(tasks)
    assert lifts(failed, worked) == expected


@given(
    st.lists(st.lists(FEATURES, max_size=8), min_size=12, max_size=20),
    st.lists(st.lists(FEATURES, max_size=8), min_size=12, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_a_planted_cause_is_first(failed: list[list[Feature]], worked: list[list[Feature]]) -> None:
    """All failed tasks have it and none that worked."""
    cause, well = feature("cause"), feature("cause", "no")
    found = lifts([[*task, cause] for task in failed], [[*task, well] for task in worked])
    assert found
    first = found[0]
    assert cause in (first.feature, *(lift.feature for lift in first.beside))
    assert first.failed == Share(len(failed), len(failed))
    assert (first.worked.number, first.at_least(SURE) > 1) == (0, True)


def test_noise_seldom_looks_like_a_cause() -> None:
    """Twenty coins for each of 41 + 300 tasks: hardly ever does one seem sure."""
    random = Random(7)
    sure = 0
    for _ in range(30):
        tasks = [[feature(f"coin {n}", random.choice("+-")) for n in range(20)] for _ in range(341)]
        sure += sum(not lift.may_be_chance for lift in lifts(tasks[:41], tasks[41:]))
    assert sure <= 1
