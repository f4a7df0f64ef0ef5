"""The first line of a task's page answers: what it does, when it will be ready, or why it is not."""

from typing import Any

import pytest

from dashboard.views.lanes import attempts_of
from dashboard.views.story import Story
from dashboard.views.task_words import LONG_MESSAGE, alert_of, answer_of
from tests.views.stories import asset_of_task, at, attempt_of, pace_of, story_of, task_of

HOUR, DAY = 3600, 86400
GONE = "file could not be imported from URL because it was not accessible"


def said(story: Story) -> str:
    """The whole line as a reader sees it, with lengths of time and `…` for a time that the browser tells."""
    answer = answer_of(story)
    since = f" {answer.since.word} {answer.since.text}." if answer.since else ""
    ago = f" …. {answer.end}" if answer.ago_iso else ""
    return f"{answer.strong}{since} {answer.rest}{ago}".replace("\u00a0", " ").strip()


def test_a_running_task_tells_its_stage_and_a_range() -> None:
    task = task_of("running", progress=0.63, attempt=1)
    story = story_of(task, [attempt_of(1, "running", 0)], now=120, pace=pace_of([180.0, 240.0, 360.0] * 10))
    assert said(story).startswith("Transcoding, 63 %. Ready in about ")


def test_without_enough_history_no_range_is_told() -> None:
    task = task_of("running", progress=0.63, attempt=1)
    assert said(story_of(task, now=120, pace=pace_of([180.0] * 19))) == "Transcoding, 63 %."
    assert said(story_of(task, now=120)) == "Transcoding, 63 %."


def test_what_outlasts_all_others_is_told_so() -> None:
    task = task_of("running", 190, progress=0.63, attempt=1)
    story = story_of(task, now=200, pace=pace_of([180.0] * 200))
    assert said(story) == "Transcoding, 63 %. Taking longer than the last 200 of its kind."


def test_a_later_attempt_counts_from_its_own_start() -> None:
    attempts = [attempt_of(1, "failed", 0, 200), attempt_of(2, "running", 230)]
    task = task_of("running", 235, progress=0.1, attempt=2, retries=1)
    story = story_of(task, attempts, now=250, pace=pace_of([100.0] * 30))
    assert said(story) == "Preparing, 10 %. Ready in about 80 seconds. Attempt 2; the one before failed."


def test_the_size_of_the_exported_asset_chooses_the_runs() -> None:
    task = task_of("running", type="export", input_asset_id="asset-1", progress=0.5, attempt=1)
    asset = asset_of_task("ready", 0)
    asset.size = 5_000
    assert story_of(task, asset=asset).size == 5_000
    assert story_of(task_of("running", output_asset_id="asset-1"), asset=asset).size is None


def test_a_waiting_task_tells_when_it_will_be_ready() -> None:
    story = story_of(task_of("waiting", 0), now=10, pace=pace_of([70.0] * 30))
    assert said(story) == "Queued. Ready in about a minute."
    assert said(story_of(task_of("waiting", 0), now=10)) == "Queued. Studio has not started it yet."


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"attempt": 3, "retries": 2}, "Studio could not download the source. All 3 attempts failed, the last one …."),
        (
            {"attempt": 1},
            "Studio could not download the source. "
            "It failed at the first attempt …. Studio did not try again by itself.",
        ),
    ],
)
def test_a_failed_task_tells_the_cause_first(fields: dict[str, Any], line: str) -> None:
    assert said(story_of(task_of("failed", error=GONE, **fields))) == line


@pytest.mark.parametrize(
    ("type_", "facts", "line"),
    [
        ("upload", {}, "Done. It took 1 min."),
        ("clip", {}, "The clip is done. It took 1 min."),
        ("transcode-file", {}, "Transcoded. It took 1 min."),
        ("export", {"cid": "bafy", "destination": "ipfs"}, "On IPFS. It took 1 min."),
        ("export", {"destination": "custom"}, "Delivered to your storage. It took 1 min."),
        ("export", {"destination": "ipfs"}, "Done. It took 1 min."),
        ("unheard-of", {}, "Done. It took 1 min."),
    ],
)
def test_a_completed_task_tells_what_there_is_now(type_: str, facts: dict[str, Any], line: str) -> None:
    assert said(story_of(task_of("completed", type=type_, facts=facts))) == line


def test_a_stalled_task_tells_why_it_is_called_so() -> None:
    running = story_of(task_of("running", 0, progress=0.5), now=12 * 60)
    assert said(running) == "No news for 12 min. Studio fails such tasks by itself after a while."
    slow = story_of(task_of("waiting", 0, type="export", overlay="stalled"), now=40 * 60, pace=pace_of([], 720))
    assert said(slow) == "Waiting for 40 min. Longer than 95 of 100 exports before it (12 min)."
    dead = story_of(task_of("waiting", 0), now=7 * HOUR, pace=pace_of([], 720))
    assert "more than 6 hours" in said(dead)
    abandoned = story_of(task_of("pending", 0), now=2 * DAY)
    assert said(abandoned).startswith("The upload was abandoned: its link has expired.")


def test_a_silence_of_days_is_told_by_its_beginning() -> None:
    story = story_of(task_of("running", 0, progress=0.5), now=3 * DAY)
    assert said(story).startswith("No news since 2026-")


