"""The timeline of a task: newest on top, honest about what was seen, inferred and missed."""

from types import SimpleNamespace

from dashboard.models import Observation, Retry
from dashboard.views.story import Story
from dashboard.views.timeline import timeline_of
from tests.views.stories import asset_of_task, at, attempt_of, pace_of, seen, story_of, task_of


def told(story: Story, observations: list[Observation], **more: list) -> list[SimpleNamespace]:
    return timeline_of(story, observations, more.get("retries", []), more.get("gaps", []))


def texts(steps: list[SimpleNamespace]) -> list[str]:
    return [f"{step.text} [{step.duration}]".replace("\u00a0", " ").replace(" []", "") for step in steps]


def test_a_life_with_a_failed_attempt_is_told_from_its_end_to_its_beginning() -> None:
    attempts = [
        attempt_of(1, "failed", 17, 269, peak=0.88, error="internal error"),
        attempt_of(2, "completed", 299, 400, peak=1),
    ]
    task = task_of("completed", 400, attempt=2)
    steps = told(
        story_of(task, attempts, now=500),
        [
            seen("waiting", 0.5, retries=0),
            seen("running", 17, retries=0, progress=0),
            seen("running", 200, retries=0, progress=0.88),
            seen("waiting", 269, retries=1, error="internal error"),
            seen("waiting", 290, retries=1),
            seen("running", 299, retries=1, progress=0),
            seen("completed", 400),
        ],
    )
    assert texts(steps) == [
        "Completed at attempt 2 [1 min 41 s]",
        "Attempt 2 started [waited 9 s]",
        "Queued for attempt 2 [after 21 s]",
        "Attempt 1 failed at 88 %, another follows [4 min 12 s]",
        "Attempt 1 started [waited 17 s]",
        "Queued",
        "Created",
    ]
    assert {step.kind for step in steps} == {"seen"}
    assert steps[3].detail == "internal error"


def test_the_present_stands_on_top_while_the_task_runs() -> None:
    task = task_of("running", 60, progress=0.63, attempt=1)
    steps = told(story_of(task, [attempt_of(1, "running", 10)], now=100), [seen("running", 10, retries=0, progress=0)])
    assert steps[0].text.replace("\u00a0", " ") == "Attempt 1 is running, transcoding at 63 %"
    assert steps[0].since.text == "1\u00a0min 30\u00a0s"
    assert steps[1].text == "Attempt 1 started"
    stalled = told(story_of(task_of("running", 0, progress=0.5, attempt=1), now=1000), [])
    assert stalled[0].lamp == "stalled"


def test_a_start_that_was_not_seen_is_inferred() -> None:
    task = task_of("running", 60, progress=0.3, attempt=1)
    steps = told(story_of(task, [attempt_of(1, "running", 60)], now=70), [seen("running", 60, retries=0, progress=0.3)])
    start = next(step for step in steps if step.text == "Attempt 1 started")
    assert start.kind == "inferred"
    assert start.duration == "waited at most 1\u00a0min"
    assert start.detail == "seen at 30\u00a0%"


def test_an_attempt_that_failed_unseen_is_told_without_a_time() -> None:
    attempts = [attempt_of(1, "failed", inferred=True), attempt_of(2, "running", 90)]
    task = task_of("running", 90, attempt=2, retries=1)
    steps = told(story_of(task, attempts, now=95), [seen("running", 90, retries=1, progress=0)])
    failed = next(step for step in steps if step.text == "Attempt 1 failed")
    assert (failed.kind, failed.at_iso) == ("inferred", "")
    assert steps.index(failed) == [step.text for step in steps].index("Attempt 2 started") + 1


def test_what_was_kept_of_attempts_outlives_the_observations() -> None:
    attempts = [attempt_of(1, "failed", 10, 40, error="a"), attempt_of(2, "failed", 70, 100, error="b")]
    task = task_of("failed", 100, attempt=2, retries=1, error="b")
    assert texts(told(story_of(task, attempts, now=10_000), [])) == [
        "Attempt 2 failed [30 s]",
        "Attempt 2 started [waited 30 s]",
        "Attempt 1 failed [30 s]",
        "Attempt 1 started [waited 10 s]",
        "Queued",
        "Created",
    ]


def test_an_end_of_which_nothing_else_is_known_is_told() -> None:
    assert texts(told(story_of(task_of("completed", 60), now=90), []))[0] == "Completed [after 1 min]"


