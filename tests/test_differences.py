"""What differs between two documents: every differing leaf, no other, however deep."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.differences import MISSING, Difference, differences
from dashboard.paths import step

KEYS = st.sampled_from(["a", "b", "items", "__class__", "", "a.b", "[0]", '"'])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from([0.5, 1.0, "", "x", "null", {}, []]))
JSON = st.recursive(
    SCALARS, lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(KEYS, inside, max_size=4))
)
DOCUMENTS = st.dictionaries(st.sampled_from(["params", "output"]), JSON)


def leaves_of(document: dict[str, Any]) -> dict[str, str]:
    """All leaves by path, as text that tells `true` from 1 and 1 from no other number."""
    found: dict[str, str] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict | list) and value:
            for key, child in value.items() if isinstance(value, dict) else enumerate(value):
                walk(child, step(path, key))
        else:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            found[path] = repr(float(value) if is_number else value)

    for part in ("params", "output"):
        if part in document:
            walk(document[part], part)
    return found


def applied(leaves: dict[str, str], rows: list[Difference]) -> dict[str, str]:
    leaves = dict(leaves)
    for row in rows:
        leaves.pop(row.path, None)
    told = {row.path: leaves_of({"params": row.right})["params"] for row in rows if row.right is not MISSING}
    return leaves | told


@given(DOCUMENTS, DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_applying_the_differences_to_one_document_gives_the_other(left: dict[str, Any], right: dict[str, Any]) -> None:
    rows = differences(left, right).rows
    assert applied(leaves_of(left), rows) == leaves_of(right)
    assert bool(rows) == (leaves_of(left) != leaves_of(right))


@given(DOCUMENTS, DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_seen_from_the_other_side_the_same_leaves_differ(left: dict[str, Any], right: dict[str, Any]) -> None:
    turned = {"changed": "changed", "only left": "only right", "only right": "only left"}
    there = {(row.path, repr(row.left), repr(row.right), row.kind) for row in differences(left, right).rows}
    back = {(row.path, repr(row.right), repr(row.left), turned[row.kind]) for row in differences(right, left).rows}
    assert there == back


@given(DOCUMENTS)
@settings(max_examples=50, deadline=None)
def test_a_document_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert differences(document, document).rows == []


def test_they_come_in_document_order_and_missing_is_not_null() -> None:
    left = {"params": {"z": 1, "both": [1, 2], "gone": None}, "output": {"a": 1}, "status": 1}
    right = {"params": {"new": "n", "z": 2, "both": [1, 2, 3]}, "output": {"a": 1}, "status": 2}
    assert differences(left, right).rows == [
        ("params.z", 1, 2, "changed"),
        ("params.both[2]", MISSING, 3, "only right"),
        ("params.gone", None, MISSING, "only left"),
        ("params.new", MISSING, "n", "only right"),
    ]


@pytest.mark.parametrize(
    ("left", "right", "paths"),
    [
        (True, 1, ["params"]),
        (1, 1.0, []),
        ({}, [], ["params"]),
        (None, "null", ["params"]),
        ({"a": 1}, [1], ["params.a", "params[0]"]),
        ({"a": {"b": 1}}, {"a": {}}, ["params.a.b", "params.a"]),
    ],
)
def test_kinds_of_values_are_told_apart(left: Any, right: Any, paths: list[str]) -> None:
    assert [row.path for row in differences({"params": left}, {"params": right}).rows] == paths


def test_what_is_hidden_in_both_is_counted_and_no_difference() -> None:
    found = differences({"params": ["#", "x"]}, {"params": ["#", "y"]}, is_hidden=lambda value: value == "#")
    assert [row.path for row in found.rows] == ["params[1]"]
    assert found.hidden == 1


def test_documents_deeper_than_the_stack_are_compared() -> None:
    def deep(bottom: int) -> dict[str, Any]:
        value: Any = bottom
        for _ in range(5_000):
            value = {"k": value}
        return {"params": value}

    found = differences(deep(1), deep(2))
    assert [(row.left, row.right) for row in found.rows] == [(1, 2)]


def test_beyond_the_first_rows_differences_are_only_counted() -> None:
    found = differences({"params": list(range(5000))}, {"params": list(range(1, 5001))})
    assert (len(found.rows), found.more) == (2000, 3000)


def test_documents_without_end_are_compared_up_to_a_bound() -> None:
    found = differences({"params": [1] * 300_000}, {"params": [2] * 300_000})
    assert (len(found.rows) + found.more, found.is_cut) == (200_000, True)
    assert not differences({"params": [1]}, {"params": [2]}).is_cut


def test_a_small_document_of_endless_paths_fills_no_memory() -> None:
    def deep(bottom: list[int]) -> dict[str, Any]:
        value: Any = bottom
        for _ in range(150):
            value = {"k" * 300: value}
        return {"params": value}

    found = differences(deep([1] * 5_000), deep([2] * 5_000))
    assert sum(len(row.path) for row in found.rows) < 1_100_000
    assert len(found.rows) + found.more == 5_000


def test_absurdly_long_keys_do_not_make_a_comparison_long() -> None:
    document: dict[str, Any] = {}
    bottom = document
    for _ in range(60):
        bottom = bottom.setdefault("k" * 50_000, {})
    bottom |= {f"x{number}": number for number in range(20_000)}
    began = time.thread_time()
    assert differences({"params": document}, {"params": document}).is_cut
    assert differences({"params": document}, {}).is_cut
    assert time.thread_time() - began < 1