def test_a_retrying_task_says_that_studio_goes_on_by_itself() -> None:
    story = story_of(task_of("waiting", retries=1, attempt=1, error=GONE))
    assert said(story) == "Attempt 1 failed; Studio tries again by itself. Usually after 30 seconds."


@pytest.mark.parametrize(("phase", "word"), [("cancelled", "cancelled"), ("dreaming\u202e", "dreaming⟨U+202E⟩")])
def test_any_phase_has_a_line(phase: str, word: str) -> None:
    assert word in said(story_of(task_of(phase)))


def failed_three_times(error: str = GONE) -> Story:
    attempts = [attempt_of(n, "failed", n * 10, n * 10 + 5, error=error) for n in (1, 2, 3)]
    return story_of(task_of("failed", error=error, attempt=3, retries=2), attempts)


def test_the_alert_says_how_often_studio_said_it_and_what_to_do() -> None:
    alert = alert_of(failed_three_times())
    assert alert
    assert (alert.title, alert.said) == ("The URL did not answer with a file.", "Studio said, three times:")
    assert alert.message == GONE
    assert alert.heading == "Before you retry"
    assert alert.steps[0] == "Open the source URL in a private window."


def test_the_alert_of_a_retrying_task_leads_with_the_cause() -> None:
    story = story_of(task_of("waiting", retries=1, attempt=1, error=GONE), [attempt_of(1, "failed", 0, 5, error=GONE)])
    alert = alert_of(story)
    assert alert
    assert (alert.lamp, alert.title) == ("retrying", "Studio could not download the source.")
    assert alert.said == "Studio said:"
    assert alert.heading == "If it fails again"


def test_the_alert_shows_the_whole_message_and_what_is_invisible_in_it() -> None:
    alert = alert_of(failed_three_times("bad\u202e\x1b[0m " + "x" * 9_000 + " end"))
    assert alert
    assert alert.is_long
    assert alert.message.startswith("bad⟨U+202E⟩␛[0m x")
    assert alert.message.endswith(" end")
    assert len(alert.message) > LONG_MESSAGE


def test_without_a_message_there_is_no_alert_but_a_cause() -> None:
    story = story_of(task_of("failed", attempt=1))
    assert alert_of(story) is None
    assert said(story).startswith("Studio gave no reason.")
    assert story_of(task_of("running")).family is None


def test_each_attempt_keeps_its_peak_times_and_whole_error() -> None:
    error = "ffmpeg \x1b died " + "y" * 500
    attempts = [
        attempt_of(1, "failed", 0, 30, peak=0.37, error=error),
        attempt_of(2, "failed", 60, 90, peak=None, error=GONE),
        attempt_of(3, "running", 100, peak=0.5),
    ]
    task = task_of("running", 110, progress=0.5, attempt=3, retries=2)
    first, second, third = attempts_of(story_of(task, attempts, now=120))
    assert (first.peak, first.bar, second.peak, second.bar) == ("0.37", 37, "", None)
    assert first.error == error.replace("\x1b", "␛")
    assert first.error.startswith(first.error_head[:-1])
    assert second.error_head == ""
    assert first.label.replace("\u00a0", " ") == "failed at 37 % after 30 s"
    assert (first.started_iso, first.ended_iso) != ("", "")
    assert third.since.text == "20\u00a0s"
    assert third.stages == [("Preparing", False), ("Transcoding", True), ("Finalising", False)]


def test_a_message_that_stands_above_is_folded_with_its_attempt() -> None:
    lanes = attempts_of(failed_three_times())
    assert [lane.error_head for lane in lanes] == ["same message as above"] * 3
    assert all(lane.error == GONE for lane in lanes)


def test_the_next_attempt_is_drawn_but_counts_as_none() -> None:
    task = task_of("running", progress=0.5, attempt=1)
    lanes = attempts_of(story_of(task, [attempt_of(1, "running", 0, peak=0.5)]))
    assert [(lane.number, lane.is_next, lane.label) for lane in lanes][1] == (2, True, "only if this one fails")
    last = task_of("running", progress=0.5, attempt=3, retries=2)
    assert len(attempts_of(story_of(last, [attempt_of(3, "running", 0)]))) == 1
    export = task_of("running", progress=0.5, attempt=1, type="export")
    assert attempts_of(story_of(export, [attempt_of(1, "running", 0)]))[0].stages == ()


def test_elapsed_is_unknown_where_nothing_was_scheduled() -> None:
    assert story_of(task_of("running", scheduled_at=None)).elapsed_seconds is None
    assert story_of(task_of("running", scheduled_at=at(600), attempt=1)).elapsed_seconds == 0


def test_of_two_attempts_with_the_same_message_the_second_is_folded() -> None:
    attempts = [attempt_of(n, "failed", n * 10, n * 10 + 5, error=GONE) for n in (1, 2)]
    task = task_of("running", progress=0.1, attempt=3, retries=2)
    lanes = attempts_of(story_of(task, [*attempts, attempt_of(3, "running", 50)]))
    assert [lane.error_head for lane in lanes] == ["", "same message as above", ""]
    assert [lane.error for lane in lanes] == [GONE, GONE, ""]
