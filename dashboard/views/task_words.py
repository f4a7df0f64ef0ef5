"""The first line of a task's page: what is so, in one sentence, and a quieter second one."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from dashboard import units
from dashboard.clock import HOUR, SECOND, iso
from dashboard.families import Family
from dashboard.forecast import forecast, in_words, outlasts
from dashboard.models.failure import Kindred
from dashboard.phases import STALLED_AFTER
from dashboard.stages import stage_of
from dashboard.views.rows import percent_undone
from dashboard.views.story import Story
from dashboard.views.turn_words import turn_in_words
from dashboard.visible import visible

LONG_MESSAGE = 2_000
TIMES = {1: "", 2: ", twice", 3: ", three times"}
BACKOFF = {1: "Usually after 30 seconds.", 2: "Usually after 3 minutes."}
DELIVERED = {
    "upload": "Done.",
    "import": "Done.",
    "clip": "The clip is done.",
    "transcode-file": "Transcoded.",
    "transcode": "Transcoded.",
}


def answer_of(story: Story) -> SimpleNamespace:
    """`strong`, then `since` (a time, as a length) and `rest`, `ago` (a time, as so long ago) and `end`."""
    told = _ANSWERS.get(story.task.overlay or story.task.phase, _unknown)(story)
    return SimpleNamespace(**{"since": None, "rest": "", "ago_iso": "", "end": "", **told})


Answer = dict[str, Any]


def _running(story: Story) -> Answer:
    task = story.task
    stage = stage_of(task.type, task.progress) or "Running"
    again = f"Attempt {task.attempt}; the one before failed." if task.attempt > 1 else ""
    strong = f"{stage}, {percent_of(task.progress)}."
    return {"strong": strong, "rest": " ".join(filter(None, (range_of(story, task.progress), again)))}


def _waiting(story: Story) -> Answer:
    place = turn_in_words(story.turn)
    told = (f"{place}." if place else "", range_of(story, None) or "Studio has not started it yet.")
    return {"strong": "Queued.", "rest": " ".join(filter(None, told))}


def range_of(story: Story, progress: float | None) -> str:
    """When it will be ready; that it takes unusually long; or nothing, where history is thin."""
    elapsed = story.elapsed_seconds
    if elapsed is None:
        return ""
    told = forecast(elapsed, progress, story.runs, story.size)
    if told:
        return f"Ready {in_words(*told)}."
    number = outlasts(elapsed, story.runs, story.size)
    return f"Taking longer than the last {number} of its kind." if number else ""


def _pending(story: Story) -> Answer:
    if _is_import(story):
        return {"strong": "Studio has not queued it yet.", "rest": "It is to fetch the file from a URL."}
    return {"strong": "Waiting for the file.", "rest": "Studio has given out an upload link that was not used yet."}


def _is_import(story: Story) -> bool:
    source = story.asset.opened().get("source") if story.asset else None
    return isinstance(source, dict) and source.get("type") == "url"


def _retrying(story: Story) -> Answer:
    number = story.task.retries
    return {"strong": f"Attempt {number} failed; Studio tries again by itself.", "rest": BACKOFF.get(number, "")}


def _failed(story: Story) -> Answer:
    task, family = story.task, story.family
    told: Answer = {"strong": family.cause if family else "Failed.", "ago_iso": iso(task.updated_at)}
    if task.attempt > 1:
        how_many = "Both" if task.attempt == 2 else f"All {task.attempt}"
        return told | {"rest": f"{how_many} attempts failed, the last one"}
    return told | {"rest": "It failed at the first attempt", "end": "Studio did not try again by itself."}


def _completed(story: Story) -> Answer:
    task, facts = story.task, story.facts
    strong = DELIVERED.get(task.type, "Done.")
    if facts.get("cid"):
        strong = "On IPFS."
    elif facts.get("destination") == "custom":
        strong = "Delivered to your storage."
    took = (task.updated_at - task.scheduled_at) / SECOND if task.scheduled_at else None
    return {"strong": strong, "rest": f"It took {units.duration(took)}." if took is not None and took >= 0 else ""}


def _stalled(story: Story) -> Answer:
    task = story.task
    since = since_of(task.updated_at, story.now)
    if task.phase == "pending" and _is_import(story):
        return {"strong": "Studio never queued it", "since": since, "rest": "Start it again, or tell Livepeer."}
    if task.phase == "pending":
        return {
            "strong": "The upload was abandoned: its link has expired.",
            "rest": "The file never came. Upload it again with a new link.",
        }
    if task.phase == "waiting":
        return {"strong": "Waiting", "since": since, "rest": _wait_reason(story)}
    return {"strong": "No news", "since": since, "rest": "Studio fails such tasks by itself after a while."}


def _wait_reason(story: Story) -> str:
    """Why the wait is too long: Studio's own limit, or what others of its kind waited."""
    limit = story.wait_limit_ms
    if limit is None or story.now - story.task.updated_at > STALLED_AFTER["waiting"]:
        return "Studio lets go of tasks that wait for more than 6 hours; it may never start."
    return f"Longer than 95 of 100 {story.others} before it ({units.duration(limit / SECOND)})."


