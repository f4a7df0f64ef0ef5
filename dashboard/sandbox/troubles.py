"""What goes wrong in the two weeks before a demo, as people who look after videos meet it: a dozen causes, one of them
in two wordings, some that somebody has mended by making the asset anew, and one that begins just now."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from dashboard.sandbox.exhibits import Exhibit
from dashboard.sandbox.identity import dice
from dashboard.sandbox.messages import Message

_MINUTE, _HOUR = 60, 3600


class Trouble(NamedTuple):
    """`text` may hold `{n}`, another number in each task; `hours`: the time before the epoch over which its `tasks`
    failed; `projects` take turns; `remade`: for so many of them another task made the asset later."""

    word: str
    text: str
    task_type: str
    flavour: str
    tasks: int
    hours: tuple[int, int]
    projects: tuple[int, ...] = (0,)
    remade: int = 0


TROUBLES = (
    Trouble("expired", 'error on export request: http status 403 Forbidden: "Request has expired, at {n}"', "export",
            "custom", 41, (1, 220), (0, 0, 2)),
    Trouble("ten bits", "unsupported input pixel format, must be 'yuv420p' or 'yuvj420p', got yuv422p10le", "upload",
            "ladder", 23, (3, 300), (0, 1), remade=4),
    Trouble("not found", "error copying input to storage: download error import request giving up after {n} attempts: "
            "404 Not Found", "upload", "presigned", 17, (20, 260), (1,)),
    Trouble("not found, said otherwise", "download failed: import of source returned HTTP 404 Not Found (try {n})",
            "upload", "presigned", 9, (30, 250), (1,)),
    Trouble("vp9", "error checking for video: VP9 in an MP4 container is not supported", "upload", "plain", 8,
            (50, 330)),
    Trouble("pinata", 'http status 401 Unauthorized: "INVALID_API_KEYS, request {n}"', "export", "pinata jwt", 19,
            (70, 140), (2, 0)),
    Trouble("too long", "job took too long so was cancelled after {n} s", "transcode-file", "s3", 11, (5, 310),
            (0, 1, 2)),
    Trouble("segment", "probe failed for segment {n}: no video or audio stream found", "transcode-file", "s3", 7,
            (90, 320), (1,)),
    Trouble("queue", "Failed to enqueue task", "upload", "plain", 16, (121, 122), (0, 1, 2), remade=16),
    Trouble("disk", "error saving file to storage: no space left on device /data/{n}", "upload", "ladder", 12,
            (196, 199), (0, 2), remade=12),
    Trouble("name", "error building file URL: lookup media-{n}.internal.example.test: no such host", "upload", "plain",
            5, (10, 40), (2,)),
)  # fmt: skip
_NOW = Trouble(
    "unavailable", 'error on export request: http status 503 Service Unavailable: "overloaded, request {n}"', "export",
    "custom", 30, (0, 0), (0, 1, 2),
)  # fmt: skip


def exhibits_of(project: int, seed: int) -> Iterator[Exhibit]:
    """Those of one project, in their order of creation within a trouble."""
    for trouble in (*TROUBLES, _NOW):
        for number in range(trouble.tasks):
            if trouble.projects[number % len(trouble.projects)] != project:
                continue
            n = dice(seed, "trouble", trouble.word, number).randrange(10, 9_000)
            message = Message(trouble.text.replace("{n}", str(n)))
            yield from _under_way(number, message) if trouble is _NOW else _past(trouble, number, n, message)


def _past(trouble: Trouble, number: int, n: int, message: Message) -> Iterator[Exhibit]:
    """Not quite evenly spread; and whoever makes the asset anew does so within some hours."""
    newest, oldest = (hours * _HOUR for hours in trouble.hours)
    age = newest + (oldest - newest) * number // trouble.tasks + n % _HOUR
    exhibit = Exhibit(f"{trouble.word} {number}", trouble.task_type, age, "failed", trouble.flavour, message)
    yield exhibit
    if number < trouble.remade:
        age = max(age - 2 * _HOUR - n, _HOUR // 2)
        word = f"{exhibit.word} again"
        yield replace(exhibit, word=word, age_seconds=age, ends="completed", message=None, remakes=exhibit.word)


def _under_way(number: int, message: Message) -> Iterator[Exhibit]:
    """The first failed five minutes before the epoch, one follows every half minute; a retry saves each fourth."""
    age, failed_at = 12 * _MINUTE - number, 30 * number - 5 * _MINUTE
    ends = "saved" if number % 4 == 3 else "failed"
    word = f"{_NOW.word} {number}"
    yield Exhibit(word, _NOW.task_type, age, ends, _NOW.flavour, message, takes_seconds=age + failed_at)