def test_the_same_message_is_said_once() -> None:
    attempts = [attempt_of(n, "failed", n * 100, n * 100 + 30, error="x" * 900) for n in (1, 2)]
    task = task_of("failed", 230, attempt=2, retries=1, error="x" * 900)
    steps = [step for step in told(story_of(task, attempts, now=300), []) if step.lamp == "failed"]
    assert [step.detail for step in steps] == ["x" * 240 + "…", "same message"]


def test_unusually_long_waits_and_runs_are_marked() -> None:
    attempts = [attempt_of(1, "running", 1000)]
    task = task_of("running", 1000, attempt=1)
    observations = [seen("running", 1000, retries=0, progress=0)]
    story = story_of(task, attempts, now=1010, pace=pace_of([60.0] * 30, wait_seconds=720))
    assert [step.text for step in told(story, observations) if step.is_long] == ["Attempt 1 started"]
    story = story_of(task, attempts, now=1010, pace=pace_of([60.0] * 30, wait_seconds=1200))
    assert not any(step.is_long for step in told(story, observations))


def test_time_before_the_first_sight_was_not_watched() -> None:
    task = task_of("running", 190, first_seen_at=at(180), progress=0.1, attempt=1, scheduled_at=at(20))
    attempts = [attempt_of(1, "running", 190, series=at(20))]
    steps = told(story_of(task, attempts, now=200), [seen("running", 190, retries=0)])
    names = [step.text for step in steps]
    assert names.index("Not watching for 2\u00a0min 40\u00a0s") == names.index("Queued") - 1
    assert names.index("Attempt 1 started") < names.index("Queued") - 1


def test_what_was_seen_late_and_the_gaps_of_the_account_were_not_watched() -> None:
    task = task_of("completed", 100, attempt=1)
    observations = [seen("running", 10, retries=0, progress=0), seen("completed", 100, saw=1000)]
    story = story_of(task, [attempt_of(1, "completed", 10, 100)], now=2000)
    assert not [step for step in told(story, observations) if step.kind == "blind"], "its end is not waited for"
    still = task_of("running", 900, attempt=1, progress=0.5)
    story = story_of(still, [attempt_of(1, "running", 10)], now=1000)
    late = [seen("running", 10, saw=400, retries=0, progress=0)]
    gaps = [(at(300), at(600)), (at(700), at(750))]
    blind = [step for step in told(story, late, gaps=gaps) if step.kind == "blind"]
    assert [step.text.replace("\u00a0", " ") for step in blind] == ["Not watching for 9 min 50 s"]


def test_retries_asked_here_and_deletion_are_steps() -> None:
    asked = [
        Retry(by_name="sam@example.com", asked_at=at(100), outcome="started"),
        Retry(by_name="sam@example.com", asked_at=at(200), outcome="refused", sentence="not in a retryable state"),
        Retry(by_name="sam@example.com", asked_at=at(300), outcome="unknown"),
        Retry(by_name="sam@example.com", asked_at=at(400), outcome="asked"),
        Retry(by_name="evil\u202e", asked_at=at(990), outcome="asked"),
    ]
    task = task_of("failed", 50, attempt=1, deleted_at=at(995))
    steps = told(story_of(task, now=1000), [], retries=asked)
    assert [step.text for step in steps][:6] == [
        "Found deleted at Studio",
        "Retry asked by evil⟨U+202E⟩: no answer yet",
        "Retry asked by sam@example.com: no answer, so it is not known whether Studio took it",
        "Retry asked by sam@example.com: no answer, so it is not known whether Studio took it",
        "Retry asked by sam@example.com: refused",
        "Retry asked by sam@example.com: started",
    ]
    assert steps[4].detail == "not in a retryable state"


def test_a_task_retried_by_hand_was_queued_again() -> None:
    attempts = [attempt_of(1, "failed", 10, 40, error="a"), attempt_of(1, "running", 510, series=at(500))]
    task = task_of("running", 510, attempt=1, scheduled_at=at(500))
    names = [step.text for step in told(story_of(task, attempts, now=520), [])]
    assert names[1:] == [
        "Attempt 1 started",
        "Queued again",
        "Attempt 1 failed",
        "Attempt 1 started",
        "Queued",
        "Created",
    ]


def test_the_key_that_created_it_is_named_where_the_asset_is_its_own() -> None:
    asset = asset_of_task("ready", 60, createdByTokenName="ingest-worker")
    its_own = story_of(task_of("completed", output_asset_id="asset-1"), asset=asset)
    assert told(its_own, [])[-1].text == "Created by key ingest-worker"
    exported = story_of(task_of("completed", input_asset_id="asset-1"), asset=asset)
    assert told(exported, [])[-1].text == "Created"