def _deleted(story: Story) -> Answer:
    return {"strong": "Deleted at Studio.", "rest": "What we know of it stays here."}


def _unknown(story: Story) -> Answer:
    strong = f"Studio says “{visible(story.task.phase)}”."
    return {"strong": strong, "rest": "This word is not in its documentation."}


_ANSWERS: dict[str, Callable[[Story], Answer]] = {
    "pending": _pending,
    "waiting": _waiting,
    "retrying": _retrying,
    "running": _running,
    "failed": _failed,
    "completed": _completed,
    "cancelled": lambda story: {"strong": "This task was cancelled."},
    "deleted": _deleted,
    "stalled": _stalled,
}


def since_of(at: int, now: int) -> SimpleNamespace:
    """A length of time that goes on, `for 12 min`; beyond most of a day the time when it began."""
    if now - at > 20 * HOUR:
        return SimpleNamespace(word="since", iso=iso(at), text=iso(at), is_long=True)
    text = units.duration(max(0, now - at) // SECOND)
    return SimpleNamespace(word="for", iso=iso(at), text=text, is_long=False)


def percent_of(ratio: float) -> str:
    return units.percent(percent_undone(ratio) / 100)


def alert_of(story: Story) -> SimpleNamespace | None:
    """What Studio said of the failure, in its own words, and what to do about it."""
    task, family = story.task, story.family
    if not task.error or family is None:
        return None
    message = visible(task.error)
    return SimpleNamespace(
        lamp="failed" if task.phase == "failed" else "retrying",
        title=family.meaning if task.phase == "failed" else family.cause,
        said=f"Studio said{_times_said(story)}:",
        message=message,
        is_long=len(message) > LONG_MESSAGE,
        heading=_heading(story, family),
        steps=family.steps,
    )


def kindred_in_words(kindred: Kindred, owner: str) -> SimpleNamespace:
    """How many tasks failed so, who has them, and where they are told of."""
    words = f"{units.count(kindred.tasks)} tasks failed so" if kindred.tasks > 1 else "Only this task failed so"
    has = f"owned by {visible(owner)}" if owner else "nobody has it" if kindred.tasks == 1 else "nobody has them"
    return SimpleNamespace(words=f"{words} · {has}", url=reverse("failure", args=[kindred.group_id]))


def _times_said(story: Story) -> str:
    series = story.attempts[-1].series if story.attempts else 0
    number = sum(attempt.series == series and attempt.error == story.task.error for attempt in story.attempts)
    return TIMES.get(max(1, number), f", {number} times")


def _heading(story: Story, family: Family) -> str:
    if story.task.phase != "failed":
        return "If it fails again"
    return "Before you retry" if family.retry_helps and family.action != "retry" else "What to do"
