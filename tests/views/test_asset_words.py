"""The asset's state beside the task's, and a word where the two disagree."""

import pytest

from dashboard.views.asset_words import NOT_READ, asset_of
from tests.views.stories import asset_of_task, task_of

NORMAL = "Normal: the asset stays failed until the task completes."
NOT_READY = "Studio has not marked it ready yet."


@pytest.mark.parametrize(
    ("task_phase", "asset_phase", "heard", "note"),
    [
        ("running", "processing", 60, ""),
        ("running", "failed", 60, NORMAL),
        ("waiting", "failed", 60, NORMAL),
        ("running", "failed", -10, NOT_READ),
        ("completed", "ready", 60, ""),
        ("completed", "ready", 10, ""),
        ("completed", "processing", 60, NOT_READY),
        ("completed", "processing", 59, NOT_READ),
        ("completed", "failed", 60, "The task is done, yet its asset has failed."),
        ("failed", "failed", 60, ""),
        ("failed", "ready", 60, "The task failed, yet its asset is ready: try whether it plays."),
        ("failed", "ready", 59, NOT_READ),
        ("completed", "deleted", 60, "It was deleted at Studio."),
        ("completed", "deleting", 60, "Studio is deleting it."),
    ],
)
def test_a_disagreement_has_its_word(task_phase: str, asset_phase: str, heard: float, note: str) -> None:
    state = asset_of(task_of(task_phase, output_asset_id="asset-1"), asset_of_task(asset_phase, heard))
    assert state
    assert state.note == note


def test_an_asset_that_is_only_worked_on_disagrees_with_nothing() -> None:
    state = asset_of(task_of("completed", input_asset_id="asset-1"), asset_of_task("processing", 60))
    assert state
    assert state.note == ""


def test_its_state_error_and_progress_are_told() -> None:
    task = task_of("running", output_asset_id="asset-1")
    failed = asset_of(task, asset_of_task("failed", 60, status={"errorMessage": "bad\u202e"}))
    assert failed
    assert (failed.word, failed.lamp, failed.error) == ("Failed", "failed", "bad⟨U+202E⟩")
    busy = asset_of(task, asset_of_task("processing", 60, status={"progress": 0.4}))
    assert busy
    assert (busy.lamp, busy.progress) == ("running", "40\u00a0%")
    strange = asset_of(task, asset_of_task("dreaming", 60, status={"progress": "x", "errorMessage": [1]}))
    assert strange
    assert (strange.word, strange.lamp, strange.progress, strange.error) == ("Dreaming", "other", "", "")


def test_what_was_never_read_is_not_told() -> None:
    assert asset_of(task_of("running"), None) is None
    assert asset_of(task_of("running"), asset_of_task("ready", -1_795_000_000)) is None
